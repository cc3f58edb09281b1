"""What rows refer to: a reference names a row that there is and that its writer sees; a row tells what names it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import Connection, select

from build_scripts.rules.field_columns import LAST
from build_scripts.rules.form_rulebook import rulebook
from checklist.messages import say
from checklist.model import Campaign, Field, FilledForm, Register
from checklist.problems import Problem, errors_of
from checklist.text_normalisation import compact, fold
from forms_server.account import Account
from forms_server.db.tables import register_row
from forms_server.registers.named_rows import name_key, name_of, named_rows
from forms_server.registers.register_row import (
    RegisterRow,
    of_register,
    row_key,
    to_columns,
    to_row,
    where,
)
from forms_server.registers.row_scope import visible_rows

_CHUNK = 500
"""Rows of one query."""

_row = register_row.c


class ReferenceRefused(Exception):
    """A row names one that there is not, or that its writer does not see; ``problems`` say which."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class NamedBy:
    """The rows of one register that name a row in one of its fields."""

    register: Register
    field: Field
    rows: Sequence[RegisterRow]

    @property
    def words(self) -> str:
        """发电收入台账 3 行."""
        return f"{self.register.name} {len(self.rows)} 行"


class RowNamed(Exception):
    """A row cannot be called otherwise: others name it; ``by`` says which."""

    def __init__(self, by: Sequence[NamedBy]) -> None:
        super().__init__(say("row-named", by="、".join(each.words for each in by)))
        self.by = by


def links_of(form: FilledForm) -> Mapping[str, str]:
    """Field of a form to the register whose row it names."""
    if isinstance(form, Register):
        return form.links
    return {field.id: field.refers_to for field in form.fields if field.refers_to}


def reference_problems(
    connection: Connection,
    campaign: Campaign,
    account: Account,
    form: FilledForm,
    rows: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
) -> list[tuple[Problem, ...]]:
    """Return what is wrong with what some rows refer to, in their order; ``place`` is a field's id.

    That a row has ended is only doubted: income of an asset comes in after it was sold.

    Args:
        connection: reads the rows that are named.
        campaign: of the form.
        account: who writes the rows.
        form: a register or a form whose fields refer to rows.
        rows: values by field id, each with those that are stored now; what is not changed is not asked again.
    """
    found: list[list[Problem]] = [[] for _ in rows]
    for field_id, other_id in links_of(form).items():
        other, field = campaign.register_by_id[other_id], form.field(field_id)
        written = [
            (problems, after[field_id])
            for problems, (after, before) in zip(found, rows, strict=True)
            if after.get(field_id) is not None and after[field_id] != before.get(field_id)
        ]
        named = named_rows(connection, campaign, other, {value for _, value in written})
        seen = _seen(
            connection, campaign, account, other, [row.id for each in named.values() for row in each]
        )
        for problems, value in written:
            known = [row for row in named.get(name_key(value) or "", ()) if row.id in seen]
            problems.extend(_problem(field, other, value, known))
    return [tuple(problems) for problems in found]


def _problem(field: Field, other: Register, value: Any, known: Sequence[RegisterRow]) -> Iterator[Problem]:
    words = {"label": field.label, "typed": value, "register": other.name}
    if not known:
        key = other.field(other.one_row_per[0]).label
        yield Problem(field.id, "reference-none", say("reference-none", key=key, **words))
    elif known[-1].ended:
        told = say("reference-ended", number=known[-1].number, state=known[-1].state_words, **words)
        yield Problem(field.id, "reference-ended", told, warning=True)


def _seen(
    connection: Connection, campaign: Campaign, account: Account, other: Register, ids: Sequence[str]
) -> Collection[str]:
    sight, seen = visible_rows(campaign, account, other), set[str]()
    for start in range(0, len(ids), _CHUNK):
        query = select(_row.id).where(_row.id.in_(ids[start : start + _CHUNK]), sight)
        seen |= set(connection.execute(query).scalars())
    return seen


def require_references(
    connection: Connection,
    campaign: Campaign,
    account: Account,
    form: FilledForm,
    rows: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
) -> None:
    """Require that every reference names a row, whoever stores it: page, workbook or command.

    Raises:
        ReferenceRefused: one names none.
    """
    told = reference_problems(connection, campaign, account, form, rows)
    if errors := errors_of([problem for problems in told for problem in problems]):
        raise ReferenceRefused(errors)


def named_by(connection: Connection, campaign: Campaign, row: RegisterRow) -> list[NamedBy]:
    """The rows that name a row, a register and field at a time, whoever keeps them."""
    name, found = name_of(row), list[NamedBy]()
    for other in campaign.registers if name else ():
        for field_id, named in other.links.items():
            rows = (
                _naming(connection, campaign, other, field_id, str(name)) if named == row.register.id else ()
            )
            if rows:
                found.append(NamedBy(other, other.field(field_id), rows))
    return found


def names_written(connection: Connection, campaign: Campaign, register: Register) -> Collection[str]:
    """Keys of the names that rows of other registers write for rows of this one (``name_key``)."""
    found = set[str]()
    for other in campaign.registers:
        for field_id, named in other.links.items():
            if named == register.id and other != register:
                name = _row[where(other.field(field_id))][field_id].as_string()
                of = of_register(campaign, other)
                names = connection.execute(select(name).where(of).distinct()).scalars()
                found |= {key for each in names if (key := name_key(each))}
    return found


def left_without(
    connection: Connection, campaign: Campaign, row: RegisterRow, values: Mapping[str, Any]
) -> list[NamedBy]:
    """The rows that would name none, were a row's values these: those that name it, where it is called otherwise."""
    names = row.register.one_row_per
    after = values.get(names[0]) if len(names) == 1 else None
    key = name_key(name_of(row))
    if key is None or key == name_key(after):
        return []
    there = named_rows(connection, campaign, row.register, [name_of(row)]).get(key, ())
    return [] if any(each.id != row.id for each in there) else named_by(connection, campaign, row)


def computed_from(
    connection: Connection, campaign: Campaign, row: RegisterRow, changed: Collection[str]
) -> list[RegisterRow]:
    """The rows that store what is computed from some fields of a row: those that name it, and its next period's."""
    found = list[RegisterRow]()
    for other in campaign.registers:
        for field_id, names in rulebook(campaign, other).computed_from.items():
            if not names & {*changed}:
                continue
            if field_id == LAST and other.id == row.register.id:
                found += _next_period(connection, campaign, row)
            elif other.links.get(field_id) == row.register.id and (name := name_of(row)):
                found += _naming(connection, campaign, other, field_id, name)
    return found


def computed_next(
    connection: Connection, campaign: Campaign, rows: Iterable[RegisterRow]
) -> list[RegisterRow]:
    """The later rows that store what is computed from the period before, where that came to be these or no longer is.

    Args:
        connection: reads them.
        campaign: of the rows.
        rows: of one register and period; but for the first, not asked for where nothing is computed so.
    """
    left = iter(rows)
    first = next(left, None)
    if first is None or LAST not in rulebook(campaign, first.register).computed_from:
        return []
    later = of_register(campaign, first.register), _row.period > first.period
    if connection.execute(select(_row.id).where(*later).limit(1)).first() is None:
        return []
    return [each for row in chain([first], left) for each in _next_period(connection, campaign, row)]


def _next_period(connection: Connection, campaign: Campaign, row: RegisterRow) -> Iterator[RegisterRow]:
    key = row_key(row.register, to_columns(row.register, row.values))
    later = of_register(campaign, row.register), _row.row_key == key, _row.period > row.period
    query = select(register_row).where(*later).order_by(_row.period).limit(1)
    return (to_row(row.register, each) for each in connection.execute(query).mappings())


def _naming(
    connection: Connection, campaign: Campaign, other: Register, field_id: str, name: str
) -> Sequence[RegisterRow]:
    query = select(register_row).where(
        of_register(campaign, other),
        _row[where(other.field(field_id))][field_id].as_string().in_({name, fold(name), compact(name)}),
    )
    return [to_row(other, each) for each in connection.execute(query.order_by(_row.number)).mappings()]
