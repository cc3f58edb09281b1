"""Counts of a sheet: of each area, and of the whole. Pages, lists and the database count by these."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from checklist.model import Area, Item
from checklist.visit_forms import Groups
from forms_server.visits.visit import Answer, Answered


@dataclass(frozen=True)
class SheetCount:
    """How many items are asked, are answered, and are answered with a problem."""

    items: int
    answered: int
    problems: int

    @property
    def left(self) -> int:
        """Items without an answer."""
        return self.items - self.answered


@dataclass(frozen=True)
class FilledArea:
    """Items of an area that somebody answered at once, as all that was left of it."""

    area: Area
    answer: Answer
    account_id: str
    at: datetime
    number: int


def whole_sheet(groups: Groups, answers: Mapping[str, Answer]) -> SheetCount:
    """Count all items; answers to items that the sheet does not ask count for nothing."""
    return _count((item for _, items in groups for item in items), answers)


def of_areas(groups: Groups, answers: Mapping[str, Answer]) -> dict[str, SheetCount]:
    """Count each area, by its id."""
    return {area.id: _count(items, answers) for area, items in groups}


def unfolded(groups: Groups, answers: Mapping[str, Answer], marked: Collection[str]) -> frozenset[str]:
    """Ids of the areas that a page opens with: those with marked items, or else the first that has something left."""
    meant = {area.id for area, items in groups if any(item.id in marked for item in items)}
    counts = of_areas(groups, answers)
    return frozenset(meant or [area.id for area, _ in groups if counts[area.id].left][:1])


def filled_areas(groups: Groups, answers: Mapping[str, Answered]) -> Sequence[FilledArea]:
    """What was answered at once: by area, then time."""
    found = []
    for area, items in groups:
        said = [answers[item.id] for item in items if item.id in answers]
        fills = [
            (each.filled_at, each.filled_by, each.answer)
            for each in said
            if each.filled_by and each.filled_at
        ]
        for at, account_id, answer in sorted(set(fills)):
            found.append(FilledArea(area, answer, account_id, at, fills.count((at, account_id, answer))))
    return found


def _count(items: Iterable[Item], answers: Mapping[str, Answer]) -> SheetCount:
    asked = [item.id for item in items]
    said = [answers[item_id] for item_id in asked if item_id in answers]
    return SheetCount(len(asked), len(said), said.count(Answer.PROBLEM))
