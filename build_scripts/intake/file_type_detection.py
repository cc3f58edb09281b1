"""File type detection by content; file names are not trusted."""

import re
from enum import StrEnum

from build_scripts.intake.refusal import Unreadable
from build_scripts.intake.workbook_limits import LIMITS, WorkbookLimits
from build_scripts.intake.zip_inspection import PACKED, check_archive


class FileKind(StrEnum):
    """The kinds of workbook that are read."""

    XLSX = "xlsx"
    XLS = "xls"


_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
"""Bytes that do not occur in text."""
_ENTRY = 128
"""Bytes of an entry in a compound file's directory; it begins with the name, in UTF-16."""

_OTHER: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"BM", b"II*\0", b"MM\0*"), "upload-picture"),
    ((b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b"), "upload-archive"),
    ((b"{\\rtf",), "upload-document"),
)
"""Magic numbers of other file types, and the message for each."""


def kind_of(data: bytes, limits: WorkbookLimits = LIMITS) -> FileKind:
    """Return the kind of a workbook after checking type and size.

    Raises:
        Unreadable: it is another kind of file, is encrypted or carries macros, or would grow too large.
    """
    if not data:
        raise Unreadable("upload-empty")
    if len(data) > limits.packed:
        raise Unreadable("upload-too-large", limit=limits.packed // 2**20)
    if data.startswith(PACKED):
        check_archive(data, limits)
        return FileKind.XLSX
    if data.startswith(_COMPOUND):
        _check_compound(data)
        return FileKind.XLS
    raise Unreadable(_code_of(data))


def _check_compound(data: bytes) -> None:
    """Refuse a compound file without a workbook, or with an encrypted one or macros."""
    if _holds(data, "EncryptedPackage"):
        raise Unreadable("upload-encrypted")
    if _holds(data, "WordDocument"):
        raise Unreadable("upload-document")
    if not (_holds(data, "Workbook") or _holds(data, "Book")):
        raise Unreadable("upload-unknown")
    if _holds(data, "_VBA_PROJECT_CUR"):
        raise Unreadable("upload-macros")


def _holds(data: bytes, name: str) -> bool:
    """Return whether a compound file's directory has an entry with this name."""
    sought = (name + "\0").encode("utf-16-le")
    at = data.find(sought)
    while at >= 0:
        if at % _ENTRY == 0 and int.from_bytes(data[at + 64 : at + 66], "little") == len(sought):
            return True
        at = data.find(sought, at + 1)
    return False


def _code_of(data: bytes) -> str:
    """Return the message code for a file that is neither a zip nor a compound file."""
    for beginnings, code in _OTHER:
        if data.startswith(beginnings):
            return code
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta")):
        return "upload-web-page"
    return "upload-text" if _is_text(data[:65536]) else "upload-unknown"


def _is_text(head: bytes) -> bool:
    """Return whether it decodes as text, in any encoding in which spreadsheet programs save CSV."""
    return head.startswith((b"\xff\xfe", b"\xfe\xff")) or not _CONTROLS.search(head)
