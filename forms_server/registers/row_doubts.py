"""What the checks of a register find among its rows today: derived on every look, never stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from build_scripts.rules.form_rulebook import rulebook
from checklist.model import RegisterCheck
from forms_server.desk import Desk
from forms_server.registers import row_listing
from forms_server.registers.register_row import RegisterRow
from forms_server.registers.row_listing import RowFilters, SeenRows
from forms_server.registers.row_rules import RuledRegister


@dataclass(frozen=True)
class FoundRows:
    """A check with the rows where it holds."""

    check: RegisterCheck
    rows: Sequence[RegisterRow]


def found_rows(desk: Desk, seen: SeenRows, filters: RowFilters) -> list[FoundRows]:
    """Each check of a register that holds for rows of a list, in the register's order; ended rows are left out.

    Raises:
        RulesFailed: time or memory ran out.
    """
    register = seen.register
    if not register.checks:
        return []
    rows = [row for row in row_listing.all_rows(desk.connection, seen, filters) if not row.ended]
    ruled = RuledRegister(desk.campaign, register, desk.now.date())
    verdicts = rulebook(desk.campaign, register).evaluate(
        ruled.given_stored(desk.connection, rows), ruled.today
    )
    found: dict[str, list[RegisterRow]] = {}
    for row, verdict in zip(rows, verdicts, strict=True):
        for check in verdict.checks:
            found.setdefault(check.id, []).append(row)
    return [FoundRows(check, found[check.id]) for check in register.checks if check.id in found]
