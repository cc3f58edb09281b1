"""The markup of a workbook in today's format (.xlsx).

The spreadsheet library drops all of it. Only scanned for, by regular expressions over the parts' bytes: nothing here
parses XML. Runs in the reading process; a part that does not say a thing costs one search for it.
"""

import html
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator

from build_scripts.intake.sheet_markup import Place, SheetMarkup

_PREFIX = rb"(?:\w+:)?"
_SHEET = re.compile(rb"<" + _PREFIX + rb"sheet\b[^>]*>")
_RELATION = re.compile(rb"<" + _PREFIX + rb"Relationship\b[^>]*>")
_ROW = re.compile(rb"<" + _PREFIX + rb"row\b[^>]*>")
_COLUMNS = re.compile(rb"<" + _PREFIX + rb"cols\b.*?</" + _PREFIX + rb"cols>", re.DOTALL)
_COLUMN = re.compile(rb"<" + _PREFIX + rb"col\b[^>]*>")
_MOST_COLUMNS = 16_384
_FORMAT = re.compile(rb"<" + _PREFIX + rb"numFmt\b[^>]*>")
_FONT = re.compile(rb"<" + _PREFIX + rb"font\b[^>]*?(?:/>|>.*?</" + _PREFIX + rb"font>)", re.DOTALL)
_STRIKE = re.compile(rb"<" + _PREFIX + rb"strike\b(?![^>]*val=\"(?:0|false)\")")
_STYLES = re.compile(rb"<" + _PREFIX + rb"cellXfs\b.*?</" + _PREFIX + rb"cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<" + _PREFIX + rb"xf\b[^>]*>")
_FORMULA = re.compile(
    rb"<" + _PREFIX + rb"c\b([^>]*)>\s*<" + _PREFIX + rb"f\b(?:[^>]*/>|[^>]*>[^<]*</" + _PREFIX + rb"f>)\s*"
    rb"(?:</" + _PREFIX + rb"c>|<" + _PREFIX + rb"v\s*/>|<" + _PREFIX + rb"v>\s*</)"
)
_ERROR = re.compile(
    rb"<"
    + _PREFIX
    + rb"c\b([^>]*\bt=\"e\"[^>]*)>(?:(?!</"
    + _PREFIX
    + rb"c>).)*?<"
    + _PREFIX
    + rb"v>([^<]*)<",
    re.DOTALL,
)
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_TRUE = {"1", "true"}
_PERCENT_FORMATS = {"9", "10"}


class XlsxMarkup:
    """The markup of an .xlsx workbook's sheets."""

    def __init__(self, data: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._parts = set(self._archive.namelist())
        workbook = self._part("xl/workbook.xml")
        self._sheets = dict(self._sheet_parts(workbook))
        self.date1904 = bool(re.search(rb"\bdate1904=\"(?:1|true)\"", workbook))
        """Whether days are counted from 1904."""
        self._percent, self._struck = _styles(self._part("xl/styles.xml"))

    def of(self, sheet: str) -> SheetMarkup:
        """Return what a sheet says, by its name."""
        part = self._part(self._sheets.get(sheet, ""))
        return SheetMarkup(
            percent=_cells_of_styles(part, self._percent),
            struck=_cells_of_styles(part, self._struck),
            hidden=_hidden_rows(part),
            hidden_columns=_hidden_columns(part),
            filtered=b"<autoFilter" in part or b":autoFilter" in part,
            computed=dict(_computed(part)),
        )

    def _part(self, name: str) -> bytes:
        return self._archive.read(name) if name in self._parts else b""

    def _sheet_parts(self, workbook: bytes) -> Iterator[tuple[str, str]]:
        """Yield each sheet's name and the part that holds it."""
        relations = self._part("xl/_rels/workbook.xml.rels")
        targets = {
            _attribute(found, "Id"): _attribute(found, "Target") for found in _RELATION.findall(relations)
        }
        for found in _SHEET.findall(workbook):
            target = targets.get(_attribute(found, r"(?:\w+:)?id"), "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            yield _attribute(found, "name"), path


def _attribute(tag: bytes, name: str) -> str:
    found = re.search(rf"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag.decode("utf-8", "replace"))
    return html.unescape(found[1] or found[2] or "") if found else ""


def _styles(part: bytes) -> tuple[list[str], list[str]]:
    """Return the numbers of the styles that show per cent, and of those that strike through."""
    own = {
        _attribute(found, "numFmtId")
        for found in _FORMAT.findall(part)
        if "%" in _attribute(found, "formatCode")
    }
    struck = {str(number) for number, found in enumerate(_FONT.findall(part)) if _STRIKE.search(found)}
    styles = _STYLE.findall(found[0]) if (found := _STYLES.search(part)) else []
    kinds = [(_attribute(style, "numFmtId"), _attribute(style, "fontId")) for style in styles]
    return (
        [str(number) for number, (form, _) in enumerate(kinds) if form in _PERCENT_FORMATS | own],
        [str(number) for number, (_, font) in enumerate(kinds) if font in struck],
    )


def _cells_of_styles(part: bytes, styles: list[str]) -> frozenset[Place]:
    if not styles:
        return frozenset()
    pattern = rb"<" + _PREFIX + rb"c\b([^>]*\bs=\"(?:" + "|".join(styles).encode() + rb")\"[^>]*)>"
    with_value = (found for found in re.findall(pattern, part) if not found.endswith(b"/"))
    return frozenset(place for found in with_value for place in _place(found))


def _hidden_rows(part: bytes) -> frozenset[int]:
    if b"hidden=" not in part:
        return frozenset()
    rows = (row for row in _ROW.findall(part) if _attribute(row, "hidden") in _TRUE)
    return frozenset(int(number) for row in rows if (number := _attribute(row, "r")).isdigit())


def _hidden_columns(part: bytes) -> frozenset[int]:
    found = _COLUMNS.search(part)
    if not found or b"hidden=" not in found[0]:
        return frozenset()
    hidden = set[int]()
    for column in _COLUMN.findall(found[0]):
        first, last = _attribute(column, "min"), _attribute(column, "max")
        if _attribute(column, "hidden") in _TRUE and first.isdigit() and last.isdigit():
            hidden.update(range(int(first) - 1, min(int(last), _MOST_COLUMNS)))
    return frozenset(hidden)


def _computed(part: bytes) -> Iterator[tuple[Place, str]]:
    if b't="e"' in part:
        for cell, error in _ERROR.findall(part):
            for place in _place(cell):
                yield place, error.decode("utf-8", "replace")
    if b"<f" in part or b":f>" in part:
        for cell in _FORMULA.findall(part):
            for place in _place(cell):
                yield place, ""


def _place(attributes: bytes) -> Iterator[Place]:
    found = _ADDRESS.fullmatch(_attribute(b" " + attributes, "r"))
    if found:
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - 64
        yield int(found[2]), column - 1
