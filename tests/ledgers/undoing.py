"""Imports as batches, and what an undo must bring back."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from build_scripts.workbooks.xlsx_writer import to_xlsx
from checklist.model import Campaign
from checklist.values.judge import Context
from forms_server.clock import Clock
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.db.tables import issue
from forms_server.imports.batch_undo import BatchDesk, NotUndoable, undo
from forms_server.imports.import_batches import Batch
from forms_server.imports.ledger_exporting import export
from forms_server.imports.ledger_import import LedgerUpload
from tests.builders import EAST
from tests.ledgers.books import GENERAL, HOUSEHOLD, workbook
from tests.records.builders import ACCOUNTS, MORNING, NOON


def take_in(
    engine: Engine, data: bytes, context: Context, who: str = "east", now: datetime = MORNING
) -> str | None:
    """Import a workbook as one batch; its id, or None where it is refused or changes nothing."""
    upload = LedgerUpload(context, ACCOUNTS[who], Clock(now))
    book = upload.read(data)
    with transaction(engine) as connection:
        found = upload.plan(connection, book)
        if found.errors:
            return None
        return upload.store(connection, found, "台账.xlsx", data)


def take_back(engine: Engine, context: Context, batch_id: str | None, who: str | None = "east") -> Batch:
    """Undo a batch."""
    assert batch_id
    with transaction(engine) as connection:
        account = ACCOUNTS[who] if who else None
        return undo(BatchDesk(connection, context.campaign, account, NOON), batch_id)


def exported(engine: Engine, context: Context) -> bytes:
    """The unit's ledgers as a workbook."""
    with engine.connect() as connection:
        return to_xlsx(export(connection, context.campaign, context.unit, None))


LATER = NOON + timedelta(hours=1)
BOOK = workbook({"户内": HOUSEHOLD, "面上": GENERAL})
CHANGED = workbook(
    {
        "户内": HOUSEHOLD.replace("李某|东河镇", "李某|县水利局")
        .replace("换瓦", "翻修")
        .replace("正在整改", "已整改"),
        "面上": GENERAL,
    }
)
ANNEX = """
    单位/乡镇|问题类型|共排查问题数|已整改数|正在整改数
    东河镇|收入|{}|0|1
"""


@pytest.fixture
def east(campaign: Campaign) -> Context:
    return Context(campaign, campaign.unit_by_code[EAST], MORNING.date())


def the_issue(engine: Engine, householder: str) -> Any:
    """The row of a householder's only issue."""
    with engine.connect() as connection:
        return connection.execute(select(issue).where(issue.c.householder == householder)).mappings().one()


def reasons(error: pytest.ExceptionInfo[NotUndoable]) -> list[str]:
    """Why an import cannot be undone."""
    return [reason for each in error.value.found for reason in each.reasons]


_STAMPS = {"version", "changed_at"}
_KEPT = (
    tables.issue,
    tables.issue_unit,
    tables.proposed_household,
    tables.household,
    tables.finding,
    tables.possible_double,
    tables.handed_in_figure,
    tables.photo,
    tables.visit,
)


def state(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """All that an undo brings back: records without their versions, and what the tallies count."""
    with engine.connect() as connection:
        found = {
            table.name: [
                {name: cell for name, cell in row.items() if name not in _STAMPS}
                for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()
            ]
            for table in _KEPT
        }
        for tally, figures in ((tables.tally, ("records",)), (tables.day_tally, ("found", "rectified"))):
            rows = connection.execute(select(tally).order_by(*tally.primary_key)).mappings()
            found[tally.name] = [dict(row) for row in rows if any(row[name] for name in figures)]
        return found
