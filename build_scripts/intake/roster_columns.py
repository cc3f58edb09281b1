"""Detection of a roster's header: any order, under the campaign's own column names.

The headers are YAML: ``roster.yml``, and the labels and ``header_aliases`` of the form's fields.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from build_scripts.intake.cell_table import Range, Row
from build_scripts.intake.header_texts import header_key, header_texts
from checklist.model import Campaign, Field, FieldType, RecordForm

NUMBER, MEMBER, RELATION, STATUS = "number", "member", "relation", "status"
"""Columns without a field in any form."""
TYPE = "household_type"

_OF_FORM = ("township", "village", "householder", TYPE, "people")
LOOKED_AT = 30
"""Number of rows at a sheet's top that are searched for the header."""


@dataclass(frozen=True)
class Columns:
    """The position of a sheet's list, and its columns.

    Attributes:
        last_row: number of the header's last row.
        places: name to zero-based columns; the first non-empty one counts.
        unread: the headers of ignored columns.
        words: the header of each column.
        unclear_name: whether the column of names may hold persons as well as householders.
    """

    last_row: int
    places: Mapping[str, tuple[int, ...]]
    unread: tuple[str, ...]
    words: Mapping[int, str]
    unclear_name: bool = False

    @property
    def by_person(self) -> bool:
        """Whether rows are persons, not households."""
        return MEMBER in self.places

    @property
    def optional(self) -> set[int]:
        """The columns that a list can do without: all but those of village and names."""
        needed = {"village", "householder", MEMBER}
        return {column for name, found in self.places.items() if name not in needed for column in found}

    def without(self, left: Set[int]) -> "Columns":
        """Return the same without some of the optional columns."""
        kept = {
            name: tuple(each for each in found if each not in left) for name, found in self.places.items()
        }
        return replace(self, places={name: found for name, found in kept.items() if found})

    @property
    def may_be_persons(self) -> bool:
        """Whether a row may be a person: the only name column is 姓名, and there is no head count."""
        return self.unclear_name and not self.by_person and "people" not in self.places


def roster_form(campaign: Campaign) -> RecordForm | None:
    """Return a form of the household fields of household issues; None if village or householder is missing.

    Type and number of people are optional; village and householder are required.
    """
    form = campaign.household_form
    if form is None:
        return None
    fields = [_asked(field) for field in form.fields if field.id in _OF_FORM and not field.when]
    ids = {field.id for field in fields}
    if not {"village", "householder"} <= ids:
        return None
    number = Field(
        id=NUMBER,
        label=campaign.roster.number_label,
        type=FieldType.TEXT,
        max_length=campaign.roster.number_length,
    )
    return form.model_copy(update={"fields": (*fields, number)})


class ColumnFinder:
    """Index of a roster's headers. Make one for many sheets."""

    def __init__(self, campaign: Campaign, form: RecordForm) -> None:
        self._ranked = {name: _ranked(words) for name, words in _words(campaign, form).items()}

    def find(self, rows: Sequence[Row], merged: Sequence[Range]) -> Columns | None:
        """Return the first header among the rows with a village and a name; None if there is none."""
        candidates = (self._at(rows[at : at + 2], merged) for at in range(len(rows)))
        return next((found for found in candidates if found), None)

    def _at(self, rows: Sequence[Row], merged: Sequence[Range]) -> Columns | None:
        best: Columns | None = None
        for depth, texts in header_texts(rows, merged):
            found = self._columns(rows[0][0] + depth - 1, texts)
            if _is_enough(found) and (best is None or len(found.places) > len(best.places)):
                best = found
        return best

    def _columns(self, last_row: int, texts: Mapping[int, tuple[str, ...]]) -> Columns:
        keys = {column: [header_key(text) for text in names] for column, names in texts.items()}
        places: dict[str, tuple[int, ...]] = {}
        for name, ranked in self._ranked.items():
            ranks = {
                column: min((ranked[key] for key in found if key in ranked), default=None)
                for column, found in keys.items()
            }
            matched = sorted((rank, column) for column, rank in ranks.items() if rank is not None)
            if matched:
                places[name] = tuple(column for _, column in matched)
        read = {column for columns in places.values() for column in columns}
        words = {column: names[-1] for column, names in sorted(texts.items())}
        unread = tuple(words[column] for column in words if column not in read)
        settled = _settled(places)
        unclear = settled.get("householder", ())[:1] == places.get(MEMBER, ())[:1] != ()
        return Columns(last_row, settled, unread, words, unclear)


def _asked(field: Field) -> Field:
    return field.model_copy(update={"required": field.id in {"village", "householder"}})


def _words(campaign: Campaign, form: RecordForm) -> dict[str, tuple[str, ...]]:
    """Return every column's headers, the most specific first."""
    own = campaign.roster.columns
    extra = {name: getattr(own, name) for name in type(own).model_fields}
    words: dict[str, tuple[str, ...]] = {name: extra[name] for name in (MEMBER, RELATION, STATUS)}
    for field in form.fields:
        of_form = (field.label, field.header, *field.header_aliases)
        words[field.id] = (*extra[field.id], *filter(None, of_form))
    return words


def _ranked(words: Sequence[str]) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for rank, word in enumerate(words):
        ranks.setdefault(header_key(word), rank)
    return ranks


def _settled(places: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """Resolve columns claimed twice.

    姓名 is a person's where there is a column of relations or another one of householders, else the householder's.
    """
    members = places.get(MEMBER, ())
    others = tuple(column for column in places.get("householder", ()) if column not in members)
    if members and (RELATION in places or others):
        return {key: found for key, found in {**places, "householder": others}.items() if found}
    if RELATION in places and others:
        return {**places, MEMBER: others}
    return {key: found for key, found in places.items() if key != MEMBER}


def _is_enough(columns: Columns) -> bool:
    return "village" in columns.places and ("householder" in columns.places or columns.by_person)
