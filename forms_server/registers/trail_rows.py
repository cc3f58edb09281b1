"""The rows that money trails add up: those that an account sees, of a year and the years beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from build_scripts.rules.field_columns import PERIOD, ROW_STATE
from build_scripts.rules.money_trails import (
    ShareLine,
    Sums,
    TrailLine,
    TrailRow,
    share_lines,
    step_sums,
    trail_lines,
)
from checklist.model import Register, ShareRule, Trail
from checklist.register_periods import ALWAYS
from forms_server.db.tables import register_row
from forms_server.desk import Desk
from forms_server.registers.register_row import of_register, to_row
from forms_server.registers.row_scope import visible_rows

_row = register_row.c


@dataclass(frozen=True)
class FollowedTrail:
    """A trail with its lines of a year."""

    trail: Trail
    lines: Sequence[TrailLine]

    @property
    def broken(self) -> list[TrailLine]:
        """The lines with steps that differ."""
        return [line for line in self.lines if line.breaks]


@dataclass(frozen=True)
class FollowedMoney:
    """All trails and shares of a year, as an account sees them."""

    trails: Sequence[FollowedTrail]
    shares: Sequence[tuple[ShareRule, Sequence[ShareLine]]]


def follow(desk: Desk, year: int) -> FollowedMoney:
    """Follow every trail of the campaign through a year.

    Rows that have ended, or that name no village, count nowhere.

    Raises:
        RulesFailed: time or memory ran out.
    """
    found = desk.campaign.trails
    registers = {step.rows_of for step in found.steps}
    rows = {name: _rows(desk, desk.campaign.register_by_id[name], year) for name in sorted(registers)}
    sums: Mapping[str, Sums] = {
        step.id: step_sums(desk.campaign, step, rows[step.rows_of], desk.now.date()) for step in found.steps
    }
    return FollowedMoney(
        [FollowedTrail(trail, trail_lines(trail, sums, year)) for trail in found.trails],
        [(rule, share_lines(rule, sums, year)) for rule in found.shares],
    )


def _rows(desk: Desk, register: Register, year: int) -> list[TrailRow]:
    """The rows that may belong to a month of the year: December's wages may be booked in the next one."""
    near = _row.period.between(f"{year - 1}", f"{year + 1}~")
    query = select(register_row).where(
        of_register(desk.campaign, register),
        or_(_row.period == ALWAYS, near),
        ~_row.ended,
        _row.village_code.is_not(None),
        visible_rows(desk.campaign, desk.account, register),
    )
    return [
        TrailRow(
            row.id,
            row.number,
            row.village_code or "",
            {**row.values, PERIOD: row.period, ROW_STATE: row.state},
        )
        for row in (
            to_row(register, stored)
            for stored in desk.connection.execute(query.order_by(_row.number)).mappings()
        )
    ]
