"""Hidden sheets: metadata for import, and the lists of drop-downs."""

from collections.abc import Iterable, Mapping, Sequence

from build_scripts.workbooks.column_validation import Column
from build_scripts.workbooks.workbook_values import TEXT, Cell, CellStyle, Sheet
from checklist.model import Campaign, RecordForm, SummaryTable

IDENTITY = "_form"
"""Name of the metadata sheet: a key in column A, its value in column B."""
LISTS = "_lists"
"""Name of the sheet whose column N lists the choices of the table's column N."""

_PLAIN = CellStyle(align="left", number_format=TEXT)


def identity_sheet(
    form: RecordForm | SummaryTable, campaign: Campaign, unit_code: str, columns: Iterable[str]
) -> Sheet:
    """Build the metadata: ids of campaign, form and unit, the form's version, and each column's id.

    Args:
        form: of the workbook.
        campaign: of the form.
        unit_code: of the unit; empty for any unit's, or the county's.
        columns: ids of its fields, or of its figures' columns.
    """
    of_form = {"form": form.id, "version": str(form.version)}
    return _said({"campaign": campaign.id} | of_form | {"unit": unit_code, "fields": " ".join(columns)})


def ledgers_identity_sheet(campaign: Campaign, unit_code: str, forms: Iterable[RecordForm]) -> Sheet:
    """Build the metadata of a workbook with several forms' ledgers, each recognised by its header."""
    versions = " ".join(f"{form.id}:{form.version}" for form in forms)
    return _said({"campaign": campaign.id, "unit": unit_code, "forms": versions})


def _said(said: Mapping[str, str]) -> Sheet:
    cells = [
        Cell(row, column, word, _PLAIN)
        for row, pair in enumerate(said.items())
        for column, word in enumerate(pair)
    ]
    return Sheet(IDENTITY, cells, hidden=True)


def lists_sheet(columns: Sequence[Column], name: str = LISTS) -> Sheet:
    """List the choices of every column, without the length and comma limits of inline lists."""
    cells = [
        Cell(row, number, choice, _PLAIN)
        for number, column in enumerate(columns)
        for row, choice in enumerate(column.check.choices)
    ]
    return Sheet(name, cells, hidden=True)
