"""The backup archive: a zip whose parts are hashed on writing and verified before use."""

import hashlib
import io
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from forms_server.backup.age_format import (
    DamagedFile,
    DecryptingFile,
    EncryptingFile,
    Lock,
    Opener,
    WrongPassphrase,
    is_encrypted,
    needs_identity,
)
from forms_server.backup.backup_manifest import (
    KEY_PART,
    NAME,
    BackupPart,
    Manifest,
    UnusableBackup,
    foreign,
    parse,
)
from forms_server.exclusive_files import settle

_CHUNK = 1024 * 1024
_DAMAGED = "备份文件已损坏（{name}），不能用来恢复：请换一份备份"


class Writer:
    """Writes parts one after the other."""

    def __init__(self, archive: zipfile.ZipFile, moment: datetime) -> None:
        self._archive = archive
        self._moment = moment
        self.parts: dict[str, BackupPart] = {}

    def add(self, name: str, chunks: Iterable[bytes], *, packed: bool = True) -> None:
        """Write a part; ``packed`` compresses it, which does not pay for photographs."""
        size, digest = 0, hashlib.sha256()
        with self._open(name, packed=packed) as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.parts[name] = BackupPart(size, digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, last of all."""
        with self._open(NAME, packed=True) as file:
            file.write(manifest.dump())

    def _open(self, name: str, *, packed: bool) -> IO[bytes]:
        info = zipfile.ZipInfo(name, self._moment.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        return self._archive.open(info, "w", force_zip64=True)


@contextmanager
def writing(file: Path, moment: datetime, lock: Lock | None = None) -> Iterator[Writer]:
    """Write a backup atomically, readable by its owner only; encrypted where there is a lock.

    Raises:
        FileExistsError: there is such a file; no backup ever takes another one's place.
    """
    descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(descriptor, "wb") as opened:
            with _sealed(opened, lock) as target, zipfile.ZipFile(target, "w") as archive:
                yield Writer(archive, moment)
            opened.flush()
            os.fsync(opened.fileno())
        settle(Path(temporary), file)
    finally:
        Path(temporary).unlink(missing_ok=True)


@contextmanager
def _sealed(opened: IO[bytes], lock: Lock | None) -> Iterator[IO[bytes]]:
    if lock is None:
        yield opened
        return
    with EncryptingFile(opened, lock) as encrypting, io.BufferedWriter(encrypting, _CHUNK) as target:
        yield target


class Reader:
    """A backup whose parts all match their manifest."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive = archive
        self.manifest = manifest

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a part."""
        with self._archive.open(name) as file:
            yield from file

    def content(self, name: str) -> bytes:
        """A small part as a whole."""
        return self._archive.read(name)

    @property
    def key(self) -> bytes | None:
        """The key of the audit; None in a backup that is not encrypted."""
        return self.content(KEY_PART) if KEY_PART in self.manifest.parts else None

    def copy(self, name: str, to: Path) -> None:
        """Extract a part to a file atomically, readable by its owner only."""
        to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=to.parent)
        with os.fdopen(descriptor, "wb") as file, self._archive.open(name) as part:
            shutil.copyfileobj(part, file, _CHUNK)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(to)


def is_locked(file: Path) -> bool:
    """Whether a backup is encrypted."""
    with file.open("rb") as opened:
        return is_encrypted(opened)


@contextmanager
def reading(file: Path, opener: Opener | None = None) -> Iterator[Reader]:
    """Open a backup and verify all of it.

    Raises:
        UnusableBackup: it is no backup, or not whole; it is encrypted, and what opens it is missing or another.
    """
    try:
        with file.open("rb") as opened, zipfile.ZipFile(_opened(opened, opener)) as archive:
            if NAME not in archive.namelist():
                raise foreign()
            manifest = parse(archive.read(NAME))
            for name, part in manifest.parts.items():
                _look_through(archive, name, part)
            yield Reader(archive, manifest)
    except WrongPassphrase as error:
        raise UnusableBackup(
            "备份的口令不对：请核对口令，区分大小写"
            if isinstance(opener, str)
            else "备份不是用这个密钥文件能打开的：请用和公钥一起生成的那个（restore --identity）"
        ) from error
    except (zipfile.BadZipFile, DamagedFile) as error:
        raise foreign() from error


def is_locked_by_key(file: Path) -> bool:
    """Whether an encrypted backup is opened by an identity, rather than by a passphrase."""
    with file.open("rb") as opened:
        try:
            return is_encrypted(opened) and needs_identity(opened)
        except DamagedFile:
            return False


def _opened(file: IO[bytes], opener: Opener | None) -> IO[bytes]:
    if not is_encrypted(file):
        return file
    if opener is None:
        raise UnusableBackup("备份是加密的：要有做备份时的口令才能打开")
    return io.BufferedReader(DecryptingFile(file, opener), _CHUNK)


def _look_through(archive: zipfile.ZipFile, name: str, part: BackupPart) -> None:
    size, digest = 0, hashlib.sha256()
    try:
        with archive.open(name) as file:
            while size <= part.size and (chunk := file.read(_CHUNK)):
                digest.update(chunk)
                size += len(chunk)
    except (KeyError, zipfile.BadZipFile, DamagedFile, EOFError, ValueError, zlib.error) as error:
        raise UnusableBackup(_DAMAGED.format(name=name)) from error
    if (size, digest.hexdigest()) != (part.size, part.sha256):
        raise UnusableBackup(_DAMAGED.format(name=name))
