"""Fixture data: a home and its database, with at least one row of every kind."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import Engine, insert, select

from forms_server.accounts import sessions
from forms_server.audit import read_head, read_rows
from forms_server.audit_chain import first_fault
from forms_server.backup.backup_archive import reading
from forms_server.backup.backup_writer import LEFT_OUT, Made, make
from forms_server.backup.restore import Restored, key_of, look, require_fitting, restore
from forms_server.db import tables
from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import migrate
from forms_server.desk import Desk
from forms_server.imports.import_batches import LEDGER, NEW, BatchLog, Effect, SourceFile
from forms_server.photos.photo_files import PhotoFiles
from forms_server.photos.photo_reencoding import Picture
from forms_server.photos.photo_store import Side, Upload, add
from forms_server.records import record_rows, record_store, zero_reports
from forms_server.server_settings import AUDIT_KEY, Config
from tests.builders import EAST, small_campaign
from tests.records.builders import ACCOUNTS, MORNING, NOON, form_of, household_issue, proposed, record_id
from tests.records.conftest import account_row

CAMPAIGN = small_campaign()
PICTURE = Picture(8, 6, b"large", b"small")


def quiet(*_what: Any, **_more: Any) -> None:
    """Progress callback that discards messages."""


@dataclass(frozen=True)
class County:
    """One installation."""

    config: Config
    engine: Engine
    key: ClassVar[bytes] = b""
    """Of the last one that was backed up."""

    @classmethod
    def new(cls, home: Path, url: str) -> "County":
        """An empty home; the database has no tables yet."""
        home.mkdir()
        config = Config(checklist=home, home=home, database=url)
        return cls(config, make_engine(url, config.audit_key()))

    @contextmanager
    def started(self) -> "Iterator[County]":
        """Reopen the home as a starting server does, with the current key."""
        engine = make_engine(self.config.database, self.config.audit_key())
        yield County(self.config, engine)
        engine.dispose()

    def fill(self) -> None:
        """Accounts, records of each kind, a photograph, a scan and a session."""
        migrate(self.engine)
        with transaction(self.engine) as connection:
            connection.execute(insert(tables.account), [account_row(each) for each in ACCOUNTS.values()])
            sessions.start(connection, MORNING, ACCOUNTS["east"].id, timedelta(days=7), "browser")
            desk = Desk(connection, CAMPAIGN, ACCOUNTS["east"], MORNING)
            issue = record_store.create(desk, household_issue(CAMPAIGN, 1, content="西屋“漏雨”\n换瓦。"))
            record_store.create(desk, proposed(CAMPAIGN, 2))
            zero_reports.save(desk, EAST, set(), {CAMPAIGN.problem_types[-1].id})
            add(desk, issue, Side.BEFORE, Upload("d" * 64, PICTURE), PhotoFiles(self.config.home))
            file = SourceFile("台账.xlsx", b"PK")
            log = BatchLog(connection, CAMPAIGN, EAST, ACCOUNTS["east"], MORNING)
            log.write(LEDGER, file, [Effect("issue", issue.id, NEW, "1")], {"new": 1})
            connection.execute(insert(tables.signed_return).values(_RETURN))
            connection.execute(insert(tables.return_scan).values(_SCAN))

    def change(self, content: str) -> None:
        """One more issue."""
        with transaction(self.engine) as connection:
            number = connection.execute(select(tables.audit_head.c.rows)).scalar_one()
            desk = Desk(connection, CAMPAIGN, ACCOUNTS["east"], NOON)
            record_store.create(desk, household_issue(CAMPAIGN, 1000 + number, content=content))

    def backup(self, file: Path, tell: Any = quiet, passphrase: Any = None) -> Made:
        """Make a backup."""
        County.key = self.config.audit_key()
        return make(self.config, self.engine, CAMPAIGN, file, NOON, tell, passphrase)

    def restore(
        self, file: Path, tell: Any = quiet, passphrase: Any = None, *, new_key: bool = False
    ) -> Restored:
        """Restore one, as the command does with the key of the installation that was backed up."""
        self.engine.dispose()
        with reading(file, passphrase) as reader:
            current = look(self.config, reader.manifest)
            key = None if new_key else key_of(self.config, reader, County.key)
            require_fitting(self.config, CAMPAIGN.id, reader, current, key)
            return restore(self.config, reader, current, NOON, tell, key)

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of every table that a backup holds, and of the tally."""
        kept = [table for table in tables.metadata.sorted_tables if table.name not in LEFT_OUT]
        with self.engine.connect() as connection:
            return {
                table.name: [
                    dict(row)
                    for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()
                ]
                for table in [*kept, tables.tally]
            }

    def issues(self) -> list[str]:
        """The contents of all issues."""
        return [row["content"] for row in self.rows()["issue"]]

    def chain_is_whole(self) -> bool:
        """Whether the audit verifies with the key that lies in the home."""
        with self.engine.connect() as connection:
            key = (self.config.home / AUDIT_KEY).read_bytes()
            return first_fault(key, read_head(connection), read_rows(connection)) is None

    def find(self, number: int) -> Any:
        """A record of the township."""
        with self.engine.connect() as connection:
            desk = Desk(connection, CAMPAIGN, ACCOUNTS["east"], NOON)
            return record_rows.get(desk, form_of(CAMPAIGN, "household-issues"), record_id(number))


_RETURN = {
    "id": record_id(3), "campaign_id": CAMPAIGN.id, "unit_code": EAST, "number": 1, "content": "{}",
    "sha256": "0" * 64, "seal": "0" * 64, "signed_by": ACCOUNTS["east-principal"].id, "signed_name": "王某某",
    "signed_at": MORNING, "late": False, "state": "signed",
}  # fmt: skip
_SCAN = {
    "id": record_id(4), "return_id": record_id(3), "sha256": "1" * 64, "media_type": "image/png",
    "content": b"\x89PNG\x00\xff", "size": 6, "created_by": ACCOUNTS["east"].id, "created_at": MORNING,
}  # fmt: skip
