"""Problems that a team writes at the items of its sheet: each becomes a finding as soon as the sheet is stored."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from sqlalchemy import RowMapping, select

from checklist.model import Area, Item
from checklist.visit_forms import problem_types_of
from forms_server.db.tables import inspection_finding, issue, spot_visit
from forms_server.desk import Desk
from forms_server.inspection.findings import NewFinding, file_finding
from forms_server.inspection.spot_visits import Place, clean_words
from forms_server.inspection.teams import Refused
from forms_server.visits.visit import Answer
from forms_server.visits.visit_sheet import SAME, answers_in

CONTENT, TYPE = ".content", ".problem_type"
"""Suffixes of an item's inputs."""

DIFFERENT = "different"
"""Value of an item's ``SAME`` input: a problem of its own."""


@dataclass(frozen=True)
class WrittenProblem:
    """What was written at an item; ``same`` answers the question whether it stands in the ledger already."""

    item: Item
    problem_type_id: str
    content: str = field(repr=False)
    same: str = ""


def written_in(place: Place, typed: Mapping[str, str], pictured: Collection[str]) -> list[WrittenProblem]:
    """The problems with words; those without are written down later, on the page of what was seen.

    Args:
        place: the household.
        typed: the sheet's inputs by name.
        pictured: ids of items with photographs.

    Raises:
        Refused: words that may not be stored, photographs without words, or no problem type of the item.
    """
    ticked, found = answers_in(typed, place.groups), []
    for area, item in ((area, item) for area, items in place.groups for item in items):
        if ticked.get(item.id) is not Answer.PROBLEM:
            continue
        content = clean_words("看到的问题", typed.get(item.id + CONTENT, ""))
        if content:
            kind = _type_of(area, item, typed)
            found.append(WrittenProblem(item, kind, content, typed.get(item.id + SAME, "")))
        elif item.id in pictured:
            raise Refused(f"“{item.text[:30]}”有照片，请写看到的问题。")
    return found


def _type_of(area: Area, item: Item, typed: Mapping[str, str]) -> str:
    kinds = [kind.id for kind in problem_types_of(area, item)]
    chosen = kinds[0] if len(kinds) == 1 else typed.get(item.id + TYPE, "")
    if chosen not in kinds:
        raise Refused(f"“{item.text[:30]}”：请选问题类型。")
    return chosen


def finding_id_of(visit_id: str, item_id: str) -> str:
    """The id of the first finding at an item of a sheet."""
    return str(uuid5(UUID(visit_id), item_id))


def file_written(desk: Desk, place: Place, visit: RowMapping, written: WrittenProblem) -> str | None:
    """File what was written at an item that the stored sheet calls a problem; return the finding's id. Idempotent.

    Raises:
        PossiblySame: the ledger may hold it already, and the sheet does not say.
    """
    if visit["answers"].get(written.item.id) != Answer.PROBLEM:
        return None
    different = written.same == DIFFERENT
    same_as = None if different else written.same or None
    new_id = finding_id_of(visit["id"], written.item.id)
    found = NewFinding(
        new_id, written.item.id, written.problem_type_id, written.content, visit["id"], same_as, different
    )
    return file_finding(desk, place, found)


@dataclass(frozen=True)
class UnwrittenSheet:
    """A sheet with problems that were ticked and are no findings yet."""

    visit_id: str
    household_id: str
    unit_code: str
    village_code: str
    inspector_id: str
    items: Sequence[str]
    """Ids of the items."""


def unwritten(desk: Desk, units: Collection[str] | None) -> Sequence[UnwrittenSheet]:
    """Sheets with problems that are not written down, the oldest first.

    An item is written down once a finding of the sheet is about it, cancelled or not. A later sheet of the same
    inspector at the same household takes the place of the earlier one: so a wrong tick is put right.

    Args:
        desk: whose campaign.
        units: codes of the inspected units; None for all.
    """
    last: dict[tuple[str, str], RowMapping] = {}
    for row in _visits(desk, units):
        last[row["household_id"], row["created_by"]] = row
    written = _written(desk)
    found = []
    for row in last.values():
        done = written.get(row["id"], set())
        items = [
            item_id
            for item_id, said in row["answers"].items()
            if said == Answer.PROBLEM
            and item_id in desk.campaign.item_by_id
            and not {item_id, finding_id_of(row["id"], item_id)} & done
        ]
        if items:
            place = row["household_id"], row["unit_code"], row["village_code"]
            found.append(UnwrittenSheet(row["id"], *place, row["created_by"], items))
    return found


def _written(desk: Desk) -> Mapping[str, set[str]]:
    """By sheet, ids of its findings and of the items that these are about."""
    of_sheet = inspection_finding
    query = (
        select(of_sheet.c.visit_id, of_sheet.c.id, issue.c.item_id)
        .join(issue, issue.c.id == of_sheet.c.issue_id)
        .where(of_sheet.c.campaign_id == desk.campaign.id, of_sheet.c.visit_id.is_not(None))
    )
    found: dict[str, set[str]] = {}
    for row in desk.connection.execute(query):
        found.setdefault(row.visit_id, set()).update({row.id, row.item_id} - {None})
    return found


def _visits(desk: Desk, units: Collection[str] | None) -> Sequence[RowMapping]:
    query = select(spot_visit).where(spot_visit.c.campaign_id == desk.campaign.id)
    if units is not None:
        query = query.where(spot_visit.c.unit_code.in_(sorted(units)))
    return desk.connection.execute(query.order_by(spot_visit.c.created_at, spot_visit.c.id)).mappings().all()
