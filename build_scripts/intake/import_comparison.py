"""The plan of an import: rows that are new, changed or unchanged, and conflicts."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from build_scripts.intake.ledger_entry import LedgerEntry
from build_scripts.intake.newer_cells import merged_cells
from build_scripts.workbooks.record_version import checksum, read_version
from checklist.date_formats import full_day
from checklist.loading.form_rules import COLUMN_TYPES
from checklist.messages import say
from checklist.model import FieldType, RecordForm, Stage
from checklist.overdue import deadline_moved
from checklist.problems import Problem
from checklist.reading.deadlines import Deadline
from checklist.reading.person_names import fold_name
from checklist.states import COUNT_AS_RECTIFIED, WAITING, State, is_counted
from checklist.values.judge import Value


@dataclass(frozen=True, slots=True)
class Recorded:
    """An existing record."""

    id: str
    form_id: str
    standing: State
    values: Mapping[str, Value]
    state: str = ""
    """The state's name, as in exports."""
    version: int = 0
    """The version that is compared."""
    shown: bool = True
    """Whether the importer may read it: what may be the same is asked about only then."""
    may_lack: frozenset[str] = frozenset()
    """Ids of required fields that are empty in it, as nobody has claimed what a team found."""


@dataclass(frozen=True, slots=True)
class RecordChange:
    """An update of a record by a row."""

    entry: LedgerEntry
    recorded: Recorded
    fields: Mapping[str, tuple[Value, Value]]
    """Field id to old and new value."""
    reports: bool = False
    """Whether the row reports it as rectified."""


@dataclass
class LedgerPlan:
    """The plan. Any error blocks all of it."""

    new: list[LedgerEntry] = field(default_factory=list)
    changed: list[RecordChange] = field(default_factory=list)
    unchanged: int = 0
    found_again: list[tuple[LedgerEntry, str]] = field(default_factory=list)
    """Rows that only find a record again, and its id."""
    different: list[tuple[LedgerEntry, str | LedgerEntry, bool]] = field(default_factory=list)
    """New rows, what each is like (a record's id, or a new row), and whether a person told them apart."""
    absent: list[Recorded] = field(default_factory=list)
    """Records of the same forms missing from the workbook; left unchanged."""
    withdrawn: list[tuple[Recorded, str]] = field(default_factory=list)
    """Records that will be withdrawn, being missing from the workbook or unwanted by it, with the reason to store."""
    settled: set[str] = field(default_factory=set)
    """Places of unchanged cells: their warnings were shown when they were imported."""
    problems: list[Problem] = field(default_factory=list)


DEADLINE_KEPT = "deadline-kept"
"""Code of the sentence about a deadline that a row moves and that stays."""

_STATE = "state"
HOUSEHOLDER = "householder"
_IDENTIFYING_IDS = frozenset({HOUSEHOLDER, "level", "content"})
_COUNTED = frozenset(filter(is_counted, State))
_IDENTIFYING_TYPES = frozenset({FieldType.TOWNSHIP, FieldType.VILLAGE, FieldType.PROBLEM_TYPE})


class Resent(Protocol):
    """What becomes of rows that match no record, and of records that no row matches."""

    def settle(self, rows: Sequence[LedgerEntry], planner: "Planner") -> None:
        """Place rows that are neither recorded nor repeated."""

    def settle_absent(self, planner: "Planner") -> None:
        """Decide about records missing from the workbook."""

    def about_newer(self, entry: LedgerEntry, field_id: str, record: Recorded, *, touched: bool) -> Problem:
        """Tell of a field that changed since the export; ask where the row changed it, too."""


def make_plan(
    entries: Iterable[LedgerEntry],
    recorded: Iterable[Recorded],
    resent: Resent | None = None,
    unwanted: Iterable[LedgerEntry] = (),
) -> LedgerPlan:
    """Diff rows against records.

    A row matches a record by its id, or else by the identifying values: form, place, householder, problem type and
    content. The order of rows does not matter, so that importing the same file again is idempotent.

    Args:
        entries: the rows of a workbook; those with errors are skipped.
        recorded: the filing unit's records, withdrawn ones included.
        resent: asks about rows that may be recorded in other words; without it they are new.
        unwanted: rows that say that they are not wanted.
    """
    return Planner(list(recorded), resent).plan(entries, unwanted)


class Planner:
    """Makes one plan.

    Attributes:
        recorded: the unit's records.
        forms: those of the workbook, by id.
        matched: ids of records to the row that means each.
        left_open: ids of records that a question is about.
        unwanted: ids of records that a row means that is not wanted.
    """

    def __init__(self, recorded: list[Recorded], resent: Resent | None) -> None:
        self.recorded, self._resent = recorded, resent
        self.forms: dict[str, RecordForm] = {}
        self.matched: dict[str, LedgerEntry] = {}
        self.left_open: set[str] = set()
        self.unwanted: set[str] = set()
        self._by_id = {record.id: record for record in recorded}
        self._by_identity: dict[Hashable, Recorded] = {}
        self._identities: dict[str, _Identity] = {}
        self._unmatched: dict[Hashable, LedgerEntry] = {}
        self._plan = self.result = LedgerPlan()

    def plan(self, entries: Iterable[LedgerEntry], unwanted: Iterable[LedgerEntry] = ()) -> LedgerPlan:
        """The plan for these rows."""
        for entry in entries:
            self._know(entry.form)
            if not entry.wrong:
                self._place(entry)
        for entry in unwanted:
            self._know(entry.form)
            record = self._record_of(entry)
            if record and record.id not in self.matched:
                self.unwanted.add(record.id)
        if self._resent:
            self._resent.settle(list(self._unmatched.values()), self)
        else:
            self._plan.new += self._unmatched.values()
        for entry in self._plan.new:
            self._plan.problems += [*entry.photo_problems({}), *entry.lacking_photos()]
        self._plan.absent = [
            record
            for record in self.recorded
            if record.form_id in self.forms
            and record.id not in self.matched
            and record.id not in self.left_open
            and record.standing in _COUNTED
        ]
        if self._resent:
            self._resent.settle_absent(self)
        return self._plan

    def match(self, entry: LedgerEntry, record: Recorded) -> None:
        """Let a row mean a record."""
        first = self.matched.setdefault(record.id, entry)
        if first is entry:
            self._compare(entry, record)
        else:
            self._repeat(entry, first)

    def _know(self, form: RecordForm) -> None:
        if form.id not in self.forms:
            self.forms[form.id] = form
            self._index(form)

    def _record_of(self, entry: LedgerEntry) -> Recorded | None:
        identity = self._identities[entry.form.id].of(entry.values)
        return self._by_id.get(entry.record_id) or self._by_identity.get(identity)

    def _index(self, form: RecordForm) -> None:
        """Index the records of a form by identity; counted ones take precedence over withdrawn ones."""
        identity = self._identities[form.id] = _Identity(form)
        for record in sorted(self.recorded, key=lambda record: record.standing in _COUNTED):
            if record.form_id == form.id:
                self._by_identity[identity.of(record.values)] = record

    def _place(self, entry: LedgerEntry) -> None:
        identity = self._identities[entry.form.id].of(entry.values)
        if entry.record_id and self._by_id.get(entry.record_id, _NO_RECORD).form_id != entry.form.id:
            self._refuse(entry.place_of_id, "record-unknown")
            return
        record = self._by_id.get(entry.record_id) or self._by_identity.get(identity)
        if record:
            self.match(entry, record)
            return
        first = self._unmatched.setdefault(identity, entry)
        if first is not entry:
            self._repeat(entry, first)

    def _repeat(self, entry: LedgerEntry, first: LedgerEntry) -> None:
        """Handle a duplicate row: drop it if identical, else refuse it as contradictory."""
        differing = _differences(entry, first.values)
        if not differing:
            self._warn(entry.place(), "row-repeated", first=first.place())
            return
        code = "record-twice" if entry.record_id and entry.record_id == first.record_id else "row-contradicts"
        self._refuse_each(entry, differing, code, first=first.place())

    def _compare(self, entry: LedgerEntry, record: Recorded) -> None:
        self._plan.problems += entry.photo_problems(record.values)
        fields = _differences(entry, record.values)
        after = _fields_after(entry.form)
        done = record.standing in COUNT_AS_RECTIFIED
        exported = read_version(entry.form, entry.version) if entry.version else {}
        if exported:
            fields = self._merged(entry, record, fields, exported)
        fields = self._without_moved_deadline(entry, fields)
        untyped = bool(exported) and checksum(entry.state) == exported[_STATE]
        if entry.doubted:
            as_recorded = entry.header.columns.keys() - fields.keys()
            self._plan.settled.update(map(entry.place, as_recorded))
        if entry.state not in {"", record.state} and not (untyped or (done and entry.rectified)):
            self._warn(entry.place_of_state, "state-typed", typed=entry.state, state=record.state)
        reports = entry.rectified and record.standing in WAITING
        if reports and untyped and entry.state != record.state:  # sent back since the export
            reports = any(checksum(entry.values.get(name)) != exported[name] for name in after)
        reopens = not entry.rectified and record.standing is State.RECTIFIED and bool(after & set(fields))
        if not fields and not reports:
            self._plan.unchanged += 1
        elif record.standing not in _COUNTED:
            self._warn(entry.place(), "record-withdrawn")
            self._plan.unchanged += 1
        elif record.standing is State.CLOSED:
            self._refuse_each(entry, fields, "record-closed")
        elif reopens:
            self._refuse(entry.place(next(name for name in fields if name in after)), "record-reopened")
        else:
            self._plan.changed.append(RecordChange(entry, record, fields, reports))

    def _merged(
        self,
        entry: LedgerEntry,
        record: Recorded,
        fields: Mapping[str, tuple[Value, Value]],
        exported: Mapping[str, str],
    ) -> dict[str, tuple[Value, Value]]:
        """The fields that the row changes; of those that changed since the export, both texts are shown."""
        resent = self._resent
        if resent is None:
            return dict(fields)
        merged = merged_cells(
            fields, exported, lambda name, touched: resent.about_newer(entry, name, record, touched=touched)
        )
        self._plan.problems += merged.problems
        return merged.fields

    def _without_moved_deadline(
        self, entry: LedgerEntry, fields: dict[str, tuple[Value, Value]]
    ) -> dict[str, tuple[Value, Value]]:
        """Leave a deadline whose day a row moves as it is recorded, and say so: it takes a reason and an approval."""
        for field_id, (old, new) in list(fields.items()):
            after = new if isinstance(new, Deadline) else None
            if isinstance(old, Deadline) and old.due and deadline_moved(old, after):
                typed = after.text if after else ""
                label, day = entry.form.field(field_id).label, full_day(old.due)
                self._warn(entry.place(field_id), DEADLINE_KEPT, label=label, day=day, typed=typed)
                del fields[field_id]
        return fields

    def _refuse_each(self, entry: LedgerEntry, fields: Iterable[str], code: str, **params: object) -> None:
        """Refuse each differing cell."""
        for field_id in fields:
            label = entry.form.field(field_id).label
            self._refuse(entry.place(field_id), code, label=label, **params)

    def _refuse(self, place: str, code: str, **params: object) -> None:
        self._plan.problems.append(Problem(place, code, say(code, **params)))

    def _warn(self, place: str, code: str, **params: object) -> None:
        self._plan.problems.append(Problem(place, code, say(code, **params), warning=True))


_NO_RECORD = Recorded("", "", State.RECTIFYING, {})


class _Identity:
    """The identity of a form's records: the fields that tell one from another."""

    def __init__(self, form: RecordForm) -> None:
        self._form_id = form.id
        self._names = [
            field.id
            for field in form.fields
            if field.type in _IDENTIFYING_TYPES
            or field.id in _IDENTIFYING_IDS
            or (field.type is FieldType.TEXT and field.id not in COLUMN_TYPES)
        ]
        if form.kind == "household":
            # A household is recorded once, whatever its risk is.
            kept = {field.id for field in form.fields if field.type is not FieldType.PROBLEM_TYPE}
            self._names = [name for name in self._names if name in kept]
        self._has_name = HOUSEHOLDER in self._names
        typed = {field.id for field in form.fields if field.type in {FieldType.TEXT, FieldType.PARAGRAPH}}
        self._texts = [name for name in self._names if name != HOUSEHOLDER and name in typed]
        self._names = [name for name in self._names if name not in typed]

    def of(self, values: Mapping[str, Value]) -> Hashable:
        texts = map(_without_blanks, map(values.get, self._texts))
        return self._form_id, self._name(values), *map(values.get, self._names), *texts

    def _name(self, values: Mapping[str, Value]) -> str:
        return fold_name(str(values.get(HOUSEHOLDER) or "")) if self._has_name else ""


def _without_blanks(value: Value) -> Value:
    return "".join(value.split()) if isinstance(value, str) else value


def _differences(entry: LedgerEntry, values: Mapping[str, Value]) -> dict[str, tuple[Value, Value]]:
    """Return the fields that differ, in the form's order."""
    return {
        field.id: (values.get(field.id), entry.values.get(field.id))
        for field in entry.header.fields.values()
        if field.id in entry.provided
        and not _is_equal(field.id, values.get(field.id), entry.values.get(field.id))
    }


def _is_equal(field_id: str, one: Value, other: Value) -> bool:
    """Compare deadlines by their text, since the inferred year may differ by now, and householders folded."""
    if isinstance(one, Deadline) and isinstance(other, Deadline):
        return one.text == other.text
    if one != other and field_id == HOUSEHOLDER and isinstance(one, str) and isinstance(other, str):
        return fold_name(one) == fold_name(other)
    return one == other


def _fields_after(form: RecordForm) -> set[str]:
    return {field.id for field in form.fields if field.stage is Stage.RECTIFIED}
