"""How a file or a folder takes the place of the last one: wholly or not at all."""

import errno
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


class NotPublished(Exception):
    """The results could not take their place, and what was there is as it was; the message is for people."""


def reason(error: OSError) -> str:
    """Why a file or a port can't be used, in a few words."""
    return _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__


def trouble(error: OSError, file: Path = Path("文件")) -> str:
    """Which file can't be read or written, why, and what to do; ``file`` where the error doesn't name it."""
    return say("file-not-usable", file=Path(error.filename or file), detail=reason(error))


def refuse_strangers(folder: Path, ours: re.Pattern[str], maker: str) -> None:
    """Replacing a folder would delete what else lies in it, such as somebody's desktop.

    Args:
        folder: that is to be replaced; there need not be one.
        ours: fits the names of what stands at the top of such a folder.
        maker: what the folder is made by, in a word.

    Raises:
        NotPublished: it holds something that isn't ours, or can't be looked into.
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
    """A new folder of the same name to write into, which takes the place of ``folder`` at the end of the block.

    Raises:
        NotPublished: it can't be written.
    """
    with _told(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        # On the same disk, so that taking the place is a rename.
        with TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as workshop:
            new = Path(workshop) / "new" / folder.name
            new.mkdir(parents=True)
            yield new
            _swap(new, folder, Path(workshop) / "old")


def write_whole(file: Path, content: bytes) -> None:
    """Writes a file beside its place, then lets it take it: no half of one is ever left behind.

    Raises:
        OSError: it can't be written.
    """
    with TemporaryDirectory(dir=file.parent, prefix=".writing-") as workshop:
        new = Path(workshop) / "new"
        new.write_bytes(content)
        new.replace(file)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotPublished(say("folder-not-written", folder=folder, detail=reason(error))) from error


def _swap(new: Path, folder: Path, old: Path) -> None:
    """Put the new folder in place; the old one comes back where that fails."""
    if folder.exists():
        folder.rename(old)
    try:
        new.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
