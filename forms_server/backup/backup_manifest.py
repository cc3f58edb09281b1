"""The backup's manifest: its parts with their hashes, so that damage is detected before use."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from forms_server.db.migrate import known_versions

FORMAT = "huitoukan-backup"
VERSION = 2
"""Format version: incremented by changes that older programs cannot read. 2 holds the campaign's folder, 3 may lack
the key of the audit."""

NAME = "manifest.json"
KEY_PART = "audit.key"

CAMPAIGN, BASE = "campaign/", "campaign-shipped/"
"""Parts with the files of the campaign's folder, and of what it was copied from."""

_PARTS = re.compile(
    r"audit\.key|tables/[a-z_]{1,60}\.jsonl|photos/[0-9a-f]{2}/[0-9a-f]{64}(-small)?\.jpg"
    r"|campaign(-shipped)?(/[^./\\\0][^/\\\0]*){1,5}"
)
"""Allowed names of parts: prevents path traversal."""


class UnusableBackup(Exception):
    """A file that cannot be restored; its words say why, and what to do."""


@dataclass(frozen=True)
class BackupPart:
    """One file within the backup."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Dumped:
    """A table's rows, as they lie in their part."""

    name: str
    columns: tuple[str, ...]
    json: tuple[str, ...]
    """Columns that hold JSON."""
    binary: tuple[str, ...]
    """Columns that hold bytes, written in base64."""
    rows: int

    @property
    def part(self) -> str:
        """The name of the part with a line for each row."""
        return f"tables/{self.name}.jsonl"


@dataclass(frozen=True)
class Manifest:
    """The manifest of a backup."""

    made_at: datetime
    campaign_id: str
    campaign: str
    """The campaign's name when the backup was made."""
    revision: str
    """The version of the tables."""
    audit_rows: int
    audit_hash: str
    """Of the last row of the audit; empty where it has none."""
    tables: tuple[Dumped, ...]
    parts: Mapping[str, BackupPart]

    def rows_of(self, table: str) -> int:
        """Number of rows of a table; 0 for tables missing from the backup."""
        return next((each.rows for each in self.tables if each.name == table), 0)

    def dump(self) -> bytes:
        """Serialize the manifest."""
        said = asdict(self) | {"made_at": self.made_at.isoformat(), "format": FORMAT, "version": VERSION}
        return json.dumps(said, ensure_ascii=False, indent=1).encode()


def parse(content: bytes) -> Manifest:
    """The manifest of a backup.

    Raises:
        UnusableBackup: it is none, or one of a later program, by its format or its schema version.
    """
    try:
        said = json.loads(content)
        if said["format"] != FORMAT:
            raise UnusableBackup(_FOREIGN)
        if said["version"] > VERSION or said["revision"] not in known_versions():
            raise UnusableBackup("这份备份是用更新的版本做的，请先升级本系统再恢复")
        manifest = _manifest(said)
        asked = {table.part for table in manifest.tables} | (
            {KEY_PART} if said["version"] < VERSION else set()
        )
        if not asked <= set(manifest.parts) or not all(map(_PARTS.fullmatch, manifest.parts)):
            raise UnusableBackup(_FOREIGN)
        return manifest
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnusableBackup(_FOREIGN) from error


_FOREIGN = "这不是本系统的备份文件，或者没有拷贝完整：请选用 huitoukan backup 写出的文件，重新拷贝一次"


def _manifest(said: Mapping[str, Any]) -> Manifest:
    return Manifest(
        made_at=datetime.fromisoformat(said["made_at"]),
        tables=tuple(_dumped(each) for each in said["tables"]),
        parts={
            name: BackupPart(int(part["size"]), str(part["sha256"])) for name, part in said["parts"].items()
        },
        audit_rows=int(said["audit_rows"]),
        **{name: str(said[name]) for name in ("campaign_id", "campaign", "revision", "audit_hash")},
    )


def _dumped(said: Mapping[str, Any]) -> Dumped:
    names = {name: tuple(map(str, said[name])) for name in ("columns", "json", "binary")}
    return Dumped(name=str(said["name"]), rows=int(said["rows"]), **names)


def foreign() -> UnusableBackup:
    """Error for a file that is no backup."""
    return UnusableBackup(_FOREIGN)
