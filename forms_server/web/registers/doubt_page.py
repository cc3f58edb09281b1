"""The page of what a register's checks find: by check, with the rows."""

from flask import abort, g, render_template

from build_scripts.rules.locked_database import RulesFailed
from checklist.messages import say
from forms_server.db.tables import register_row
from forms_server.registers.row_doubts import FoundRows, found_rows
from forms_server.registers.row_listing import RowFilters
from forms_server.registers.row_scope import reads_rows
from forms_server.registers.row_sorting import MOST_SORTED, few_enough
from forms_server.web.read_names import note_read
from forms_server.web.records.requested_record import desk
from forms_server.web.registers.register_list_page import asked_filters
from forms_server.web.registers.requested_register import (
    asked_register,
    blueprint,
    offered_periods,
    row_title,
    seen_rows,
)

MOST_ROWS = 50
"""Rows of a check that are shown."""

LEVELS = {"error": "差错", "doubt": "疑点", "late": "逾期"}


@blueprint.get("/<register_id>/doubts")
def doubts(register_id: str) -> str:
    """List what the checks find among the rows of a period that the account sees; of a place, where it says so.

    Rows that are too many for one look are not read: a place is chosen first.
    """
    register = asked_register(register_id)
    if not reads_rows(g.account, register):
        abort(404)
    asked, failed = asked_filters(register), ""
    filters = RowFilters(asked.period, asked.township_code, asked.village_code)
    found = list[FoundRows]()
    with desk() as at:
        periods = offered_periods(at, register, filters.period)
        few = few_enough(at.connection, seen_rows(register).parts(filters))
        try:
            found = found_rows(at, seen_rows(register), filters) if few else []
        except RulesFailed:
            failed = say("rules-failed")
    shown = [row for each in found for row in each.rows[:MOST_ROWS]]
    shown += [one.row for each in found for one in each.exempted[:MOST_ROWS]]
    note_read(register_row.name, [(row.id, row.unit_code) for row in shown])
    return render_template(
        "registers/doubts.html",
        form=register,
        found=found,
        exempted=sum(len(each.exempted) for each in found),
        failed=failed,
        too_many=0 if few else MOST_SORTED,
        filters=filters,
        periods=periods,
        levels=LEVELS,
        most_rows=MOST_ROWS,
        row_title=row_title,
    )
