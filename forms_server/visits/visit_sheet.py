"""Validation of a submitted visit sheet: the answer to each item, and what is missing or contradictory.

Independent of the web: it takes texts by name, and a validator for a problem's fields.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from checklist.messages import say
from checklist.problems import Problem
from checklist.values.judge_results import Checked
from checklist.visit_forms import Groups
from forms_server.visits.visit import Answer, SubmittedAnswer, Visit

ANSWER, WAS_ISSUE, REASON, SAME = ".is", ".issue", ".reason", ".same"
"""Suffixes of an item's inputs: answer, fate of its issue, reason of withdrawal, existing record."""

FILLED = ".filled"
"""After an area's id: the input with the ids of the items that were answered at once, as all that was left of it."""

KEEP, WITHDRAW = "keep", "withdraw"

Judge = Callable[[str], "Mapping[str, Any] | None"]
"""Item id to the values of its problem's fields; None if invalid, with errors beside the fields."""

JudgeReason = Callable[[str], Checked]
"""Reader of the reason of a withdrawal."""


@dataclass
class VisitSheet:
    """Valid answers, and errors."""

    told: dict[str, SubmittedAnswer] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    """Errors, placed by item id."""
    incomplete: list[str] = field(default_factory=list)
    """Ids of items whose problem is incomplete and cannot become an issue yet."""


def answers_in(texts: Mapping[str, str], groups: Groups) -> dict[str, Answer]:
    """Ticked answers by item id; unknown values are ignored."""
    ticked = {item.id: texts.get(item.id + ANSWER, "") for _, items in groups for item in items}
    return {item_id: Answer(said) for item_id, said in ticked.items() if said in set(Answer)}


def differs_from(texts: Mapping[str, str], visit: Visit) -> bool:
    """Whether a submitted sheet differs from the stored answers."""
    said = answers_in(texts, visit.groups).items()
    known = {item_id: before.answer for item_id, before in visit.answers.items()}
    asked = (f"{item.id}{name}" for item in visit.items for name in (WAS_ISSUE, REASON))
    return any(known.get(item_id) is not answer for item_id, answer in said) or any(map(texts.get, asked))


def fill_up(texts: Mapping[str, str], groups: Groups, answer: Answer, area_id: str) -> dict[str, str]:
    """Fill the unanswered items of an area with one answer, and note which these were."""
    answered = answers_in(texts, groups)
    left = [item.id for area, items in groups for item in items if area.id == area_id]
    filled = [item_id for item_id in left if item_id not in answered]
    noted = " ".join([*texts.get(area_id + FILLED, "").split(), *filled])
    return {**texts, area_id + FILLED: noted, **{item_id + ANSWER: answer.value for item_id in filled}}


def filled_in(texts: Mapping[str, str], groups: Groups) -> frozenset[str]:
    """Items that were answered at once with all that was left of their area: never a problem."""
    answers = answers_in(texts, groups)
    return frozenset(
        item.id
        for area, items in groups
        for item in items
        if item.id in texts.get(area.id + FILLED, "").split()
        and answers.get(item.id) not in (None, Answer.PROBLEM)
    )


def read_sheet(
    texts: Mapping[str, str], visit: Visit, live: Collection[str], judge: Judge, judge_reason: JudgeReason
) -> VisitSheet:
    """Validate a sheet.

    Args:
        texts: what was typed and ticked, by name.
        visit: as it is stored.
        live: ids of items that have an issue already, which is not withdrawn.
        judge: decides whether a problem's fields are good.
        judge_reason: decides whether the reason of a withdrawal is.
    """
    sheet, filled = VisitSheet(), filled_in(texts, visit.groups)
    for item_id, answer in answers_in(texts, visit.groups).items():
        if answer is Answer.PROBLEM and item_id not in live:
            values = judge(item_id)
            if values is None:
                sheet.incomplete.append(item_id)
            else:
                sheet.told[item_id] = SubmittedAnswer(answer, values, same_as=texts.get(item_id + SAME, ""))
        elif answer is not Answer.PROBLEM and item_id in live and _changes(visit, item_id, answer, texts):
            _read_change(sheet, item_id, answer, texts, judge_reason)
        else:
            sheet.told[item_id] = SubmittedAnswer(answer, filled=item_id in filled)
    return sheet


def _changes(visit: Visit, item_id: str, answer: Answer, texts: Mapping[str, str]) -> bool:
    """Whether the fate of the issue must be given: not again if it was kept before."""
    return visit.answers[item_id].answer is not answer or bool(texts.get(item_id + WAS_ISSUE))


def _read_change(
    sheet: VisitSheet, item_id: str, answer: Answer, texts: Mapping[str, str], judge_reason: JudgeReason
) -> None:
    choice = texts.get(item_id + WAS_ISSUE, "")
    if choice == KEEP:
        sheet.told[item_id] = SubmittedAnswer(answer)
        return
    if choice != WITHDRAW:
        sheet.problems.append(Problem(item_id, "visit-issue-stands", say("visit-issue-stands")))
        return
    checked = judge_reason(texts.get(item_id + REASON, ""))
    if checked.refused:
        sheet.problems += [replace(problem, place=item_id) for problem in checked.problems]
    else:
        sheet.told[item_id] = SubmittedAnswer(answer, withdraw=str(checked.value))
