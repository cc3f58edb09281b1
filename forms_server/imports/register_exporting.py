"""Export of a register's rows to a workbook."""

from collections.abc import Mapping, Sequence

from build_scripts.rules.locked_database import RulesFailed
from build_scripts.workbooks.register_export import ExportedRow, register_book
from build_scripts.workbooks.workbook_values import Book
from checklist.messages import say
from checklist.model import Unit
from forms_server.desk import LookingDesk
from forms_server.households.roster import numbers_of
from forms_server.registers import row_listing
from forms_server.registers.exemption_words import standing_words
from forms_server.registers.register_row import RegisterRow
from forms_server.registers.row_doubts import found_in
from forms_server.registers.row_listing import RowFilters, SeenRows
from forms_server.registers.row_sorting import RowSort


def export(
    desk: LookingDesk,
    seen: SeenRows,
    unit: Unit | None,
    filters: RowFilters,
    *,
    blank: bool = False,
    sort: RowSort | None = None,
) -> Book:
    """Workbook of the rows that an account sees, each with what the checks find in it today.

    Args:
        desk: of the look.
        seen: register, and whose sight it is.
        unit: whose name and villages the workbook carries; None for the whole county.
        filters: what the list is restricted to.
        blank: whether it is the form without rows.
        sort: the column that the list is sorted by; None for the order of places.
    """
    order = {"order": sort.order()} if sort else {}
    rows = [] if blank else row_listing.all_rows(desk.connection, seen, filters, **order)
    doubts = _doubts(desk, seen, rows)
    numbers = numbers_of(desk.connection, [row.household_id for row in rows if row.household_id])
    exported = (
        ExportedRow(
            row.id,
            row.unit_code,
            row.state_words,
            row.checked_on,
            row.values,
            doubts.get(row.id, ""),
            numbers.get(row.household_id or "", ""),
        )
        for row in rows
    )
    return register_book(seen.campaign, unit, seen.register, filters.period, exported)


def _doubts(desk: LookingDesk, seen: SeenRows, rows: Sequence[RegisterRow]) -> Mapping[str, str]:
    """What the checks find in each row that has not ended, in words; exempted doubts with by whom."""
    standing = [row for row in rows if not row.ended]
    if not seen.register.checks or not standing:
        return {}
    try:
        found = found_in(desk, seen.register, standing)
    except RulesFailed:
        return dict.fromkeys((row.id for row in standing), say("rules-failed"))
    words: dict[str, list[str]] = {}
    for each in found:
        for row in each.rows:
            other = each.others.get(row.id)
            said = f"{each.check.say}（{standing_words(other)}）" if other else each.check.say
            words.setdefault(row.id, []).append(said)
        for one in each.exempted:
            words.setdefault(one.row.id, []).append(f"{each.check.say}（{standing_words(one)}）")
    return {row_id: "\n".join(said) for row_id, said in words.items()}
