"""Totals and roll-ups of a register, computed from its rows: village, township, county. Nothing of it is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from checklist.model import Field, FieldType
from forms_server.db.tables import register_row
from forms_server.registers.row_listing import RowFilters, SeenRows, is_waiting
from forms_server.registers.row_sorting import few_enough, number_in

_row = register_row.c


@dataclass(frozen=True)
class RowFigures:
    """What some rows add up to; rows that have ended count in ``listed`` only."""

    listed: int = 0
    rows: int = 0
    waiting: int = 0
    sums: Mapping[str, int | Decimal] = field(default_factory=dict)
    """By the id of a field of ``totals``."""

    def __add__(self, other: "RowFigures") -> "RowFigures":
        sums = {
            name: self.sums.get(name, 0) + other.sums.get(name, 0) for name in {**self.sums, **other.sums}
        }
        return RowFigures(
            self.listed + other.listed, self.rows + other.rows, self.waiting + other.waiting, sums
        )


@dataclass(frozen=True)
class RolledUp:
    """A line of the roll-up: a village, a township with its villages, or the county."""

    township_code: str | None
    village_code: str | None
    figures: RowFigures


def totals(connection: Connection, seen: SeenRows, filters: RowFilters) -> RowFigures:
    """What the rows of a list add up to."""
    found = _grouped(connection, seen, filters, [])
    return found[()] if found else RowFigures()


def totals_of_list(connection: Connection, seen: SeenRows, filters: RowFilters) -> RowFigures | None:
    """What the rows of a list add up to; None where they are too many for every look at it.

    The roll-up's page adds up any number.
    """
    few = few_enough(connection, seen.parts(filters))
    return totals(connection, seen, filters) if few else None


def by_answer(
    connection: Connection, seen: SeenRows, filters: RowFilters, each: Field
) -> Mapping[str, RowFigures]:
    """RowFigures by the answers of a choice field; "" for rows without one."""
    found = _grouped(connection, seen, filters, [_row.extra[each.id].as_string()])
    return {answer or "": figures for (answer,), figures in found.items()}


def by_place(connection: Connection, seen: SeenRows, filters: RowFilters) -> Sequence[RolledUp]:
    """The roll-up: the county (or all that is seen), each township, and its villages, in the campaign's order.

    Lines of a village's rows add up to their township's, and those to the first line.
    """
    # Not by the columns themselves: SQLite would go through all rows in the order of an index that begins with them.
    places = [func.coalesce(_row.township_code, ""), func.coalesce(_row.village_code, "")]
    grouped = _grouped(connection, seen, filters, places)
    found = {(township or None, village or None): each for (township, village), each in grouped.items()}
    whole = RolledUp(None, None, sum(found.values(), RowFigures()))
    lines = [whole]
    known = [unit.code for unit in seen.campaign.units.townships]
    for code in sorted({place[0] for place in found}, key=lambda each: _place(known, each)):
        of_township = {village: figures for (township, village), figures in found.items() if township == code}
        lines.append(RolledUp(code, None, sum(of_township.values(), RowFigures())))
        villages = sorted(each for each in of_township if each)
        lines += [RolledUp(code, village, of_township[village]) for village in villages]
    return lines


def _place(known: Sequence[str], code: str | None) -> tuple[int, str]:
    return (known.index(code), "") if code in known else (len(known), code or "")


def _grouped(
    connection: Connection, seen: SeenRows, filters: RowFilters, groups: Sequence[ColumnElement[str]]
) -> dict[tuple[str | None, ...], RowFigures]:
    register, parts, sought = seen.register, seen.parts(filters), seen.sought(filters)
    if not parts:
        return {}
    which = or_(*parts) if sought is None else and_(or_(*parts), sought)
    counted = case((_row.ended, 0), else_=1)
    columns = [func.count(), func.sum(counted), func.sum(case((is_waiting(), 1), else_=0))]
    columns += [func.sum(case((~_row.ended, number_in(register.field(name))))) for name in register.totals]
    query = select(*groups, *columns).where(which).group_by(*groups)
    found: dict[tuple[str | None, ...], RowFigures] = {}
    for row in connection.execute(query):
        key = tuple(row[: len(groups)])
        listed, rows, waiting = (int(value or 0) for value in row[len(groups) : len(groups) + 3])
        sums = zip(register.totals, row[len(groups) + 3 :], strict=True)
        added = {name: _added(register.field(name), value) for name, value in sums}
        found[key] = RowFigures(listed, rows, waiting, added)
    return found


def _added(each: Field, value: Any) -> int | Decimal:
    """A sum: of decimals to six digits, so that no binary fraction shows."""
    if each.holds is FieldType.DECIMAL:
        return Decimal(str(round(value or 0, 6)))
    return int(value or 0)
