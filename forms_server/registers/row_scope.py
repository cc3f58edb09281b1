"""Who sees and who writes which rows of a register.

The office sees all, an inspector the units assigned to it, and the register's owner (一数一源) all rows of it. A
township sees what lies in it, someone bound to a village that village's rows, and every other unit
the rows that it keeps. The papers of a survey are read by its owner and the office alone: who fills them in knows
whom the lot has drawn, and would see who answered what. Rows are written by the units that fill the register, in their
place, and by its owner.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, false, or_, true

from checklist.model import Campaign, Register, RoundStep
from forms_server.access import FILERS, READERS
from forms_server.account import Account
from forms_server.db.tables import register_row
from forms_server.registers.register_row import RegisterRow
from forms_server.scope import in_township, sees_all

_row = register_row.c


def visible_rows(campaign: Campaign, account: Account, register: Register) -> ColumnElement[bool]:
    """The condition that a query on a register's rows carries for an account."""
    return or_(false(), *visible_ranges(campaign, account, register))


def visible_ranges(campaign: Campaign, account: Account, register: Register) -> Sequence[ColumnElement[bool]]:
    """The condition split into disjoint parts, each one range of an index."""
    return place_ranges(campaign, account, register) if reads_rows(account, register) else []


def reads_rows(account: Account, register: Register) -> bool:
    """Whether an account reads the rows of its places one by one; a survey's papers are read by few."""
    return register.survey is None or sees_all(account) or account.unit_code == register.owner


def place_ranges(campaign: Campaign, account: Account, register: Register) -> Sequence[ColumnElement[bool]]:
    """The rows of an account's places, as figures count them, whether it reads them or not."""
    if account.role not in READERS:
        return []
    if account.reads_assigned_units:
        codes = sorted(account.inspects)
        return [or_(_row.unit_code.in_(codes), _row.township_code.in_(codes))] if codes else []
    if account.village_code:
        return [_row.village_code == account.village_code]
    if sees_all(account) or account.unit_code == register.owner:
        return [true()]
    if in_township(campaign, account):
        return [_row.township_code == account.unit_code]  # what it keeps lies in it
    return [_row.unit_code == account.unit_code]


def keeps_rows(campaign: Campaign, account: Account, register: Register) -> bool:
    """Whether an account makes rows of a register: its unit fills it."""
    return account.role in FILERS and account.unit_code in filling_units(campaign, register)


def filling_units(campaign: Campaign, register: Register) -> frozenset[str]:
    """Codes of the units that fill a register."""
    return frozenset(unit.code for reference in register.filled_by for unit in campaign.members(reference))


def may_write_row(campaign: Campaign, account: Account, row: RegisterRow) -> bool:
    """Whether an account may change a row that it sees."""
    if account.role not in FILERS or row.register.survey:
        return False  # a survey's papers stay as they were stored
    if not reaches(campaign, account, row.register, row.state):
        return False
    if account.village_code:
        return (
            account.unit_code in {row.unit_code, row.township_code}
            and account.village_code == row.village_code
        )
    owns = account.unit_code == row.register.owner
    here = keeps_rows(campaign, account, row.register) and account.unit_code in {
        row.unit_code,
        row.township_code,
    }
    return owns or here


def reaches(campaign: Campaign, account: Account, register: Register, state_id: str) -> bool:
    """Whether an account may touch rows of a state, or put them into it: no step of a round above its own was taken."""
    return register.round is None or register.round.stage(state_id) <= _own_stage(campaign, account, register)


def takes_step(campaign: Campaign, account: Account, register: Register, step: RoundStep) -> bool:
    """Whether a step of the register's round is an account's own."""
    own = _OWN_LEVEL[step.level]
    return account.role in FILERS and own(campaign, account, register)


def _own_stage(campaign: Campaign, account: Account, register: Register) -> int:
    steps = register.round.steps if register.round else ()
    own = [place for place, step in enumerate(steps, 1) if takes_step(campaign, account, register, step)]
    return max(own, default=0)


def _as_village(campaign: Campaign, account: Account, register: Register) -> bool:
    return keeps_rows(campaign, account, register)


def _as_township(campaign: Campaign, account: Account, register: Register) -> bool:
    return keeps_rows(campaign, account, register) and not account.village_code


def _as_owner(_: Campaign, account: Account, register: Register) -> bool:
    return account.unit_code == register.owner and not account.village_code


_OWN_LEVEL = {"village": _as_village, "township": _as_township, "county": _as_owner}
"""By the level of a step."""
