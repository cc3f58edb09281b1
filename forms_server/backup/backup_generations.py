"""A folder of backups by generations: daily for two weeks, weekly for two months, monthly for a year."""

import re
from collections.abc import Callable, Collection, Hashable, Sequence
from datetime import datetime
from pathlib import Path

from checklist.date_formats import folder_stamp

_NAME = re.compile(r"huitoukan-(\d{8}_\d{6})(-upgrade)?\.zip(?:\.age)?")

_GENERATIONS: Sequence[tuple[int, Callable[[datetime], Hashable]]] = (
    (14, lambda moment: moment.date()),
    (9, lambda moment: moment.isocalendar()[:2]),
    (12, lambda moment: (moment.year, moment.month)),
)
"""How many days, weeks and months have their newest backup kept."""


_UPGRADES = 2
"""How many backups from before an upgrade stay beside the generations: nothing else leads back."""


def file_of(moment: datetime, *, encrypted: bool = False, before_upgrade: bool = False) -> str:
    """File name of a backup."""
    kind = "-upgrade" if before_upgrade else ""
    return f"huitoukan-{folder_stamp(moment)}{kind}.zip{'.age' if encrypted else ''}"


def backups_in(folder: Path) -> list[tuple[datetime, Path]]:
    """The backups of a folder, the newest first; other files are not ours."""
    found = []
    for path in folder.glob("huitoukan-*.zip*"):
        if stamp := _NAME.fullmatch(path.name):
            try:
                found.append((datetime.fromisoformat(stamp[1]), path))
            except ValueError:  # no day of the calendar
                continue
    return sorted(found, reverse=True)


def kept(moments: Collection[datetime]) -> set[datetime]:
    """The moments whose backups stay: the newest of each of the last days, weeks and months that have one."""
    stay = set()
    for most, period in _GENERATIONS:
        newest: dict[Hashable, datetime] = {}
        for moment in sorted(moments, reverse=True):
            newest.setdefault(period(moment), moment)
        stay |= set(list(newest.values())[:most])
    return stay


def remove_outdated(folder: Path) -> int:
    """Remove backups that no generation needs; returns how many."""
    found = backups_in(folder)
    stay = kept([moment for moment, _ in found])
    upgrades = [path for _, path in found if _before_upgrade(path)][:_UPGRADES]
    outdated = [path for moment, path in found if moment not in stay and path not in upgrades]
    for path in outdated:
        path.unlink()
    return len(outdated)


def _before_upgrade(path: Path) -> bool:
    stamp = _NAME.fullmatch(path.name)
    return stamp is not None and stamp[2] is not None
