"""Columns under headers that are not known: which field each holds, as people answered for files of this shape."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from hashlib import sha256

from build_scripts.intake.cell_questions import asked
from build_scripts.intake.cell_table import place_of
from build_scripts.intake.header_texts import header_key
from build_scripts.intake.ledger_recognition import Header
from checklist.messages import say
from checklist.model import KEPT_BY_SYSTEM, Field, Stage
from checklist.problems import Problem
from checklist.questions import AnswerChoice, Question, QuestionKind
from checklist.values.judge import Context

IGNORE, STATE, DAY = "ignore", "state", "day"
"""Answers that are no field: not read; whether it is rectified; the day of rectification."""

_ALIKE = 0.6
"""Least similarity by which a field is preselected."""
_LONGEST, _MOST = 40, 30
"""Limits of a header's length and of the number of headers that are asked about."""


def with_mapped_columns(
    header: Header, sheet: str, missing: Iterable[Field], context: Context
) -> tuple[Header, list[Problem]]:
    """Return the header with the columns that answers gave a field, and what is asked about the others.

    Nothing is asked of our own exports. Where no required field is missing, an unknown column is not read unless
    somebody says otherwise.

    Args:
        header: as recognised.
        sheet: its name.
        missing: required fields without a column.
        context: with the answers.
    """
    unknown = {} if header.record_id is not None else dict(_unknown(header))
    if not unknown:
        return header, []
    wanted = [*missing, *_missing_outcome(header)]
    shape = sha256("\n".join(sorted(map(header_key, header.words.values()))).encode()).hexdigest()[:12]
    problems = []
    for column, words in unknown.items():
        question = _question(header, shape, words, wanted, context)
        message = say("column-unknown", typed=words)
        place = place_of(sheet, header.last_row, column)
        problems.append(asked(Problem(place, "column-unknown", message), question))
        header = _mapped(header, column, question.answer)
    return header, problems


def _unknown(header: Header) -> Iterator[tuple[int, str]]:
    found = (
        (column, words)
        for column, words in header.unread_columns.items()
        if 0 < len(words.strip()) <= _LONGEST
    )
    yield from list(found)[:_MOST]


def _missing_outcome(header: Header) -> Iterator[Field]:
    """Yield the fields of the outcome that have no column: without one nothing would count as rectified."""
    told = header.told_state is not None
    for field in header.form.fields:
        if field.stage is Stage.RECTIFIED and field.required and field.id not in header.columns and not told:
            yield field


def _question(header: Header, shape: str, words: str, wanted: list[Field], context: Context) -> Question:
    free = [
        field
        for field in header.form.fields
        if field.id not in header.columns and field.type not in KEPT_BY_SYSTEM
    ]
    choices = [AnswerChoice(IGNORE, "不读"), *(AnswerChoice(field.id, field.label) for field in free)]
    if header.told_state is None:
        choices.append(AnswerChoice(STATE, "整改状态（是否已整改）"))
    if header.told_day is None:
        choices.append(AnswerChoice(DAY, "整改完成的日期"))
    likely = max(wanted, key=lambda field: _alike(field, words), default=None)
    return context.answers.settle(
        Question(
            QuestionKind.COLUMN,
            f"{header.form.id}/{shape}",
            header.form.name,
            words,
            tuple(choices),
            likely=likely.id if likely and _alike(likely, words) >= _ALIKE else "",
            default="" if wanted else IGNORE,
        )
    )


def _alike(field: Field, words: str) -> float:
    """Return how similar a header is to any name of a field."""
    names = (field.label, *field.header_aliases)
    key = header_key(words)
    return max(SequenceMatcher(None, key, header_key(name)).ratio() for name in names)


def _mapped(header: Header, column: int, answer: str) -> Header:
    """Return the header with one column more."""
    if answer in {"", IGNORE}:
        return header
    if answer == STATE:
        return replace(header, told_state=column)
    if answer == DAY:
        return replace(header, told_day=column)
    columns: Mapping[str, int] = {**header.columns, answer: column}
    return replace(header, columns=columns)
