"""Ledgers of a workbook: its sheets parsed to entries, with all problems."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from build_scripts.intake.cell_table import Cell, CellSheet, place_of
from build_scripts.intake.column_mapping import with_mapped_columns
from build_scripts.intake.column_units import column_units
from build_scripts.intake.filing_lines import Filled
from build_scripts.intake.hidden_columns import HiddenColumns, hidden_columns
from build_scripts.intake.hidden_rows import HiddenRows
from build_scripts.intake.ledger_entry import LedgerEntry
from build_scripts.intake.ledger_recognition import Header, HeaderFinder
from build_scripts.intake.person_marks import PersonKeys
from build_scripts.intake.personal_cells import NumberlessSheets, NumberRemoval
from build_scripts.intake.row_kinds import RowKind
from build_scripts.intake.row_values import RowReader, defaults_of, filler_of, missing_columns
from build_scripts.intake.ruled_entries import rule_entries
from build_scripts.intake.sheet_records import SheetReport, rows_of_records
from build_scripts.intake.sheet_village import village_of_sheet
from build_scripts.workbooks.hidden_sheets import IDENTITY, LISTS
from checklist.chinese_numerals import NUMERALS
from checklist.messages import say
from checklist.model import FieldType, RecordForm, Stage
from checklist.problems import Problem, errors_of
from checklist.values.judge import Context

_WORDS = re.compile(rf"(?:(?![{NUMERALS}])[一-龥 ])+")
"""Words without any number: 删除, 不要了."""


@dataclass
class LedgerBook:
    """A parsed workbook."""

    entries: list[LedgerEntry] = field(default_factory=list)
    unwanted: list[LedgerEntry] = field(default_factory=list)
    """Rows that say that they are not wanted, and are left out."""
    sheets: list[SheetReport] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    """Errors and warnings, in the order of the workbook."""
    has_personal_numbers: bool = False
    """Whether any cell holds a number of a person, even one that is not read."""

    @property
    def errors(self) -> list[Problem]:
        """The errors, which block the import."""
        return errors_of(self.problems)


def read_book(
    sheets: Iterable[CellSheet],
    context: Context,
    importer: str,
    forms: Sequence[RecordForm] | None = None,
    removal: NumberRemoval | None = None,
) -> LedgerBook:
    """Parse the ledgers of a workbook.

    Args:
        sheets: as the reading process yields them: hidden ones first.
        context: the filing unit and the time.
        importer: display name of the importing account.
        forms: that are looked for; None for the campaign's record forms.
        removal: how numbers of persons are taken out; None for lists that keep no keys of them.
    """
    book, finder, said = LedgerBook(), HeaderFinder(context.campaign, forms), {"form": ""}
    numberless = NumberlessSheets(sheets, removal or NumberRemoval.of(context.campaign))
    for sheet in numberless:
        if sheet.name == IDENTITY:
            said |= {str(cells[0]): str(cells[1]) for _, cells in sheet.rows if len(cells) > 1}
            book.problems += _identity_problems(said, context)
        elif not sheet.name.startswith(LISTS):
            _read_sheet(sheet, finder, (context, importer, numberless.removal.keys), (book, said["form"]))
    book.problems += rule_entries(book.entries, context)
    if not any(report.headers or report.summary for report in book.sheets):
        names = [report.name for report in book.sheets if not report.empty]
        book.problems.append(Problem("", "no-ledger", say("no-ledger", sheets=names or ["空"])))
    book.has_personal_numbers = numberless.found
    return book


def _read_sheet(
    sheet: CellSheet,
    finder: HeaderFinder,
    by: tuple[Context, str, PersonKeys | None],
    into: tuple[LedgerBook, str],
) -> None:
    """Add a sheet's ledgers to the book."""
    context = by[0]
    book, prefer = into
    report = SheetReport(sheet.name)
    book.sheets.append(report)
    header, under_header, unseen = None, None, HiddenRows(sheet, context)
    for under, number, cells in rows_of_records(sheet, finder, context, report, prefer):
        if under_header is None or under is not header:
            book.problems += under_header.columns.problems() if under_header else ()
            header = under
            under_header, problems = _under_header(under, sheet, report, *by)
            book.problems += problems
        mark = under_header.mark_of(cells)
        kind = None
        if unseen.any or mark:
            kind, problem = unseen.kind_of(number, cells, mark)
            book.problems += [problem] if problem else []
        if kind:
            report.leave_out(kind, number)
            report.records -= 1
            if kind is RowKind.UNWANTED:
                book.unwanted.append(under_header.reader.read(number, cells)[0])
            continue
        under_header.columns.note(cells)
        entry, problems = under_header.reader.read(number, cells)
        book.entries.append(entry)
        book.problems += problems
    book.problems += under_header.columns.problems() if under_header else ()
    if report.records or report.summary:
        book.problems += _filing_problems(report, context)


class _UnderHeader(NamedTuple):
    """What reads the rows under one header."""

    reader: RowReader
    columns: HiddenColumns
    serial: int | None
    """The column of serial numbers."""
    marks: frozenset[str]
    """What stands for nothing, or for the number above."""

    def mark_of(self, cells: Sequence[Cell]) -> str:
        """Return the words that stand in place of a row's number, such as 删除; empty where there are none."""
        if self.serial is None or self.serial >= len(cells):
            return ""
        cell = cells[self.serial]
        if not isinstance(cell, str) or cell.isdigit() or not _WORDS.fullmatch(cell) or cell in self.marks:
            return ""
        return cell


def _under_header(
    header: Header,
    sheet: CellSheet,
    report: SheetReport,
    context: Context,
    importer: str,
    keys: PersonKeys | None,
) -> tuple[_UnderHeader, list[Problem]]:
    """Return the reader of the rows under a header, and what is wrong with the header or asked about it."""
    village = village_of_sheet(sheet.name, report.titles, context)
    defaults = defaults_of(header, village, filler_of(report.filing, importer))
    mapped, asking = with_mapped_columns(header, sheet.name, missing_columns(header, defaults), context)
    mapped, columns = hidden_columns(mapped, sheet, context)
    report.headers[-1] = mapped
    problems = [*asking, *_header_problems(mapped, sheet.name, defaults)]
    if village and mapped.village and mapped.village not in mapped.columns:
        place = place_of(sheet.name, header.row, min(header.columns.values()))
        words = say("village-of-sheet", village=village)
        problems.append(Problem(place, "village-of-sheet", words, warning=True))
    serial = next(
        (mapped.columns[field.id] for field in mapped.fields.values() if field.type is FieldType.SERIAL), None
    )
    factors, told = column_units(mapped, sheet.name, report.titles, context)
    problems += told
    marks = context.campaign.reading.marks
    known = frozenset((*marks.nothing, *marks.ditto))
    return _UnderHeader(
        RowReader(mapped, sheet, context, defaults, factors, keys), columns, serial, known
    ), problems


def _identity_problems(said: dict[str, str], context: Context) -> Iterator[Problem]:
    """Check the workbook's metadata."""
    campaign, unit = said.get("campaign"), said.get("unit")
    if campaign and campaign != context.campaign.id:
        yield Problem("", "other-campaign", say("other-campaign", campaign=context.campaign.notice.name))
    if unit and unit != context.unit.code:
        units = context.campaign.unit_by_code
        other = units[unit].name if unit in units else unit
        yield Problem("", "other-unit", say("other-unit", other=other, unit=context.unit.name))


def _header_problems(header: Header, sheet: str, defaults: dict[str, str]) -> Iterator[Problem]:
    """Return problems for missing and ambiguous columns."""
    place = place_of(sheet, header.row, min(header.columns.values()))
    for missing in missing_columns(header, defaults):
        names = [missing.label, *missing.header_aliases]
        message = say("column-missing", label=missing.label, form=header.form.name, names=names)
        yield Problem(place, "column-missing", message)
    for field_id, column in header.twice:
        names = [header.words[header.columns[field_id]], header.words[column]]
        message = say("column-twice", label=header.form.field(field_id).label, names=names)
        yield Problem(place_of(sheet, header.last_row, column), "column-twice", message)
    for after in header.form.fields:
        if after.stage is Stage.RECTIFIED and after.required and after.id not in header.columns:
            message = say("column-of-outcome-missing", label=after.label)
            yield Problem(place, "column-of-outcome-missing", message, warning=True)


def _filing_problems(report: SheetReport, context: Context) -> Iterator[Problem]:
    """Return problems for ledgers of other units; an unreadable unit name gets the benefit of the doubt."""
    line = report.filing.get("unit")
    others = _filing_units_named(line, context) if line else ()
    if line and others and context.unit.code not in others:
        other = context.campaign.unit_by_code[others[0]].name
        place = place_of(report.name, line.row, line.column)
        yield Problem(place, "other-unit", say("other-unit", other=other, unit=context.unit.name))


def _filing_units_named(line: Filled, context: Context) -> list[str]:
    """Return codes of the units that a filing line may name, without the office, which files nothing."""
    files = {unit.code for unit in context.campaign.filing_units}
    return [code for code in context.names.unit(line.text) if code in files]
