"""Creation and editing of records: each change is authorized and leaves one audit row.

All functions run in the caller's transaction and never commit. Record ids are client-generated, so that creation is
idempotent; edits name their base version (optimistic locking). Excel import and command line call the same functions
as the web form.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from build_scripts.rules.form_computing import with_computed
from checklist.model import FieldType
from forms_server import audit
from forms_server.access import Action, may_write
from forms_server.db.record_columns import TABLES, to_columns, to_values, with_township
from forms_server.db.tables import household
from forms_server.desk import Desk, NotAllowed
from forms_server.editable_states import STATES_BY_KIND, NotNow, may_edit
from forms_server.households.household_of_record import (
    MADE,
    SeveralHouseholds,
    identify,
    known_household,
    write_down_made,
)
from forms_server.records import record_rows
from forms_server.records.doubles import (
    Alike,
    PossiblySame,
    alike,
    found_before,
    join,
    leave_to_office,
    tell_apart,
)
from forms_server.records.extensions import require_same_deadline
from forms_server.records.issue_units import UNITS_TEXT, Naming, name_units
from forms_server.records.locked_findings import SourceReserved, require_finders_words, require_free_source
from forms_server.records.record import ANOTHER, EditConflict, Filing, Record, changed_fields, to_record
from forms_server.records.transfers import settle_unnamed

_IDENTIFYING = frozenset({"householder", "township", "village", "level", "problem_type"})
"""Fields that identify a record's household and problem."""


def create(desk: Desk, filing: Filing) -> Record:
    """Store a new record. Idempotent: the same filing returns the existing record.

    Raises:
        NotAllowed: the account has no write access to that unit or village.
        NotFound: the id belongs to a record outside the account's scope.
        Conflict: the id belongs to a record with other content.
        SeveralHouseholds: the household's name is ambiguous in its village.
        PossiblySame: possible duplicates exist, and the filing does not say whether it is one.
        SourceReserved: it is no team's finding and has the findings' source.
    """
    columns = _content(desk, filing)
    permit(desk, filing.action, filing.unit_code, columns.get("village_code"))
    _require_free_source(desk, filing)
    try:
        others = _identify(desk, filing, columns)
    except (SeveralHouseholds, PossiblySame):
        existing = record_rows.find(desk, filing.form, filing.id)  # retries skip the questions
        if existing is None:
            raise
        return _resent(existing, filing, columns)
    first = next((each for each in others.seen if each.id == filing.same_as), None)
    if first or (filing.same_as and found_before(desk, filing.id)):
        return join(
            desk, filing, first or record_rows.get(desk, filing.form, str(filing.same_as)), filing.way
        )
    table, born = TABLES[filing.form.kind], columns | _birth(desk, filing)
    said = [audit.AuditEntry(household.name, others.made, MADE)] if others.made else []
    if record_rows.insert_once(desk.connection, table, born):
        if UNITS_TEXT in born:
            naming = Naming(filing.id, filing.unit_code, born[UNITS_TEXT])
            name_units(desk.connection, desk.campaign, naming)
        said.append(audit.AuditEntry(table.name, filing.id, Action.FILE, {"to": born["state"]}))
        audit.record_many(desk.connection, desk.now, desk.account, said)
        tell_apart(desk, filing.form, filing.id, others.seen)
        leave_to_office(desk, filing.form, filing.id, others.unseen)
        return to_record(filing.form, dict.fromkeys(table.c.keys()) | born)
    audit.record_many(desk.connection, desk.now, desk.account, said)
    return _resent(record_rows.get(desk, filing.form, filing.id), filing, columns)


def _resent(existing: Record, filing: Filing, columns: Mapping[str, Any]) -> Record:
    """Return the existing record if it equals the filing."""
    if _is_the_same(existing, filing, columns):
        return existing
    raise EditConflict(existing)


def _identify(desk: Desk, filing: Filing, columns: dict[str, Any]) -> Alike:
    """Link the filing's household in its columns; return possible duplicates.

    Raises:
        SeveralHouseholds, PossiblySame: as for ``create``.
    """
    others = _name_household(desk, filing, columns, another=filing.household_id == ANOTHER)
    if others.seen and filing.different and filing.form.kind == "household":
        return _name_household(desk, filing, columns, another=True)
    if others.seen and not (filing.different or _says_which(desk, filing, others)):
        raise PossiblySame(others.seen)
    return others


def _says_which(desk: Desk, filing: Filing, others: Alike) -> bool:
    """Whether a filing names one of these as the same; one that was closed or withdrawn meanwhile is none of them."""
    if not filing.same_as:
        return False
    return filing.same_as in {each.id for each in others.seen} or found_before(desk, filing.id)


def _name_household(desk: Desk, filing: Filing, columns: dict[str, Any], *, another: bool) -> Alike:
    """Link the household; return its open records."""
    found = identify(desk, columns, chosen=filing.household_id, another=another)
    columns["household_id"] = found.id if found else None
    if found and found.made:
        return Alike(made=found.id)
    return alike(desk, filing.form, filing.id, columns)


def possibly_same(desk: Desk, filing: Filing) -> Sequence[Record]:
    """Return possible duplicates of a filing that is not stored yet."""
    columns = _content(desk, filing)
    columns["household_id"] = known_household(desk, columns, filing.household_id)
    return alike(desk, filing.form, filing.id, columns).seen


def edit(  # noqa: PLR0913 - what is stored, from which version, and whose decisions it takes
    desk: Desk,
    current: Record,
    base_version: int,
    values: Mapping[str, Any],
    *,
    different: bool = False,
    household_id: str | None = None,
    for_unit: str | None = None,
) -> Record:
    """Edit a record's fields under optimistic locking. Idempotent.

    Args:
        current: the record as it is now.
        base_version: the version on which the edit is based.
        values: all fields of the stages in ``current.editable_stages``; missing ones become empty, other stages are
            unaffected.
        different: confirmed not to be one of the possible duplicates.
        household_id: the household chosen among namesakes.
        for_unit: code of the unit that answers in place of the filing one.

    Raises:
        NotAllowed: no write access to the record, or to the village that it now names.
        NotNow: not in this state.
        Conflict: it changed since ``base_version``.
        SeveralHouseholds, PossiblySame, SourceReserved: as for ``create``.
    """
    form = current.form
    asked = {
        field.id
        for field in form.fields
        if field.stage in current.editable_stages and field.type is not FieldType.PHOTO
    }
    kept = {field_id: value for field_id, value in current.values.items() if field_id not in asked}
    complete = kept | {field_id: value for field_id, value in values.items() if field_id in asked}
    filing = Filing(
        current.id, form, current.unit_code, complete, current.item_id, different, household_id=household_id
    )
    columns = _content(desk, filing)
    for village_code in (current.village_code, columns.get("village_code")):
        permit(desk, Action.EDIT, for_unit or current.unit_code, village_code)
    if not may_edit(current.state):
        raise NotNow(current.state, "修改")
    changed = changed_fields(form, current.values, to_values(form, columns))
    if not changed:
        return current
    if base_version != current.version:
        raise EditConflict(current)
    require_same_deadline(current, complete)
    require_free_source(desk.campaign, form, current.values, complete)
    require_finders_words(desk.campaign, current, changed)
    if _IDENTIFYING & set(changed):
        others = _identify(desk, filing, columns)
        write_down_made(desk, others.made)
        tell_apart(desk, form, current.id, others.seen)
        leave_to_office(desk, form, current.id, others.unseen)
    if UNITS_TEXT in changed:
        named = columns.get(UNITS_TEXT)
        columns |= settle_unnamed(desk.connection, desk.now, desk.account, desk.campaign, current, named)
    return record_rows.change(desk, current, base_version, columns, Action.EDIT, {"fields": changed})


def counted_columns(desk: Desk, record: Record, values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of a record whose photographs are counted anew, with what is computed from their number."""
    computed = with_computed(desk.campaign, record.form, values, desk.now.date())
    return {"extra": to_columns(record.form, computed)["extra"]}


def _require_free_source(desk: Desk, filing: Filing) -> None:
    """Raise SourceReserved for what is no finding; a resent filing is as it was stored."""
    if filing.finding_number is not None:
        return
    try:
        require_free_source(desk.campaign, filing.form, {}, filing.values)
    except SourceReserved:
        if record_rows.find(desk, filing.form, filing.id) is None:
            raise


def permit(
    desk: Desk,
    action: Action,
    unit_code: str,
    village_code: str | None,
) -> None:
    """Require write permission; arguments as for ``may_write``.

    Raises:
        NotAllowed: no such right for that unit or village.
    """
    if not may_write(desk.account, action, unit_code, village_code):
        bound = desk.account.village_code and desk.account.unit_code == unit_code
        raise NotAllowed("您的账号只能填报本村（居）的问题。" if bound else "您的账号不能填报或修改这一条。")


def _content(desk: Desk, filing: Filing) -> dict[str, Any]:
    """Columns filled by a filing, dropping an item that is not of the problem type's area."""
    values = with_computed(desk.campaign, filing.form, filing.values, desk.now.date())
    columns = with_township(desk.campaign, to_columns(filing.form, values))
    columns["form_version"] = filing.form.version
    if "area_id" not in TABLES[filing.form.kind].c:
        return columns
    area = desk.campaign.area_of_problem_type[columns["problem_type_id"]]
    held = {item.id for item in area.all_items}
    return columns | {"area_id": area.id, "item_id": filing.item_id if filing.item_id in held else None}


def _birth(desk: Desk, filing: Filing) -> dict[str, Any]:
    """Columns set at creation."""
    number = {"finding_number": filing.finding_number} if filing.finding_number else {}
    return number | {
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
    """Whether a filing equals the record, ignoring later reports."""
    stored = {
        **existing.values,
        **{field.id: None for field in filing.form.fields if field.id not in filing.values},
    }
    same_place = existing.unit_code == filing.unit_code and existing.item_id == columns.get("item_id")
    return same_place and not changed_fields(filing.form, stored, to_values(filing.form, columns))
