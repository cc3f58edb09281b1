"""Invented exemptions of doubts: one approved, the others still to be decided."""

from uuid import NAMESPACE_URL, uuid5

from checklist.reading.relative_days import months_later
from checklist.register_periods import period_of
from forms_server.account import Account
from forms_server.desk import Desk
from forms_server.registers import exemption_store
from forms_server.registers.exemption import EXEMPTIBLE
from forms_server.registers.exemption_store import ExemptionRequest
from forms_server.registers.row_doubts import found_rows
from forms_server.registers.row_listing import RowFilters, SeenRows

_WORDS = "已经入户核对原始材料，情况属实，不用改。"


def exempt_doubts(desk: Desk, second: Account) -> None:
    """Let a unit ask for an exemption of the first doubt of each register; a second person approves the first."""
    approving = Desk(desk.connection, desk.campaign, second, desk.now)
    asked = 0
    for register in desk.campaign.registers:
        period = period_of(register.period, desk.now.date())
        for each in found_rows(desk, SeenRows(desk.campaign, desk.account, register), RowFilters(period)):
            if each.check.level == EXEMPTIBLE and each.rows:
                until = months_later(desk.now.date(), 12)
                reason = next(iter(register.exemption_reasons), "")
                row, name = each.rows[0], str(uuid5(NAMESPACE_URL, f"{each.rows[0].id}\n{each.check.id}"))
                made = exemption_store.ask(
                    desk, row, ExemptionRequest(name, each.check, reason, _WORDS, until)
                )
                if not asked:
                    exemption_store.decide(approving, (made, row), made.version, "", agrees=True)
                asked += 1
                break
