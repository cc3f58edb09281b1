"""Lists of a register's rows: filters, order and keyset pagination."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true

from checklist.model import Campaign, Field, FieldType, Register
from forms_server.account import Account
from forms_server.db.tables import register_row
from forms_server.records import keyset_paging
from forms_server.records.keyset_paging import Order, Position
from forms_server.registers.register_row import RegisterRow, of_register, to_row, where
from forms_server.registers.row_scope import place_ranges, visible_ranges
from forms_server.scope import sees_all

_row = register_row.c

_SEARCHED = frozenset(
    {FieldType.TEXT, FieldType.PARAGRAPH, FieldType.HOUSEHOLD, FieldType.PERSON, FieldType.REFERENCE}
)
_MOST_OFFERED = 500
"""Rows that a list of another register's offers; the key of one of more is typed."""


class RowOrder(StrEnum):
    """The orders of a list."""

    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True)
class RowFilters:
    """What a list is restricted to; empty ones select all."""

    period: str = ""
    township_code: str = ""
    village_code: str = ""
    state: str = ""
    waiting: bool = False
    """Whether only rows that were carried over and wait for their confirmation."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """Choice field to its answer."""
    words: str = ""
    """Part of any text."""

    @property
    def narrow(self) -> bool:
        """Whether it asks for more than a period."""
        return self != RowFilters(self.period)


@dataclass(frozen=True)
class RowPage:
    """A page of rows, with the cursors of its neighbours."""

    rows: Sequence[RegisterRow]
    next: Position | None
    previous: Position | None
    unfinished: bool = False


@dataclass(frozen=True)
class SeenRows:
    """The rows of a register that an account sees."""

    campaign: Campaign
    account: Account | None
    """Who sees them; None for the command line, which sees all."""
    register: Register
    as_figures: bool = False
    """Whether they are only counted: so are a survey's papers where nobody reads them."""

    @property
    def ranges(self) -> Sequence[ColumnElement[bool]]:
        """The account's sight, as disjoint conditions."""
        if self.account is None:
            return [true()]
        ranges = place_ranges if self.as_figures else visible_ranges
        return ranges(self.campaign, self.account, self.register)

    @property
    def whose(self) -> str:
        """Whose rows they are, as a title says it: of the county, of units, or of a village."""
        account, units = self.account, self.campaign.unit_by_code
        if account is None or sees_all(account) or account.unit_code == self.register.owner:
            return self.campaign.notice.county
        if account.village_code:
            return self.campaign.village_by_code[account.village_code].name
        codes = sorted(account.inspects) if account.reads_assigned_units else [account.unit_code]
        return "、".join(units[code].name if code in units else code for code in codes)

    def parts(self, filters: RowFilters) -> list[ColumnElement[bool]]:
        """Disjoint conditions, each one range of an index."""
        base = [
            of_register(self.campaign, self.register),
            _row.period == filters.period,
        ]
        if filters.village_code:
            base.append(_row.village_code == filters.village_code)
        elif filters.township_code:
            base.append(_row.township_code == filters.township_code)
        return [and_(*base, part) for part in self.ranges]

    def sought(self, filters: RowFilters) -> ColumnElement[bool] | None:
        """The conditions that have no index; None without any."""
        asked: list[ColumnElement[bool]] = []
        if filters.state:
            asked.append(_row.state == filters.state)
        if filters.waiting:
            asked.append(is_waiting())
        for field_id, answer in filters.choices.items():
            asked.append(_row.extra[field_id].as_string() == answer)
        if filters.words:
            texts = [each.id for each in self.register.fields if each.type in _SEARCHED]
            asked.append(
                or_(
                    *(
                        _row.texts[name].as_string().icontains(filters.words, autoescape=True)
                        for name in texts
                    )
                )
            )
        return and_(*asked) if asked else None


def is_waiting() -> ColumnElement[bool]:
    """The condition of rows that wait for their confirmation."""
    return and_(_row.carried_from.is_not(None), _row.checked_on.is_(None), ~_row.ended)


def choice_fields(register: Register) -> list[Field]:
    """The fields by which rows are filtered and counted."""
    return [each for each in register.fields if each.type is FieldType.CHOICE and where(each) == "extra"]


def page(
    connection: Connection,
    seen: SeenRows,
    filters: RowFilters,
    position: Position | None = None,
    order: RowOrder = RowOrder.NEWEST,
) -> RowPage:
    """Read one page of a list."""
    by = Order(_row.number, descending=order is RowOrder.NEWEST)
    found = keyset_paging.read(
        connection, register_row, seen.parts(filters), by, position, seen.sought(filters)
    )
    rows = [to_row(seen.register, row) for row in found.rows]
    return RowPage(rows, found.next, found.previous, found.unfinished)


def keyed_rows(connection: Connection, seen: SeenRows) -> Sequence[tuple[str, RegisterRow]]:
    """Rows that have not ended, with the key by which others refer to them; none where they are too many to offer.

    Of the latest period, for a register that has periods.
    """
    register = seen.register
    of = of_register(seen.campaign, register)
    period = connection.execute(select(func.max(_row.period)).where(of)).scalar()
    parts = seen.parts(RowFilters(period or ""))
    if len(register.one_row_per) != 1 or not parts:
        return []
    query = select(register_row).where(or_(*parts), ~_row.ended).order_by(_row.number)
    rows = connection.execute(query.limit(_MOST_OFFERED + 1)).mappings().all()
    if len(rows) > _MOST_OFFERED:
        return []
    found = [to_row(register, row) for row in rows]
    return [
        (str(row.values[register.one_row_per[0]]), row)
        for row in found
        if row.values.get(register.one_row_per[0])
    ]


def all_rows(
    connection: Connection,
    seen: SeenRows,
    filters: RowFilters,
    order: Sequence[ColumnElement[Any]] = (_row.township_code, _row.village_code, _row.number),
) -> Sequence[RegisterRow]:
    """All rows of a list, by place and number unless they are ordered otherwise: for workbooks and public notices."""
    sought, parts = seen.sought(filters), seen.parts(filters)
    if not parts:
        return []
    query = select(register_row).where(or_(*parts))
    query = query if sought is None else query.where(sought)
    query = query.order_by(*order)
    return [to_row(seen.register, row) for row in connection.execute(query).mappings()]
