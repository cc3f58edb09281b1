"""The heading above every annex's table: number, title, filing lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from build_scripts.counting.final_or_interim import PublishedState
from build_scripts.workbooks.print_setup import height_of
from build_scripts.workbooks.workbook_values import Cell, CellStyle
from checklist.model import RecordForm, SummaryTable, Unit

ANNEX = CellStyle(font="黑体", size=14, align="left")
TITLE = CellStyle(font="方正小标宋简体", size=18)
FILING = CellStyle(font="仿宋", size=12, align="left")


@dataclass(frozen=True)
class Heading:
    """The cells above a table, their row heights, and the table's first row."""

    cells: tuple[Cell, ...]
    heights: dict[int, float]
    next_row: int


def heading(
    form: RecordForm | SummaryTable,
    name: str,
    widths: Sequence[float],
    state: PublishedState | None = None,
) -> Heading:
    """Lay out what stands above a form's table.

    Args:
        form: gives the annex's number, title and filing lines.
        name: of the unit or county; empty for a blank form.
        widths: of the columns that the lines run across, in characters.
        state: of the table's figures; None where it has none.
    """
    title = title_of(form, name) + (state.in_title if state else "")
    lines = [(form.annex, ANNEX)] if form.annex else []
    lines.append((title, TITLE))
    if state:
        lines.append((state.words, FILING))
    for line in form.filing_lines:
        lines.append((line.label + (name if line.id == "unit" else ""), FILING))
    cells = tuple(Cell(row, 0, text, style, columns=len(widths)) for row, (text, style) in enumerate(lines))
    heights = {row: height_of(text, style.size, widths) for row, (text, style) in enumerate(lines)}
    return Heading(cells, heights, len(lines))


def title_of(form: RecordForm | SummaryTable, name: str) -> str:
    """Return the printed title, with the unit's name or the annex's placeholder."""
    return form.title.format(unit=name or form.blank_unit)


def name_of(unit: Unit | None) -> str:
    """Return the name on a unit's forms."""
    return unit.name if unit else ""
