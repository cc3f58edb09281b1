"""The serial number (序号) of a record in its unit's ledger: computed where it is shown, never stored."""

from functools import cache

from sqlalchemy import Connection, DateTime, Select, String, bindparam, func, select, tuple_

from checklist.model import Campaign
from checklist.states import counted_states
from forms_server.db.record_columns import TABLES
from forms_server.records.record import Record


def serial(connection: Connection, campaign: Campaign, record: Record) -> int:
    """Serial number in the unit's ledger as printed now: from 1, oldest first, without withdrawn records."""
    asked = {"campaign": campaign.id, "unit": record.unit_code, "form": record.form.id}
    place = {"made": record.created_at, "record": record.id}
    return connection.execute(_serial(record.form.kind), asked | place).scalar_one()


@cache
def _serial(kind: str) -> Select[int]:
    """Compiled once: runs for every record that is filed or shown."""
    table = TABLES[kind]
    return select(func.count()).where(
        table.c.campaign_id == bindparam("campaign"),
        table.c.unit_code == bindparam("unit"),
        table.c.form_id == bindparam("form"),
        table.c.state.in_([state.value for state in counted_states(kind)]),
        tuple_(table.c.created_at, table.c.id)
        <= tuple_(bindparam("made", type_=DateTime), bindparam("record", type_=String)),
    )
