"""The serial number (序号) of a record in its unit's ledger: computed where it is shown, never stored."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import accumulate, groupby

from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Select,
    String,
    Table,
    bindparam,
    func,
    select,
    tuple_,
)

from checklist.model import Campaign
from checklist.states import counted_states, is_counted
from forms_server.db.driver_statements import read
from forms_server.db.record_columns import TABLES
from forms_server.records.record import Record

_BEGINNING = (datetime.min, "")  # noqa: DTZ901 - wall-clock time without zone, as stored


def serial(connection: Connection, campaign: Campaign, record: Record) -> int:
    """Serial number in the unit's ledger as printed now: from 1, oldest first, without withdrawn records."""
    asked = {"campaign": campaign.id, "unit": record.unit_code, "form": record.form.id}
    place = {"made": record.created_at, "record": record.id}
    return int(read(connection, _serial(record.form.kind), asked | place)[0][0])


@dataclass(frozen=True)
class PlacedRecord:
    """A record's place: its ledger, its unit, and its position there."""

    id: str
    form_id: str
    kind: str
    unit_code: str
    created_at: datetime
    state: str


def serials(connection: Connection, campaign: Campaign, records: Iterable[Record]) -> Mapping[str, int]:
    """Serial numbers of a page's records, by id; withdrawn ones have none."""
    placed = [
        PlacedRecord(each.id, each.form.id, each.form.kind, each.unit_code, each.created_at, each.state)
        for each in records
    ]
    return serials_of(connection, campaign, placed)


def placed_records(connection: Connection, ids: Sequence[str]) -> list[PlacedRecord]:
    """The places of records of any kind; ids of none are left out. At most some thousand ids."""
    columns = ("id", "form_id", "unit_code", "created_at", "state")
    return [
        PlacedRecord(row.id, row.form_id, kind, row.unit_code, row.created_at, row.state)
        for kind, table in TABLES.items()
        for row in connection.execute(
            select(*(table.c[name] for name in columns)).where(table.c.id.in_(ids))
        ).all()
    ]


def serials_of(
    connection: Connection, campaign: Campaign, placed: Iterable[PlacedRecord]
) -> Mapping[str, int]:
    """Serial numbers by id; each ledger is counted once up to its newest record here, from record to record."""
    counted = sorted((each for each in placed if is_counted(each.state)), key=_position)
    found: dict[str, int] = {}
    for _, ledger in groupby(counted, key=_ledger):
        here = list(ledger)
        numbers = accumulate(_gaps(connection, campaign, here))
        found |= dict(zip((each.id for each in here), numbers, strict=True))
    return found


def _ledger(each: PlacedRecord) -> tuple[str, str]:
    return each.form_id, each.unit_code


def _position(each: PlacedRecord) -> tuple[str, str, datetime, str]:
    return each.form_id, each.unit_code, each.created_at, each.id


def _gaps(connection: Connection, campaign: Campaign, ledger: Iterable[PlacedRecord]) -> Iterator[int]:
    """For each record how many counted ones come after the record before it, up to itself."""
    after, beyond = _BEGINNING
    for each in ledger:
        place = {"after": after, "beyond": beyond, "made": each.created_at, "record": each.id}
        asked = {"campaign": campaign.id, "unit": each.unit_code, "form": each.form_id}
        yield read(connection, _gap(each.kind), asked | place)[0][0]
        after, beyond = each.created_at, each.id


@cache
def _gap(kind: str) -> Select[int]:
    """Kept for good: runs for every record of a page."""
    created_at, record_id = TABLES[kind].c.created_at, TABLES[kind].c.id
    after = tuple_(bindparam("after", type_=DateTime), bindparam("beyond", type_=String))
    return _serial(kind).where(tuple_(created_at, record_id) > after)


def _is_counted(table: Table, kind: str) -> ColumnElement[bool]:
    return table.c.state.in_([state.value for state in counted_states(kind)])


@cache
def _serial(kind: str) -> Select[int]:
    """Kept for good: runs for every record that is filed or shown."""
    table = TABLES[kind]
    return select(func.count()).where(
        table.c.campaign_id == bindparam("campaign"),
        table.c.unit_code == bindparam("unit"),
        table.c.form_id == bindparam("form"),
        _is_counted(table, kind),
        tuple_(table.c.created_at, table.c.id)
        <= tuple_(bindparam("made", type_=DateTime), bindparam("record", type_=String)),
    )
