"""Rows of a workbook that may say what is recorded already: the same problem reworded, retyped or renamed.

A household's issue may be the same as another of its household and problem type, a general issue as one of its place
and type whose text is alike; the text alone tells an issue that moved to another type, or whose householder's name was
corrected. Everything is looked up by place and name, so that a large file is not compared with all that is recorded.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from rapidfuzz import fuzz

from checklist.model import FieldType, RecordForm
from checklist.reading.person_names import fold_name
from checklist.reading.similar_texts import ALIKE, VERY_ALIKE, fold_text
from checklist.values.judge import Value

MOST_SHOWN = 3
"""Records among which a person chooses."""

_MOST_COMPARED = 500
_NAMES_ALIKE = 50
"""Percent of their characters that a name and its correction have in common."""
_EQUAL = 100
_PLACES = frozenset({FieldType.TOWNSHIP, FieldType.VILLAGE})

NAME, LEVEL = "householder", "level"
_TEXTS = ("content", "reason")

Values = Mapping[str, Value]


class LikenessKind(StrEnum):
    """How a row resembles a record; the message code."""

    TEXT = "row-alike"
    TYPE = "row-type-moved"
    RENAMED = "row-name-corrected"


class Comparable(Protocol):
    """A record that rows are compared with."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def values(self) -> Values:
        """Values by field id; those of ``compared_fields`` are enough."""


class Likeness(NamedTuple):
    """A record that a row may mean; ``percent`` is that of the texts."""

    record: Comparable
    alike: LikenessKind
    percent: float

    @property
    def is_equal(self) -> bool:
        """Whether the texts differ in punctuation and blanks only."""
        return self.percent >= _EQUAL


def compared_fields(form: RecordForm) -> list[str]:
    """The ids of the fields by which a form's rows and records are compared."""
    names = {NAME, LEVEL, *_TEXTS}
    types = _PLACES | {FieldType.PROBLEM_TYPE}
    return [field.id for field in form.fields if field.id in names or field.type in types]


class RecordIndex:
    """The records of one form by place and name, and by place and text."""

    def __init__(self, form: RecordForm, records: Iterable[Comparable]) -> None:
        self._has_name = form.has(NAME)
        self._is_issue = form.kind == "issue"
        self._places = [field.id for field in form.fields if field.type in _PLACES or field.id == LEVEL]
        self._type = next(field.id for field in form.fields if field.type is FieldType.PROBLEM_TYPE)
        self._text = next((name for name in _TEXTS if form.has(name)), "")
        self._by_name: dict[Hashable, list[Comparable]] = defaultdict(list)
        self._by_text: dict[Hashable, list[Comparable]] = defaultdict(list)
        for record in records:
            self.add(record)

    def add(self, record: Comparable) -> None:
        """Compare what follows with this one, too."""
        self._by_name[self._named(record.values)].append(record)
        if self._is_issue:
            self._by_text[self._told(record.values)].append(record)

    def alike(self, values: Values, taken: Collection[str]) -> Sequence[Likeness]:
        """The records that a row with these values may mean, the likeliest first; those taken are others'."""
        same = [each for each in self._by_name.get(self._named(values), ()) if each.id not in taken]
        compared = self._compared(values, same)
        if not self._is_issue:  # a household is proposed once, whatever its risk is
            return _likeliest(Likeness(each, LikenessKind.TEXT, percent) for each, percent in compared)
        found = self._of_its_type(values, compared) or self._of_another_type(values, compared, taken)
        return _likeliest(found or self._renamed(values, taken))

    def twins(self, values: Values) -> Sequence[Likeness]:
        """The issues of the same household, or place with a like text; of another type where the texts are alike.

        The likeliest come first.
        """
        same = self._by_name.get(self._named(values), ())
        compared = self._compared(values, same)
        return _likeliest(self._of_its_type(values, compared) or self._of_another_type(values, compared, ()))

    def _compared(self, values: Values, same: Sequence[Comparable]) -> list[tuple[Comparable, float]]:
        if not same:
            return []
        text = self._folded_text(values)
        return [(each, fuzz.ratio(text, self._folded_text(each.values))) for each in same[:_MOST_COMPARED]]

    def _of_its_type(self, values: Values, compared: Iterable[tuple[Comparable, float]]) -> list[Likeness]:
        kind, least = values.get(self._type), 0 if self._has_name else ALIKE
        return [
            Likeness(each, LikenessKind.TEXT, percent)
            for each, percent in compared
            if each.values.get(self._type) == kind and percent >= least
        ]

    def _of_another_type(
        self, values: Values, compared: Iterable[tuple[Comparable, float]], taken: Collection[str]
    ) -> list[Likeness]:
        """The issues whose texts are nearly the household's; of what names no household, those of the very text."""
        if self._has_name:
            very = (pair for pair in compared if pair[1] >= VERY_ALIKE)
            return [Likeness(each, LikenessKind.TYPE, percent) for each, percent in very]
        told = self._by_text.get(self._told(values), ())
        return [Likeness(each, LikenessKind.TYPE, _EQUAL) for each in told if each.id not in taken]

    def _renamed(self, values: Values, taken: Collection[str]) -> Iterable[Likeness]:
        if not self._has_name:
            return ()
        name = self._name(values)
        return [
            Likeness(each, LikenessKind.RENAMED, _EQUAL)
            for each in self._by_text.get(self._told(values), ())
            if each.id not in taken and _is_corrected(self._name(each.values), name)
        ]

    def _named(self, values: Values) -> Hashable:
        """Place and name; of what names no household place and problem type, of which a place has many."""
        return *map(values.get, self._places), self._name(values) if self._has_name else values.get(
            self._type
        )

    def _told(self, values: Values) -> Hashable:
        """Place and text; of a household's issue the problem type, too."""
        places = map(values.get, self._places)
        if self._has_name:
            return *places, values.get(self._type), values.get(self._text)
        return *places, self._folded_text(values)

    def _name(self, values: Values) -> str:
        return fold_name(str(values.get(NAME) or ""))

    def _folded_text(self, values: Values) -> str:
        return fold_text(str(values.get(self._text) or ""))


def _is_corrected(one: str, other: str) -> bool:
    """Whether a name may be the other one, mistyped: the surname is the same, and half of the rest."""
    return one[:1] == other[:1] and fuzz.ratio(one, other) >= _NAMES_ALIKE


def _likeliest(found: Iterable[Likeness]) -> Sequence[Likeness]:
    return sorted(found, key=lambda each: -each.percent)[:MOST_SHOWN]
