"""A unit's own annex 2: its figures, compared cell by cell with what the ledgers give (账账相符)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from build_scripts.intake.cell_judges import text_of
from build_scripts.intake.cell_table import Cell, Range, Row, place_of
from build_scripts.intake.header_texts import header_key, header_texts
from checklist.model import SummaryTable
from checklist.reading.computed_cells import COMPUTED
from checklist.reading.numbers import read_integer
from checklist.text_normalisation import compact
from checklist.values.judge import Context

Key = tuple[str, str]
"""A problem type's id, empty for the total, and a column's id."""

_BY_FORMULA = "{}（公式没有存下结果，按各行相加）"
"""What a total says that no program has calculated."""

_ENOUGH = 3
"""Minimum number of figure columns by which a table is recognised."""


@dataclass(frozen=True)
class Figure:
    """A cell of the table that a unit handed in."""

    place: str
    text: str
    number: int | None
    """None if the text is no number."""


@dataclass(frozen=True)
class EnclosedSummary:
    """The table that a unit handed in."""

    sheet: str
    figures: Mapping[Key, Figure]
    unread: tuple[str, ...] = ()
    """Headers of unknown columns among the figures, and names of rows with figures that match no problem type."""


@dataclass(frozen=True)
class CellDifference:
    """A cell that differs from the ledgers."""

    place: str
    row: str
    column: str
    handed_in: str
    counted: int


def read_summary(
    sheet: str, rows: Sequence[Row], merged: Sequence[Range], context: Context
) -> EnclosedSummary | None:
    """Parse the table of a sheet; None if it holds none.

    Args:
        sheet: its name.
        rows: its first rows; the table is short.
        merged: its merged ranges.
        context: gives the campaign.
    """
    found = [
        (len(columns), index + depth, columns, texts)
        for index in range(len(rows))
        for depth, texts in header_texts(rows[index : index + 2], merged)
        if (columns := _columns(texts, context.campaign.summary_table))
    ]
    known, below, columns, texts = max(found, key=lambda header: header[0], default=(0, 0, {}, {}))
    if known < _ENOUGH:
        return None
    first, read = min(columns.values()), set(columns.values())
    others = [names[-1] for column, names in sorted(texts.items()) if column > first and column not in read]
    unread = (*others, *_unread(rows[below:], first, context))
    return EnclosedSummary(sheet, dict(_figures(sheet, rows[below:], columns, context)), unread)


def differences(
    summary: EnclosedSummary, counted: Mapping[Key, int], context: Context
) -> list[CellDifference]:
    """Return the cells that differ from the ledgers' counts, in the table's order.

    Args:
        summary: as handed in.
        counted: the ledgers' counts; missing ones are zero.
        context: gives the campaign's names.
    """
    table = context.campaign.summary_table
    labels: dict[str, str] = {column.id: f"{column.group}{column.label}" for column in table.columns}
    types = {kind.id: kind.row_name for kind in context.campaign.problem_types}
    return [
        CellDifference(
            figure.place,
            types.get(kind, table.total_label),
            labels[column],
            figure.text,
            counted.get((kind, column), 0),
        )
        for (kind, column), figure in summary.figures.items()
        if figure.number != counted.get((kind, column), 0)
    ]


def _columns(texts: Mapping[int, tuple[str, ...]], table: SummaryTable) -> dict[str, int]:
    """Find the columns of figures."""
    words = {
        header_key(name): column.id
        for column in table.columns
        for name in (column.label, f"{column.group}/{column.label}", column.group + column.label)
    }
    found = ((words.get(header_key(name)), column) for column, names in texts.items() for name in names)
    return {field_id: column for field_id, column in found if field_id}


def _figures(
    sheet: str, rows: Sequence[Row], columns: Mapping[str, int], context: Context
) -> Iterator[tuple[Key, Figure]]:
    first, added = min(columns.values()), dict.fromkeys(columns, 0)
    for number, cells in rows:
        kind = _row_of(cells[:first], context)
        if kind is None:
            continue
        for column_id, column in columns.items():
            text = text_of(cells[column]) if column < len(cells) else ""
            figure = Figure(place_of(sheet, number, column), text, _number(text, context))
            if not kind and text == COMPUTED:
                figure = replace(figure, text=_BY_FORMULA.format(added[column_id]), number=added[column_id])
            added[column_id] += figure.number or 0
            yield (kind, column_id), figure


def _unread(rows: Sequence[Row], first_figure: int, context: Context) -> Iterator[str]:
    """Return the names of unknown rows that hold figures."""
    for _, cells in rows:
        names = [name for name in cells[:first_figure] if isinstance(name, str) and name]
        figures = any(_number(text_of(cell), context) for cell in cells[first_figure:])
        if names and figures and not any(_meant(name, context) for name in names):
            yield names[-1]


def _row_of(names: Sequence[Cell], context: Context) -> str | None:
    """Return a row's problem type, "" for the total, by the name nearest to the figures."""
    for name in reversed(names):
        meant = _meant(name, context) if isinstance(name, str) and name else ()
        if len(meant) == 1:
            return meant[0]
    return None


def _meant(name: str, context: Context) -> tuple[str, ...]:
    """Return the problem types that a row's name may mean; "" alone is the total."""
    total = compact(context.campaign.summary_table.total_label)
    if compact(name) in {total, *context.campaign.reading.tables.totals}:
        return ("",)
    return context.names.problem_type(name)


def _number(text: str, context: Context) -> int | None:
    reading = context.campaign.reading
    if not text or compact(text) in reading.marks.nothing:
        return 0
    number = read_integer(text, reading.numbers)
    return number if isinstance(number, int) else None
