"""The copy of a workbook that may be kept: its cells as they are read, without any number of a person."""

from collections.abc import Iterator
from dataclasses import replace

from build_scripts.intake.cell_table import CellSheet
from build_scripts.intake.mail_attachments import Attachment
from build_scripts.intake.personal_cells import NumberlessSheets, NumberRemoval
from build_scripts.intake.refusal import Unreadable
from build_scripts.intake.unread_parts import any_part_holds_numbers
from build_scripts.intake.workbook_reader import open_workbook
from build_scripts.workbooks.plain_copy import PlainSheet, plain_copy
from checklist.reading.personal_numbers import take_out


def numberless_copy(data: bytes, removal: NumberRemoval) -> bytes:
    """Return a workbook of the same cells in the same places; a number leaves the mark that it has when it is read.

    Formats, notes, pictures and whatever else no reader of cells sees are left out.

    Raises:
        Unreadable: it cannot be read.
    """
    with open_workbook(data) as sheets:
        first = next(sheets, None)
        if first is None:
            return plain_copy([], date1904=False)
        numberless = NumberlessSheets(_again(first, sheets), removal)
        return plain_copy((_plain(sheet) for sheet in numberless), date1904=first.date1904)


def numberless_attachment(file: Attachment, removal: NumberRemoval) -> Attachment:
    """Return a file of a mail as it may be kept; one with numbers that cannot be copied is refused."""
    named = replace(file, name=str(take_out(file.name)))
    if file.refusal:
        return named
    try:
        holds = any_part_holds_numbers(file.data)
        return replace(named, data=numberless_copy(file.data, removal)) if holds else named
    except Unreadable as error:
        return replace(named, data=b"", refusal=str(error))


def _again(first: CellSheet, others: Iterator[CellSheet]) -> Iterator[CellSheet]:
    yield first
    yield from others


def _plain(sheet: CellSheet) -> PlainSheet:
    merged = [(area.top, area.left, area.bottom, area.right) for area in sheet.merged]
    return PlainSheet(
        sheet.name,
        sheet.rows,
        merged,
        sheet.hidden,
        sheet.hidden_rows,
        sheet.hidden_columns,
        sheet.filtered,
        sheet.struck,
    )
