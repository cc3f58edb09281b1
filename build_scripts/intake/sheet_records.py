"""The record rows of a sheet: titles, notes and sums removed, gaps filled."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

from build_scripts.intake.cell_table import Cell, CellSheet, Range, Row, beginning
from build_scripts.intake.filing_lines import Filled, filing_lines, openings
from build_scripts.intake.gap_filling import GapFiller
from build_scripts.intake.handed_in_annex2 import EnclosedSummary, read_summary
from build_scripts.intake.ledger_recognition import Header, HeaderFinder
from build_scripts.intake.row_kinds import RowClassifier, RowKind
from checklist.model import FieldType
from checklist.values.judge import Context

_LOOKED_AT = 60
"""Number of rows within which a ledger's header must begin."""
_KEPT = 60
"""Number of rows below a table that are searched for filing lines."""

_SHOWN_ROWS = 5
"""How many numbers of skipped rows of a kind a report keeps."""


@dataclass
class SheetReport:
    """The report on a sheet; complete once its rows have been consumed."""

    name: str
    hidden: bool = False
    headers: list[Header] = field(default_factory=list)
    """One for each ledger in it; none for a cover or an empty sheet."""
    filing: dict[str, Filled] = field(default_factory=dict)
    records: int = 0
    titles: list[str] = field(default_factory=list)
    """The texts above the table."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Counts of skipped rows by kind (``RowKind``)."""
    left_rows: dict[str, list[int]] = field(default_factory=dict)
    """The first numbers of them."""
    empty: bool = False
    summary: EnclosedSummary | None = None
    """The unit's own annex 2, if the sheet holds it."""

    def leave_out(self, kind: RowKind, number: int) -> None:
        """Count a row that is no record."""
        self.left_out[kind] += 1
        rows = self.left_rows.setdefault(kind, [])
        if len(rows) < _SHOWN_ROWS:
            rows.append(number)

    @property
    def unread(self) -> tuple[str, ...]:
        """Ignored columns' headers, or ignored rows' names of annex 2."""
        if self.summary:
            return self.summary.unread
        return tuple(dict.fromkeys(words for header in self.headers for words in header.unread))


def rows_of_records(
    sheet: CellSheet, finder: HeaderFinder, context: Context, report: SheetReport, prefer: str = ""
) -> Iterator[tuple[Header, int, Sequence[Cell]]]:
    """Yield the record rows of a sheet, each with its header, row number and cells.

    Merged cells are filled downwards, 同上 from the row above. Filing lines above the table are in the report before
    the first record is yielded.
    """
    campaign = context.campaign
    first, rows = beginning(sheet, _LOOKED_AT)
    report.hidden, report.empty = sheet.hidden, not first
    header = finder.find(first, sheet.merged, prefer)
    if header is None:
        report.summary = read_summary(sheet.name, first, sheet.merged, context)
        report.filing = filing_lines(first if report.summary else (), campaign)
        return
    above = [row for row in first if row[0] < header.row]
    report.titles = [cell for _, cells in above for cell in cells if isinstance(cell, str) and cell]
    report.filing = filing_lines(above, campaign)
    report.headers.append(header)
    fill, aside = GapFiller(sheet.merged, campaign.reading), []
    kind_of = _classifier(header, context)
    for under, (number, cells) in _under_headers(rows, header, finder, sheet.merged):
        if under is not header:
            header, kind_of = under, _classifier(under, context)
            report.headers.append(header)
        kind = kind_of(cells)
        filled = fill(header.columns.values(), number, cells, is_record=not kind)
        if kind:
            report.leave_out(kind, number)
            aside.append((number, cells))
            del aside[_KEPT:]
            continue
        report.records += 1
        yield header, number, filled
    report.filing = filing_lines(aside, campaign) | report.filing


def _classifier(header: Header, context: Context) -> RowClassifier:
    campaign = context.campaign
    return RowClassifier(header, campaign.reading, openings(campaign), context.today)


def _under_headers(
    rows: Iterable[Row], header: Header, finder: HeaderFinder, merged: Sequence[Range]
) -> Iterator[tuple[Header, Row]]:
    """Yield the rows below a header, and below any later header of the sheet."""
    key = _key_column(header)
    none: tuple[Row | None] = (None,)
    for row, following in pairwise(chain(rows, none)):
        if row is None or row[0] <= header.last_row:
            continue
        cells = row[1]
        # Another form's header has its columns elsewhere, but mostly begins with a known word.
        at_key = cells[key] if key < len(cells) else ""
        first = cells[0] or next((cell for cell in cells if cell), "")
        if finder.is_header_word(at_key) or finder.is_header_word(first):
            again = finder.at([row, following] if following else [row], merged, header.form.id)
            if again:
                header, key = again, _key_column(again)
                continue
        yield header, row


def _key_column(header: Header) -> int:
    """Return the column to check for another header: that of the problem type, or else the first."""
    columns = [
        header.columns[field.id] for field in header.fields.values() if field.type is FieldType.PROBLEM_TYPE
    ]
    return next(iter(columns), min(header.columns.values()))
