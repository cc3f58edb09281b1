"""Atomic replacement of files and folders."""

import ctypes
import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from checklist.messages import say

_REASONS = {
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "磁盘配额用完了",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.EEXIST: "已经有同名的文件",
    errno.ENOTDIR: "不是文件夹",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EBUSY: "正在使用",
    errno.EADDRINUSE: "已被占用",
}


_WORKING_FOLDER, _EXCHANGE = -100, 2
"""AT_FDCWD and RENAME_EXCHANGE (linux/fcntl.h, linux/fs.h)."""


class NotPublished(Exception):
    """The replacement failed and left the old content untouched; the message is for users."""


def reason(error: OSError) -> str:
    """Return why a file or a port can't be used, in a few words."""
    return _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__


def trouble(error: OSError, file: Path = Path("文件")) -> str:
    """Return which file can't be read or written, why, and what to do; ``file`` if the error names none."""
    return say("file-not-usable", file=Path(error.filename or file), detail=reason(error))


def refuse_strangers(folder: Path, ours: re.Pattern[str], maker: str) -> None:
    """Refuse to replace a folder that holds foreign files: replacing would delete them.

    Args:
        folder: to be replaced; need not exist.
        ours: matches the names of the top-level entries of such a folder.
        maker: what generates the folder, in a word.

    Raises:
        NotPublished: it holds foreign entries, or can't be listed.
    """
    if folder.exists() and not folder.is_dir():
        raise NotPublished(say("folder-not-ours", folder=folder.parent, maker=maker, found=[folder.name]))
    with _told(folder):
        names = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    strangers = [name for name in names if not ours.fullmatch(name)]
    if strangers:
        raise NotPublished(say("folder-not-ours", folder=folder, maker=maker, found=strangers))


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder of the same name that atomically replaces ``folder`` at the end of the block.

    Raises:
        NotPublished: it can't be written.
    """
    with _told(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        # On the same file system, so that the replacement is a rename.
        with TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as workshop:
            new = Path(workshop) / "new" / folder.name
            new.mkdir(parents=True)
            yield new
            _swap(new, folder, Path(workshop) / "old")


def write_whole(file: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file atomically: into a temporary file beside it, then rename.

    Args:
        file: to be made or replaced.
        content: of it.
        private: only its owner may read it: it names persons.

    Raises:
        OSError: it can't be written.
    """
    with TemporaryDirectory(dir=file.parent, prefix=".writing-") as workshop:
        new = Path(workshop) / "new"
        new.touch(mode=0o600 if private else 0o666)
        new.write_bytes(content)
        new.replace(file)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotPublished(say("folder-not-written", folder=folder, detail=reason(error))) from error


def _swap(new: Path, folder: Path, old: Path) -> None:
    """Swap the new folder in; roll back to the old one on failure."""
    if folder.exists() and _exchange(new, folder):
        return
    if folder.exists():
        folder.rename(old)
    try:
        new.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two paths in one step, so that a killed process leaves neither missing; False where it can't be done.

    ``renameat2`` of Linux; some file systems, such as those of a network, don't have it.
    """
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    done = rename(_WORKING_FOLDER, os.fsencode(one), _WORKING_FOLDER, os.fsencode(other), _EXCHANGE)
    return bool(done == 0)
