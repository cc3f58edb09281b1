"""Memoized validators of cells, one for each column, over the judge of values."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeVar

from build_scripts.intake.cell_questions import asked, checked_with_answers, question_of_days
from build_scripts.intake.cell_table import Cell
from build_scripts.intake.column_units import scaled
from checklist.date_formats import month_and_day, month_of_year
from checklist.messages import say
from checklist.model import Field, FieldType
from checklist.problems import Problem
from checklist.reading.personal_numbers import may_hold
from checklist.values.field_readers import signs_of_several
from checklist.values.judge import Checked, Context, Value, check_value

T = TypeVar("T")

Judged = tuple[Value, Sequence[Problem]]
Judge = Callable[[Cell], Judged]

_DAYS = frozenset({FieldType.DATE, FieldType.DEADLINE})
_CUT_DAY = re.compile(r"(\d{1,2})\.([123])")
"""A number that may have lost its trailing zero: 8.3 for 8.30."""
_CUT_MONTH = re.compile(r"(?:19|20)\d{2}\.1")
"""The same of a month: 2022.1 for 2022.10."""
_SERIALS = _DAYS | {FieldType.MONTH}
"""Types that a spreadsheet may keep as the number of a day."""
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_DAYS_TO_1904 = 1462
_PROSE = frozenset({FieldType.TEXT, FieldType.PARAGRAPH})
_PLAIN = re.compile("[一-龥]{2}[一-龥A-Za-z0-9，。、；：？！（）“”《》〔〕％.,;:()%+-]*[一-龥A-Za-z0-9。）]")
"""Prose that every reader returns unchanged: no blanks, no hidden characters, nothing to normalise."""
_CACHE_SIZE = 50_000
_LONGEST = 1e18
"""Integers from here on are shown with an exponent."""


def judge_of(
    field: Field, context: Context, *, date1904: bool = False, factor: Decimal = Decimal(1)
) -> Judge:
    """Return the judge of a column's cells.

    Args:
        field: of the column.
        context: the filing unit and the time.
        date1904: whether the workbook counts days from 1904.
        factor: by what the column's figures are to be multiplied (``column_units``).
    """

    def check(text: str) -> Checked:
        return check_value(field, text, context)

    def judge(cell: Cell) -> Judged:
        cut = None if isinstance(cell, str) or field.type not in _DAYS else _CUT_DAY.fullmatch(text_of(cell))
        if cut and int(cut[1]) <= 12:
            return _cut_day(field, cut, check, context)
        if (
            field.type is FieldType.MONTH
            and not isinstance(cell, str)
            and _CUT_MONTH.fullmatch(text_of(cell))
        ):
            return _cut_month(field, text_of(cell), check, context)
        typed = _since_1900(cell) if date1904 and field.type in _SERIALS else text_of(cell)
        typed = typed if factor == 1 else scaled(field, typed, factor, context)
        checked = checked_with_answers(field, typed, check, context)
        return checked.value, checked.problems

    if field.type not in _PROSE or not field.max_length:
        return _memoized(judge)
    marks = context.campaign.reading.marks
    doubted = signs_of_several(field, context)
    plainly = _plainly(field, judge, frozenset((*marks.nothing, *marks.ditto)), doubted)
    # Names repeat, paragraphs seldom do: only names are cached.
    return _memoized(plainly) if field.type is FieldType.TEXT else plainly


def _plainly(field: Field, judge: Judge, marks: frozenset[str], doubted: Sequence[str]) -> Judge:
    """Wrap a judge of prose with a fast path for text that needs no cleaning or check.

    Most texts of a large ledger are such, and all differ, so that memoizing would not help.
    """
    longest = field.max_length or 0
    is_plain, judged = _PLAIN.fullmatch, _memoized(judge)

    def judging(cell: Cell) -> Judged:
        if (
            isinstance(cell, str)
            and len(cell) <= longest
            and is_plain(cell)
            and not may_hold(cell)
            and cell not in marks
        ):
            return cell, ()
        return judged(cell)

    if not doubted:
        return judging
    is_doubted = re.compile("|".join(map(re.escape, doubted))).search
    return lambda cell: judged(cell) if isinstance(cell, str) and is_doubted(cell) else judging(cell)


def text_of(cell: Cell) -> str:
    """Return a cell's text as it was typed."""
    if isinstance(cell, str):
        return cell
    return str(int(cell)) if cell.is_integer() and abs(cell) < _LONGEST else f"{cell:.15g}"


def share_of(number: float) -> str:
    """A number as a share, where it is one: 0.5 is what a spreadsheet keeps of 50%."""
    return f"{number * 100:.15g}%" if 0 < number < 1 else f"{number:.15g}"


def _cut_day(field: Field, cut: re.Match[str], check: Callable[[str], Checked], context: Context) -> Judged:
    """Ask about a number that may mean two days, such as 8.3."""
    days = [f"{cut[1]}.{cut[2]}", f"{cut[1]}.{cut[2]}0"]
    names = [month_and_day(cut[1], cut[2]), month_and_day(cut[1], f"{cut[2]}0")]
    said = say("day-cut-off", label=field.label, typed=cut[0], days=names)
    question = question_of_days(field, cut[0], dict(zip(days, names, strict=True)), context)
    problem = asked(Problem(field.id, "day-cut-off", said), question)
    if question.is_open:
        return None, (problem,)
    checked = check(question.meaning)
    return checked.value, (*checked.problems, problem)


def _cut_month(field: Field, typed: str, check: Callable[[str], Checked], context: Context) -> Judged:
    """Ask about a number that may mean two months, such as 2022.1."""
    year = int(typed[:4])
    months = {f"{year}-01": month_of_year(year, 1), f"{year}-10": month_of_year(year, 10)}
    said = say("month-cut-off", label=field.label, typed=typed, days=[*months.values()])
    question = question_of_days(field, typed, months, context)
    problem = asked(Problem(field.id, "month-cut-off", said), question)
    return (None if question.is_open else check(question.meaning).value), (problem,)


def _since_1900(cell: Cell) -> str:
    """Return the text of a day, where a number counts from 1904."""
    typed = text_of(cell)
    return f"{float(typed) + _DAYS_TO_1904:.15g}" if _SERIAL.fullmatch(typed) else typed


class _Cache(dict[Cell, T]):
    """Cache of results by cell: a dict with ``__missing__``, so that hits cost no Python call."""

    def __init__(self, judge: Callable[[Cell], T]) -> None:
        super().__init__()
        self._judge = judge

    def __missing__(self, cell: Cell) -> T:
        found = self._judge(cell)
        if len(self) < _CACHE_SIZE:
            self[cell] = found
        return found


def _memoized(judge: Callable[[Cell], T]) -> Callable[[Cell], T]:
    return _Cache(judge).__getitem__
