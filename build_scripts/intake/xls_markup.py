"""The markup of a workbook in the format of Excel 97 (.xls, .et): scanned from its records (MS-XLS).

Runs in the reading process.
"""

import codecs
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from build_scripts.intake.compound_file import CompoundFile
from build_scripts.intake.sheet_markup import Place, SheetMarkup

_BOF, _EOF, _FONT, _FORMAT, _XF, _BOUNDSHEET = 0x0809, 0x000A, 0x0031, 0x041E, 0x00E0, 0x0085
_DATE1904, _CODEPAGE, _AUTOFILTER, _ROW, _COLINFO = 0x0022, 0x0042, 0x009D, 0x0208, 0x007D
_NUMBER, _RK, _MULRK, _FORMULA, _BOOLERR = 0x0203, 0x027E, 0x00BD, 0x0006, 0x0205
_LABELS = frozenset({0x00FD, 0x0204, 0x00D6})
_NUMBERS = frozenset({_NUMBER, _RK, _FORMULA})
_BIFF8 = 0x0600
_PERCENT_FORMATS = frozenset({9, 10})
_MISSING_FONT = 4
"""No font has this number: the fifth one is number 5."""
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_TEXT_IN_8_BITS = "latin-1"

Record = tuple[int, bytes]
"""A record's type and content."""


@dataclass
class _Found:
    """What was found of one sheet so far."""

    percent: set[Place] = field(default_factory=set)
    struck: set[Place] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    filtered: bool = False
    computed: dict[Place, str] = field(default_factory=dict)


class XlsMarkup:
    """The markup of an .xls workbook's sheets.

    Raises:
        ValueError: it is damaged.
    """

    def __init__(self, data: bytes) -> None:
        self._stream = CompoundFile(data).stream("Workbook", "Book")
        self.date1904 = False
        """Whether days are counted from 1904."""
        self._sheets: dict[str, int] = {}
        self._percent, self._struck = frozenset[int](), frozenset[int]()
        try:
            self._read_globals()
        except (struct.error, IndexError) as error:
            raise ValueError("damaged workbook") from error

    def of(self, sheet: str) -> SheetMarkup:
        """Return what a sheet says, by its name.

        Raises:
            ValueError: it is damaged.
        """
        found = _Found()
        try:
            for kind, content in _records(self._stream, self._sheets.get(sheet, len(self._stream))):
                self._note(found, kind, content)
        except (struct.error, IndexError) as error:
            raise ValueError("damaged sheet") from error
        return SheetMarkup(
            frozenset(found.percent),
            frozenset(found.struck),
            frozenset(found.hidden),
            frozenset(found.hidden_columns),
            found.filtered,
            found.computed,
        )

    def _read_globals(self) -> None:
        """Read sheets, formats and fonts, which stand before the first sheet."""
        is_biff8 = self._stream[4:6] == _BIFF8.to_bytes(2, "little")
        codepage, percent, struck = _TEXT_IN_8_BITS, set(_PERCENT_FORMATS), list[bool]()
        styles: list[tuple[int, int]] = []
        for kind, content in _records(self._stream, 0):
            if kind == _DATE1904:
                self.date1904 = content[:1] == b"\x01"
            elif kind == _CODEPAGE:
                codepage = _codec(*struct.unpack_from("<H", content))
            elif kind == _BOUNDSHEET:
                name = _text(content[6:], codepage, is_biff8=is_biff8)
                self._sheets[name] = struct.unpack_from("<I", content)[0]
            elif kind == _FONT:
                struck += [False] if len(struck) == _MISSING_FONT else []
                struck.append(bool(content[2] & 0x08))
            elif kind == _FORMAT and b"%" in content:
                percent.add(struct.unpack_from("<H", content)[0])
            elif kind == _XF:
                styles.append(struct.unpack_from("<HH", content))
        self._percent = frozenset(at for at, (_, form) in enumerate(styles) if form in percent)
        self._struck = frozenset(
            at for at, (font, _) in enumerate(styles) if font < len(struck) and struck[font]
        )

    def _note(self, found: _Found, kind: int, content: bytes) -> None:
        """Note what one record of a sheet says."""
        if kind in _NUMBERS or kind in _LABELS:
            row, column, style = struct.unpack_from("<HHH", content)
            self._note_style(found, (row + 1, column), style, is_number=kind in _NUMBERS)
            if kind == _FORMULA and content[12:14] == b"\xff\xff" and content[6] == 2:
                found.computed[row + 1, column] = _ERRORS.get(content[8], "#N/A")
        elif kind == _MULRK:
            row, first = struct.unpack_from("<HH", content)
            for number, at in enumerate(range(4, len(content) - 2, 6)):
                (style,) = struct.unpack_from("<H", content, at)
                self._note_style(found, (row + 1, first + number), style, is_number=True)
        elif kind == _BOOLERR and content[7]:
            row, column = struct.unpack_from("<HH", content)
            found.computed[row + 1, column] = _ERRORS.get(content[6], "#N/A")
        elif kind == _ROW and content[12] & 0x20:
            found.hidden.add(struct.unpack_from("<H", content)[0] + 1)
        elif kind == _COLINFO and content[8] & 0x01:
            first, last = struct.unpack_from("<HH", content)
            found.hidden_columns.update(range(first, min(last, 0xFF) + 1))
        elif kind == _AUTOFILTER:
            found.filtered = True

    def _note_style(self, found: _Found, place: Place, style: int, *, is_number: bool) -> None:
        if is_number and style in self._percent:
            found.percent.add(place)
        if style in self._struck:
            found.struck.add(place)


def _records(stream: bytes, start: int) -> Iterator[Record]:
    """Yield the records of the part that begins there, without those of charts within it."""
    at, depth = start, 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        at += 4
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, stream[at : at + length]
        at += length


def _text(content: bytes, codepage: str, *, is_biff8: bool) -> str:
    """Decode a short string: a length, in today's format the width of its characters, and these."""
    length, rest = content[0], content[1:]
    if not is_biff8:
        return rest[:length].decode(codepage, "replace")
    wide = rest[0] & 0x01
    return rest[1 : 1 + length * 2].decode("utf-16-le") if wide else rest[1 : 1 + length].decode("latin-1")


def _codec(codepage: int) -> str:
    try:
        return codecs.lookup(f"cp{codepage}").name
    except LookupError:
        return _TEXT_IN_8_BITS
