"""A list of rows in the order of any of its columns: blanks last, equal values by number.

No index holds these orders, which lie in JSON: a page reads the keys of the whole list, and of no more rows than
``MOST_SORTED``. Longer lists are narrowed first, to a township or village.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Float,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)

from checklist.model import Field, FieldType, Register
from forms_server.db.tables import register_row
from forms_server.records.keyset_paging import PAGE_SIZE, Position
from forms_server.registers.register_row import of_register, place_of, to_row, where
from forms_server.registers.row_listing import RowFilters, RowPage, SeenRows

_row = register_row.c

MOST_SORTED = 100_000
"""Rows of a list that are sorted by a column, or added up below it."""

_UNSORTED = frozenset({FieldType.SERIAL, FieldType.CHOICES, FieldType.DEADLINE})
_NUMBERS = {
    FieldType.INTEGER: BigInteger,
    FieldType.MONEY: BigInteger,
    FieldType.RATING: BigInteger,
    FieldType.PHOTO: BigInteger,
    FieldType.DECIMAL: Float,
}


@dataclass(frozen=True)
class RowSort:
    """The column that a list is sorted by."""

    field: Field
    descending: bool = False

    @property
    def key(self) -> ColumnElement[Any]:
        """The value in SQL; NULL for blanks."""
        stored = _stored(self.field)
        if self.field.holds is FieldType.CHOICE and self.field.choices:
            places = {choice.id: place for place, choice in enumerate(self.field.choices)}
            return case(places, value=stored, else_=case((stored.is_not(None), len(places))))
        return number_in(self.field) if self.field.holds in _NUMBERS else stored

    def order(self, *, back: bool = False) -> list[ColumnElement[Any]]:
        """What a query is ordered by."""
        blank = _blank(self.key)
        keys = [(blank, False), (self.key, self.descending), (_row.number, False)]
        return [key.desc() if down != back else key.asc() for key, down in keys]

    def beyond(self, value: Any, number: int, *, back: bool) -> ColumnElement[bool]:
        """The condition of the rows after one of that value and number; of those before it, if ``back``."""
        later = _row.number < number if back else _row.number > number
        if value is None:
            here = and_(self.key.is_(None), later)
            return or_(here, self.key.is_not(None)) if back else here
        at = literal(value, self.key.type)
        further = self.key < at if self.descending != back else self.key > at
        found = or_(further, and_(self.key == at, later))
        return found if back else or_(found, self.key.is_(None))


def sortable(register: Register) -> list[Field]:
    """The fields by which a list may be sorted."""
    return [each for each in register.fields if each.type not in _UNSORTED and each.holds not in _UNSORTED]


def number_in(each: Field) -> ColumnElement[Any]:
    """A field's number in SQL."""
    return cast(_stored(each), _NUMBERS.get(each.holds, BigInteger))


def few_enough(connection: Connection, parts: Sequence[ColumnElement[bool]]) -> bool:
    """Whether the rows of a list are few enough to be gone through for one page."""
    ranges = [
        select(literal(1)).select_from(register_row).where(part).limit(MOST_SORTED + 1) for part in parts
    ]
    counts = (select(func.count()).select_from(each.subquery()) for each in ranges)
    return sum(connection.execute(each).scalar_one() for each in counts) <= MOST_SORTED


def sorted_page(
    connection: Connection, seen: SeenRows, filters: RowFilters, sort: RowSort, position: Position | None
) -> RowPage:
    """Read one page of a list that is ``few_enough``.

    Args:
        connection: a transaction.
        seen: whose rows of which register.
        filters: of the list.
        sort: its column.
        position: where the page begins, by the number of a row; None for the first one.
    """
    query = _listed(seen, filters)
    if query is None:
        return RowPage([], None, None)
    back = position is not None and position.back
    if position is not None:
        here = select(sort.key).where(_row.id == position.id, *_of(seen))
        value = connection.execute(here).scalar()
        query = query.where(sort.beyond(value, int(str(position.key)), back=back))
    ids = query.order_by(*sort.order(back=back)).limit(PAGE_SIZE + 1).subquery()
    rows = select(register_row).join(ids, ids.c.id == _row.id).order_by(*sort.order(back=back))
    found = connection.execute(rows).mappings().all()
    shown = [to_row(seen.register, each) for each in found[:PAGE_SIZE]]
    shown = shown[::-1] if back else shown
    first = Position(shown[0].number, shown[0].id, back=True) if shown else None
    last = Position(shown[-1].number, shown[-1].id) if shown else None
    more = len(found) > PAGE_SIZE
    if back:
        return RowPage(shown, last, first if more else None)
    return RowPage(shown, last if more else None, first if position else None)


def _listed(seen: SeenRows, filters: RowFilters) -> Select[tuple[str]] | None:
    parts, sought = seen.parts(filters), seen.sought(filters)
    if not parts:
        return None
    query = select(_row.id).where(or_(*parts))
    return query if sought is None else query.where(sought)


def _of(seen: SeenRows) -> list[ColumnElement[bool]]:
    return [of_register(seen.campaign, seen.register), or_(*seen.ranges)]


def _stored(each: Field) -> ColumnElement[Any]:
    place = place_of(each)
    return _row[place] if place else getattr(_row, where(each))[each.id].as_string()


def _blank(key: ColumnElement[Any]) -> ColumnElement[int]:
    return case((key.is_(None), 1), else_=0)
