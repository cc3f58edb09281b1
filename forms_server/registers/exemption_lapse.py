"""Whether an exemption still holds: derived on every look from what the rule reads now, so that none forgets it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from build_scripts.rules.exemption_basis import basis_of
from build_scripts.rules.form_rulebook import FormRulebook, rulebook
from checklist.model import Register, RegisterCheck
from forms_server.db.tables import account, audit, register_row
from forms_server.desk import LookingDesk
from forms_server.record_digests import SEAL
from forms_server.registers.exemption import STANDING, Exemption, Lapse, LapseCause
from forms_server.registers.register_row import RegisterRow
from forms_server.registers.row_rules import RuledRegister

_NO_CHANGE = frozenset({"confirm", "file_as_issue", "unfit", SEAL})
"""The audit's words for what leaves a row's values as they are."""


def check_of(register: Register, check_id: str) -> RegisterCheck | None:
    """A check of a register; None for one that it has no more."""
    return next((check for check in register.checks if check.id == check_id), None)


def lapse_of(desk: LookingDesk, found: Exemption, row: RegisterRow) -> Lapse | None:
    """Why an exemption does not hold for a row now; None where it does, or has ended otherwise.

    Raises:
        RulesFailed: time or memory ran out.
    """
    ruled = RuledRegister(desk.campaign, row.register, desk.now.date())
    given = ruled.given_now(desk.connection, row)
    return told(desk, found, row, lapse(desk, found, row, given))


def lapse(desk: LookingDesk, found: Exemption, row: RegisterRow, given: Mapping[str, Any]) -> Lapse | None:
    """The same with what the rules read of the row at hand, and without by whom and when."""
    if found.state not in STANDING:
        return None
    check = check_of(row.register, found.check_id)
    if check is None:
        return Lapse(LapseCause.RULE)
    book = rulebook(desk.campaign, row.register)
    basis = basis_of(book, check.id, given, found.id)
    if basis.rule != found.basis.rule:
        return Lapse(LapseCause.RULE)
    if changed := found.basis.changed(basis):
        return Lapse(LapseCause.DATA, labels(book, changed))
    return Lapse(LapseCause.DAY) if found.until < desk.now.date() else None


def labels(book: FormRulebook, names: Iterable[str]) -> tuple[str, ...]:
    """What people call columns that a rule reads."""
    return tuple(dict.fromkeys(book.label_of(name) for name in names))


def told(desk: LookingDesk, found: Exemption, row: RegisterRow, lapsed: Lapse | None) -> Lapse | None:
    """A lapse by a change of data, with who made the last one among the rows that the rule reads, and when."""
    if lapsed is None or lapsed.cause is not LapseCause.DATA:
        return lapsed
    ruled = RuledRegister(desk.campaign, row.register, desk.now.date())
    ids = [row.id, *ruled.rows_read(desk.connection, row)]
    last = _last_change(desk.connection, ids, found.asked_at)
    return replace(lapsed, by=last[0], at=last[1]) if last else lapsed


def _last_change(connection: Connection, ids: Sequence[str], since: datetime) -> tuple[str, datetime] | None:
    query = (
        select(account.c.display_name, account.c.name, audit.c.at, audit.c.account_id)
        .join_from(audit, account, account.c.id == audit.c.account_id, isouter=True)
        .where(audit.c.subject == register_row.name, audit.c.subject_id.in_(ids))
        .where(audit.c.at >= since, audit.c.action.not_in(_NO_CHANGE))
        .order_by(audit.c.id.desc())
    )
    found = connection.execute(query.limit(1)).first()
    if found is None:
        return None
    return (found.display_name or found.name or "后台命令"), found.at
