"""Diff of two returns of a unit: figures, records, zero reports and the text of the report."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from build_scripts.counting.summary_lines import FIGURES as COLUMNS
from checklist.states import is_counted
from forms_server.editable_states import State
from forms_server.returns.return_document import (
    FIGURES,
    LISTS,
    RECORDS,
    REPORT,
    ZEROS,
    Document,
    Line,
    numbers,
)

STAMPS = frozenset({"version", "changed_at", "household_id", "extension_asked", "opened_before_closing"})
"""Bookkeeping columns, ignored by the diff: their changes need no new signature."""


@dataclass(frozen=True)
class FigureChange:
    """A changed cell of annex 2."""

    problem_type_id: str
    column: str
    before: int
    after: int


@dataclass(frozen=True)
class RecordDifference:
    """An added, removed or changed record; ``table`` is where it is stored."""

    table: str
    before: Line | None
    after: Line | None
    columns: frozenset[str] = frozenset()
    """Changed columns, without ``STAMPS``; empty for an added or removed record."""
    number: int | None = None
    """Its serial number in the later return, else in the earlier one; None where it counted in neither."""

    @property
    def line(self) -> Line:
        """The record's current row, or its last one."""
        line = self.after or self.before
        assert line is not None
        return line

    @property
    def only_closed(self) -> bool:
        """Whether the only change is the issue's verification, which is not the unit's own."""
        return self.columns == {"state"} and self.line["state"] == State.CLOSED


@dataclass(frozen=True)
class PartChange:
    """A changed part of the report."""

    title: str
    before: str
    after: str


@dataclass(frozen=True)
class ReturnDifference:
    """The whole diff."""

    figures: tuple[FigureChange, ...]
    records: tuple[RecordDifference, ...]
    zeros_ticked: tuple[str, ...]
    """Newly zero-reported problem types."""
    zeros_unticked: tuple[str, ...]
    parts: tuple[PartChange, ...]

    def __bool__(self) -> bool:
        return any((self.figures, self.records, self.zeros_ticked, self.zeros_unticked, self.parts))

    @property
    def added(self) -> list[RecordDifference]:
        """Added records."""
        return [change for change in self.records if change.before is None]

    @property
    def removed(self) -> list[RecordDifference]:
        """Removed records."""
        return [change for change in self.records if change.after is None]

    @property
    def changed(self) -> list[RecordDifference]:
        """Changed records."""
        return [change for change in self.records if change.columns and not change.only_closed]

    @property
    def closed(self) -> list[RecordDifference]:
        """Issues closed since."""
        return [change for change in self.records if change.only_closed]

    @property
    def needs_new_return(self) -> bool:
        """Whether the differences require a new signature."""
        own = len(self.records) > len(self.closed)
        return own or any((self.figures, self.zeros_ticked, self.zeros_unticked, self.parts))


def compare(before: Document, after: Document) -> ReturnDifference:
    """Diff an earlier return against a later one or the current data."""
    zeros = _by_key(before, ZEROS), _by_key(after, ZEROS)
    return ReturnDifference(
        figures=tuple(_figures(before, after)),
        records=tuple(_records(before, after)),
        zeros_ticked=tuple(sorted(zeros[1].keys() - zeros[0].keys())),
        zeros_unticked=tuple(sorted(zeros[0].keys() - zeros[1].keys())),
        parts=tuple(_parts(before, after)),
    )


def _by_key(document: Document, name: str) -> dict[str, Line]:
    return {line[LISTS[name]]: line for line in document[name]}


def _figures(before: Document, after: Document) -> Iterator[FigureChange]:
    old, new = _by_key(before, FIGURES), _by_key(after, FIGURES)
    none: Mapping[str, Any] = {}
    for key in [*old, *(new.keys() - old.keys())]:
        for column in COLUMNS:
            was, now = old.get(key, none).get(column, 0), new.get(key, none).get(column, 0)
            if was != now:
                yield FigureChange(key, column, was, now)


def _records(before: Document, after: Document) -> Iterator[RecordDifference]:
    named = {**numbers(before, _COUNTED), **numbers(after, _COUNTED)}
    for table in RECORDS:
        old, new = _by_key(before, table), _by_key(after, table)
        for key in sorted(old.keys() | new.keys()):
            was, now = old.get(key), new.get(key)
            if was is None or now is None:
                yield RecordDifference(table, was, now, number=named.get(key))
            elif was == now:
                continue
            # Columns of only one side came or went with an upgrade between the two.
            elif columns := {name for name in now.keys() & was.keys() if was[name] != now[name]} - STAMPS:
                yield RecordDifference(table, was, now, frozenset(columns), named.get(key))


_COUNTED = frozenset(state.value for state in State if is_counted(state))


def _parts(before: Document, after: Document) -> Iterator[PartChange]:
    old, new = _by_key(before, REPORT), _by_key(after, REPORT)
    for key in [*new, *(old.keys() - new.keys())]:
        was, now = old.get(key), new.get(key)
        texts = was["text"] if was else "", now["text"] if now else ""
        if texts[0] != texts[1]:
            yield PartChange((now or was or {})["title"], *texts)
