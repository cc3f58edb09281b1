"""Exemptions asked for, decided and withdrawn: each step is authorized and leaves one audit row.

All functions run in the caller's transaction. Ids are made with the page, so that asking is idempotent; whoever decides
names the version that was seen, and decides only about a row that still is as it was when the exemption was asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, select, update

from build_scripts.rules.exemption_basis import ExemptionBasis, basis_of
from build_scripts.rules.form_rulebook import rulebook
from checklist.model import Register, RegisterCheck
from forms_server import audit
from forms_server.db.tables import account, exemption
from forms_server.desk import Desk, LookingDesk, NotAllowed, NotFound
from forms_server.records.record_rows import insert_once
from forms_server.registers.exemption import (
    EXEMPTIBLE,
    STANDING,
    Exemption,
    ExemptionState,
    Lapse,
    decides,
    is_second_person,
    may_ask,
    to_exemption,
)
from forms_server.registers.exemption_lapse import lapse_of
from forms_server.registers.register_row import RegisterRow, of_register
from forms_server.registers.row_rules import RuledRegister
from forms_server.registers.row_store import get

_it = exemption.c

ASK, APPROVE, REFUSE, WITHDRAW, LAPSE = "ask", "approve", "refuse", "withdraw", "lapse"
"""The audit's words."""


@dataclass(frozen=True)
class ExemptionRequest:
    """An exemption as it is asked for."""

    id: str
    check: RegisterCheck
    reason: str
    words: str = field(repr=False)
    until: date


class ExemptionStands(Exception):
    """One has been asked for or approved already, or was decided meanwhile; ``current`` is that one."""

    def __init__(self, current: Exemption) -> None:
        super().__init__(current.id)
        self.current = current


class ExemptionLapsed(Exception):
    """What the rule reads, or the rule, changed since the exemption was asked for: there is nothing to approve."""

    def __init__(self, lapse: Lapse) -> None:
        super().__init__(lapse.cause)
        self.lapse = lapse


def exemptions() -> Select[Any]:
    """The query of exemptions with the names that ``to_exemption`` takes."""
    people = {"asker": "asked_by", "decider": "decided_by", "ender": "ended_by"}
    query = select(exemption)
    for name, column in people.items():
        person = account.alias(name)
        query = query.add_columns(
            person.c.display_name.label(f"{name}_shown"),
            person.c.name.label(f"{name}_name"),
            person.c.unit_code.label(f"{name}_unit"),
        ).outerjoin(person, person.c.id == _it[column])
    return query


def find(desk: Desk, register: Register, exemption_id: str) -> tuple[Exemption, RegisterRow]:
    """An exemption with its row.

    Raises:
        NotFound: no such exemption of the register, or outside the account's scope.
    """
    of = _it.id == exemption_id, of_register(desk.campaign, register, exemption)
    found = desk.connection.execute(exemptions().where(*of)).mappings().first()
    if found is None:
        raise NotFound(exemption_id)
    return to_exemption(found), get(desk, register, found["row_id"])


def basis_today(desk: Desk, row: RegisterRow, check: RegisterCheck, salt: str) -> ExemptionBasis:
    """What an exemption of a row from a check rests on now."""
    ruled = RuledRegister(desk.campaign, row.register, desk.now.date())
    given = ruled.given_now(desk.connection, row)
    return basis_of(rulebook(desk.campaign, row.register), check.id, given, salt)


def ask(desk: Desk, row: RegisterRow, asked: ExemptionRequest) -> Exemption:
    """Ask for an exemption. Idempotent: the same request returns the stored one.

    One that stood and has lapsed is ended by it.

    Raises:
        NotAllowed: the account may not write the row, or the check is none that can be exempted.
        ExemptionStands: one stands already.
        RulesFailed: time or memory ran out.
    """
    if not may_ask(desk.campaign, desk.account, row):
        raise NotAllowed("这一行不由您的账号填，不能申请豁免：由登记它的单位，或者对这本台账负责的单位申请。")
    if asked.check.level != EXEMPTIBLE:
        raise NotAllowed("只有疑点可以豁免：差错要改正，逾期的要补办。")
    stored = _stored(desk, _it.id == asked.id)
    if stored:
        if (stored.row_id, stored.check_id, stored.asked_by) != (row.id, asked.check.id, desk.account.id):
            raise ExemptionStands(stored)
        return stored
    _end_lapsed(desk, row, asked.check)
    basis = basis_today(desk, row, asked.check, asked.id)
    columns = {
        "id": asked.id,
        "campaign_id": desk.campaign.id,
        "register_id": row.register.id,
        "row_id": row.id,
        "check_id": asked.check.id,
        "reason": asked.reason or None,
        "words": asked.words,
        "until": asked.until,
        "rule_digest": basis.rule,
        "read_digest": dict(basis.values),
        "state": ExemptionState.PENDING.value,
        "asked_by": desk.account.id,
        "asked_at": desk.now,
        "version": 1,
    }
    insert_once(desk.connection, exemption, columns)
    audit.record(
        desk.connection, desk.now, desk.author, exemption.name, asked.id, ASK, {"check": asked.check.id}
    )
    return _reread(desk, asked.id)


def decide(
    desk: Desk, found: tuple[Exemption, RegisterRow], base_version: int, answer: str, *, agrees: bool
) -> Exemption:
    """Approve or refuse an exemption, as a second person.

    Raises:
        NotAllowed: the account does not decide, or asked itself.
        ExemptionStands: somebody decided meanwhile, or it was withdrawn.
        ExemptionLapsed: it may not be approved, since what it rests on changed meanwhile.
        RulesFailed: time or memory ran out.
    """
    asked, row = found
    if not decides(desk.account, row.register.owner):
        raise NotAllowed("豁免由对这本台账负责的单位批准，或者由办公室批准。")
    if not is_second_person(desk.account, asked):
        raise NotAllowed("不能批准自己申请的豁免，请由另一个人批准。")
    state = ExemptionState.APPROVED if agrees else ExemptionState.REFUSED
    if asked.state is state and asked.decided_by == desk.account.id:
        return asked  # sent again
    if asked.state is not ExemptionState.PENDING:
        raise ExemptionStands(asked)
    lapse = lapse_of(desk, asked, row)
    if agrees and lapse:
        raise ExemptionLapsed(lapse)
    decided = {"answer": answer or None, "decided_by": desk.account.id, "decided_at": desk.now}
    return _change(desk, asked, base_version, decided | {"state": state.value}, APPROVE if agrees else REFUSE)


def withdraw(desk: Desk, found: tuple[Exemption, RegisterRow], base_version: int) -> Exemption:
    """Take an exemption back, whether it was approved or not: the doubt stands again. Idempotent.

    Raises:
        NotAllowed: the account neither asked for it nor decides about it.
        ExemptionStands: it changed since, or is over.
    """
    asked, row = found
    if desk.account.id != asked.asked_by and not decides(desk.account, row.register.owner):
        raise NotAllowed("豁免由申请的人撤回，或者由对这本台账负责的单位、办公室撤回。")
    if asked.state is ExemptionState.WITHDRAWN:
        return asked
    if asked.state not in STANDING:
        raise ExemptionStands(asked)
    ended = {"state": ExemptionState.WITHDRAWN.value, "ended_by": desk.account.id, "ended_at": desk.now}
    return _change(desk, asked, base_version, ended, WITHDRAW)


def _end_lapsed(desk: Desk, row: RegisterRow, check: RegisterCheck) -> None:
    """End the one that stands if it has lapsed; ExemptionStands if it has not."""
    standing = [state.value for state in STANDING]
    stands = _stored(desk, _it.row_id == row.id, _it.check_id == check.id, _it.state.in_(standing))
    if stands is None:
        return
    lapse = lapse_of(desk, stands, row)
    if lapse is None:
        raise ExemptionStands(stands)
    ended = {"state": ExemptionState.LAPSED.value, "ended_by": desk.account.id, "ended_at": desk.now}
    _change(desk, stands, stands.version, ended, LAPSE, {"why": lapse.cause.value, "fields": [*lapse.labels]})


def _change(
    desk: Desk,
    before: Exemption,
    base_version: int,
    columns: Mapping[str, Any],
    action: str,
    what: Mapping[str, Any] | None = None,
) -> Exemption:
    """Update an exemption under optimistic locking, and append its audit row."""
    audit.note_unfit(desk.connection, desk.now, desk.author, exemption.name, [before.id])
    statement = update(exemption).where(_it.id == before.id, _it.version == base_version)
    values = {**columns, "version": base_version + 1}
    if desk.connection.execute(statement.values(values)).rowcount != 1:
        raise ExemptionStands(_reread(desk, before.id))
    audit.record(desk.connection, desk.now, desk.author, exemption.name, before.id, action, what or {})
    return _reread(desk, before.id)


def _reread(desk: Desk, exemption_id: str) -> Exemption:
    found = _stored(desk, _it.id == exemption_id)
    if found is None:
        raise NotFound(exemption_id)
    return found


def _stored(desk: Desk, *conditions: Any) -> Exemption | None:
    found = desk.connection.execute(exemptions().where(*conditions)).mappings().first()
    return to_exemption(found) if found else None


def all_of_row(desk: LookingDesk, row: RegisterRow) -> Sequence[Exemption]:
    """All exemptions of a row, the latest first, whatever became of them."""
    query = exemptions().where(_it.row_id == row.id).order_by(_it.asked_at.desc(), _it.id)
    return [to_exemption(found) for found in desk.connection.execute(query).mappings()]
