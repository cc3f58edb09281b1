"""Three-way merge of texts by lines: what two sides changed since a common base."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class LineConflict:
    """A place that both sides changed, and not alike."""

    line: int
    """Of the own text, from 1."""
    base: tuple[str, ...]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]


@dataclass(frozen=True)
class _Hunk:
    """Lines ``start`` to ``end`` of the base, and what one side has instead."""

    start: int
    end: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class MergedLines:
    """The merged lines; of conflicts, those of the side that was preferred, or of the base."""

    lines: tuple[str, ...]
    conflicts: tuple[LineConflict, ...]


def merge_lines(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str], *, prefer: str = ""
) -> MergedLines:
    """Merge two changed texts.

    Lines are compared one by one where a side changed lines without adding or removing any, so that neighbouring
    keys of a YAML file don't collide.

    Args:
        base: the lines before both changes.
        mine: the lines of one side.
        theirs: the lines of the other side.
        prefer: ``mine`` or ``theirs`` for the lines of conflicts.
    """
    merged: list[str] = []
    conflicts: list[LineConflict] = []
    done = shift = 0
    for own, other in _groups(list(_hunks(base, mine)), list(_hunks(base, theirs))):
        start = min(each.start for each in (*own, *other))
        end = max(each.end for each in (*own, *other))
        merged += base[done:start]
        mine_now, theirs_now = (_applied(base, start, end, each) for each in (own, other))
        if own and other and mine_now != theirs_now:
            conflicts.append(LineConflict(start + shift + 1, tuple(base[start:end]), mine_now, theirs_now))
            merged += {"mine": mine_now, "theirs": theirs_now}.get(prefer, tuple(base[start:end]))
        else:
            merged += mine_now if own else theirs_now
        shift += len(mine_now) - (end - start)
        done = end
    return MergedLines((*merged, *base[done:]), tuple(conflicts))


def _hunks(base: Sequence[str], side: Sequence[str]) -> Iterator[_Hunk]:
    matcher = SequenceMatcher(None, base, side, autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "replace" and end - start == last - first:
            for number in range(end - start):
                if base[start + number] != side[first + number]:
                    yield _Hunk(start + number, start + number + 1, (side[first + number],))
        elif tag != "equal":
            yield _Hunk(start, end, tuple(side[first:last]))


def _groups(mine: list[_Hunk], theirs: list[_Hunk]) -> Iterator[tuple[list[_Hunk], list[_Hunk]]]:
    """Group hunks of both sides that touch the same lines of the base."""
    waiting = sorted([(each, 0) for each in mine] + [(each, 1) for each in theirs], key=_order)
    group: tuple[list[_Hunk], list[_Hunk]] = ([], [])
    end = -1
    for hunk, side in waiting:
        others = group[1 - side]
        # An insertion collides with another one at its place, and with a change around it; not with one beside it.
        collides = hunk.start < end or any(
            each.start == each.end == hunk.start == hunk.end for each in others
        )
        if not collides and (group[0] or group[1]):
            yield group
            group = ([], [])
        group[side].append(hunk)
        end = max(end, hunk.end) if collides else hunk.end
    if group[0] or group[1]:
        yield group


def _order(entry: tuple[_Hunk, int]) -> tuple[int, int, int]:
    return entry[0].start, entry[0].end, entry[1]


def _applied(base: Sequence[str], start: int, end: int, hunks: Sequence[_Hunk]) -> tuple[str, ...]:
    """The lines ``start`` to ``end`` of the base with some hunks applied."""
    lines: list[str] = []
    at = start
    for hunk in hunks:
        lines += [*base[at : hunk.start], *hunk.lines]
        at = hunk.end
    return (*lines, *base[at:end])
