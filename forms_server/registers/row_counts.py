"""The counts of a register over the rows that an account sees: of all, and of each township."""

from collections.abc import Mapping

from build_scripts.rules.register_figures import Counts, register_counts
from forms_server.desk import Desk
from forms_server.registers import row_listing
from forms_server.registers.row_listing import RowFilters, SeenRows
from forms_server.registers.row_rules import RuledRegister


def counts_by_township(
    desk: Desk, seen: SeenRows, filters: RowFilters
) -> tuple[Counts, Mapping[str, Counts]]:
    """Return the counts over a list's rows that have not ended, and by the township's code ("" without one).

    Raises:
        RulesFailed: time or memory ran out.
    """
    rows = [row for row in row_listing.all_rows(desk.connection, seen, filters) if not row.ended]
    ruled = RuledRegister(desk.campaign, seen.register, desk.now.date())
    given = ruled.given_stored(desk.connection, rows)
    places = [row.township_code or "" for row in rows]
    return register_counts(
        desk.campaign, seen.register, list(zip(places, given, strict=True)), desk.now.date()
    )
