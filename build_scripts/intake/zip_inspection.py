"""Inspection of zipped workbooks (.xlsx) before a spreadsheet library opens them; limits: ``workbook_limits``.

Every part is decompressed as a stream and counted, as declared sizes cannot be trusted. A formatted sheet of a million
blank rows compresses as well as a zip bomb, so the limit is on the output size, not on the ratio.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from build_scripts.intake.refusal import Unreadable
from build_scripts.intake.workbook_limits import WorkbookLimits

PACKED = b"PK"

_FED = 1 << 16
_PIECE = 1 << 20
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""")
_OVERLAP = 16

_KINDS: tuple[tuple[str, str], ...] = (
    ("xl/vbaProject.bin", "upload-macros"),
    ("xl/workbook.bin", "upload-binary"),
    ("word/document.xml", "upload-document"),
    ("ppt/presentation.xml", "upload-document"),
    ("mimetype", "upload-open-document"),
)
"""Parts that identify other kinds of zip files."""


def check_archive(data: bytes, limits: WorkbookLimits) -> None:
    """Refuse a zip file that is no plain workbook or would decompress too large.

    Raises:
        Unreadable: with the remedy.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise Unreadable("upload-broken") from error
    if len(parts) > limits.parts:
        raise Unreadable("upload-too-many-parts", limit=limits.parts)
    _check_kind(parts)
    if sum(part.file_size for part in parts) > limits.unpacked:
        raise Unreadable("upload-too-large-unpacked", limit=limits.unpacked // 2**20)
    left = limits.unpacked
    for part in parts:
        left -= _unpacked(data, part, left, limits)


def _check_kind(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("upload-encrypted")
    for name, code in _KINDS:
        if name in names:
            raise Unreadable(code)
    if "xl\\workbook.xml" in names:
        raise Unreadable("upload-backslashes")
    if "xl/workbook.xml" not in names:
        raise Unreadable("upload-archive")
    # Readers disagree on which of two parts with one name counts.
    if len(set(names)) < len(names):
        raise Unreadable("upload-broken")


def _unpacked(data: bytes, part: zipfile.ZipInfo, left: int, limits: WorkbookLimits) -> int:
    """Return the real size of a part, decompressing at most ``left`` bytes."""
    is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    watch = _Watch()
    size = 0
    for piece in _pieces(data, part):
        size += len(piece)
        if size > left:
            raise Unreadable("upload-too-large-unpacked", limit=limits.unpacked // 2**20)
        if is_xml:
            watch.look_at(piece)
    if size != part.file_size:
        raise Unreadable("upload-broken")
    return size


def _pieces(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part's decompressed data; ``zipfile`` itself would stop at the declared size."""
    try:
        mark, name, extra = _LOCAL_HEADER.unpack_from(data, part.header_offset)
    except struct.error as error:
        raise Unreadable("upload-broken") from error
    start = part.header_offset + _LOCAL_HEADER.size + name + extra
    packed = memoryview(data)[start : start + part.compress_size]
    if mark != b"PK\3\4" or len(packed) < part.compress_size:
        raise Unreadable("upload-broken")
    if part.compress_type == zipfile.ZIP_STORED:
        yield from (bytes(packed[at : at + _PIECE]) for at in range(0, len(packed), _PIECE))
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        yield from _inflated(packed)
    else:
        raise Unreadable("upload-broken")


def _inflated(packed: memoryview) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for at in range(0, len(packed), _FED):
            fed: bytes | memoryview = packed[at : at + _FED]
            while piece := unpacker.decompress(fed, _PIECE):
                fed = unpacker.unconsumed_tail
                yield piece
    except zlib.error as error:
        raise Unreadable("upload-broken") from error
    if not unpacker.eof:
        raise Unreadable("upload-broken")


@dataclass
class _Watch:
    """Scanner of an XML part for declarations that no spreadsheet program writes."""

    tail: bytes | None = None

    def look_at(self, piece: bytes) -> None:
        """Refuse a part with a DOCTYPE or entities, or one that could hide them in another encoding."""
        if self.tail is None:
            self._look_at_start(piece)
        if _DECLARATION.search((self.tail or b"") + piece):
            raise Unreadable("upload-declares-entities")
        self.tail = piece[-_OVERLAP:]

    @staticmethod
    def _look_at_start(piece: bytes) -> None:
        start = piece.removeprefix(b"\xef\xbb\xbf")
        encoding = _ENCODING.match(start)
        named = encoding.group(1).lower() if encoding else b"utf-8"
        if (
            b"\0" in start[:64]
            or start[:1] not in (b"<", b"\r", b"\n")
            or named not in (b"utf-8", b"us-ascii")
        ):
            raise Unreadable("upload-broken")
