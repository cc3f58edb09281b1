"""Online backup: a consistent snapshot of the tables, the pictures they reference, and the key."""

import errno
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, Integer, MetaData, Text, column, select, table

from build_scripts.home_campaign import base_in, read_files
from build_scripts.progress import Tell
from checklist.model import Campaign
from forms_server.audit import read_head, read_rows
from forms_server.audit_chain import Fault, first_fault
from forms_server.backup.abandoned_folders import remove_abandoned
from forms_server.backup.age_format import Lock
from forms_server.backup.backup_archive import Writer, writing
from forms_server.backup.backup_manifest import BASE, CAMPAIGN, KEY_PART, Dumped, Manifest
from forms_server.backup.dumped_rows import described, lines
from forms_server.db import tables
from forms_server.db.engine import audit_key, snapshot, transaction
from forms_server.db.migrate import newest_version, version
from forms_server.exclusive_files import keep
from forms_server.photos.photo_files import FOLDER, PhotoFiles
from forms_server.server_settings import Config

LEFT_OUT = frozenset(
    table.name
    for table in (
        tables.session, tables.pending_sign_in, tables.sign_in_failure, tables.tally, tables.day_tally,
        tables.issue_unit,
    )
)  # fmt: skip
"""Tables left out: sessions must not be revived by a restore, tallies are recomputed by triggers, and the units that
issues name are read again (``records.issue_units``)."""


_VERSION_TABLE = "alembic_version"

_HELD = ".backing-up-"
_PATIENCE = 120
"""Seconds: a nightly backup waits for an import, where a page would say that the database is busy."""


@dataclass(frozen=True)
class Made:
    """A finished backup, with the faults found in its data."""

    manifest: Manifest
    photos: int
    missing: tuple[str, ...]
    """Referenced pictures whose files are missing."""
    fault: Fault | None
    """First break of the audit's hash chain; not looked for in tables of an older version."""


def make(  # noqa: PLR0913, PLR0917 - the source, the target, and how
    config: Config,
    engine: Engine,
    campaign: Campaign,
    file: Path,
    moment: datetime,
    tell: Tell,
    lock: Lock | None = None,
) -> Made:
    """Write a backup: encrypted to the lock, or in the clear and without the key of the audit.

    Raises:
        FileExistsError: there is such a file already.
    """
    if file.exists():  # before everything is written
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(file))
    remove_abandoned(config.home, _HELD)
    with (
        tempfile.TemporaryDirectory(dir=config.home, prefix=_HELD) as folder,
        snapshot(engine) as connection,
    ):
        # Under the write lock, so that no picture is removed between the snapshot and its link.
        with transaction(engine, patience=_PATIENCE):
            revision = version(connection)
            pictures = _hold(config.files / FOLDER, Path(folder))
        with writing(file, moment, lock) as writer:
            dumped = tuple(_write_tables(connection, writer, revision, tell))
            _write_pictures(pictures, writer, tell)
            _write_campaign(config, writer)
            if lock is not None:
                writer.add(KEY_PART, [audit_key(connection)])
            audit_rows, audit_hash = _audit_end(connection)
            manifest = Manifest(
                made_at=moment,
                campaign_id=campaign.id,
                campaign=campaign.notice.name,
                revision=revision or "",
                audit_rows=audit_rows,
                audit_hash=audit_hash,
                tables=dumped,
                parts=writer.parts,
            )
            writer.finish(manifest)
        is_current = revision == newest_version()
        fault = None
        if is_current:
            fault = first_fault(audit_key(connection), read_head(connection), read_rows(connection))
        return Made(manifest, len(pictures), tuple(_missing(connection, config.files, pictures)), fault)


def _hold(photos: Path, folder: Path) -> dict[str, Path]:
    """Pin pictures by hard links or copies, so that later removals do not affect the backup; keyed by part name."""
    held = {}
    for number, path in enumerate(sorted(photos.glob("*/*.jpg"))):
        held[f"{FOLDER}/{path.parent.name}/{path.name}"] = kept = folder / str(number)
        keep(path, kept)
    return held


def _write_tables(
    connection: Connection, writer: Writer, revision: str | None, tell: Tell
) -> Iterator[Dumped]:
    """Dump all tables in the order of their foreign keys; those of an older version, before an upgrade, as they are."""
    metadata = tables.metadata
    if revision != newest_version():
        metadata = MetaData()
        metadata.reflect(connection)
    for source in metadata.sorted_tables:
        if source.name not in LEFT_OUT | {_VERSION_TABLE}:
            dumped = described(source, connection)
            tell("备份数据表", total=dumped.rows)
            writer.add(dumped.part, _counted(lines(source, connection), tell))
            yield dumped


def _counted(written: Iterator[bytes], tell: Tell) -> Iterator[bytes]:
    """Batch lines, so that hashing and compression do not run line by line."""
    batch: list[bytes] = []
    for line in written:
        batch.append(line)
        if len(batch) == 500:
            tell(advance=len(batch))
            yield b"".join(batch)
            batch.clear()
    yield b"".join(batch)


def _write_pictures(pictures: dict[str, Path], writer: Writer, tell: Tell) -> None:
    tell("备份照片", total=len(pictures))
    for name, path in pictures.items():
        writer.add(name, [path.read_bytes()], packed=False)
        tell(advance=1)


def _audit_end(connection: Connection) -> tuple[int, str]:
    """Number and hash of the audit's last row, by columns that every version has."""
    head = table("audit_head", column("rows", Integer), column("hash", Text))
    found = connection.execute(select(head.c.rows, head.c.hash)).first()
    return (int(found[0]), str(found[1])) if found else (0, "")


def _write_campaign(config: Config, writer: Writer) -> None:
    """Add the campaign's folder and, where it is the home's, what it was copied from."""
    base = {} if config.names_checklist else read_files(base_in(config.home))
    for prefix, files in ((CAMPAIGN, read_files(config.checklist)), (BASE, base)):
        for path, content in files.items():
            writer.add(prefix + path, [content])


def _missing(connection: Connection, folder: Path, pictures: dict[str, Path]) -> Iterator[str]:
    files = PhotoFiles(folder)
    for name in connection.execute(select(tables.photo.c.sha256).distinct()).scalars():
        for small in (False, True):
            path = files.path(name, small=small)
            if f"{FOLDER}/{path.parent.name}/{path.name}" not in pictures:
                yield path.name
