"""The hidden sheets: which form this is, for whoever reads it back, and the lists behind the drop-downs."""

from collections.abc import Iterable, Mapping, Sequence

from build_scripts.workbooks.book_values import TEXT, Cell, CellStyle, Sheet
from build_scripts.workbooks.ledger_columns import Column
from checklist.model import Campaign, RecordForm, SummaryTable

IDENTITY = "_form"
"""Name of the sheet that carries ids: a name in column A, its value in column B."""
LISTS = "_lists"
"""Name of the sheet whose column N lists what the table's column N takes."""

_PLAIN = CellStyle(align="left", number_format=TEXT)


def identity_sheet(
    form: RecordForm | SummaryTable, campaign: Campaign, unit_code: str, columns: Iterable[str]
) -> Sheet:
    """Ids of the campaign, form and unit, the form's version, and the id of each column from the first.

    Args:
        form: which one it is.
        campaign: whose it is.
        unit_code: of the unit whose it is; empty for any unit's, or the county's.
        columns: the ids of its fields, or of its columns of figures.
    """
    of_form = {"form": form.id, "version": str(form.version)}
    return _said({"campaign": campaign.id} | of_form | {"unit": unit_code, "fields": " ".join(columns)})


def ledgers_identity_sheet(campaign: Campaign, unit_code: str, forms: Iterable[RecordForm]) -> Sheet:
    """The same for a workbook with the ledgers of several forms: each is known by its header."""
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
    """The choices of every column, one below the other: as long as they need be, with any commas in them."""
    cells = [
        Cell(row, number, choice, _PLAIN)
        for number, column in enumerate(columns)
        for row, choice in enumerate(column.check.choices)
    ]
    return Sheet(name, cells, hidden=True)
