"""Invented rows of registers: the examples of their fields, in a few villages, and the next period opened."""

from uuid import NAMESPACE_URL, uuid5

from checklist.model import FieldType, Register, Unit
from checklist.register_periods import period_before, period_of
from checklist.values.judge import Context, check_record
from forms_server.desk import Desk
from forms_server.registers import row_periods, row_store
from forms_server.registers.row_content import RowFiling
from forms_server.registers.row_scope import keeps_rows

_VILLAGES = 3
"""Of a township: each has a row of each register."""


def keep_registers(desk: Desk, unit: Unit) -> None:
    """Let a unit keep the registers that it fills: last period's rows, carried over and not yet confirmed."""
    context = Context(desk.campaign, unit, desk.now.date())
    # What others refer to comes first: their formulas read it.
    for register in sorted(desk.campaign.registers, key=lambda each: bool(each.links)):
        if keeps_rows(desk.campaign, desk.account, register):
            choose = period_of if register.survey else period_before  # papers are of the period that is open
            period = choose(register.period, desk.now.date())
            for number, village in enumerate(unit.villages[:_VILLAGES], 1):
                _add(desk, context, register, period, (number, village.code))
            if register.period.repeats:
                row_periods.open_period(desk, register, period_of(register.period, desk.now.date()))


def _add(desk: Desk, context: Context, register: Register, period: str, place: tuple[int, str]) -> None:
    """Store the row that the examples make, if the register's own judge takes them."""
    number, village_code = place
    raw = {each.id: each.example for each in register.fields}
    for each in register.fields:
        if each.type is FieldType.VILLAGE:
            raw[each.id] = village_code
        elif each.type is FieldType.TOWNSHIP:
            raw[each.id] = ""
        elif register.one_row_per == (each.id,) or each.type is FieldType.REFERENCE:
            raw[each.id] = f"{each.example}{number}"
    checked = check_record(register, raw, context)
    if not checked.errors:
        row_id = str(uuid5(NAMESPACE_URL, f"{register.id}\n{village_code}"))
        row_store.create(desk, RowFiling(row_id, register, period, desk.account.unit_code, checked.values))
