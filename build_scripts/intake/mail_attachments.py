"""The files of a morning's mails: from a zip file (also within one), a saved mail, a folder, or as they are."""

import email
import email.errors
import email.policy
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message
from pathlib import Path, PurePosixPath

from build_scripts.intake.refusal import Unreadable
from build_scripts.intake.workbook_limits import LIMITS
from build_scripts.intake.zip_inspection import PACKED

MOST_FILES = 500
"""Files taken at once: several for every unit of a county."""
MOST_BYTES = 200 * 2**20
"""Bytes of them together."""
_DEEPEST = 4
"""Zip files and mails within each other."""

_MAIL = ".eml"
_FORWARDED = "message/rfc822"
_FORWARDED_NAME = "转发的邮件"
_WORKBOOKS = (PACKED, b"\xd0\xcf\x11\xe0")
"""First bytes of .xlsx and .zip, and of .xls."""
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    ValueError,
    NotImplementedError,
    OSError,
)
_BROKEN_MAIL = (
    email.errors.MessageError, LookupError, ValueError, AttributeError, TypeError, RecursionError, AssertionError,
)  # fmt: skip
"""What ``email`` raises for mails that no program wrote so."""
_WORKBOOK_PARTS = ("xl/", "word/", "ppt/", "[Content_Types].xml", "mimetype", "_rels/")
"""Beginnings of names in zip files that are documents themselves."""
_UTF8_NAMES = 0x800
"""Flag of a zip entry whose name is UTF-8; without it Windows in Chinese writes GBK."""


@dataclass(frozen=True)
class Attachment:
    """A file: its path in what it came in, and its bytes; ``refusal`` says why it could not be taken out."""

    name: str
    data: bytes
    refusal: str = ""


def attachments_of(name: str, data: bytes) -> Iterator[Attachment]:
    """Yield the files in a file that was sent; one that holds no others is the only one.

    Raises:
        Unreadable: they are too many, or too large together.
    """
    return attachments_of_all([(name, data)])


def attachments_of_all(sent: Iterable[tuple[str, bytes]]) -> Iterator[Attachment]:
    """Yield the files in several that were sent at once, by name and bytes.

    Raises:
        Unreadable: as for ``attachments_of``, all together.
    """
    left = _Room(MOST_FILES, MOST_BYTES)
    for name, data in sent:
        for found in _unpacked(name, data, 0, left):
            left.take(found)
            yield found


def attachments_in(folder: Path) -> Iterator[Attachment]:
    """Yield the files in a folder and below it, by name.

    Raises:
        Unreadable: as for ``attachments_of``.
    """
    left = _Room(MOST_FILES, MOST_BYTES)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and not _is_litter(path.name):
            if path.stat().st_size > left.bytes:
                raise Unreadable("attachments-too-large", limit=MOST_BYTES // 2**20)
            for found in _unpacked(path.relative_to(folder).as_posix(), path.read_bytes(), 0, left):
                left.take(found)
                yield found


@dataclass
class _Room:
    """What may still come."""

    files: int
    bytes: int

    def take(self, found: Attachment) -> None:
        """Count a file."""
        self.files -= 1
        self.bytes -= len(found.data)
        if self.files < 0:
            raise Unreadable("attachments-too-many", limit=MOST_FILES)
        if self.bytes < 0:
            raise Unreadable("attachments-too-large", limit=MOST_BYTES // 2**20)


def _unpacked(name: str, data: bytes, depth: int, left: _Room) -> Iterator[Attachment]:
    if name.lower().endswith(_MAIL) and depth < _DEEPEST:
        yield from _of_mail(name, data, depth, left)
    elif data.startswith(PACKED) and depth < _DEEPEST and (parts := _parts(data)):
        yield from _of_zip(name, data, parts, depth, left)
    else:
        yield Attachment(name, data)


def _parts(data: bytes) -> list[zipfile.ZipInfo]:
    """Return the files in a zip file; none where it is a workbook or document, or broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except _BROKEN_ZIP:
        return []
    names = {part.filename.replace("\\", "/") for part in parts}
    if any(each.startswith(_WORKBOOK_PARTS) for each in names):
        return []
    return [part for part in parts if not part.is_dir() and not _is_litter(part.filename)]


def _of_zip(
    name: str, data: bytes, parts: list[zipfile.ZipInfo], depth: int, left: _Room
) -> Iterator[Attachment]:
    folder = PurePosixPath(name).stem if depth else ""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in parts:
            inner = str(PurePosixPath(folder, _name_of(part)))
            if part.flag_bits & 1:
                yield Attachment(inner, b"", str(Unreadable("upload-encrypted")))
                continue
            try:
                content = _content(archive, part, min(left.bytes, LIMITS.packed))
            except _BROKEN_ZIP:
                yield Attachment(inner, b"", str(Unreadable("upload-broken")))
                continue
            if content is None:
                yield Attachment(
                    inner, b"", str(Unreadable("upload-too-large", limit=LIMITS.packed // 2**20))
                )
            else:
                yield from _unpacked(inner, content, depth + 1, left)


def _content(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> bytes | None:
    """Read a part; None where it is larger than ``most``, whatever it declares."""
    with archive.open(part) as stream:
        content = stream.read(most + 1)
    return content if len(content) <= most else None


def _of_mail(name: str, data: bytes, depth: int, left: _Room) -> Iterator[Attachment]:
    """Yield a mail's attachments; one that has none, or cannot be read, is told of itself."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        parts = [(inner, content) for part in _parts_of_mail(message) for inner, content in _of_part(part)]
    except _BROKEN_MAIL:
        yield Attachment(name, b"", str(Unreadable("upload-broken")))
        return
    if not parts:
        yield Attachment(name, b"", str(Unreadable("mail-without-attachments")))
    folder = PurePosixPath(name).with_suffix("") if depth else PurePosixPath(PurePosixPath(name).stem)
    for inner, content in parts:
        yield from _unpacked(f"{folder}/{inner}", content, depth + 1, left)


def _parts_of_mail(message: EmailMessage) -> Iterable[Message]:
    """Return what is attached; where nothing is, the mail itself may be a file."""
    return message.iter_attachments() if message.is_multipart() else [message]


def _of_part(part: Message) -> Iterator[tuple[str, bytes]]:
    """Yield a part's name and bytes, if it is a file; a mail that was forwarded as a whole is one, too."""
    inner = PurePosixPath((part.get_filename() or "").replace("\\", "/")).name
    if part.get_content_type() == _FORWARDED:
        enclosed = part.get_payload()
        if isinstance(enclosed, list) and enclosed and isinstance(enclosed[0], Message):
            stem = inner.removesuffix(_MAIL) or _FORWARDED_NAME
            yield f"{stem}{_MAIL}", enclosed[0].as_bytes()
        return
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes) or _is_litter(inner or "?"):
        return
    if inner:
        yield inner, content
    elif content.startswith(_WORKBOOKS):
        yield "没有名字的附件", content


def _name_of(part: zipfile.ZipInfo) -> str:
    """Return a part's path; one that Windows in Chinese packed is GBK, which ``zipfile`` reads as code page 437."""
    name = part.filename
    if not part.flag_bits & _UTF8_NAMES:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = part.filename
    steps = [step for step in name.replace("\\", "/").split("/") if step not in {"", ".", ".."}]
    return "/".join(steps) or "?"


def _is_litter(name: str) -> bool:
    """Whether a file is no attachment but what systems and programs leave beside them."""
    path = PurePosixPath(name.replace("\\", "/"))
    return (
        path.name.startswith(("~$", "."))
        or path.name.lower() in {"thumbs.db", "desktop.ini"}
        or "__MACOSX" in path.parts
    )
