"""Mapping between a form's values and its table's columns."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import RowMapping, Table

from checklist.identity_cache import IdentityCache
from checklist.loading.form_rules import COLUMN_TYPES
from checklist.model import Campaign, Field, FieldType, RecordForm
from checklist.reading.deadlines import Deadline, DeadlineKind
from checklist.values.type_families import FAMILIES
from forms_server.db.tables import issue, proposed_household

TABLES: Mapping[str, Table] = {"issue": issue, "household": proposed_household}
"""The table of a form's kind."""

Row = RowMapping | Mapping[str, Any]

_COLUMN = {"township": "township_code", "village": "village_code", "problem_type": "problem_type_id"}
"""Columns that are not called like their field."""

_DEADLINE = "deadline"
_DEADLINE_KIND = "deadline.kind"
"""Key in ``extra`` for what has no column beside ``deadline`` and ``deadline_text``; no field's id has a dot."""


class _Codec(NamedTuple):
    """JSON encoder and decoder of a field type."""

    dump: Callable[[Any], Any]
    load: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def _dump_deadline(value: Deadline) -> list[str | None]:
    return [value.kind.value, value.due.isoformat() if value.due else None, value.text]


def _load_deadline(stored: list[str]) -> Deadline:
    kind, due, text = stored
    return Deadline(DeadlineKind(kind), date.fromisoformat(due) if due else None, text)


_PLAIN = _Codec(_same, _same)

CODECS: Mapping[FieldType, _Codec | None] = {
    FieldType.SERIAL: None,
    FieldType.TOWNSHIP: _PLAIN,
    FieldType.VILLAGE: _PLAIN,
    FieldType.PROBLEM_TYPE: _PLAIN,
    FieldType.CHOICE: _PLAIN,
    FieldType.TEXT: _PLAIN,
    FieldType.PARAGRAPH: _PLAIN,
    FieldType.INTEGER: _PLAIN,
    FieldType.DATE: _Codec(date.isoformat, date.fromisoformat),
    FieldType.DEADLINE: _Codec(_dump_deadline, _load_deadline),
    FieldType.COMPUTED: _PLAIN,
    **{kind: _Codec(each.dump, each.load) for kind, each in FAMILIES.items()},
}
"""One codec per type of value (``Field.holds``); None for types that are never stored."""


def column_of(form: RecordForm, field: Field) -> str | None:
    """Column of a field; None where it is stored in ``extra``."""
    name = _COLUMN.get(field.id, field.id)
    return name if field.id in COLUMN_TYPES and name in TABLES[form.kind].c else None


def to_columns(form: RecordForm, values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns for a form's validated values: one per mapped field, and ``extra`` with all others.

    A field that ``values`` lacks or holds as None becomes NULL, so that an edit can empty it.
    """
    columns: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for field_id, name, codec in _PLACES.get(lambda: _places(form), (form,)):
        value = values.get(field_id)
        if name == _DEADLINE:
            columns |= {"deadline": value and value.due, "deadline_text": value and value.text}
            extra |= {_DEADLINE_KIND: value.kind.value} if value else {}
        elif name:
            columns[name] = value
        elif codec and value is not None:
            extra[field_id] = codec.dump(value)
    return columns | {"extra": extra}


def _places(form: RecordForm) -> list[tuple[str, str | None, _Codec | None]]:
    """A form's fields with the column or, for those in ``extra``, the codec of each."""
    return [(field.id, column_of(form, field), CODECS[field.holds]) for field in form.fields]


_PLACES: IdentityCache[list[tuple[str, str | None, _Codec | None]]] = IdentityCache(64)


def with_township(campaign: Campaign, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Columns with the village's township, which a form need not ask for: by it the township sees the record."""
    township = campaign.township_of_village.get(columns.get("village_code") or "")
    return {**columns, "township_code": columns.get("township_code") or (township.code if township else None)}


def to_values(form: RecordForm, row: Row) -> dict[str, Any]:
    """Values of a form's fields in a row; empty fields are omitted."""
    return reader_of(form)(row)


def reader_of(form: RecordForm) -> Callable[[Row], dict[str, Any]]:
    """:func:`to_values` of a form, made once: it runs for every row that is read."""
    return _READERS.get(lambda: _reader(form), (form,))


_READERS: IdentityCache[Callable[[Row], dict[str, Any]]] = IdentityCache(64)
"""Pages make forms of a few fields for one request: they are not all kept."""


def columns_read(form: RecordForm) -> list[str]:
    """The columns of a form's table that its reader reads."""
    named = (column_of(form, field) for field in form.fields)
    columns = dict.fromkeys(["extra", *filter(None, named)])
    return [*columns, "deadline_text"] if _DEADLINE in columns else [*columns]


def _reader(form: RecordForm) -> Callable[[Row], dict[str, Any]]:
    places = [
        (field.id, name or "", _loader(field, name))
        for field in form.fields
        if (name := column_of(form, field)) or CODECS[field.holds]
    ]

    def read(row: Row) -> dict[str, Any]:
        values = {}
        for field_id, name, load in places:
            value = load(row) if load else row[name]
            if value is not None:
                values[field_id] = value
        return values

    return read


def _loader(field: Field, name: str | None) -> Callable[[Row], Any] | None:
    """How a field is read that is not one column as it stands."""
    if name == _DEADLINE:
        return _deadline
    codec = CODECS[field.holds]
    if name or codec is None:
        return None
    field_id, load = field.id, codec.load
    return lambda row: load(row["extra"][field_id]) if field_id in row["extra"] else None


def _deadline(row: Row) -> Deadline | None:
    if not row["deadline_text"]:
        return None
    kind = DeadlineKind(row["extra"].get(_DEADLINE_KIND, DeadlineKind.DATE))
    return Deadline(kind, row["deadline"], row["deadline_text"])
