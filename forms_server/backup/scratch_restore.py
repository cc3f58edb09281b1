"""Tries a backup: restores it into a scratch database, migrates and verifies it there, and removes it again."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from build_scripts.progress import Tell
from build_scripts.settings import sqlite_url
from forms_server.audit_chain import Fault
from forms_server.backup.abandoned_folders import remove_abandoned
from forms_server.backup.age_format import Opener
from forms_server.backup.backup_archive import reading
from forms_server.backup.backup_loading import fill
from forms_server.backup.backup_manifest import Manifest
from forms_server.backup.restore import key_of
from forms_server.db.engine import make_engine, transaction
from forms_server.server_settings import Config, read_passphrase

_SCRATCH = ".trying-"


@dataclass(frozen=True)
class TriedBackup:
    """A backup that can be restored."""

    manifest: Manifest
    fault: Fault | None
    """First break of its audit's hash chain."""


def restore_to_scratch(config: Config, file: Path, tell: Tell, opener: Opener | None = None) -> TriedBackup:
    """Restore a backup into a temporary SQLite database, which is removed again.

    Args:
        config: of the home.
        file: the backup.
        tell: progress callback.
        opener: what opens it; None for the passphrase of the settings.

    Raises:
        UnusableBackup: it can't be restored.
    """
    remove_abandoned(file.parent, _SCRATCH)
    with (
        tempfile.TemporaryDirectory(dir=file.parent, prefix=_SCRATCH) as scratch,
        reading(file, opener or read_passphrase(config.backup_passphrase)) as reader,
    ):
        key = key_of(config, reader)
        engine = make_engine(sqlite_url(Path(scratch) / "scratch.sqlite3"), key)
        try:
            with transaction(engine) as connection:
                fault = fill(connection, reader, key, tell)
        finally:
            engine.dispose()
        return TriedBackup(reader.manifest, fault)
