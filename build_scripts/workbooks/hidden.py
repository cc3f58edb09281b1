"""The hidden sheets: which form this is, for whoever reads it back, and the lists behind the drop-downs."""

from collections.abc import Mapping, Sequence

from build_scripts.workbooks.columns import Column
from build_scripts.workbooks.values import TEXT, Cell, Sheet, Style
from checklist.model import Campaign, Field, RecordForm, Unit

IDENTITY = "_form"
"""Name of the sheet that carries ids: a name in column A, its value in column B."""
LISTS = "_lists"
"""Name of the sheet whose column N lists what the table's column N takes."""

_PLAIN = Style(align="left", number_format=TEXT)


def identity_sheet(form: RecordForm, campaign: Campaign, unit: Unit | None, fields: Sequence[Field]) -> Sheet:
    """Ids of the campaign, form and unit, the form's version, and the field of each column from the first."""
    of_form = {"form": form.id, "version": str(form.version)}
    columns = {"fields": " ".join(field.id for field in fields)}
    return _said({"campaign": campaign.id} | of_form | {"unit": unit.code if unit else ""} | columns)


def ledgers_identity_sheet(campaign: Campaign, unit: Unit | None) -> Sheet:
    """The same for a workbook with the ledgers of several forms: each is known by its header."""
    return _said({"campaign": campaign.id, "unit": unit.code if unit else ""})


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
