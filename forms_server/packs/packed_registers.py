"""What a field pack holds of registers: this period's rows in the chosen villages, where its account fills them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import false, or_, select

from checklist.model import Campaign, Register
from checklist.register_periods import period_of
from forms_server.account import Account
from forms_server.db.tables import register_row
from forms_server.desk import Desk
from forms_server.registers.register_row import RegisterRow, to_row
from forms_server.registers.row_listing import RowFilters, SeenRows
from forms_server.registers.row_periods import to_carry
from forms_server.registers.row_scope import keeps_rows

MOST_ROWS = 1500
"""Of all registers of a pack together; as many households fit into one."""


class TooManyRows(Exception):
    """More rows of registers than a pack holds."""


@dataclass(frozen=True)
class PackedRegister:
    """A register in a pack."""

    register: Register
    period: str
    """Of today."""
    rows: Sequence[RegisterRow]
    """Those that have not ended, whether or not the account may write them now."""
    to_carry: int
    """Rows of the period before that are still to be carried into this one, which takes the network."""


def takable(campaign: Campaign, account: Account) -> Sequence[Register]:
    """The registers that an account fills; papers of a survey are never kept on a device."""
    return [each for each in campaign.registers if keeps_rows(campaign, account, each) and not each.survey]


def packed_registers(
    desk: Desk, chosen: Collection[str], villages: Collection[str]
) -> Sequence[PackedRegister]:
    """Rows of the chosen registers in these villages, as far as the account sees them.

    Rows that name no village go along with the accounts that are bound to none.

    Raises:
        TooManyRows: there are more than ``MOST_ROWS``.
    """
    packed, left = [], MOST_ROWS
    for register in takable(desk.campaign, desk.account):
        if register.id in chosen:
            period = period_of(register.period, desk.now.date())
            rows = _rows(desk, register, period, villages, left + 1)
            left -= len(rows)
            if left < 0:
                raise TooManyRows
            waiting = to_carry(desk, register, period) if register.period.repeats else 0
            packed.append(PackedRegister(register, period, rows, waiting))
    return packed


def _rows(
    desk: Desk, register: Register, period: str, villages: Collection[str], most: int
) -> Sequence[RegisterRow]:
    row = register_row.c
    seen = SeenRows(desk.campaign, desk.account, register).parts(RowFilters(period))
    if not seen:
        return []
    nowhere = false() if desk.account.village_code else row.village_code.is_(None)
    here = or_(row.village_code.in_(sorted(villages)), nowhere)
    query = select(register_row).where(or_(*seen), here, ~row.ended).order_by(row.number).limit(most)
    return [to_row(register, each) for each in desk.connection.execute(query).mappings()]
