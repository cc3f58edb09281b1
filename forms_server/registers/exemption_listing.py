"""Exemptions of rows that an account sees, as they stand today; a carried row inherits those of earlier periods."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, and_, func, or_, select

from checklist.model import Register
from forms_server.db.tables import exemption, register_row
from forms_server.desk import LookingDesk
from forms_server.registers.exemption import (
    STANDING,
    Exemption,
    ExemptionState,
    StandingExemption,
    to_exemption,
)
from forms_server.registers.exemption_lapse import check_of, lapse, lapse_of, told
from forms_server.registers.exemption_store import all_of_row, exemptions
from forms_server.registers.register_row import RegisterRow, of_register, to_row
from forms_server.registers.row_listing import SeenRows
from forms_server.registers.row_rules import RuledRegister

_it, _row = exemption.c, register_row.c

Found = Mapping[tuple[str, str], StandingExemption]
"""By row and check."""


def standing_of(
    desk: LookingDesk, register: Register, rows: Sequence[RegisterRow], given: Sequence[Mapping[str, object]]
) -> Found:
    """The exemption that counts for each row and check: one that holds, else one that is asked for, else a lapsed one.

    Args:
        desk: of the look.
        register: of the rows.
        rows: those that are judged.
        given: what the rules read of each.
    """
    by_row = _inherited(desk, register, {row.id for row in rows})
    found: dict[tuple[str, str], StandingExemption] = {}
    for row, one in zip(rows, given, strict=True):
        for each in by_row.get(row.id, ()):
            seen = _today(desk, each, row, one)
            best = found.get((row.id, each.check_id))
            if best is None or _rank(seen) > _rank(best):
                found[row.id, each.check_id] = seen
    return found


def _rank(each: StandingExemption) -> tuple[int, str]:
    order = [ExemptionState.LAPSED, ExemptionState.PENDING, ExemptionState.APPROVED]
    return order.index(each.state), each.exemption.asked_at.isoformat()


def _today(
    desk: LookingDesk, found: Exemption, row: RegisterRow, given: Mapping[str, object]
) -> StandingExemption:
    lapsed = told(desk, found, row, lapse(desk, found, row, given))
    return StandingExemption(found, row, check_of(row.register, found.check_id), lapsed)


def _inherited(desk: LookingDesk, register: Register, ids: Collection[str]) -> dict[str, list[Exemption]]:
    """Exemptions that were asked for or approved, by the rows that they are of or that were carried from these."""
    standing = [state.value for state in STANDING]
    of = of_register(desk.campaign, register, exemption), _it.state.in_(standing)
    stored = {
        row["id"]: to_exemption(row) for row in desk.connection.execute(exemptions().where(*of)).mappings()
    }
    if not stored:
        return {}
    heirs = select(_it.id.label("exemption_id"), _it.row_id).where(*of).cte("heirs", recursive=True)
    later = register_row.alias("later")
    heirs = heirs.union_all(
        select(heirs.c.exemption_id, later.c.id).where(later.c.carried_from == heirs.c.row_id)
    )
    found: dict[str, list[Exemption]] = {}
    for exemption_id, row_id in desk.connection.execute(select(heirs)):
        if row_id in ids:
            found.setdefault(row_id, []).append(stored[exemption_id])
    return found


def past_exemptions(desk: LookingDesk, row: RegisterRow) -> Sequence[StandingExemption]:
    """The exemptions of a row that do not count any more, the latest first.

    Raises:
        RulesFailed: time or memory ran out.
    """
    of_row = [
        StandingExemption(each, row, check_of(row.register, each.check_id), lapse_of(desk, each, row))
        for each in all_of_row(desk, row)
    ]
    return [each for each in of_row if each.state not in STANDING]


def exemptions_of(desk: LookingDesk, seen: SeenRows) -> Sequence[StandingExemption]:
    """The register's ledger of exemptions: all of the rows that the account sees, those that wait first.

    Raises:
        RulesFailed: time or memory ran out.
    """
    register = seen.register
    sight = or_(*seen.ranges) if seen.ranges else None
    if sight is None:
        return []
    of = and_(of_register(desk.campaign, register, exemption), sight)
    query = exemptions().join(register_row, _row.id == _it.row_id).where(of)
    found = [
        to_exemption(row) for row in desk.connection.execute(query.order_by(_it.asked_at.desc())).mappings()
    ]
    rows = _rows(desk.connection, register, [each.row_id for each in found])
    ruled = RuledRegister(desk.campaign, register, desk.now.date())
    listed = list(rows.values())
    given = dict(zip(rows, ruled.all_given_now(desk.connection, listed), strict=True))
    today = [_today(desk, each, rows[each.row_id], given[each.row_id]) for each in found]
    return sorted(today, key=lambda each: each.state is not ExemptionState.PENDING)


def _rows(connection: Connection, register: Register, ids: Sequence[str]) -> dict[str, RegisterRow]:
    query = select(register_row).where(_row.id.in_(sorted(set(ids))))
    return {row["id"]: to_row(register, row) for row in connection.execute(query).mappings()}


def waiting_for(connection: Connection, seen: SeenRows) -> int:
    """How many exemptions of rows that the account sees wait for a decision."""
    if not seen.ranges:
        return 0
    of = of_register(seen.campaign, seen.register, exemption)
    query = select(func.count()).select_from(exemption).join(register_row, _row.id == _it.row_id)
    pending = _it.state == ExemptionState.PENDING.value
    return connection.execute(query.where(of, pending, or_(*seen.ranges))).scalar_one()
