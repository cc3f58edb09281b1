"""A home whose database is damaged in seeded ways, and what its rows say."""

import os
import random
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from build_scripts.sqlite_library import sqlite_library
from forms_server import audit
from forms_server.access import Role
from forms_server.accounts import account_store, passwords, sessions
from forms_server.db import tables
from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import migrate
from forms_server.photos.photo_files import PhotoFiles
from forms_server.photos.photo_reencoding import Picture
from forms_server.server_settings import Config
from tests.builders import EAST, OFFICE
from tests.faults.one_of_each import PICTURE, ROWS, fill
from tests.records.builders import MORNING, record_id

WHOLE = "FAULTS" in os.environ
"""All damages, as ``make faults`` has them; otherwise a sample."""

DAMAGES = 60 if WHOLE else 8
DATABASE = "huitoukan.sqlite3"
_MORE = 150


def new_home(home: Path) -> str:
    """A home with a row of everything and many issues; the token of a session of the office."""
    home.mkdir()
    config = Config(checklist=home, home=home, database=f"sqlite:///{home}/{DATABASE}")
    PhotoFiles(home).keep(Picture(8, 6, PICTURE, b"small"))
    engine = make_engine(config.database, config.audit_key())
    migrate(engine)
    with transaction(engine) as connection:
        fill(connection)
        issues = [{**ROWS["issue"], "id": record_id(100 + number)} for number in range(_MORE)]
        connection.execute(insert(tables.issue), issues)
        said = (audit.AuditEntry("issue", each["id"], "file") for each in issues)
        audit.record_many(connection, MORNING, None, said)
        for name, unit, role in (("office", OFFICE, Role.OFFICE), ("li", EAST, Role.REPORTER)):
            new = account_store.NewAccount(name, unit, role, None, name)
            account_store.add(
                connection, MORNING, None, new, passwords.hash_password("x" * 20), must_change_password=False
            )
        office = account_store.find_by_name(connection, "office")
        assert office
        token = sessions.start(connection, MORNING, office.id, timedelta(days=9000), "browser")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return token


def damaged(home: Path, seed: int, into: Path) -> str:
    """Copy a home and damage its database; returns what was done."""
    shutil.copytree(home, into)
    file = into / DATABASE
    for suffix in ("-wal", "-shm", "-turn"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    content = bytearray(file.read_bytes())
    chance = random.Random(seed)  # noqa: S311 - seeded damage
    kind = ("flip", "flip", "flip", "flip", "bits", "zero", "cut", "swap")[seed % 8]
    at = chance.randrange(len(content))
    page = at // 4096 * 4096
    if kind == "flip":
        content[at] ^= 1 << chance.randrange(8)
    elif kind == "bits":
        for _ in range(20):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    elif kind == "zero":
        content[page : page + 4096] = bytes(4096)
    elif kind == "cut":
        del content[at:]
    else:
        other = chance.randrange(len(content) // 4096) * 4096
        content[page : page + 4096], content[other : other + 4096] = (
            content[other : other + 4096],
            content[page : page + 4096],
        )
    file.write_bytes(content)
    return f"{kind} at {at}"


def content_of(home: Path) -> dict[str, list[Any]] | None:
    """All rows of all tables that a person put in; None where they cannot be read."""
    connection = sqlite_library.connect(str(home / DATABASE))
    try:
        return {
            table.name: connection.execute(
                f"SELECT {', '.join(column.name for column in table.c)} FROM {table.name} NOT INDEXED"  # noqa: S608
                f" ORDER BY {', '.join(column.name for column in table.primary_key)}"
            ).fetchall()
            for table in tables.metadata.sorted_tables
        }
    except (sqlite_library.Error, UnicodeDecodeError):  # a name of the schema, too, may be damaged
        return None
    finally:
        connection.close()


def copies(home: Path, parent: Path) -> Iterator[tuple[Path, str]]:
    """Damaged copies, and how each is damaged."""
    for seed in range(DAMAGES):
        into = parent / f"damaged-{seed}"
        yield into, f"{seed}: {damaged(home, seed, into)}"
        shutil.rmtree(into)
