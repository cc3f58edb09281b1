"""Invented doubts of rows, and exemptions of them: one approved, the others still to be decided."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from checklist.model import FieldType, Register, RegisterCheck
from checklist.problems import errors_of
from checklist.reading.relative_days import months_later
from checklist.register_periods import period_of
from forms_server.account import Account
from forms_server.desk import Desk
from forms_server.registers import exemption_store, row_listing, row_store
from forms_server.registers.exemption import EXEMPTIBLE
from forms_server.registers.exemption_store import ExemptionRequest
from forms_server.registers.register_row import RegisterRow
from forms_server.registers.row_doubts import found_in
from forms_server.registers.row_listing import RowFilters, SeenRows
from forms_server.registers.row_rules import RuledRegister

_REGISTERS = 3
"""Registers with a doubt."""

_WORDS = "已经入户核对原始材料，情况属实，不用改。"

_NUMBERS = frozenset({FieldType.INTEGER, FieldType.MONEY})


def exempt_doubts(desk: Desk, second: Account) -> None:
    """Let a unit have a doubt in a few registers and ask for its exemption; a second person approves the first."""
    approving, asked = Desk(desk.connection, desk.campaign, second, desk.now), 0
    for register in desk.campaign.registers:
        row = _doubtful(desk, register) if asked < _REGISTERS and not register.survey else None
        for each in found_in(desk, register, [row]) if row else ():
            if row and each.check.level == EXEMPTIBLE:
                made = exemption_store.ask(desk, row, _request(desk, row, each.check))
                if not asked:
                    exemption_store.decide(approving, (made, row), made.version, "", agrees=True)
                asked += 1
                break


def _request(desk: Desk, row: RegisterRow, check: RegisterCheck) -> ExemptionRequest:
    name = str(uuid5(NAMESPACE_URL, f"{row.id}\n{check.id}"))
    reason = next(iter(row.register.exemption_reasons), "")
    return ExemptionRequest(name, check, reason, _WORDS, months_later(desk.now.date(), 12))


def _doubtful(desk: Desk, register: Register) -> RegisterRow | None:
    """A row that is edited so that a rule doubts it and none refuses it; None where one change brings no doubt."""
    doubts = {check.say for check in register.checks if check.level == EXEMPTIBLE}
    filters = RowFilters(period_of(register.period, desk.now.date()))
    rows = row_listing.all_rows(desk.connection, SeenRows(desk.campaign, desk.account, register), filters)
    if not doubts or not rows:
        return None
    row, tried = rows[-1], list(_changes(register, rows[-1].values))
    ruled = RuledRegister(desk.campaign, register, desk.now.date())
    judged = ruled.judge(desk.connection, tried, row.period, [row.state] * len(tried))
    for values, found in zip(tried, judged, strict=True):
        said = {problem.message for problem in found.problems}
        if said & doubts and not errors_of(found.problems):
            return row_store.edit(desk, row, row.version, values)
    return None


def _changes(register: Register, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The values with one number, or one answer, other than it is."""
    for each in register.fields:
        if each.type in _NUMBERS and each.id in values:
            yield {**values, each.id: int(each.min_value or 0)}
        elif each.type is FieldType.YESNO and each.id in values:
            yield {**values, each.id: not values[each.id]}
        elif each.type is FieldType.CHOICE and each.id in values:
            yield {**values, each.id: each.choices[-1].id}
