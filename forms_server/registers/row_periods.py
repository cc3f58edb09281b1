"""A register's periods: which there are, and how the next one is opened with the rows of the one before."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, insert, or_, select, true

from checklist.model import Campaign, Register
from checklist.register_periods import is_period
from forms_server import audit
from forms_server.db.tables import register_row
from forms_server.desk import Desk, NotAllowed
from forms_server.registers import row_store
from forms_server.registers.register_row import (
    of_register,
    parts_beside_person,
    place_of,
    row_key,
    to_columns,
    to_row,
)
from forms_server.registers.row_content import computed_values, next_number, require_begun
from forms_server.registers.row_scope import keeps_rows

_row = register_row.c

_NAMESPACE = UUID("0d7a5a5e-8d3c-4b52-9a43-0f6d2f0f7c21")

CARRY = "carry"
"""The audit's word."""

_AT_ONCE = 500
"""Persons of one query."""

MOST_PERIODS = 60
"""Periods that a page offers, the latest first."""


def known_periods(connection: Connection, campaign: Campaign, register: Register) -> Sequence[str]:
    """The periods in which anybody has rows of a register, the latest first; one index look-up each."""
    row = of_register(campaign, register)
    found: list[str] = []
    while len(found) < MOST_PERIODS:
        earlier = _row.period < found[-1] if found else true()
        latest = connection.execute(select(func.max(_row.period)).where(row, earlier)).scalar()
        if latest is None:
            break
        found.append(latest)
    return found


def to_carry(desk: Desk, register: Register, period: str) -> int:
    """How many rows of the period before wait to be carried into this one by the account."""
    return len(_source(desk, register, period))


def open_period(desk: Desk, register: Register, period: str) -> int:
    """Carry the rows of the last period over that have not ended; return how many were added. Idempotent.

    They are of the account's own unit, or village. A carried row has its own id, made of the old one's and the
    period's, so that opening twice carries once; it waits until somebody confirms it.

    Raises:
        NotAllowed: the account's unit does not fill the register, or the period has not begun.
        ValueError: that is not a period of the register.
    """
    if not is_period(register.period, period) or not register.period.repeats:
        raise ValueError(period)
    if not keeps_rows(desk.campaign, desk.account, register):
        raise NotAllowed("这本台账不由您的单位填。")
    require_begun(desk, period)
    source = _source(desk, register, period)
    first = next_number(desk.connection, desk.campaign, register)
    kept = computed_values(desk, register, [_kept(register, each) for each in source], period)
    rows = [
        _carried(desk, register, each, to_columns(register, values), (period, number))
        for number, (each, values) in enumerate(zip(source, kept, strict=True), first)
    ]
    if rows:
        desk.connection.execute(insert(register_row), rows)
        said = [audit.AuditEntry(register_row.name, row["id"], CARRY, {"to": period}) for row in rows]
        audit.record_many(desk.connection, desk.now, desk.account, said)
        row_store.compute_next_anew(desk, (to_row(register, row) for row in rows))
    return len(rows)


def _source(desk: Desk, register: Register, period: str) -> Sequence[Mapping[str, Any]]:
    """Rows to be carried: of the latest period before, not ended, and without a row of the same key already.

    A person has no other row there, either, under another name or of another household.

    Of several that are the same one without what each period fills anew, such as two visits to one asset, the first.
    """
    if register.survey or _is_of_its_period(register):
        return []  # other people are asked, and other payments booked, each time
    own = _own(desk, register)
    last = _last_before(desk, register, period)
    if last is None:
        return []
    there = of_register(desk.campaign, register), _row.period == period
    keys = select(_row.row_key).where(*there, _row.row_key.is_not(None))
    carried = select(_row.carried_from).where(*there, _row.carried_from.is_not(None))
    taken = set(desk.connection.execute(keys).scalars())
    done = set(desk.connection.execute(carried).scalars())
    query = select(register_row).where(own, _row.period == last, ~_row.ended).order_by(_row.number)
    rows = [(_key(register, row), dict(row)) for row in desk.connection.execute(query).mappings()]
    taken |= {key for key, row in rows if key and row["id"] in done}
    left = [(key, row) for key, row in rows if row["id"] not in done and key not in taken]
    persons = _persons_there(desk, register, there, [row["person_id"] for _, row in left if row["person_id"]])
    found = []
    for key, row in left:
        if key not in taken and _person_key(register, row) not in persons:
            found.append(row)
            taken |= {key} - {None}
    return found


def _persons_there(
    desk: Desk, register: Register, there: Sequence[ColumnElement[bool]], ids: Sequence[str]
) -> set[tuple[str, tuple[str, ...]]]:
    """Those of some persons who have rows in a period already, each with what one row is of besides."""
    found = set[tuple[str, tuple[str, ...]]]()
    for start in range(0, len(ids), _AT_ONCE):
        some = _row.person_id.in_(ids[start : start + _AT_ONCE])
        rows = desk.connection.execute(select(register_row).where(*there, some, ~_row.ended)).mappings()
        found |= {key for row in rows if (key := _person_key(register, row))}
    return found


def _person_key(register: Register, row: Any) -> tuple[str, tuple[str, ...]] | None:
    parts = parts_beside_person(register, row)
    return (row["person_id"], parts) if parts is not None and row["person_id"] else None


def _is_of_its_period(register: Register) -> bool:
    """Whether only what each period fills anew, besides their place, tells a register's rows apart: a voucher."""
    kept = {*register.one_row_per} - {*register.fresh}
    places = {each.id for each in register.fields if place_of(each)}
    return bool({*register.one_row_per} & {*register.fresh}) and kept <= places


def _last_before(desk: Desk, register: Register, period: str) -> str | None:
    """The latest period before this one in which the account's unit, or village, has rows."""
    own = _own(desk, register)
    for each in known_periods(desk.connection, desk.campaign, register):
        here = select(_row.id).where(own, _row.period == each).limit(1)
        if each < period and desk.connection.execute(here).first():
            return each
    return None


def _own(desk: Desk, register: Register) -> ColumnElement[bool]:
    account = desk.account
    here = or_(_row.unit_code == account.unit_code, _row.township_code == account.unit_code)
    base = and_(of_register(desk.campaign, register), here)
    return and_(base, _row.village_code == account.village_code) if account.village_code else base


def _key(register: Register, row: RowMapping) -> str | None:
    return row_key(register, _columns(register, row))


def _columns(register: Register, row: Any) -> dict[str, Any]:
    """The columns of what is carried."""
    return to_columns(register, _kept(register, row))


def _kept(register: Register, row: Any) -> dict[str, Any]:
    """The values that are carried: all but the fields that each period fills anew, photographs, and computed ones."""
    anew = (*register.fresh, *(each.id for each in register.photo_fields))
    left = {*anew, *(each.id for each in register.fields if each.formula or each.counted)}
    return {name: value for name, value in to_row(register, row).values.items() if name not in left}


def _carried(
    desk: Desk, register: Register, row: Mapping[str, Any], columns: Mapping[str, Any], place: tuple[str, int]
) -> dict[str, Any]:
    period, number = place
    return {
        **row,
        **columns,
        "township_code": row["township_code"],
        "id": str(uuid5(_NAMESPACE, f"{row['id']}\n{period}")),
        "campaign_id": desk.campaign.id,
        "number": number,
        "period": period,
        "row_key": row_key(register, columns),
        "register_version": register.version,
        "state": register.first_state.id if register.round else row["state"],
        "state_reason": None,
        "carried_from": row["id"],
        "issue_id": None,
        "checked_on": None,
        "version": 1,
        "created_by": desk.account.id,
        "created_at": desk.now,
        "changed_at": desk.now,
    }
