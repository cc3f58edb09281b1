"""Detection of ledger headers: one row or two, columns in any order, unknown ones in between.

The headers are YAML: ``label``, ``header`` and ``header_aliases`` of a form's fields (``forms/*.yml``).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from build_scripts.intake.cell_table import Cell, Range, Row
from build_scripts.intake.header_texts import header_key, header_texts
from build_scripts.workbooks.column_validation import EXTENSIONS, FIRST_DEADLINE, RECORD_ID, STATE, VERSION
from checklist.model import Campaign, Field, FieldType, RecordForm
from checklist.model.reading import TableWords
from checklist.reading.amounts import unit_in
from checklist.values.amount_types import units_of_field

_BRACKETS = re.compile(r"\(.*\)|\[.*\]")

_LONGEST = 40
"""Characters of a header, without what it explains."""
_REMEMBERED = 1_000

_EXACT, _ALIAS, _CUT = range(3)
"""Rank of a match: the form's own header, an alias, the text before brackets."""


_TOLD = frozenset({FIRST_DEADLINE, EXTENSIONS})
"""Read-only columns of our exports, ignored on import."""
_SILENT = frozenset(
    {
        FieldType.SERIAL,
        FieldType.TOWNSHIP,
        FieldType.VILLAGE,
        FieldType.CHOICE,
        FieldType.COMPUTED,
        FieldType.PHOTO,
    }
)


@dataclass(frozen=True)
class Header:
    """The position of a sheet's ledger, and its columns."""

    form: RecordForm
    row: int
    """Number of its first row."""
    depth: int
    """How many rows it takes."""
    columns: Mapping[str, int]
    """Field id to column, from 0."""
    words: Mapping[int, str]
    """The header of each column."""
    headings: Mapping[int, str]
    """The same with the row above it, where the header has two: 金额（万元）/合计."""
    twice: tuple[tuple[str, int], ...] = ()
    """Fields with a second, equally good column, and that column."""
    record_id: int | None = None
    """The column of record ids, in exported workbooks."""
    state: int | None = None
    """The column of states, in exported workbooks."""
    told_state: int | None = None
    """The status column beside the outcome (整改状态)."""
    told_day: int | None = None
    """The column of the day of rectification."""
    version: int | None = None
    """The column of versions, in exported workbooks."""
    finer_type: int | None = None
    """A second column of the problem type, which may refine the first: 三保障 beside 住房安全."""
    identity: int | None = None
    """The column of identity numbers beside the person, of which keys were made."""
    household_number: int | None = None
    """The column of numbers by which the roster knows households, beside a field of a household."""

    @property
    def last_row(self) -> int:
        """Number of its last row."""
        return self.row + self.depth - 1

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The form's fields that have a column."""
        return {field.id: field for field in self.form.fields if field.id in self.columns}

    @cached_property
    def telling(self) -> tuple[int, ...]:
        """The columns that make a row a record; serial numbers, places and choices may be pre-filled."""
        return tuple(self.columns[field.id] for field in self.fields.values() if field.type not in _SILENT)

    @cached_property
    def village(self) -> str:
        """The id of the form's village field; empty if it has none."""
        return next((field.id for field in self.form.fields if field.type is FieldType.VILLAGE), "")

    @cached_property
    def unread_columns(self) -> Mapping[int, str]:
        """Unknown columns and their headers, except the read-only ones of our exports."""
        read = {
            *self.columns.values(),
            self.record_id,
            self.state,
            self.told_state,
            self.told_day,
            self.version,
            self.finer_type,
            self.identity,
            self.household_number,
        }
        told = _TOLD if self.record_id is not None else frozenset[str]()
        return {
            column: words
            for column, words in self.words.items()
            if column not in read and header_key(words) not in told
        }

    @property
    def unread(self) -> tuple[str, ...]:
        """The headers of unknown columns."""
        return tuple(self.unread_columns.values())


class HeaderFinder:
    """Index of the headers of all forms. Make one for many sheets.

    Args:
        campaign: gives the words of tables.
        forms: that are looked for; None for the campaign's record forms.
    """

    def __init__(self, campaign: Campaign, forms: Sequence[RecordForm] | None = None) -> None:
        sought = campaign.record_forms if forms is None else forms
        self._words = [(form, _words_of(form)) for form in sought]
        self._tables = campaign.reading.tables
        numbers = (campaign.roster.number_label, *campaign.roster.columns.number)
        self._numbers = {header_key(word) for word in numbers}
        self._any = frozenset(word for _, words in self._words for word in words)
        self._no_words: set[Cell] = set()

    def is_header_word(self, cell: Cell) -> bool:
        """Return whether a cell may be a header."""
        if not cell or cell in self._no_words or str(cell).isdigit():
            return False
        if isinstance(cell, str) and len(cell) < _LONGEST and header_key(cell) in self._any:
            return True
        if len(self._no_words) < _REMEMBERED:
            self._no_words.add(cell)
        return False

    def find(self, rows: Sequence[Row], merged: Sequence[Range], prefer: str = "") -> Header | None:
        """Return the first header among the rows.

        Args:
            rows: the first rows of a sheet.
            merged: its merged ranges.
            prefer: id of the form named in the workbook's metadata, to break ties.
        """
        for index in range(len(rows)):
            header = self.at(rows[index : index + 2], merged, prefer)
            if header and header.depth > 1:
                # A title or filing line above a header is not part of it.
                below = self.at(rows[index + 1 : index + 3], merged, prefer)
                header = below if below and _worth(below) >= _worth(header) else header
            if header:
                return header
        return None

    def at(self, rows: Sequence[Row], merged: Sequence[Range], prefer: str = "") -> Header | None:
        """Return the header that begins with the first of one or two rows, if any."""
        first = rows[0]
        best: tuple[tuple[int, bool], Header] | None = None
        for depth, texts in header_texts(rows, merged):
            for form, words in self._words:
                header = _header(form, words, texts, (first[0], depth), self._tables)
                header = self._with_household_number(header)
                rank = (_worth(header), form.id == prefer)
                if _is_enough(header) and (best is None or rank > best[0]):
                    best = rank, header
        return best[1] if best else None

    def _with_household_number(self, header: Header) -> Header:
        """Return the header with the column of households' numbers, where its form has a household."""
        if not any(field.type is FieldType.HOUSEHOLD for field in header.form.fields):
            return header
        beside = {
            column: words for column, words in header.words.items() if column not in header.columns.values()
        }
        return replace(header, household_number=_column_among(self._numbers, beside))


def _words_of(form: RecordForm) -> dict[str, list[tuple[int, str]]]:
    """Map every header of the form to ranks and field ids."""
    words: dict[str, list[tuple[int, str]]] = {}
    for field in form.fields:
        exact = (field.label, field.header, f"{field.group}/{field.label}", field.group + field.label)
        for rank, names in ((_EXACT, exact), (_ALIAS, field.header_aliases), (_CUT, _without_unit(field))):
            for name in filter(None, names):
                words.setdefault(header_key(name), []).append((rank, field.id))
    return words


def _without_unit(field: Field) -> Iterator[str]:
    """The names of a column of figures without the unit, since a file may have them in another one."""
    units = units_of_field(field) if field.type in {FieldType.MONEY, FieldType.DECIMAL} else {}
    for name in filter(None, (field.label, field.header, *field.header_aliases) if units else ()):
        if unit_in(name, units):
            yield _BRACKETS.sub("", header_key(name))


def _header(
    form: RecordForm,
    words: Mapping[str, list[tuple[int, str]]],
    texts: Mapping[int, tuple[str, ...]],
    place: tuple[int, int],
    tables: TableWords,
) -> Header:
    """Match the texts against a form's headers."""
    states, days = ({header_key(word) for word in group} for group in (tables.states, tables.done_days))
    # 是否完成 is the outcome's column only where no other is: beside one it says the state.
    found = sorted(
        (rank, header_key(names[-1]) in states, column, field_id)
        for column, names in texts.items()
        for rank, field_id in _matches(words, names)
    )
    shown = {column: names[-1] for column, names in sorted(texts.items())}
    columns: dict[str, int] = {}
    ranks: dict[str, int] = {}
    twice = []
    finer_type = None
    types = {field.id for field in form.fields if field.type is FieldType.PROBLEM_TYPE}
    for rank, is_state, column, field_id in found:
        if column in columns.values():
            continue
        if field_id not in columns:
            columns[field_id], ranks[field_id] = column, rank
        elif field_id in types and finer_type is None and shown[column] != shown[columns[field_id]]:
            finer_type = column
        elif ranks[field_id] == rank and not is_state:
            twice.append((field_id, column))
    record_id, state, version = (_column_of(word, shown) for word in (RECORD_ID, STATE, VERSION))
    read = {*columns.values(), finer_type}
    beside = {column: names for column, names in shown.items() if column not in read}
    told_state, told_day = (_column_among(group, beside) for group in (states, days))
    person = form.person_field
    numbers = {header_key(word) for word in person.identity_headers} if person else set()
    return Header(
        form,
        *place,
        columns,
        shown,
        {column: names[0] for column, names in texts.items()},
        tuple(twice),
        record_id,
        state if record_id is not None else None,
        told_state,
        told_day,
        version if record_id is not None else None,
        finer_type,
        _column_among(numbers, beside),
    )


def _column_of(word: str, shown: Mapping[int, str]) -> int | None:
    """Find the column under one of our own headers."""
    return next((column for column, text in shown.items() if header_key(text) == word), None)


def _column_among(words: set[str], shown: Mapping[int, str]) -> int | None:
    """Find the first column under one of several headers."""
    return next((column for column, text in shown.items() if header_key(text) in words), None)


def _matches(words: Mapping[str, list[tuple[int, str]]], names: Sequence[str]) -> list[tuple[int, str]]:
    """Return the fields that a column's header names, by the best rank."""
    for name in names:
        found = words.get(header_key(name))
        if found:
            return found
    cut = (_BRACKETS.sub("", header_key(name)) for name in names)
    return [(_CUT, field_id) for name in cut for _rank, field_id in words.get(name, ())]


def _worth(header: Header) -> int:
    """Score a match: known columns minus missing required ones."""
    missing = sum(
        field.required and field.column and field.id not in header.columns for field in header.form.fields
    )
    return len(header.columns) - missing


def _is_enough(header: Header) -> bool:
    """Return whether the match suffices: half of the annex's columns, at least three."""
    official = [field for field in header.form.fields if field.column]
    return sum(field.id in header.columns for field in official) >= max(3, len(official) / 2)
