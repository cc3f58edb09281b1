"""Homes as released versions left them."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

from forms_server.backup.backup_archive import reading
from forms_server.backup.backup_manifest import KEY_PART
from forms_server.backup.dumped_rows import load
from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import upgrade
from forms_server.server_settings import AUDIT_KEY, ENVIRONMENT
from tests.upgrade.making import CHECKLIST, DATABASE


class Installation(NamedTuple):
    """An upgraded installation, and the folder of what the version wrote."""

    home: Path
    database: str
    kept: Path

    @property
    def manifest(self) -> dict[str, Any]:
        """The backup's own account of itself."""
        return json.loads(zipfile.ZipFile(self.kept / "backup.zip").read("manifest.json"))

    def run(self, *arguments: object) -> str:
        """What a command prints; in a process of its own, as it is typed."""
        environment = {name: value for name, value in os.environ.items() if name not in ENVIRONMENT}
        environment |= {
            "HUITOUKAN_HOME": str(self.home),
            "HUITOUKAN_CHECKLIST": str(CHECKLIST),
            "HUITOUKAN_DATABASE": self.database,
        }
        command = [sys.executable, "-m", "forms_server", *map(str, arguments)]
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout


def lines(kept: Path, table: str) -> list[list[Any]]:
    """The rows of a table, as the version wrote them."""
    part = zipfile.ZipFile(kept / "backup.zip").read(f"tables/{table}.jsonl")
    return [json.loads(line) for line in part.splitlines()]


def left(kept: Path, home: Path) -> Installation:
    """A home of the version where it lies."""
    zipfile.ZipFile(kept / "home.zip").extractall(home)
    return Installation(home, f"sqlite:///{home / DATABASE}", kept)


def restored(kept: Path, home: Path, database: str) -> Installation:
    """The version's backup, restored into an empty home; the key beside it, where backups hold none."""
    made = Installation(home, database, kept)
    key = home.with_name(AUDIT_KEY)
    key.write_bytes(_key(kept))
    holds_key = KEY_PART in zipfile.ZipFile(kept / "backup.zip").namelist()
    made.run("restore", kept / "backup.zip", *([] if holds_key else ["--key", key]))
    return made


def _key(kept: Path) -> bytes:
    return zipfile.ZipFile(kept / "home.zip").read(AUDIT_KEY)


def left_on_postgresql(kept: Path, home: Path, url: str) -> Installation:
    """The same on PostgreSQL, with the tables of that version."""
    zipfile.ZipFile(kept / "home.zip").extractall(home)
    (home / DATABASE).unlink()
    with reading(kept / "backup.zip") as reader:
        engine = make_engine(url, _key(kept))
        with transaction(engine) as connection:
            upgrade(connection, reader.manifest.revision)
            for dumped in reader.manifest.tables:
                load(connection, dumped, reader.lines(dumped.part))
        engine.dispose()
    return Installation(home, url, kept)
