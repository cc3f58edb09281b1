"""People and filings of the invented county."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select

from checklist.model import Campaign, RecordForm
from checklist.reading.deadlines import Deadline, DeadlineKind
from forms_server.account import Account, Role
from forms_server.db import tables
from forms_server.desk import Desk
from forms_server.move_fields import RECTIFIED_ON, SENDING_BACK, WITHDRAWAL
from forms_server.records import record_rows, record_store
from forms_server.records.move_making import make_move
from forms_server.records.record import Filing, Record
from forms_server.state_moves import REPORT, SEND_BACK, VERIFY, WITHDRAW
from tests.builders import EAST, EAST_WILLOW, OFFICE, WATER, WEST

AUDIT_KEY = b"a key that keeps nothing secret"
MORNING = datetime(2022, 8, 15, 9)
NOON = datetime(2022, 8, 15, 12)


def _account(
    number: int, name: str, unit: str, role: Role, village: str | None = None, inspects: tuple[str, ...] = ()
) -> Account:
    return Account(
        str(UUID(int=number)), name, f"填报员{number}", unit, village, role,
        must_change_password=False, inspects=frozenset(inspects),
    )  # fmt: skip


ACCOUNTS = {
    account.name: account
    for account in (
        _account(1, "east", EAST, Role.REPORTER),
        _account(2, "east-principal", EAST, Role.PRINCIPAL),
        _account(3, "willow", EAST, Role.REPORTER, EAST_WILLOW),
        _account(4, "west", WEST, Role.REPORTER),
        _account(5, "water", WATER, Role.REPORTER),
        _account(6, "office", OFFICE, Role.OFFICE),
        _account(7, "admin", OFFICE, Role.ADMIN),
        _account(8, "department", WATER, Role.DEPARTMENT),
        _account(9, "inspector", OFFICE, Role.INSPECTOR, inspects=(WEST,)),
        _account(10, "inspector-of-none", OFFICE, Role.INSPECTOR),
    )
}

LATE_AUGUST = Deadline(DeadlineKind.MONTH, date(2022, 8, 31), "8月底前")


def record_id(number: int) -> str:
    """An id as a page makes one."""
    return str(UUID(int=1000 + number))


def form_of(campaign: Campaign, form_id: str) -> RecordForm:
    """A record form of the campaign."""
    form = campaign.form_by_id[form_id]
    assert isinstance(form, RecordForm)
    return form


def household_issue(
    campaign: Campaign,
    number: int = 1,
    unit: str = EAST,
    item: str | None = None,
    *,
    different: bool = True,
    **other: Any,
) -> Filing:
    """An issue of a household, as somebody fills it in who says that it is none of those recorded already."""
    values = {
        "township": EAST,
        "village": EAST_WILLOW,
        "householder": "张某某",
        "household_type": "yiban",
        "problem_type": "housing",
        "content": "西屋山墙有裂缝。",
        "measures": "请人鉴定。",
        "responsible_person": "王某某",
        "responsible_unit": "河长办",
        "deadline": LATE_AUGUST,
        "people": 4,
    }
    form = form_of(campaign, "household-issues")
    return Filing(record_id(number), form, unit, {**values, **other}, item, different=different)


def proposed(campaign: Campaign, number: int = 1, *, different: bool = False, **other: Any) -> Filing:
    """A household that a unit proposes."""
    values = {
        "township": EAST,
        "village": EAST_WILLOW,
        "householder": "张某某",
        "household_type": "yiban",
        "people": 4,
        "problem_type": "income",
        "reason": "户主住院。",
        "identified_on": date(2022, 8, 12),
    }
    form = form_of(campaign, "proposed-household")
    return Filing(record_id(number), form, EAST, {**values, **other}, different=different)


def report(desk: Desk, current: Record, version: int, values: Mapping[str, Any], day: date) -> Record:
    """An issue reported rectified."""
    return make_move(desk, REPORT, current, version, {**values, RECTIFIED_ON.id: day})


def verify(desk: Desk, current: Record, version: int) -> Record:
    """A rectified issue closed."""
    return make_move(desk, VERIFY, current, version)


def send_back(desk: Desk, current: Record, version: int, reason: str) -> Record:
    """A rectified issue sent back to its unit."""
    return make_move(desk, SEND_BACK, current, version, {SENDING_BACK.id: reason})


def withdraw(desk: Desk, current: Record, version: int, reason: str) -> Record:
    """A record withdrawn."""
    return make_move(desk, WITHDRAW, current, version, {WITHDRAWAL.id: reason})


def audit_of(engine: Engine, subject_id: str) -> list[tuple[str, dict[str, object]]]:
    """Action and change of a record's audit rows, oldest first."""
    query = select(tables.audit).where(tables.audit.c.subject_id == subject_id).order_by(tables.audit.c.id)
    with engine.connect() as connection:
        return [(row.action, row.change) for row in connection.execute(query)]


def file_record(at: Callable[..., Any], filing: Filing, who: str = "east") -> Record:
    """File a record."""
    with at(who) as desk:
        return record_store.create(desk, filing)


def edit_record(
    at: Callable[..., Any], base: Record, who: str = "east", version: int | None = None, **values: object
) -> Record:
    """Edit a record's current state with a given base version."""
    with at(who, NOON) as desk:
        current = record_rows.get(desk, base.form, base.id)
        return record_store.edit(desk, current, version or base.version, {**base.values, **values})
