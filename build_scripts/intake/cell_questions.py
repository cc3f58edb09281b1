"""Questions about cells: what the judge refused or doubted, and a person can say."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from checklist.messages import say
from checklist.model import Campaign, Field, FieldType, RecordForm
from checklist.problems import Problem
from checklist.questions import WITHOUT_VALUE, AnswerChoice, Question, QuestionKind
from checklist.reading.deadlines import Deadline
from checklist.values.judge import CheckedRecord, RecordJudge
from checklist.values.judge_context import Context
from checklist.values.judge_results import Checked, Value

AS_TYPED = "as-typed"
"""The answer by which a doubted value stays as it was read."""

_ANSWERED = {
    QuestionKind.COLUMN: "column-answered",
    QuestionKind.UNSEEN: "rows-answered",
    QuestionKind.HIDDEN_COLUMN: "column-hidden-answered",
    QuestionKind.MISSING: "absent-answered",
}
"""The sentences of what was understood, where it is not about a cell's text."""

_REFUSED_NAMES = frozenset(
    {"not-a-choice", "near-choice", "ambiguous", "unknown-village", "near-village", "ambiguous-village",
     "unknown-township", "near-township"}
)  # fmt: skip
"""Refusals of a name that may still mean one of those that are known."""


_YEARS = frozenset({"year-beside", "year-assumed"})
"""Doubts about the year of a day."""


def checked_with_answers(
    field: Field, typed: str, check: Callable[[str], Checked], context: Context
) -> Checked:
    """Check a text, with the answers to what is asked about it."""
    checked = check(typed)
    if not checked.problems:
        return checked
    asking = [problem for problem in checked.problems if asks(problem)]
    if not asking:
        return checked
    question = question_of(field, typed, asking[0], checked.value, context)
    reread = text_to_read(question)
    if reread:
        checked = check(reread)
    others = [problem for problem in checked.problems if not asks(problem)]
    return replace(checked, problems=(*others, asked(asking[0], question)))


def record_with_answers(
    judge: RecordJudge, form: RecordForm, raw: Mapping[str, str], context: Context
) -> tuple[CheckedRecord, list[Problem]]:
    """Check fields together, with the answers about their texts; return what is asked about them, too."""
    typed, found = dict(raw), dict[str, Problem]()
    checked = judge.check(typed)
    # An answer may lead to another question: the township's, then the village's.
    while asking := [each for each in checked.problems if asks(each) and each.place not in found]:
        for problem in asking:
            field, value = form.field(problem.place), checked.values[problem.place]
            question = question_of(field, typed[field.id], problem, value, context)
            found[field.id] = asked(problem, question)
            typed[field.id] = text_to_read(question) or typed[field.id]
        checked = judge.check(typed)
    others = tuple(each for each in checked.problems if not (asks(each) and each.place in found))
    return replace(checked, problems=others), [*found.values()]


def leaves_no_value(problem: Problem) -> bool:
    """Whether the row has no value to count; other open questions have a provisional one."""
    return not problem.warning and (problem.question is None or problem.question.kind in WITHOUT_VALUE)


def asks(problem: Problem) -> bool:
    """Whether a person can say what the text means."""
    return problem.code in _REFUSED_NAMES or problem.code in {*_YEARS, "several-households"}


def question_of(field: Field, typed: str, problem: Problem, value: Value, context: Context) -> Question:
    """Return the question of a cell's problem, settled by the answers that are known."""
    if problem.code in _YEARS:
        return question_of_year(field, typed, value, context)
    if problem.code == "several-households":
        choices = (AnswerChoice(AS_TYPED, "是一户，照此登记"),)
        question = Question(QuestionKind.NAME, field.id, field.label, typed, choices)
    else:
        question = _question_of_name(field, typed, context)
    return context.answers.settle(question)


def text_to_read(question: Question) -> str:
    """Return what to read in place of the typed text; empty where the text itself was read."""
    return "" if question.answer == AS_TYPED else question.answer


def asked(problem: Problem, question: Question) -> Problem:
    """Return the problem with its question: an error while that is open, what was understood from then on."""
    if question.is_open:
        return replace(problem, warning=False, question=question)
    code = _ANSWERED.get(question.kind, "question-answered")
    typed = " ".join(question.typed.split())
    # A list is cut at each of its entries.
    shown = typed.split("；") if question.kind is QuestionKind.MISSING else typed
    message = say(code, label=question.label, typed=shown, meaning=question.meaning)
    return Problem(problem.place, code, message, warning=True, question=question)


def _question_of_name(field: Field, typed: str, context: Context) -> Question:
    names, campaign = context.names, context.campaign
    if field.type is FieldType.PROBLEM_TYPE:
        known = {kind.id: kind.name for kind in campaign.problem_types}
        found, near = names.problem_type(typed), names.near_problem_type(typed)
    elif field.type is FieldType.CHOICE:
        known = {choice.id: choice.label for choice in field.choices}
        found, near = names.choice(typed, field.choices), names.near_choice(typed, field.choices)
    elif field.type is FieldType.TOWNSHIP:
        known = {unit.code: unit.name for unit in campaign.units.townships}
        found, near = names.township(typed), names.near_township(typed)
    else:
        known = _villages(campaign, context)
        found, near = names.village(typed, context.township), names.near_village(typed, context.township)
    return Question(
        QuestionKind.VALUE,
        field.id,
        field.label,
        typed,
        tuple(AnswerChoice(each, label) for each, label in _likely_first(known, (*found, *near))),
        likely=near[0] if not found and len(near) == 1 and near[0] in known else "",
    )


def _villages(campaign: Campaign, context: Context) -> dict[str, str]:
    townships = (context.township,) if context.township else campaign.units.townships
    return {
        village.code: village.name if context.township else unit.name + village.name
        for unit in townships
        for village in unit.villages
    }


def _likely_first(known: dict[str, str], first: tuple[str, ...]) -> list[tuple[str, str]]:
    order = dict.fromkeys((*(each for each in first if each in known), *known))
    return [(each, known[each]) for each in order]


def question_of_year(field: Field, typed: str, value: Value, context: Context) -> Question:
    """Ask which year is meant by a day in another one than the campaign's, or before the campaign."""
    if field.type is FieldType.MONTH:
        return _question_of_month(field, typed, str(value), context)
    day = value.due if isinstance(value, Deadline) else value
    assert isinstance(day, date)
    year = context.campaign.notice.deadline.at.year
    year += year == day.year  # or else the next one
    choices = {AS_TYPED: f"就是 {day.isoformat()}"}
    if (day.month, day.day) != (2, 29):
        meant = day.replace(year=year).isoformat()
        choices[meant] = f"应为 {meant}"
    return question_of_days(field, typed, choices, context)


def _question_of_month(field: Field, typed: str, month: str, context: Context) -> Question:
    year = context.campaign.notice.deadline.at.year
    year += str(year) == month[:4]
    meant = f"{year}{month[4:]}"
    return question_of_days(field, typed, {AS_TYPED: f"就是 {month}", meant: f"应为 {meant}"}, context)


def question_of_days(field: Field, typed: str, days: Mapping[str, str], context: Context) -> Question:
    """Ask which of several days is meant, by what can be read for each and its name."""
    choices = tuple(AnswerChoice(day, name) for day, name in days.items())
    return context.answers.settle(Question(QuestionKind.DAY, field.id, field.label, typed, choices))
