"""Parsing of rows to values, by the same judge as the web form."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from operator import itemgetter

from build_scripts.intake.cell_judges import Judge, Judged, judge_of, text_of
from build_scripts.intake.cell_questions import leaves_no_value, record_with_answers
from build_scripts.intake.cell_table import Cell, CellSheet
from build_scripts.intake.column_units import scaled
from build_scripts.intake.filing_lines import Filled
from build_scripts.intake.finer_types import FinerType
from build_scripts.intake.issue_levels import LevelReader
from build_scripts.intake.ledger_entry import LedgerEntry
from build_scripts.intake.ledger_recognition import Header
from build_scripts.intake.outcome_reading import OutcomeReader, RowOutcome
from build_scripts.intake.person_column import PersonColumn
from build_scripts.intake.person_marks import PersonKeys
from checklist.model import KEPT_BY_SYSTEM, Field, FieldType, Stage
from checklist.problems import Problem
from checklist.states import STATE_NAMES, State
from checklist.values.judge import Context, RecordJudge, Value

_NOT_FILLED = KEPT_BY_SYSTEM | {FieldType.COMPUTED}
_PLACES = frozenset({FieldType.TOWNSHIP, FieldType.VILLAGE})
_MOST_SEEN = 50_000

_NO_OUTCOME = RowOutcome(rectified=False)

_NONE = -1
"""Index of a missing column: a blank appended to each row."""

Together = tuple[dict[str, Value], Sequence[Problem], tuple[str, ...]]
"""Values and problems of the fields judged together, and those that the row leaves unset."""


class RowReader:
    """Parser of the rows under one header of one sheet.

    Interdependent fields (place and level) are judged together, others one by one; both are memoized, as most rows of a
    ledger repeat a few values.
    """

    def __init__(
        self,
        header: Header,
        sheet: CellSheet,
        context: Context,
        defaults: Mapping[str, str],
        factors: Mapping[str, Decimal],
        keys: PersonKeys | None = None,
    ) -> None:
        """Prepare the columns.

        Args:
            header: of the ledger.
            sheet: in which it stands.
            context: the filing unit and the time.
            defaults: field id to the value of an empty cell (``defaults_of``).
            factors: field id to what its figures are multiplied by (``column_units``).
            keys: reads the marks of persons.
        """
        self._persons = PersonColumn(header, context.campaign, keys)
        self._household_number = _NONE if header.household_number is None else header.household_number
        self._date1904, self._factors = sheet.date1904, factors
        self._header, self._sheet, self._defaults, self._context = header, sheet.name, defaults, context
        self._missing = frozenset(field.id for field in missing_columns(header, defaults))
        fields = _filled_when_found(header)
        linked = _linked(fields)
        self._linked = [field.id for field in linked]
        # Two extra blanks: an itemgetter of one column returns no tuple.
        self._key = itemgetter(*(header.columns.get(field.id, _NONE) for field in linked), _NONE, _NONE)
        self._computed = {
            field.id: header.columns.get(field.id, _NONE)
            for field in header.form.fields
            if field.type is FieldType.COMPUTED
        }
        self._photos = {each.id: header.columns.get(each.id, _NONE) for each in header.form.photo_fields}
        self._together = RecordJudge(header.form.model_copy(update={"fields": tuple(linked)}), context)
        self._levels = LevelReader(header.form, context)
        self._seen: dict[tuple[Cell, ...], Together] = {}
        self._alone = [self._column(field, context) for field in fields if field not in linked]
        words = header.words
        labels = ["" if column is None else words[column] for column in (header.told_state, header.told_day)]
        self._outcomes = [
            (field.id, header.columns.get(field.id, _NONE), OutcomeReader(field, context, *labels))
            for field in header.form.fields
            if field.stage is Stage.RECTIFIED
        ]
        self._told_state = _NONE if header.told_state is None else header.told_state
        self._told_day = _NONE if header.told_day is None else header.told_day
        implied = [field_id for field_id, *_ in self._outcomes[:1]] if self._told_state != _NONE else []
        said = frozenset((*header.columns, *implied)) - {*self._computed, *self._photos}
        self._provided: dict[tuple[str, ...], frozenset[str]] = {(): said}
        self._record_id = _NONE if header.record_id is None else header.record_id
        self._state = _NONE if header.state is None else header.state
        self._version = _NONE if header.version is None else header.version
        self._finer_type = None if header.finer_type is None else FinerType(header, context)
        beside = (
            self._record_id, self._state, self._told_state, self._told_day, self._version, self._persons.column,
            self._household_number,
        )  # fmt: skip
        self._blanks = [""] * (1 + max(*header.columns.values(), *beside, header.finer_type or 0))

    def read(self, number: int, cells: Sequence[Cell]) -> tuple[LedgerEntry, list[Problem]]:
        """Parse a row to an entry and its problems."""
        row = [*cells, *self._blanks[len(cells) :], ""]
        if self._finer_type:
            self._finer_type.join(row)
        key = self._key(row)
        judged, said, unsaid = self._seen.get(key) or self._judged_together(key)
        values, problems = dict(judged), list(said)
        for field_id, column, judge, default in self._alone:
            cell = row[column]
            if not cell and default:
                cell = default
                unsaid = (*unsaid, field_id)
            values[field_id], wrong = judge(cell)
            if wrong:
                problems += wrong
        outcome = self._read_outcome(row, values, problems)
        raw = {field_id: text_of(row[column]) for field_id, column in self._computed.items()}
        photos = {field_id: text_of(row[column]) for field_id, column in self._photos.items()}
        provided = self._provided.get(unsaid) or self._provided_without(unsaid)
        person, wrong = self._persons.read(row[self._persons.column], values)
        problems += wrong
        if person:
            provided = provided | self._persons.bands.keys()
        record_id = text_of(row[self._record_id])
        state = text_of(row[self._state])
        entry = LedgerEntry(
            self._header,
            self._sheet,
            number,
            values,
            provided,
            outcome.rectified,
            outcome.day,
            record_id,
            state,
            text_of(row[self._version]),
            person=person,
            household_number=text_of(row[self._household_number]),
            computed_texts=raw,
            photo_texts=photos,
        )
        if not problems:
            return entry, problems
        placed = [_placed(problem, entry) for problem in problems]
        entry.doubted = True
        entry.wrong = any(map(leaves_no_value, placed))
        return entry, placed

    def _column(self, field: Field, context: Context) -> tuple[str, int, Judge, str]:
        """Return id, column, judge and default; missing columns were reported once for the sheet."""
        factor = self._factors.get(field.id, Decimal(1))
        judge = judge_of(field, context, date1904=self._date1904, factor=factor)
        judge = _nothing if field.id in self._missing else judge
        return field.id, self._header.columns.get(field.id, _NONE), judge, self._defaults.get(field.id, "")

    def _provided_without(self, unsaid: tuple[str, ...]) -> frozenset[str]:
        """Return the fields that a row sets, given those that it leaves unset."""
        return self._provided.setdefault(unsaid, self._provided[()].difference(unsaid))

    def _judged_together(self, key: tuple[Cell, ...]) -> Together:
        typed = dict(zip(self._linked, key, strict=False))
        unsaid = tuple(
            field_id for field_id, cell in typed.items() if not cell and field_id in self._defaults
        )
        raw = {field_id: text_of(cell) for field_id, cell in typed.items()}
        for field_id in self._factors.keys() & raw.keys():
            field = self._header.form.field(field_id)
            raw[field_id] = scaled(field, raw[field_id], self._factors[field_id], self._context)
        warnings = self._levels.split(raw)
        raw = {field_id: text or self._defaults.get(field_id, "") for field_id, text in raw.items()}
        checked, asking = record_with_answers(self._together, self._header.form, raw, self._context)
        problems = [problem for problem in checked.problems if problem.place not in self._missing]
        seen = checked.values, (*warnings, *problems, *asking), unsaid
        if len(self._seen) < _MOST_SEEN:
            self._seen[key] = seen
        return seen

    def _read_outcome(
        self, row: Sequence[Cell], values: dict[str, Value], problems: list[Problem]
    ) -> RowOutcome:
        """Add the rectification fields; return the status that the first one gives with the columns beside it."""
        found = _NO_OUTCOME
        for index, (field_id, column, reader) in enumerate(self._outcomes):
            cell = row[column]
            values[field_id], wrong = reader.text(cell)
            if wrong:
                problems += wrong
            if index or any(not problem.warning for problem in wrong):
                continue
            found = reader(cell, row[self._told_state], row[self._told_day])
            if found.problems:
                problems += found.problems
            if found.rectified and values[field_id] is None and self._told_state != _NONE:
                values[field_id] = STATE_NAMES[State.RECTIFIED]
        return found


def defaults_of(header: Header, village: str, filler: str) -> dict[str, str]:
    """Return the values of empty cells: the form's default, the filler, the sheet's village.

    Args:
        header: of the ledger.
        village: of the whole sheet; empty where it names none.
        filler: who filled the ledger in.
    """
    defaults = {}
    for field in header.form.fields:
        of_sheet = village if field.type is FieldType.VILLAGE and not field.when else ""
        own = filler if field.suggest == "own-name" else ""
        defaults[field.id] = field.default or own or of_sheet
    return {field_id: text for field_id, text in defaults.items() if text}


def missing_columns(header: Header, defaults: Mapping[str, str]) -> list[Field]:
    """Return the required fields that have no column."""
    return [
        field
        for field in _filled_when_found(header)
        if field.required and not field.when and field.id not in header.columns and field.id not in defaults
    ]


def filler_of(filing: Mapping[str, Filled], importer: str) -> str:
    """Return who filled in a ledger: from its line, or else the importer."""
    said = filing.get("filler")
    return said.text if said else importer


def _filled_when_found(header: Header) -> list[Field]:
    fields = header.form.fields
    return [field for field in fields if field.stage is Stage.FOUND and field.type not in _NOT_FILLED]


def _linked(fields: Sequence[Field]) -> list[Field]:
    """Return the interdependent fields: places, conditional fields and what these depend on."""
    asked_of = {field.when.field for field in fields if field.when}
    return [field for field in fields if field.type in _PLACES or field.when or field.id in asked_of]


def _nothing(_cell: Cell) -> Judged:
    return None, ()


def _placed(problem: Problem, entry: LedgerEntry) -> Problem:
    return Problem(
        entry.place(problem.place), problem.code, problem.message, problem.warning, problem.question
    )
