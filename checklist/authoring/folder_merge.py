"""Three-way merge of campaign folders: what was shipped before, what it became here, and what is shipped now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checklist.authoring.line_merge import LineConflict, merge_lines

Files = Mapping[str, bytes]
"""Contents by path within the folder."""

_TEXT = (".yml", ".md", ".txt")


@dataclass(frozen=True)
class MergeConflict:
    """A place of a file that both sides changed; without lines where a file can be had only as a whole."""

    path: str
    words: str
    lines: LineConflict | None = None


@dataclass(frozen=True)
class FolderMerge:
    """The outcome: what to write and to remove here, and what is left to decide."""

    shipped: tuple[str, ...]
    """Files that the shipped campaign changed, added or removed."""
    written: Files
    removed: tuple[str, ...]
    conflicts: tuple[MergeConflict, ...]


def merge_folders(base: Files, mine: Files, theirs: Files, *, prefer: str = "") -> FolderMerge:
    """Merge what changed between ``base`` and ``theirs`` into ``mine``.

    Args:
        base: the files as they were shipped.
        mine: the files that are used here.
        theirs: the files as they are shipped now.
        prefer: ``mine`` or ``theirs`` where both changed the same place.
    """
    written: dict[str, bytes] = {}
    removed: list[str] = []
    conflicts: list[MergeConflict] = []
    shipped = tuple(sorted(_changed(base, theirs)))
    for path in shipped:
        old, own, new = base.get(path), mine.get(path), theirs.get(path)
        if own is not None and new is not None and _same(own, new):
            continue
        merged, found = _merged(path, (old, own, new), prefer)
        conflicts += found
        if merged is None:
            removed += [path] if own is not None else []
        elif merged != own:
            written[path] = merged
    return FolderMerge(shipped, written, tuple(removed), tuple(conflicts))


def _changed(base: Files, theirs: Files) -> Iterator[str]:
    for path in base.keys() | theirs.keys():
        old, new = base.get(path), theirs.get(path)
        if old is None or new is None or not _same(old, new):
            yield path


def _merged(
    path: str, sides: tuple[bytes | None, bytes | None, bytes | None], prefer: str
) -> tuple[bytes | None, list[MergeConflict]]:
    """One file's content after the merge, None if it goes, and its conflicts."""
    old, own, new = sides
    if (own is None and old is None) or (own is not None and old is not None and _same(old, own)):
        return (new, []) if own is None or new is None else (_like(own, new), [])
    if own is not None and new is not None and path.endswith(_TEXT):
        texts = [_lines(each or b"") for each in (old or b"", own, new)]
        if all(lines is not None for lines in texts):
            before, here, there = (lines or [] for lines in texts)
            merged = merge_lines(before, here, there, prefer=prefer)
            found = [MergeConflict(path, "两边都改了这几行", each) for each in merged.conflicts]
            return _like(own, "".join(merged.lines).encode()), found
    words = {(True, False): "这里删去了，新版本改了", (False, True): "这里改过，新版本删去了"}.get(
        (own is None, new is None), "两边都改了，不能逐行合并"
    )
    if own is None and new is None:
        return None, []
    return (new if prefer == "theirs" else own), [MergeConflict(path, words)]


def _same(one: bytes, other: bytes) -> bool:
    """Whether two contents are the same but for the ends of their lines."""
    return one == other or (_lines(one) is not None and _lines(one) == _lines(other))


def _lines(content: bytes) -> list[str] | None:
    """The lines of a text, without a byte order mark and with one kind of line ends; None if it is none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return text.replace("\r\n", "\n").splitlines(keepends=True)


def _like(own: bytes, content: bytes) -> bytes:
    """A text with the line ends that an editor here has given it."""
    if b"\r\n" not in own or b"\r\n" in content:
        return content
    return content.replace(b"\n", b"\r\n")
