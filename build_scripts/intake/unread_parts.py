"""Numbers of persons in what no reader of cells sees: notes, headers and footers, lists, formulas, properties."""

import html
import io
import re
import zipfile
from collections.abc import Iterator

from build_scripts.intake.workbook_limits import LIMITS
from build_scripts.intake.zip_inspection import PACKED, check_archive
from checklist.reading.personal_numbers import take_out

_CELLS = re.compile(r"<(?:\w+:)?sheetData\b.*?</(?:\w+:)?sheetData>", re.DOTALL)
_FORMULA = re.compile(r"<(?:\w+:)?f\b[^>]*>([^<]+)<")
_END = re.compile(r"</(?:\w+:)?(?:text|comment|si|p|f|v|c|is)>|<(?:\w+:)?br\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_SHEETS = "xl/worksheets/"
_TEXTS = (".xml", ".vml", ".rels")


def unread_parts_hold_numbers(data: bytes) -> bool:
    """Return whether a readable workbook holds a number anywhere but in the values of its cells."""
    return any(take_out(text) != text for text in _texts(data))


def any_part_holds_numbers(data: bytes) -> bool:
    """Return the same of a file that nobody has read yet, the values of its cells included.

    Raises:
        Unreadable: it is packed, and no workbook or larger than its packing tells: nobody can say what it holds.
    """
    if data.startswith(PACKED):
        check_archive(data, LIMITS)
    return any(take_out(text) != text for text in _texts(data, cells=True))


def _texts(data: bytes, *, cells: bool = False) -> Iterator[str]:
    if not data.startswith(PACKED):
        yield data.decode("latin-1")
        yield data.decode("utf-16-le", "replace")
        yield data[1:].decode("utf-16-le", "replace")
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.infolist():
            yield part.filename
            if not part.filename.endswith(_TEXTS):
                continue
            content = html.unescape(archive.read(part).decode("utf-8", "replace"))
            if part.filename.startswith(_SHEETS):
                yield "\n".join(_FORMULA.findall(content))
                content = content if cells else _CELLS.sub("", content)
            yield content  # with what stands in attributes
            # Without its tags, since a note may change its font within a number.
            yield _TAG.sub("", _END.sub("\n", content))
