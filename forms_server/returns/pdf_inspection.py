"""Refuses PDF files that do something, hide something, or are another file at the same time."""

import re
import zlib
from collections.abc import Iterator

_END = b"%%EOF"
_ZIP_END = b"PK\x05\x06"
_MARKUP = re.compile(rb"<(?:script|html|svg|\?php|!doctype|iframe)", re.IGNORECASE)
_ESCAPED = re.compile(rb"#([0-9a-fA-F]{2})")
_ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToE|GoToR|AA|OpenAction)"
    rb"(?![A-Za-z0-9])"
)
"""Names of what a reader program would run, open or send (ISO 32000-2, 12.6.4)."""
_STREAM = re.compile(rb"<<((?:[^<>]|<(?!<)|>(?!>)|<<[^<>]*>>)*)>>\s*stream\r?\n(.*?)endstream", re.DOTALL)
_MOST_UNPACKED = 8_000_000
_MOST_OBJECT_STREAMS = 2_000

ACTIVE, LOCKED, TWO_IN_ONE = "active", "locked", "two-in-one"


def pdf_fault(data: bytes) -> str | None:
    """Why a PDF is refused: it holds active content, is encrypted, or is something else, too; None for a plain one."""
    before, _, after = data.rpartition(_END)
    if after.strip(b"\r\n\t \0") or _ZIP_END in data or _MARKUP.search(_outside_streams(before)):
        return TWO_IN_ONE
    for text in (_outside_streams(data), *_object_streams(data)):
        plain = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text)
        if b"/Encrypt" in plain:
            return LOCKED
        if _ACTIVE.search(plain):
            return ACTIVE
    return None


def _outside_streams(data: bytes) -> bytes:
    """The objects without the content of streams, in which any bytes may stand."""
    return _STREAM.sub(lambda found: found[1], data)


def _object_streams(data: bytes) -> Iterator[bytes]:
    """Objects that are packed in streams, unpacked in bounded size."""
    for number, found in enumerate(_STREAM.finditer(data)):
        if b"/ObjStm" not in _ESCAPED.sub(lambda each: bytes([int(each[1], 16)]), found[1]):
            continue
        if number > _MOST_OBJECT_STREAMS:
            return
        try:
            yield zlib.decompressobj().decompress(found[2], _MOST_UNPACKED)
        except zlib.error:
            yield found[2]
