"""Which unit a workbook is from: by its hidden sheet, its 填报单位 lines, its titles, or its file's name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from build_scripts.intake.cell_table import CellSheet, beginning
from build_scripts.intake.filing_lines import filing_lines
from build_scripts.intake.workbook_reader import open_workbook
from build_scripts.workbooks.hidden_sheets import IDENTITY
from checklist.model import Campaign
from checklist.values.campaign_names import Names

_LOOKED_AT = 60
"""Rows of a sheet that are searched for a line; the titles stand in the first of them."""
_TITLES = 4

SIGNS = {"identity": "表里的标记", "line": "填报单位一行", "title": "表的标题", "name": "文件名"}
"""What names the unit, the surest first."""


@dataclass(frozen=True)
class Sender:
    """The units that a file may be from: one where it is known; several, or none, where a person has to say.

    Attributes:
        codes: of filing units.
        sign: what named them, a key of ``SIGNS``; empty where nothing did.
        contrary: a weaker sign that names another unit, and that unit's code.
    """

    codes: tuple[str, ...] = ()
    sign: str = ""
    contrary: tuple[str, str] | None = None

    @property
    def unit_code(self) -> str | None:
        """The one unit, where nothing in the file speaks against it."""
        return self.codes[0] if len(self.codes) == 1 and not self.contrary else None


def sender_of(data: bytes, path: str, campaign: Campaign) -> Sender:
    """Recognise the unit of a workbook.

    Args:
        data: its bytes.
        path: its name, with the folders that it came in.
        campaign: whose units they are.

    Raises:
        Unreadable: it is no workbook that can be read.
    """
    said = _said(data, campaign)
    said["name"] += _in_path(path, campaign)
    named = [(sign, tuple(dict.fromkeys(codes))) for sign, codes in said.items() if codes]
    if not named:
        return Sender()
    sign, codes = named[0]
    other = next(
        ((weaker, found[0]) for weaker, found in named[1:] if len(found) == 1 and found[0] not in codes), None
    )
    return Sender(codes, sign, other if len(codes) == 1 else None)


def _said(data: bytes, campaign: Campaign) -> dict[str, list[str]]:
    """Return codes by sign, in the order of ``SIGNS``."""
    said: dict[str, list[str]] = {sign: [] for sign in SIGNS}
    names = Names(campaign)
    filing = {unit.code for unit in campaign.filing_units}
    with open_workbook(data) as sheets:
        for sheet in sheets:
            for sign, code in _of_sheet(sheet, campaign, names):
                if code in filing:
                    said[sign].append(code)
    return said


def _of_sheet(sheet: CellSheet, campaign: Campaign, names: Names) -> Iterator[tuple[str, str]]:
    first, rows = beginning(sheet, _LOOKED_AT)
    if sheet.name == IDENTITY:
        said = {str(cells[0]): str(cells[1]) for _, cells in rows if len(cells) > 1}
        yield "identity", said.get("unit", "")
        return
    for name, filled in filing_lines(first, campaign).items():
        if name == "unit":
            found = names.unit(filled.text) or names.units_in(filled.text)
            yield from (("line", code) for code in found)
    for _, cells in first[:_TITLES]:
        texts = [str(cell) for cell in cells if cell]
        if len(texts) == 1:  # a header has several cells
            yield from (("title", code) for code in names.units_in(texts[0]))


def _in_path(path: str, campaign: Campaign) -> Sequence[str]:
    """Return the units that the file's name holds, else those of the folder or mail that it came in."""
    names, steps = Names(campaign), PurePosixPath(path)
    parts = [steps.stem, *reversed(steps.parts[:-1])]
    return next((found for part in parts if (found := names.units_in(part))), ())
