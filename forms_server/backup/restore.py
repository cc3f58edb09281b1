"""Restores a backup: inspects the current data, replaces it atomically, and keeps it aside."""

import hmac
import itertools
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, inspect, make_url, or_, select
from sqlalchemy.exc import DatabaseError, OperationalError

from build_scripts.atomic_files import write_whole
from build_scripts.progress import Tell
from checklist.date_formats import folder_stamp
from forms_server.audit import read_head
from forms_server.audit_chain import Fault, seal
from forms_server.backup.backup_archive import Reader
from forms_server.backup.backup_loading import fill
from forms_server.backup.backup_manifest import Dumped, Manifest, UnusableBackup
from forms_server.backup.campaign_restoring import put_campaign
from forms_server.backup.database_swap import replace_postgresql, replace_sqlite
from forms_server.backup.rekeying import rekey
from forms_server.db import tables
from forms_server.db.engine import make_engine
from forms_server.exclusive_files import keep
from forms_server.photos.photo_files import FOLDER
from forms_server.record_digests import SEAL
from forms_server.server_settings import AUDIT_KEY, Config

HELD = (tables.issue, tables.proposed_household, tables.zero_report, tables.report_text, tables.signed_return)
"""Tables with users' data: a database without any may be replaced by another installation's."""


@dataclass(frozen=True)
class Current:
    """The data before a restore."""

    there: bool = False
    """Whether there is a database with tables."""
    readable: bool = True
    filed: bool = False
    """Whether it holds users' data."""
    changes_since: int | None = None
    """Changes since the backup, by the audit; None where the backup is not a past state of it."""


@dataclass(frozen=True)
class Restored:
    """Result of a restore."""

    aside: str
    """Where the replaced data lie: a folder, or a schema of PostgreSQL; empty where there were none."""
    fault: Fault | None
    """First break of the restored audit's hash chain."""
    campaign: Path | None = None
    """Where the backup's campaign lies now, if it is not the one that was there."""


def look(config: Config, manifest: Manifest) -> Current:
    """Inspect what a restore would replace."""
    url = make_url(config.database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return Current()
    engine = make_engine(config.database)
    try:
        with engine.connect() as connection:
            return _current(connection, manifest)
    except (DatabaseError, OperationalError):
        if url.get_backend_name() != "sqlite":  # a server that does not answer is not a damaged file
            raise
        return Current(there=True, readable=False)
    finally:
        engine.dispose()


def _current(connection: Connection, manifest: Manifest) -> Current:
    names = set(inspect(connection).get_table_names())
    if tables.audit.name not in names:
        return Current()
    filed = any(
        connection.execute(select(1).select_from(table).limit(1)).first()
        for table in HELD
        if table.name in names
    )
    head = read_head(connection)
    audit = tables.audit
    same = connection.execute(select(audit.c.hash).where(audit.c.id == manifest.audit_rows)).scalar() or ""
    if head is None or same != manifest.audit_hash:
        return Current(there=True, filed=filed)
    return Current(there=True, filed=filed, changes_since=_changes_after(connection, manifest.audit_rows))


def _changes_after(connection: Connection, row: int) -> int:
    """Rows of the audit after one that are about changes; all of them in older versions, which kept no digests."""
    audit = tables.audit
    query = select(func.count()).select_from(audit).where(audit.c.id > row)
    if any(each["name"] == audit.c.digest.name for each in inspect(connection).get_columns(audit.name)):
        first = select(func.min(audit.c.id)).where(audit.c.digest.is_not(None)).scalar_subquery()
        query = query.where(or_(audit.c.digest.is_not(None), audit.c.id < first), audit.c.action != SEAL)
    return connection.execute(query).scalar_one()


def require_fitting(
    config: Config, campaign_id: str, reader: Reader, current: Current, key: bytes | None
) -> None:
    """Refuse a backup that must not replace the current data.

    Args:
        key: of the backup's audit; None where it is lost.

    Raises:
        UnusableBackup: with the reason and the remedy.
    """
    manifest = reader.manifest
    if manifest.campaign_id != campaign_id:
        raise UnusableBackup(
            f"这是“{manifest.campaign}”（{manifest.campaign_id}）的备份，现在用的清单是 {campaign_id}："
            "请先用 HUITOUKAN_CHECKLIST 指向同一个清单目录"
        )
    home = config.home / AUDIT_KEY
    if current.filed and home.exists() and home.read_bytes() != key:
        raise UnusableBackup(
            "这是另一套系统的备份，不能覆盖这里已有的记录："
            "请把 HUITOUKAN_HOME（和 HUITOUKAN_DATABASE）指向空的目录（和数据库）再恢复"
        )


def key_of(config: Config, reader: Reader, given: bytes | None = None) -> bytes:
    """The key of a backup's audit: its own, the given one, or the home's, whichever sealed the audit's head.

    Raises:
        UnusableBackup: none of them did.
    """
    if reader.key is not None:
        return reader.key
    home = config.home / AUDIT_KEY
    heads = [json.loads(line) for line in reader.lines(_head_of(reader).part)]
    for key in (given, home.read_bytes() if home.exists() else None):
        if key and all(_sealed_with(key, _head_of(reader), head) for head in heads):
            return key
    raise UnusableBackup(
        f"这份备份没有加密，里面没有审计密钥；{home} 也不是它的。"
        f"请用 --key 指出做备份那台机器数据目录里的 {AUDIT_KEY}。"
        "确实找不回来的，加 --new-key：数据照样恢复，但以前的审计和签字用新的密钥重新封，"
        "再也证明不了以前没有被改过"
    )


def _head_of(reader: Reader) -> Dumped:
    return next(each for each in reader.manifest.tables if each.name == tables.audit_head.name)


def _sealed_with(key: bytes, dumped: Dumped, cells: list[Any]) -> bool:
    head = dict(zip(dumped.columns, cells, strict=True))
    return hmac.compare_digest(seal(key, head["rows"], head["hash"]), head["seal"])


def restore(
    config: Config,
    reader: Reader,
    current: Current,
    moment: datetime,
    tell: Tell,
    key: bytes | None,
) -> Restored:
    """Replace the current data atomically: readers see the old state or the new one, even after a crash.

    Args:
        key: of the backup's audit; None for a new one, where it is lost.

    Pictures are added before, key and campaign just before the database is replaced: without its rows they are no harm.

    Raises:
        UnusableBackup: the content contradicts the manifest, or the database is in use; nothing was replaced.
    """
    url = make_url(config.database)
    fits, key = key is not None, key or secrets.token_bytes(32)
    stamp = _free_stamp(config, moment)
    name = f"replaced_{stamp}"
    aside = config.home / name
    faults: list[Fault | None] = []
    campaigns: list[Path | None] = []

    def filled(connection: Connection) -> None:
        fault = fill(connection, reader, key, tell)
        if not fits:
            rekey(connection, key, moment)
        faults.append(fault if fits else None)
        _put_key(config.home / AUDIT_KEY, key, aside)
        campaigns.append(put_campaign(config, reader, aside, stamp))

    _put_pictures(config.files, reader, tell)
    if url.get_backend_name() == "sqlite":
        aside.mkdir(mode=0o700)
        _replaced(aside, lambda: replace_sqlite(url, key, filled, aside))
        return Restored(str(aside) if current.there else "", faults[0], campaigns[0])
    replace_postgresql(url, key, filled, name)
    return Restored(name if current.there else "", faults[0], campaigns[0])


def _free_stamp(config: Config, moment: datetime) -> str:
    """A stamp that no earlier restore used, such as one of the same second that was killed."""
    taken = {path.name for path in config.home.iterdir()} | _schemas(config.database)
    stamp = folder_stamp(moment)
    stamps = itertools.chain((stamp,), (f"{stamp}_{number}" for number in itertools.count(2)))
    return next(each for each in stamps if not any(name.endswith(f"_{each}") for name in taken))


def _schemas(database: str) -> set[str]:
    """The schemas of a PostgreSQL database, where earlier restores put what they replaced; none on SQLite."""
    engine = make_engine(database)
    try:
        return set() if engine.dialect.name == "sqlite" else set(inspect(engine).get_schema_names())
    finally:
        engine.dispose()


def _replaced(aside: Path, replace: Callable[[], None]) -> None:
    """Replace, and remove the folder for the old data if it stays empty."""
    try:
        replace()
    finally:
        if not any(aside.iterdir()):
            aside.rmdir()


def _put_key(path: Path, key: bytes, aside: Path) -> None:
    if path.exists():
        if path.read_bytes() == key:
            return
        aside.mkdir(mode=0o700, exist_ok=True)
        keep(path, aside / path.name)
    write_whole(path, key, private=True)


def _put_pictures(folder: Path, reader: Reader, tell: Tell) -> None:
    names = [name for name in reader.manifest.parts if name.startswith(f"{FOLDER}/")]
    tell("恢复照片", total=len(names))
    for name in names:
        if not (folder / name).exists():
            reader.copy(name, folder / name)
        tell(advance=1)
