"""Creation and editing of rows: each change is authorized and leaves one audit row.

All functions run in the caller's transaction. Ids are made with the page, so that creation is idempotent; edits name
the version that they are based on (optimistic locking). Form, import and command line call the same functions.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import false, insert, or_, select, update

from checklist.model import Register
from checklist.register_periods import period_of
from forms_server import audit
from forms_server.access import Action
from forms_server.db.tables import register_row
from forms_server.desk import AuthoredDesk, Desk, LookingDesk, NotAllowed, NotFound
from forms_server.records.record_rows import insert_once
from forms_server.registers.named_rows import name_of
from forms_server.registers.register_row import (
    RegisterRow,
    of_register,
    parts_beside_person,
    row_key,
    to_columns,
    to_row,
    to_values,
)
from forms_server.registers.row_content import (
    RowFiling,
    birth_columns,
    computed_values,
    content_columns,
    next_number,
    note_filed,
    require_begun,
    stored_content,
)
from forms_server.registers.row_prefill import prefilled
from forms_server.registers.row_references import (
    RowNamed,
    computed_from,
    computed_next,
    left_without,
    require_references,
)
from forms_server.registers.row_rules import RuledRegister
from forms_server.registers.row_scope import (
    keeps_rows,
    may_write_row,
    place_ranges,
    visible_ranges,
    visible_rows,
)
from forms_server.registers.row_subject import NOBODY_SAID, RowSubject, subject_columns

_row = register_row.c


class RowExists(Exception):
    """The register already has a row of these values, or of this person, in this period (``one_row_per``)."""

    def __init__(self, current: RegisterRow, *, seen: bool, same_person: bool = False) -> None:
        super().__init__(current.id)
        self.current = current
        self.seen = seen
        """Whether the account may open it."""
        self.same_person = same_person
        """Whether it is of the same person, under another name or of another household."""


class RowConflict(Exception):
    """The row changed since the edited version, or the id belongs to a row with other content."""

    def __init__(self, current: RegisterRow) -> None:
        super().__init__(current.id)
        self.current = current


def find(desk: Desk, register: Register, row_id: str, *, filed: bool = False) -> RegisterRow | None:
    """Return a row by id; None if the id is unused.

    Args:
        desk: of the look.
        register: of the row.
        row_id: its id.
        filed: whether it is asked for by whoever files it, who need not read it afterwards: a survey's paper.

    Raises:
        NotFound: it is another register's, or outside the account's scope.
    """
    ranges = place_ranges if filed else visible_ranges
    seen = or_(false(), *ranges(desk.campaign, desk.account, register)).label("seen")
    here = of_register(desk.campaign, register).label("here")
    query = select(register_row, seen, here).where(_row.id == row_id)
    found = desk.connection.execute(query).mappings().first()
    if found is None:
        return None
    if not (found["here"] and found["seen"]):
        raise NotFound(row_id)
    return to_row(register, found)


def get(desk: Desk, register: Register, row_id: str) -> RegisterRow:
    """Return a row by id.

    Raises:
        NotFound: no such row, or outside the account's scope.
    """
    row = find(desk, register, row_id)
    if row is None:
        raise NotFound(row_id)
    return row


def create(desk: Desk, filing: RowFiling) -> RegisterRow:
    """Store a new row. Idempotent: the same filing returns the stored row.

    Raises:
        NotAllowed: the account's unit does not fill the register, or not this village, or the period has not begun.
        ReferenceRefused: it names a row that there is not, or that the account does not see.
        RowExists: a row of the same ``one_row_per`` has not ended.
        RowConflict: the id belongs to a row with other content.
        SeveralHouseholds: the filing asks which one is meant where several are.
    """
    register = filing.register
    existing = find(desk, register, filing.id, filed=True)
    given = _counted(register, prefilled(desk, register, filing.values), existing)
    (values,) = computed_values(desk, register, [given], filing.period)
    columns = content_columns(desk, register, values, filing.unit_code)
    _permit_new(desk, register, columns)
    require_begun(desk, filing.period)
    if register.survey and filing.period != period_of(register.period, desk.now.date()):
        raise NotAllowed("问卷只能填本期的：结束了的一期已经出数，再加一份就能看出它怎么答的。")
    columns |= subject_columns(desk, register, values, filing.about)
    if existing is None:
        require_references(desk.connection, desk.campaign, desk.account, register, [(values, {})])
        require_only_one(desk, register, filing.period, columns, filing.id)
        born = columns | birth_columns(desk, filing, next_number(desk.connection, desk.campaign, register))
        insert_once(desk.connection, register_row, born)
        note_filed(desk, filing)
        made = to_row(register, dict.fromkeys(register_row.c.keys()) | born)
        compute_next_anew(desk, [made])
        return made
    if existing.values != to_values(register, columns):
        raise RowConflict(existing)
    return existing


def create_many(desk: Desk, filings: Sequence[RowFiling]) -> list[str]:
    """Store many new rows of one register and period, whose keys the caller found free; return their ids.

    Raises:
        NotAllowed, ReferenceRefused: as for ``create``.
    """
    if not filings:
        return []
    register = filings[0].register
    if register.survey:
        raise NotAllowed("问卷只在网页上一份一份填：表格文件里容易写着是谁家。")
    require_begun(desk, filings[0].period)
    first = next_number(desk.connection, desk.campaign, register)
    rows = []
    given = [_counted(register, prefilled(desk, register, filing.values), None) for filing in filings]
    computed = computed_values(desk, register, given, filings[0].period)
    new: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = [(values, {}) for values in computed]
    require_references(desk.connection, desk.campaign, desk.account, register, new)
    for number, (filing, values) in enumerate(zip(filings, computed, strict=True), first):
        columns = content_columns(desk, register, values, filing.unit_code)
        _permit_new(desk, register, columns)
        columns |= subject_columns(desk, register, values, filing.about)
        rows.append(columns | birth_columns(desk, filing, number))
    desk.connection.execute(insert(register_row), rows)
    said = [audit.AuditEntry(register_row.name, filing.id, Action.FILE) for filing in filings]
    audit.record_many(desk.connection, desk.now, desk.author, said)
    empty = dict.fromkeys(register_row.c.keys())
    compute_next_anew(desk, (to_row(register, empty | row) for row in rows))
    return [filing.id for filing in filings]


def edit(
    desk: Desk,
    current: RegisterRow,
    base_version: int,
    values: Mapping[str, Any],
    about: RowSubject = NOBODY_SAID,
    *,
    renames: bool = False,
) -> RegisterRow:
    """Edit a row; whoever does so has looked at it: it is confirmed. Idempotent.

    Args:
        desk: of the edit.
        current: the row as it was read.
        base_version: the version that the edit is based on.
        values: all values afterwards.
        about: what is said of its household and person.
        renames: whether rows that name it are to follow, where it is called otherwise.

    Raises:
        NotAllowed: no write access to it, or to the village that it now names.
        ReferenceRefused: as for ``create``.
        RowNamed: it is called otherwise, and rows that name it were not to follow.
        RowExists: another row of the same ``one_row_per`` has not ended.
        RowConflict: it changed since ``base_version``.
        SeveralHouseholds: as for ``create``.
    """
    given = _counted(current.register, values, current)
    (content,) = computed_values(desk, current.register, [given], current.period, [current.state])
    columns = content_columns(desk, current.register, content, current.unit_code)
    permit(desk, current)
    _permit_place(desk, columns)
    columns |= subject_columns(desk, current.register, content, about, current)
    after = to_values(current.register, columns)
    changed = [
        each.id for each in current.register.fields if current.values.get(each.id) != after.get(each.id)
    ]
    stays = (current.household_id, current.person_id) == (columns["household_id"], columns["person_id"])
    if stays and not changed and not current.waiting:
        return current
    if not current.ended and not (stays and {*changed}.isdisjoint(current.register.one_row_per)):
        require_only_one(desk, current.register, current.period, columns, current.id)
    both = [(after, current.values)]
    require_references(desk.connection, desk.campaign, desk.account, current.register, both)
    naming = left_without(desk.connection, desk.campaign, current, after)
    if naming and not renames:
        raise RowNamed(naming)
    key = None if current.ended else columns["row_key"]
    checked = {"checked_on": desk.now.date(), "row_key": key}
    row = change(desk, current, base_version, columns | checked, Action.EDIT, {"fields": changed})
    for each in naming:
        for other in each.rows:
            _follow(desk, reread(desk, other), each.field.id, name_of(row))
    compute_anew(desk, row, changed)
    before = row_key(current.register, to_columns(current.register, current.values))
    if before != row_key(current.register, columns):
        compute_next_anew(desk, [current, row])
    return row


def _counted(register: Register, values: Mapping[str, Any], stored: RegisterRow | None) -> dict[str, Any]:
    """Values with the numbers of photographs that are stored, whatever they say of them."""
    fields = {each.id for each in register.photo_fields}
    said = {name: value for name, value in values.items() if name not in fields}
    return said | (register.photo_counts(stored.values) if stored else {})


def compute_anew(desk: AuthoredDesk, row: RegisterRow, changed: Sequence[str]) -> None:
    """Store anew what other rows compute from some fields of a row, whoever keeps them, and what follows from that."""
    for each in computed_from(desk.connection, desk.campaign, row, changed):
        _compute_again(desk, each)


def compute_next_anew(desk: AuthoredDesk, rows: Iterable[RegisterRow]) -> None:
    """The same where rows of one period came to be those before later ones, or no longer are: filed, ended, removed."""
    for each in computed_next(desk.connection, desk.campaign, rows):
        _compute_again(desk, each)


def _compute_again(desk: AuthoredDesk, row: RegisterRow) -> None:
    row = reread(desk, row)  # what was computed before it may have changed it
    values = RuledRegister(desk.campaign, row.register, desk.now.date()).computed_again(desk.connection, row)
    names = [name for name, value in values.items() if value != row.values.get(name)]
    if names:
        stored = stored_content(row, to_columns(row.register, values))
        after = change(desk, row, row.version, stored, Action.EDIT, {"fields": names})
        compute_anew(desk, after, names)


def _follow(desk: Desk, row: RegisterRow, field_id: str, name: str | None) -> None:
    """Let a row name the one that is called otherwise now, whoever keeps it: it means the same."""
    columns = to_columns(row.register, {**row.values, field_id: name})
    change(desk, row, row.version, stored_content(row, columns), Action.EDIT, {"fields": [field_id]})


def permit(desk: Desk, row: RegisterRow) -> None:
    """Require write access to a row.

    Raises:
        NotAllowed: the account may only read it.
    """
    if not may_write_row(desk.campaign, desk.account, row):
        raise NotAllowed("这一行不由您的账号填：由登记它的单位填，或者由对这本台账负责的单位改。")


def _permit_new(desk: Desk, register: Register, columns: Mapping[str, Any]) -> None:
    if not keeps_rows(desk.campaign, desk.account, register):
        raise NotAllowed("这本台账不由您的单位填。")
    _permit_place(desk, columns)


def _permit_place(desk: Desk, columns: Mapping[str, Any]) -> None:
    village = desk.account.village_code
    if village and columns["village_code"] != village:
        raise NotAllowed("您的账号只能填本村（居）的。")


def require_only_one(
    desk: Desk, register: Register, period: str, columns: Mapping[str, Any], row_id: str
) -> None:
    """Raise RowExists where another row of the period has the key, or is of the same person."""
    if columns["row_key"] is None:
        return
    others = of_register(desk.campaign, register), _row.period == period, _row.id != row_id
    seen = visible_rows(desk.campaign, desk.account, register).label("seen")
    query = select(register_row, seen).where(*others).order_by(_row.number)
    found = desk.connection.execute(query.where(_row.row_key == columns["row_key"])).mappings().first()
    if found:
        raise RowExists(to_row(register, found), seen=bool(found["seen"]))
    parts = parts_beside_person(register, columns)
    if parts is None or columns["person_id"] is None:
        return
    of_person = query.where(_row.person_id == columns["person_id"], ~_row.ended)
    for each in desk.connection.execute(of_person).mappings():
        if parts_beside_person(register, each) == parts:
            raise RowExists(to_row(register, each), seen=bool(each["seen"]), same_person=True)


def change(
    desk: AuthoredDesk,
    row: RegisterRow,
    base_version: int,
    columns: Mapping[str, Any],
    action: str,
    what: Mapping[str, Any],
) -> RegisterRow:
    """Update a row under optimistic locking, and append its audit row."""
    audit.note_unfit(desk.connection, desk.now, desk.author, register_row.name, [row.id])
    stamps = {"version": base_version + 1, "changed_at": desk.now}
    statement = update(register_row).where(_row.id == row.id, _row.version == base_version)
    if desk.connection.execute(statement.values({**columns, **stamps})).rowcount != 1:
        raise RowConflict(reread(desk, row))
    audit.record(desk.connection, desk.now, desk.author, register_row.name, row.id, action, what)
    return reread(desk, row)


def reread(desk: LookingDesk, row: RegisterRow) -> RegisterRow:
    """The row as it is stored now."""
    query = select(register_row).where(_row.id == row.id)
    return to_row(row.register, desk.connection.execute(query).mappings().one())


def rows_of(desk: Desk, register: Register, ids: Sequence[str]) -> Sequence[RegisterRow]:
    """Those of some rows that the account sees, in the register's order."""
    seen = visible_rows(desk.campaign, desk.account, register)
    query = select(register_row).where(of_register(desk.campaign, register), _row.id.in_(ids), seen)
    return [
        to_row(register, each) for each in desk.connection.execute(query.order_by(_row.number)).mappings()
    ]
