"""What a home's last backup held, so that a database that has lost records is not backed up unnoticed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, select

from build_scripts.atomic_files import write_whole
from forms_server.db import tables

_NOTE = "last-backup.json"

LASTING: Mapping[str, str] = {
    "account": "账号",
    "household": "农户",
    "issue": "问题",
    "proposed_household": "拟识别监测对象",
    "visit": "入户排查",
    "signed_return": "报送",
}
"""Tables whose rows are kept for good (withdrawn, not deleted), and what they hold."""

AUDIT = "audit"
"""The table that only ever grows."""

Counts = Mapping[str, int]
"""Rows by table."""


@dataclass(frozen=True)
class LastBackup:
    """The last backup that was made of a home."""

    made_at: datetime
    counts: Counts


def count_rows(connection: Connection) -> Counts:
    """Count the rows that a backup should not lose."""
    return {
        name: connection.execute(select(func.count()).select_from(tables.metadata.tables[name])).scalar_one()
        for name in (*LASTING, AUDIT)
    }


def last_backup(home: Path) -> LastBackup | None:
    """Read the note of the last backup; None if there is none that can be read."""
    try:
        said = json.loads((home / _NOTE).read_text(encoding="utf-8"))
        counts = {str(name): int(count) for name, count in said["counts"].items()}
        return LastBackup(datetime.fromisoformat(said["made_at"]), counts)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def note_backup(home: Path, made_at: datetime, counts: Counts) -> None:
    """Remember a finished backup."""
    said = {"made_at": made_at.isoformat(), "counts": dict(counts)}
    write_whole(home / _NOTE, json.dumps(said).encode())


def forget_backup(home: Path) -> None:
    """Forget the last backup: what a restore brings back may be less, on purpose."""
    (home / _NOTE).unlink(missing_ok=True)


def lost(before: LastBackup, now: Counts) -> list[str]:
    """Say what has become fewer where records were lost on balance, or rows of the audit; empty if all is well."""

    def change(name: str) -> int:
        return now.get(name, 0) - before.counts.get(name, 0)

    if sum(map(change, LASTING)) >= 0 and change(AUDIT) >= 0:
        return []
    named = {**LASTING, AUDIT: "审计记录"}
    return [
        f"{words}由 {before.counts.get(name, 0)} 减到 {now.get(name, 0)}"
        for name, words in named.items()
        if change(name) < 0
    ]
