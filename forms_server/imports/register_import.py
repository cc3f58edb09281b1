"""Import of a register's rows from a workbook: parse, plan, and store all or nothing, as a batch that can be undone."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from build_scripts.garbage_collection import without_garbage_collection
from build_scripts.intake.ledger_book import LedgerBook, read_book
from build_scripts.intake.ledger_entry import LedgerEntry
from build_scripts.intake.newer_cells import merged_cells
from build_scripts.intake.numberless_copy import numberless_copy
from build_scripts.intake.person_marks import PersonKeys
from build_scripts.intake.personal_cells import NumberRemoval
from build_scripts.intake.resent_questions import ResentQuestions
from build_scripts.intake.unread_parts import unread_parts_hold_numbers
from build_scripts.intake.workbook_reader import open_workbook
from build_scripts.rules.locked_database import RulesFailed
from build_scripts.workbooks.record_version import read_version
from build_scripts.workbooks.register_export import as_form
from checklist.messages import say
from checklist.model import Register
from checklist.problems import Problem, errors_of
from checklist.register_periods import has_begun, period_words
from checklist.values.computed_values import differing_cell
from checklist.values.judge import Context
from forms_server.account import Account
from forms_server.clock import Clock
from forms_server.db.tables import register_row
from forms_server.desk import Desk
from forms_server.households.persons import keys_of_persons
from forms_server.imports.asked_plan import AskedPlan
from forms_server.imports.free_keys import FreeKeys, of_other_periods
from forms_server.imports.import_batches import LEDGER, NEW, Effect, SourceFile, changed_effect, rows_by_id
from forms_server.imports.importer import Importer
from forms_server.imports.numbered_households import NumberedHouseholds
from forms_server.imports.period_persons import PeriodPersons
from forms_server.imports.remembered_readings import remember
from forms_server.registers import row_listing, row_store
from forms_server.registers.register_row import RegisterRow
from forms_server.registers.row_content import RowFiling
from forms_server.registers.row_listing import RowFilters, SeenRows
from forms_server.registers.row_prefill import prefilled
from forms_server.registers.row_references import RowNamed, left_without, reference_problems
from forms_server.registers.row_rules import RuledRegister
from forms_server.registers.row_scope import keeps_rows, may_write_row
from forms_server.registers.row_subject import RowSubject


@dataclass(frozen=True)
class ChangedRow:
    """A row of the register that a workbook changes."""

    entry: LedgerEntry
    row: RegisterRow
    values: Mapping[str, Any]
    """All its values afterwards."""


@dataclass(frozen=True)
class RegisterImport(AskedPlan):
    """A parsed workbook with its import plan."""

    register: Register
    period: str
    book: LedgerBook
    new: Sequence[LedgerEntry]
    changed: Sequence[ChangedRow]
    unchanged: int
    problems: Sequence[Problem]

    @property
    def does_nothing(self) -> bool:
        """Whether the register has all of it already."""
        return not (self.new or self.changed)


class _Planner:
    """Compares entries with the rows that the account sees in the period."""

    def __init__(
        self, connection: Connection, context: Context, account: Account, place: tuple[Register, str]
    ) -> None:
        self._register, period = place
        self._context, self._account = context, account
        self._questions = ResentQuestions(context)
        seen = SeenRows(context.campaign, account, self._register)
        rows = row_listing.all_rows(connection, seen, RowFilters(period))
        self._by_id = {row.id: row for row in rows}
        self.keys = FreeKeys(connection, seen, (period, context.unit.code), rows)
        self._persons = keys_of_persons(connection, sorted({row.person_id for row in rows if row.person_id}))
        self._done: dict[str, LedgerEntry] = {}
        self._once = PeriodPersons(connection, context.campaign, place)
        self._households = NumberedHouseholds(connection, context.campaign, self._register)
        self.new: list[LedgerEntry] = []
        self.changed: list[ChangedRow] = []
        self.unchanged = 0

    def plan(self, entries: Sequence[LedgerEntry]) -> Iterator[Problem]:
        """Sort entries into new, changed and unchanged ones; yield what is wrong with them."""
        for entry in entries:
            row = self._by_id.get(entry.record_id)
            values = self._values(entry, row)
            key = self.keys.of(values)
            row = row or self.keys.row_of(key)
            told = self._households.of_entry(entry, values, row.household_id if row else None)
            entry.household_id = told[0]
            yield from told[1]
            row_id = row.id if row else None
            problem = self._twice(entry, row_id or key)
            problem = problem or self._once.problem(entry, values, row_id, self._by_id)
            if problem:
                yield problem
            elif row is None:
                yield from (*self._add(entry, key), *entry.photo_problems({}), *entry.lacking_photos())
            else:
                yield from entry.photo_problems(row.values)
                yield from self._change(entry, row, self._values(entry, row))

    def _values(self, entry: LedgerEntry, row: RegisterRow | None) -> dict[str, Any]:
        """All values of a row once the entry is stored; columns that the workbook lacks stay."""
        kept = dict(row.values) if row else {}
        said = {name: value for name, value in entry.values.items() if name in entry.provided or not row}
        return {name: value for name, value in (kept | said).items() if value is not None}

    def _twice(self, entry: LedgerEntry, identity: str | None) -> Problem | None:
        """The problem of a second row about the same thing."""
        if identity is None:
            return None
        first = self._done.setdefault(identity, entry)
        if first is entry:
            return None
        place = entry.place(next(iter(self._register.one_row_per), ""))
        return Problem(place, "register-row-twice", say("register-row-twice", first=first.place()))

    def _add(self, entry: LedgerEntry, key: str | None) -> Iterator[Problem]:
        if problem := self.keys.elsewhere(entry, key):
            yield problem
        elif not keeps_rows(self._context.campaign, self._account, self._register):
            yield Problem(entry.place(), "register-not-yours", say("register-not-yours"))
        elif self._account.village_code and entry.values.get("village") != self._account.village_code:
            words = say("village-not-yours", unit=self._context.unit.name)
            yield Problem(entry.place("village"), "village-not-yours", words)
        else:
            self.new.append(entry)

    def _change(self, entry: LedgerEntry, row: RegisterRow, values: Mapping[str, Any]) -> Iterator[Problem]:
        if values == row.values and not self._tells_subject(entry, row):
            self.unchanged += 1
        elif not may_write_row(self._context.campaign, self._account, row):
            yield Problem(entry.place(), "register-not-yours", say("register-not-yours"))
        elif exported := read_version(as_form(self._register), entry.version):
            yield from self._merge(entry, row, values, exported)
        elif entry.version and entry.version != str(row.version):  # as exports had it until 0.1
            yield Problem(entry.place(), "register-row-changed", say("register-row-changed"))
        else:
            self.changed.append(ChangedRow(entry, row, values))

    def _tells_subject(self, entry: LedgerEntry, row: RegisterRow) -> bool:
        """Whether a list tells by a number whom a row is about, and the row does not know it."""
        if entry.household_id not in {None, row.household_id}:
            return True
        return entry.person is not None and entry.person.key != self._persons.get(row.person_id or "")

    def _merge(
        self, entry: LedgerEntry, row: RegisterRow, values: Mapping[str, Any], exported: Mapping[str, str]
    ) -> Iterator[Problem]:
        """Change what the row changes; yield what is told and asked about values that are newer than the export."""
        names = [each.id for each in self._register.fields if each.id in exported]
        differing = {
            name: (row.values.get(name), values.get(name))
            for name in names
            if row.values.get(name) != values.get(name)
        }
        merged = merged_cells(
            differing,
            exported,
            lambda name, touched: self._questions.about_newer(
                entry, name, row.values.get(name), touched=touched
            ),
        )
        yield from merged.problems
        if merged.fields or self._tells_subject(entry, row):
            after = dict(row.values) | {name: typed for name, (_, typed) in merged.fields.items()}
            kept = {name: value for name, value in after.items() if value is not None}
            self.changed.append(ChangedRow(entry, row, kept))
        else:
            self.unchanged += 1


@dataclass(frozen=True)
class RegisterUpload:
    """A register as a kind of import (``upload_flow.ImportKind``)."""

    context: Context
    account: Account
    clock: Clock
    register: Register
    period: str
    keys: PersonKeys
    """Makes keys of identity numbers while a workbook is read."""
    by_command: bool = False
    """Whether it is the command line that imports."""

    def read(self, data: bytes) -> LedgerBook:
        """The register's rows in a workbook; raises ``Unreadable``."""
        with without_garbage_collection(), open_workbook(data) as sheets:
            forms = [as_form(self.register)]
            book = read_book(sheets, self.context, self.account.shown_name, forms, self._removal)
        book.has_personal_numbers |= unread_parts_hold_numbers(data)
        return book

    def holds_numbers(self, book: LedgerBook) -> bool:
        """Whether any cell or note holds a number of a person."""
        return book.has_personal_numbers

    def without_numbers(self, data: bytes) -> bytes:
        """A workbook without the numbers of persons, which alone may be kept."""
        return numberless_copy(data, self._removal)

    @property
    def _removal(self) -> NumberRemoval:
        return NumberRemoval.of(self.context.campaign, self.keys)

    def plan(self, connection: Connection, book: LedgerBook) -> RegisterImport:
        """Compare the workbook with the period's rows."""
        planner = _Planner(connection, self.context, self.account, (self.register, self.period))
        problems = [*self._of_another_time(connection, book)]
        left = {problem.place for problem in errors_of(problems)}
        problems += planner.plan([each for each in book.entries if not (each.wrong or each.place() in left)])
        problems += self._ruled(connection, planner)
        problems += self._named(connection, planner)
        return RegisterImport(
            self.register, self.period, book, planner.new, planner.changed, planner.unchanged,
            [*book.problems, *problems],
        )  # fmt: skip

    def _of_another_time(self, connection: Connection, book: LedgerBook) -> Iterator[Problem]:
        """Yield rows of another period, and that this one has not begun."""
        if not has_begun(self.period, self.context.today):
            said = say("register-period-future", period=period_words(self.period))
            yield Problem(self.register.name, "register-period-future", said)
        seen = SeenRows(self.context.campaign, self.account, self.register)
        yield from of_other_periods(connection, seen, self.period, book.entries, self.context.answers)

    def _ruled(self, connection: Connection, planner: _Planner) -> Iterator[Problem]:
        """Yield what the register's rules say of the rows that would be stored, and cells that differ from it."""
        entries = [*planner.new, *(each.entry for each in planner.changed)]
        desk = Desk(connection, self.context.campaign, self.account, self.clock.now(), self.by_command)
        new = (prefilled(desk, self.register, entry.values) for entry in planner.new)
        rows = [*new, *(each.values for each in planner.changed)]
        first = self.register.first_state.id
        states = [first] * len(planner.new) + [each.row.state for each in planner.changed]
        ruled = RuledRegister(self.context.campaign, self.register, self.context.today)
        try:
            judged = ruled.judge(connection, rows, self.period, states)
        except RulesFailed:
            yield Problem(self.register.name, "rules-failed", say("rules-failed"))
            return
        stored = [None] * len(planner.new) + [each.row for each in planner.changed]
        for entry, row, there in zip(entries, judged, stored, strict=True):
            yield from planner.keys.problems(entry, there, row.values)
            for problem in row.problems:
                yield replace(problem, place=entry.place(problem.place))
            for name, typed in entry.computed_texts.items():
                told = differing_cell(self.register.field(name), typed, row.values.get(name), self.context)
                if told:
                    yield replace(told, place=entry.place(name))

    def _named(self, connection: Connection, planner: _Planner) -> Iterator[Problem]:
        """Yield what is wrong with the rows that others refer to: those of no register, and those called otherwise."""
        campaign = self.context.campaign
        rows: list[tuple[Mapping[str, Any], Mapping[str, Any]]]
        rows = [(entry.values, {}) for entry in planner.new]
        rows += [(each.values, each.row.values) for each in planner.changed]
        entries = [*planner.new, *(each.entry for each in planner.changed)]
        told = reference_problems(connection, campaign, self.account, self.register, rows)
        for entry, problems in zip(entries, told, strict=True):
            for problem in problems:
                yield replace(problem, place=entry.place(problem.place))
        for each in planner.changed:
            if by := left_without(connection, campaign, each.row, each.values):
                place = each.entry.place(self.register.one_row_per[0])
                yield Problem(place, "row-named", str(RowNamed(by)))

    def effect(self, found: RegisterImport) -> Hashable:
        """Number of new rows, and ids and versions of changed ones."""
        return (
            len(found.new),
            tuple((each.row.id, each.row.version) for each in found.changed),
            found.unchanged,
        )

    def store(self, connection: Connection, found: RegisterImport, name: str, data: bytes) -> str | None:
        """Store the rows, the answers that hold for later files, and the batch.

        Returns:
            The batch's id; None where the workbook changes nothing.

        Raises:
            NotAllowed: the account may not write these rows.
        """
        now, campaign = self.clock.now(), self.context.campaign
        desk = Desk(connection, campaign, self.account, now, self.by_command)
        before = rows_by_id(connection, register_row, [each.row.id for each in found.changed])
        made = row_store.create_many(desk, [self._filing(entry) for entry in found.new])
        for each in found.changed:
            about = RowSubject(each.entry.household_id, person=each.entry.person)
            row = row_store.reread(desk, each.row)  # may follow from one that was edited just now
            row_store.edit(desk, row, row.version, each.values, about)
        after = rows_by_id(connection, register_row, list(before))
        effects = [Effect(register_row.name, row_id, NEW, "1") for row_id in made]
        effects += [
            changed_effect(register_row, before[key], row, str(row["version"])) for key, row in after.items()
        ]
        importer = Importer(connection, campaign, self.context.unit, self.account, now, self.by_command)
        remember(found.questions, importer)
        counts = {"new": len(made), "changed": len(found.changed), "unchanged": found.unchanged}
        file = SourceFile(name, data, found.book.has_personal_numbers)
        return importer.log.write(LEDGER, file, effects, counts)

    def _filing(self, entry: LedgerEntry) -> RowFiling:
        values = {name: value for name, value in entry.values.items() if value is not None}
        about = RowSubject(entry.household_id, person=entry.person)
        return RowFiling(str(uuid4()), self.register, self.period, self.context.unit.code, values, about)
