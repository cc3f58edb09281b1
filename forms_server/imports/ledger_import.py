"""Import of ledgers: parse, plan, and store all or nothing."""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from build_scripts.counting.count_query import COLUMNS, QUERY
from build_scripts.garbage_collection import without_garbage_collection
from build_scripts.intake.handed_in_annex2 import CellDifference, EnclosedSummary, Key, differences
from build_scripts.intake.import_comparison import LedgerPlan, make_plan
from build_scripts.intake.import_figures import Figures, figures_after, figures_of_rows
from build_scripts.intake.ledger_book import LedgerBook, read_book
from build_scripts.intake.ledger_entry import LedgerEntry
from build_scripts.intake.numberless_copy import numberless_copy
from build_scripts.intake.personal_cells import NumberRemoval
from build_scripts.intake.resent_ledgers import ResentLedgers
from build_scripts.intake.resent_questions import ResentQuestions
from build_scripts.intake.unclaimed_rows import without_unclaimed
from build_scripts.intake.unread_parts import unread_parts_hold_numbers
from build_scripts.intake.workbook_reader import open_workbook
from checklist.messages import say
from checklist.model import Unit
from checklist.problems import Problem
from checklist.values.findings_source import SOURCE, becomes_findings, source_refusal
from checklist.values.judge import Context
from forms_server.access import Action, may_write
from forms_server.account import Account
from forms_server.clock import Clock
from forms_server.imports.asked_plan import AskedPlan
from forms_server.imports.handed_in_figures import keep
from forms_server.imports.import_batches import LEDGER, SourceFile
from forms_server.imports.import_storage import store
from forms_server.imports.importer import Importer
from forms_server.imports.records_to_compare import RecordsElsewhere, recorded
from forms_server.imports.remembered_readings import remember
from forms_server.imports.supervised_records import of_supervision
from forms_server.registers.row_references import reference_problems


@dataclass(frozen=True)
class LedgerImport(AskedPlan):
    """A parsed workbook with its import plan."""

    unit: Unit
    """That files."""
    book: LedgerBook
    plan: LedgerPlan
    problems: Sequence[Problem]
    """Errors and warnings of the workbook and of the plan, in the workbook's order."""
    after: Figures = field(default_factory=dict)
    """Annex 2 of the unit's ledgers, once the plan is stored."""
    differences: Sequence[CellDifference] = ()
    """Where the unit's own annex 2 is not what its ledgers give then."""

    @property
    def summaries(self) -> list[EnclosedSummary]:
        """The annex 2 that the workbook holds."""
        return [report.summary for report in self.book.sheets if report.summary]

    @cached_property
    def of_rows(self) -> Figures:
        """The figures of the workbook's rows."""
        return figures_of_rows(self.book.entries)


def read_ledgers(data: bytes, context: Context, importer: str) -> LedgerBook:
    """The ledgers of a workbook.

    Args:
        data: its bytes.
        context: the unit that files, and when.
        importer: display name of the importing account.

    Raises:
        Unreadable: it cannot be read at all.
    """
    with without_garbage_collection(), open_workbook(data) as sheets:
        book = read_book(sheets, context, importer)
    book.has_personal_numbers |= unread_parts_hold_numbers(data)
    return book


@without_garbage_collection()
def plan_import(connection: Connection, book: LedgerBook, context: Context, account: Account) -> LedgerImport:
    """Compare a workbook with the unit's records.

    Args:
        connection: a transaction that reads.
        book: the workbook as it was read.
        context: the unit that files, and when.
        account: who would file what is new.
    """
    forms = {header.form.id: header.form for report in book.sheets for header in report.headers}
    unit_code = context.unit.code
    known = list(recorded(connection, context.campaign, unit_code, forms.values(), account))
    entries, read = without_unclaimed(book.entries, book.problems, known)
    book = replace(book, entries=entries, problems=read)
    elsewhere = RecordsElsewhere(connection, context.campaign, unit_code, account)
    plan = make_plan(book.entries, known, ResentLedgers(ResentQuestions(context), elsewhere), book.unwanted)
    supervised = of_supervision(connection, plan, context)
    refused = [*_not_permitted(plan, context, account), *_of_findings(plan, context), *supervised]
    refused += _named_rows(connection, plan, context, account)
    understood = (each for each in book.problems if not _is_settled(each, plan))
    problems = sorted([*understood, *plan.problems, *refused], key=_place_in(book))
    found = LedgerImport(context.unit, book, plan, problems)
    after = figures_after(_counted(connection, context), plan)
    differing = [each for summary in found.summaries for each in differences(summary, after, context)]
    return replace(found, after=after, differences=differing)


@dataclass(frozen=True)
class LedgerUpload:
    """Ledgers as a kind of import (``upload_flow.ImportKind``)."""

    context: Context
    account: Account
    clock: Clock
    by_command: bool = False
    """Whether it is the command line that imports."""
    on_behalf: Account | None = None
    """Account of the office that imports in the unit's place, if one does."""

    def read(self, data: bytes) -> LedgerBook:
        """The ledgers of a workbook."""
        return read_ledgers(data, self.context, self.account.shown_name)

    def holds_numbers(self, book: LedgerBook) -> bool:
        """Whether any cell or note holds a number of a person."""
        return book.has_personal_numbers

    def without_numbers(self, data: bytes) -> bytes:
        """A workbook without the numbers of persons, which alone may be kept."""
        return numberless_copy(data, NumberRemoval.of(self.context.campaign))

    def plan(self, connection: Connection, book: LedgerBook) -> LedgerImport:
        """Compare the ledgers with the unit's records."""
        return plan_import(connection, book, self.context, self.account)

    def effect(self, found: LedgerImport) -> Hashable:
        """Number of new records, ids and versions of changed and withdrawn ones, ids of those found again."""
        plan = found.plan
        changed = tuple((change.recorded.id, change.recorded.version) for change in plan.changed)
        compared = [(record.id, record.version) for record, _ in plan.withdrawn]
        return len(plan.new), changed, plan.unchanged, compared, [other for _, other in plan.found_again]

    def store(self, connection: Connection, found: LedgerImport, name: str, data: bytes) -> str | None:
        """Store the records, the unit's own annex 2, the answers that hold for later files, and the batch.

        Returns:
            The batch's id; None where the workbook changes nothing.

        Raises:
            EditConflict: a record was changed since the plan was made.
        """
        context, plan = self.context, found.plan
        importer = Importer(
            connection,
            context.campaign,
            context.unit,
            self.account,
            self.clock.now(),
            self.by_command,
            self.on_behalf,
        )
        effects = store(plan, importer)
        figures = keep(found.summaries, importer)
        remember(found.questions, importer)
        counts = {
            "new": len(plan.new),
            "changed": len(plan.changed),
            "found_again": len(plan.found_again),
            "withdrawn": len(plan.withdrawn),
            "unchanged": plan.unchanged,
        }
        counts = {name: number for name, number in counts.items() if number or name not in _SELDOM}
        file = SourceFile(name, data, found.book.has_personal_numbers)
        return importer.log.write(LEDGER, file, effects, counts, figures)


_SELDOM = frozenset({"found_again", "withdrawn"})
"""Counts that are written down only where there are any."""


def _is_settled(problem: Problem, plan: LedgerPlan) -> bool:
    """Whether a warning concerns an unchanged cell, which was confirmed when first imported."""
    return problem.place in plan.settled and (problem.warning or problem.question is not None)


def _counted(connection: Connection, context: Context) -> dict[Key, int]:
    """Annex 2 of the unit's ledgers: by problem type and in total."""
    counted: Counter[Key] = Counter()
    for line in connection.exec_driver_sql(QUERY):
        row = dict(zip(COLUMNS, line, strict=True))
        if (row["campaign_id"], row["unit_code"]) != (context.campaign.id, context.unit.code):
            continue
        for column in context.campaign.summary_table.columns:
            counted[row["problem_type_id"], column.id] += row[column.id]
            counted["", column.id] += row[column.id]
    return counted


def _named_rows(
    connection: Connection, plan: LedgerPlan, context: Context, account: Account
) -> Iterator[Problem]:
    """What is wrong with the rows of registers that records name."""
    rows: list[tuple[LedgerEntry, Mapping[str, Any]]] = [(entry, {}) for entry in plan.new]
    rows += [(change.entry, change.recorded.values) for change in plan.changed]
    by_form: dict[str, list[tuple[LedgerEntry, Mapping[str, Any]]]] = {}
    for entry, before in rows:
        by_form.setdefault(entry.form.id, []).append((entry, before))
    for entries in by_form.values():
        form, asked = entries[0][0].form, [(entry.values, before) for entry, before in entries]
        told = reference_problems(connection, context.campaign, account, form, asked)
        for (entry, _), problems in zip(entries, told, strict=True):
            yield from (replace(problem, place=entry.place(problem.place)) for problem in problems)


def _not_permitted(plan: LedgerPlan, context: Context, account: Account) -> Iterator[Problem]:
    """Errors for rows of villages that the account may not write."""
    permits: dict[tuple[Action, str | None], bool] = {}
    changed = [(change.entry, Action.REPORT if change.reports else Action.EDIT) for change in plan.changed]
    for entry, action in [*((entry, Action.FILE) for entry in plan.new), *changed]:
        key = action, _village_of(entry)
        if key not in permits:
            permits[key] = may_write(account, action, context.unit.code, key[1])
        if not permits[key]:
            code = "village-not-yours" if account.village_code else "unit-not-yours"
            yield Problem(entry.place("village"), code, say(code, unit=context.unit.name))


def _of_findings(plan: LedgerPlan, context: Context) -> Iterator[Problem]:
    """Errors for rows that would get the source that only a team's findings have."""
    new = [(entry, None, entry.values.get(SOURCE)) for entry in plan.new]
    changed = [(each.entry, *each.fields[SOURCE]) for each in plan.changed if SOURCE in each.fields]
    for entry, before, after in [*new, *changed]:
        if entry.form.kind == "issue" and becomes_findings(context.campaign, before, after):
            yield source_refusal(entry.form, entry.place(SOURCE), after)


def _village_of(entry: LedgerEntry) -> str | None:
    found = entry.values.get(entry.header.village) if entry.header.village else None
    return str(found) if found else None


def _place_in(book: LedgerBook) -> "_Order":
    return _Order({report.name: index for index, report in enumerate(book.sheets)})


class _Order:
    """The order of the workbook: by sheet as they stand in it, then by row."""

    def __init__(self, sheets: dict[str, int]) -> None:
        self._sheets = sheets

    def __call__(self, problem: Problem) -> tuple[int, int, str]:
        sheet, _, cell = problem.place.rpartition("!")
        letters = cell.rstrip("0123456789")
        return self._sheets.get(sheet, -1), int(cell[len(letters) :] or 0), letters.rjust(3)
