"""The serial number (序号) of a record in its unit's ledger: computed where it is shown, never stored."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import accumulate, chain, groupby

from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Select,
    String,
    Table,
    bindparam,
    func,
    literal,
    select,
    tuple_,
    union_all,
)

from checklist.model import Campaign
from checklist.states import counted_states, is_counted
from forms_server.db.record_columns import TABLES
from forms_server.records.record import Record

_BEGINNING = (datetime.min, "")  # noqa: DTZ901 - wall-clock time without zone, as stored


def serial(connection: Connection, campaign: Campaign, record: Record) -> int:
    """Serial number in the unit's ledger as printed now: from 1, oldest first, without withdrawn records."""
    asked = {"campaign": campaign.id, "unit": record.unit_code, "form": record.form.id}
    place = {"made": record.created_at, "record": record.id}
    return connection.execute(_serial(record.form.kind), asked | place).scalar_one()


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
        for row in connection.execute(select(*(table.c[name] for name in columns)).where(table.c.id.in_(ids)))
    ]


def serials_of(
    connection: Connection, campaign: Campaign, placed: Iterable[PlacedRecord]
) -> Mapping[str, int]:
    """Serial numbers by id; each ledger is counted once up to its newest record here, from record to record."""
    counted = sorted((each for each in placed if is_counted(each.state)), key=_position)
    gaps = [gap for _, ledger in groupby(counted, key=_ledger) for gap in _gaps(campaign, ledger)]
    found: dict[str, int] = {}
    for start in range(0, len(gaps), _AT_ONCE):
        found |= {row[0]: row[1] for row in connection.execute(union_all(*gaps[start : start + _AT_ONCE]))}
    ledgers = (accumulate(found[each.id] for each in ledger) for _, ledger in groupby(counted, key=_ledger))
    return dict(zip((each.id for each in counted), chain.from_iterable(ledgers), strict=True))


_AT_ONCE = 50
"""Parts of one statement: a page's records."""


def _ledger(each: PlacedRecord) -> tuple[str, str]:
    return each.form_id, each.unit_code


def _position(each: PlacedRecord) -> tuple[str, str, datetime, str]:
    return each.form_id, each.unit_code, each.created_at, each.id


def _gaps(campaign: Campaign, ledger: Iterable[PlacedRecord]) -> Iterator[Select[str, int]]:
    """For each record how many counted ones come after the record before it, up to itself."""
    before = _BEGINNING
    for each in ledger:
        table, here = TABLES[each.kind], (each.created_at, each.id)
        place = tuple_(table.c.created_at, table.c.id)
        yield select(literal(each.id), func.count()).where(
            table.c.campaign_id == campaign.id,
            table.c.unit_code == each.unit_code,
            table.c.form_id == each.form_id,
            _is_counted(table, each.kind),
            place > tuple_(*map(literal, before)),
            place <= tuple_(*map(literal, here)),
        )
        before = here


def _is_counted(table: Table, kind: str) -> ColumnElement[bool]:
    return table.c.state.in_([state.value for state in counted_states(kind)])


@cache
def _serial(kind: str) -> Select[int]:
    """Compiled once: runs for every record that is filed or shown."""
    table = TABLES[kind]
    return select(func.count()).where(
        table.c.campaign_id == bindparam("campaign"),
        table.c.unit_code == bindparam("unit"),
        table.c.form_id == bindparam("form"),
        _is_counted(table, kind),
        tuple_(table.c.created_at, table.c.id)
        <= tuple_(bindparam("made", type_=DateTime), bindparam("record", type_=String)),
    )
