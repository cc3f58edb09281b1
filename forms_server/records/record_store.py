"""Making and editing records: every change passes the one gate and leaves one audit row.

All functions take part in the caller's transaction and never end it. A record's id is made by whoever fills in the
form, so that a resend is the same record; an edit names the version it started from, so that none is overwritten
unseen. Excel import and command line call the same functions as the web form.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from forms_server import audit
from forms_server.access import JUDGING, Action, may_write
from forms_server.db.record_columns import TABLES, to_columns, to_values
from forms_server.desk import Desk, NotAllowed
from forms_server.lifecycle import STATES_BY_KIND, NotNow, State, may_edit
from forms_server.moves import MOVES
from forms_server.records import record_rows
from forms_server.records.record import EditConflict, Filing, Record, SameName, changed_fields, to_record

_ASKS_ABOUT_NAMESAKES = frozenset({"household"})


def create(desk: Desk, filing: Filing) -> Record:
    """Store a new record; the same filing sent again gives the record that is already there.

    Raises:
        NotAllowed: the account may not file this for that unit or village.
        NotFound: the id belongs to a record that the account may not see.
        Conflict: the id belongs to a record with other content.
        SameName: the village has a household of that name, and the filing does not say that it is another.
    """
    columns = _content(desk, filing)
    permit(desk, Action.FILE, filing.unit_code, columns.get("village_code"))
    if _asks_about_namesakes(filing) and record_rows.find(desk, filing.form, filing.id) is None:
        _ask_about_namesakes(desk, filing, columns)
    table, born = TABLES[filing.form.kind], columns | _birth(desk, filing)
    if record_rows.insert_once(desk.connection, table, born):
        change = {"to": born["state"]}
        audit.record(desk.connection, desk.now, desk.account, table.name, filing.id, Action.FILE, change)
        return to_record(filing.form, dict.fromkeys(table.c.keys()) | born)
    existing = record_rows.get(desk, filing.form, filing.id)
    if _is_the_same(existing, filing, columns):
        return existing
    raise EditConflict(existing)


def edit(
    desk: Desk, current: Record, base_version: int, values: Mapping[str, Any], *, different: bool = False
) -> Record:
    """Change the fields of a record; sending the same again changes nothing.

    Args:
        current: the record as it is now.
        base_version: the version that the person saw when the edit began.
        values: all fields of the stages in ``current.editable_stages``; one that is missing becomes empty, and
            those of other stages stay as they are.
        different: it is another household than those of the same name.

    Raises:
        NotAllowed: the account may not write this, or not for the village that the record now names.
        NotNow: the record's state does not allow it.
        Conflict: it was changed since.
        SameName: it now bears the name of another household of the village.
    """
    form = current.form
    asked = {field.id for field in form.fields if field.stage in current.editable_stages}
    kept = {field_id: value for field_id, value in current.values.items() if field_id not in asked}
    complete = kept | {field_id: value for field_id, value in values.items() if field_id in asked}
    filing = Filing(current.id, form, current.unit_code, complete, current.item_id, different)
    columns = _content(desk, filing)
    for village_code in (current.village_code, columns.get("village_code")):
        permit(desk, Action.EDIT, current.unit_code, village_code)
    if not may_edit(current.state):
        raise NotNow(current.state, "修改")
    changed = changed_fields(form, current.values, to_values(form, columns))
    if not changed:
        return current
    if base_version != current.version:
        raise EditConflict(current)
    if {"householder", "village"} & set(changed):
        _ask_about_namesakes(desk, filing, columns)
    return record_rows.change(desk, current, base_version, columns, Action.EDIT, {"fields": changed})


def permit(
    desk: Desk,
    action: Action,
    unit_code: str,
    village_code: str | None,
    answering: Collection[str] = (),
) -> None:
    """Ask the gate; the arguments are those of ``may_write``.

    Raises:
        NotAllowed: the account may not do this for that unit or village.
    """
    if not may_write(desk.account, action, unit_code, village_code, answering):
        if action in JUDGING:
            judged = "或".join(move.name for move in MOVES.values() if move.judges)
            raise NotAllowed(f"这一条不由您的账号{judged}。")
        bound = desk.account.village_code and desk.account.unit_code == unit_code
        raise NotAllowed("您的账号只能填报本村（居）的问题。" if bound else "您的账号不能填报或修改这一条。")


def _content(desk: Desk, filing: Filing) -> dict[str, Any]:
    """The columns that a filing fills; an item that the problem type's area does not hold is dropped."""
    columns = to_columns(filing.form, filing.values) | {"form_version": filing.form.version}
    if "area_id" not in TABLES[filing.form.kind].c:
        return columns
    area = desk.campaign.area_of_problem_type[columns["problem_type_id"]]
    held = {item.id for item in area.all_items}
    return columns | {"area_id": area.id, "item_id": filing.item_id if filing.item_id in held else None}


def _birth(desk: Desk, filing: Filing) -> dict[str, Any]:
    """The columns that a record gets when it is made."""
    return {
        "id": filing.id,
        "campaign_id": desk.campaign.id,
        "form_id": filing.form.id,
        "unit_code": filing.unit_code,
        "state": STATES_BY_KIND[filing.form.kind][0].value,
        "version": 1,
        "created_by": desk.account.id,
        "created_at": desk.now,
        "changed_at": desk.now,
    }


def _is_the_same(existing: Record, filing: Filing, columns: Mapping[str, Any]) -> bool:
    """Whether a filing says what the record holds; what was reported since does not matter."""
    stored = {
        **existing.values,
        **{field.id: None for field in filing.form.fields if field.id not in filing.values},
    }
    same_place = existing.unit_code == filing.unit_code and existing.item_id == columns.get("item_id")
    return same_place and not changed_fields(filing.form, stored, to_values(filing.form, columns))


def _asks_about_namesakes(filing: Filing) -> bool:
    return not filing.different and filing.form.kind in _ASKS_ABOUT_NAMESAKES


def _ask_about_namesakes(desk: Desk, filing: Filing, columns: Mapping[str, Any]) -> None:
    """Raise SameName where the unit has another household of that name in that village, not withdrawn."""
    if not _asks_about_namesakes(filing):
        return
    table = TABLES[filing.form.kind]
    query = select(table).where(
        table.c.campaign_id == desk.campaign.id,
        table.c.unit_code == filing.unit_code,
        table.c.form_id == filing.form.id,
        table.c.village_code == columns["village_code"],
        table.c.householder == columns["householder"],
        table.c.state != State.WITHDRAWN.value,
        table.c.id != filing.id,
    )
    others = [to_record(filing.form, row) for row in desk.connection.execute(query).mappings()]
    if others:
        raise SameName(others)
