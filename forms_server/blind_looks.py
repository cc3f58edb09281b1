"""Which rows a team does not read yet: those about drawn households at which nobody has looked.

A team looks at a household blind, without what its unit wrote (notice, phase two); its list: ``inspection.spot_list``.
"""

from functools import lru_cache

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    true,
    union_all,
)

from forms_server.account import Account
from forms_server.db.driver_statements import read
from forms_server.db.tables import draw, draw_replacement, draw_row, household, spot_visit


def in_sight(table: FromClause, account: Account) -> ColumnElement[bool]:
    """The condition that a row is about no household that waits for the account's blind look."""
    hidden = out_of_sight(table, account)
    return true() if hidden is None else ~hidden


def out_of_sight(table: FromClause, account: Account) -> ColumnElement[bool] | None:
    """The condition that a row is about a drawn household at which nobody has looked; None for who looks at none.

    A row that waits for the choice among namesakes is about any of them.
    """
    return _out_of_sight(table) if account.reads_assigned_units else None


def any_waits(connection: Connection) -> bool:
    """Whether anywhere a drawn household waits for its look: before the draws and after the looks none does."""
    return bool(read(connection, _ANY_WAITING, {}))


@lru_cache(64)
def _out_of_sight(table: FromClause) -> ColumnElement[bool]:
    """The same for every team, and several times in each of its pages."""
    own = table.c.household_id
    hidden = and_(own.is_not(None), own.in_(_drawn_households()), own.not_in(_LOOKED_AT))
    if "householder" not in table.c:
        return hidden
    namesake = exists().where(
        household.c.id.in_(_drawn_households()),
        household.c.id.not_in(_LOOKED_AT),
        household.c.village_code == table.c.village_code,
        household.c.householder == table.c.householder,
    )
    return or_(hidden, and_(own.is_(None), func.coalesce(table.c.householder, "") != "", namesake))


_LOOKED_AT = select(spot_visit.c.household_id)


def _drawn_households() -> Select[tuple[str]]:
    """Ids of the households that were drawn or stand in for others, without those that were replaced."""
    gone = draw_replacement.alias("gone")
    row, instead = draw_row.c, draw_replacement.c
    drawn = select(row.subject_id).where(
        row.draw_id.in_(select(draw.c.id)),
        row.kind == "household",
        row.why != "",
        ~exists().where(gone.c.draw_id == row.draw_id, gone.c.subject_id == row.subject_id),
    )
    stand_in = select(instead.replacement_id).where(
        ~exists().where(gone.c.draw_id == instead.draw_id, gone.c.subject_id == instead.replacement_id)
    )
    return select(union_all(drawn, stand_in).subquery().c[0])


_DRAWN = _drawn_households().subquery()
_ANY_WAITING = select(_DRAWN.c[0]).where(_DRAWN.c[0].not_in(_LOOKED_AT)).limit(1)
