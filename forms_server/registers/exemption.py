"""An exemption (豁免): a doubt of a row that a second person agreed to leave, for the values that its rule read."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping

from build_scripts.rules.exemption_basis import ExemptionBasis
from checklist.model import Campaign, RegisterCheck
from forms_server.access import FILERS
from forms_server.account import Account
from forms_server.registers.register_row import RegisterRow
from forms_server.registers.row_scope import may_write_row
from forms_server.scope import sees_all

EXEMPTIBLE = "doubt"
"""The level of checks that can be exempted: an error is to be mended, a missed deadline to be met."""

MOST_MONTHS = 12
"""How long one holds at most, from the day on which it is asked for."""


class ExemptionState(StrEnum):
    """How an exemption stands; ``LAPSED`` is found on every look and stored when it is asked for anew."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"

    @property
    def label(self) -> str:
        """What people call it."""
        return _LABELS[self]


_LABELS = {
    ExemptionState.PENDING: "待批准",
    ExemptionState.APPROVED: "已豁免",
    ExemptionState.REFUSED: "不同意",
    ExemptionState.WITHDRAWN: "已撤回",
    ExemptionState.LAPSED: "已失效",
}

STANDING = (ExemptionState.PENDING, ExemptionState.APPROVED)
"""Stored states of which a row has one for each check at most."""


class LapseCause(StrEnum):
    """Why an exemption does not hold any more."""

    DATA = "data"
    RULE = "rule"
    DAY = "day"

    @property
    def label(self) -> str:
        """The words after 豁免已失效."""
        return _CAUSES[self]


_CAUSES = {
    LapseCause.DATA: "数据改动",
    LapseCause.RULE: "核对规则改动",
    LapseCause.DAY: "到期",
}


@dataclass(frozen=True)
class Lapse:
    """Why, and by whom and when as far as that is known."""

    cause: LapseCause
    labels: tuple[str, ...] = ()
    """Of the columns that changed."""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Exemption:
    """A stored exemption, with the names of those who asked, decided and ended it."""

    id: str
    register_id: str
    row_id: str
    check_id: str
    reason: str | None
    words: str
    until: date
    basis: ExemptionBasis
    state: ExemptionState
    asked_by: str
    asked_at: datetime
    answer: str | None
    decided_by: str | None
    decided_at: datetime | None
    ended_at: datetime | None
    version: int
    asker: str
    asker_unit: str
    decider: str
    ender: str

    @property
    def reasons(self) -> str:
        """The chosen reason and the words."""
        return f"{self.reason}：{self.words}" if self.reason else self.words


def to_exemption(row: RowMapping) -> Exemption:
    """Build an exemption from a row of ``exemption_store``'s queries."""
    basis = ExemptionBasis(row["rule_digest"], row["read_digest"])
    made: dict[str, Any] = {"state": ExemptionState(row["state"]), "basis": basis}
    for who in ("asker", "decider", "ender"):
        made[who] = row[f"{who}_shown"] or row[f"{who}_name"] or ""
    stored = {name: row[name] for name in Exemption.__annotations__ if name not in made}
    return Exemption(**stored, **made)


@dataclass(frozen=True)
class StandingExemption:
    """An exemption as it stands today for one row; that may be a later period's, to which the row was carried."""

    exemption: Exemption
    row: RegisterRow
    check: RegisterCheck | None
    """None for one that the register has no more."""
    lapse: Lapse | None = None

    @property
    def state(self) -> ExemptionState:
        """The state today."""
        return ExemptionState.LAPSED if self.lapse else self.exemption.state

    @property
    def holds(self) -> bool:
        """Whether the doubt is exempted."""
        return self.state is ExemptionState.APPROVED


def may_ask(campaign: Campaign, account: Account, row: RegisterRow) -> bool:
    """Whether an account may ask for an exemption: whoever may correct the row."""
    return may_write_row(campaign, account, row)


def decides(account: Account, register_owner: str) -> bool:
    """Whether an account decides on exemptions of a register: its owner (一数一源), or the office."""
    owns = account.role in FILERS and account.unit_code == register_owner and not account.village_code
    return owns or sees_all(account)


def is_second_person(account: Account, found: Exemption) -> bool:
    """Whether an account is another person than the one who asked: also by name, within a unit."""
    same = account.display_name, account.unit_code
    same_name = bool(account.display_name) and same == (found.asker, found.asker_unit)
    return account.id != found.asked_by and not same_name
