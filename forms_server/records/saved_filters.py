"""Filters of a ledger that an account keeps under a name; each account sees and changes its own alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, func, insert, select

from forms_server.db.tables import saved_filter
from forms_server.desk import Desk

LONGEST_NAME, LONGEST_QUERY, MOST = 40, 2_000, 20


class FilterRefused(Exception):
    """The filter is not kept; the message is for the user."""


@dataclass(frozen=True)
class SavedFilter:
    """A filter with its name; ``query`` is that of the ledger's address."""

    id: str
    name: str
    query: str


def saved_filters(desk: Desk, form_id: str) -> Sequence[SavedFilter]:
    """The account's filters of a form, by name."""
    query = select(saved_filter).where(_own(desk, form_id)).order_by(saved_filter.c.name)
    return [SavedFilter(row.id, row.name, row.query) for row in desk.connection.execute(query)]


def keep(desk: Desk, filter_id: str, form_id: str, name: str, query: str) -> None:
    """Keep a filter; one of the same name is replaced. Idempotent.

    Args:
        desk: of the account.
        filter_id: made with the page.
        form_id: whose ledger it filters.
        name: as typed.
        query: of the ledger's address, with known parameters only.

    Raises:
        FilterRefused: no name, nothing to keep, or too many.
    """
    called = " ".join(name.split())[:LONGEST_NAME]
    if not called:
        raise FilterRefused("请给这组条件起个名字。")
    if not query or len(query) > LONGEST_QUERY:
        raise FilterRefused("没有选条件，不用保存。" if not query else "条件太长，保存不了。")
    own = _own(desk, form_id)
    desk.connection.execute(delete(saved_filter).where(own, saved_filter.c.name == called))
    kept = desk.connection.execute(select(func.count()).select_from(saved_filter).where(own)).scalar_one()
    if kept >= MOST:
        raise FilterRefused(f"最多保存 {MOST} 组条件，请先删去不用的。")
    known = saved_filter.c.id == filter_id
    if desk.connection.execute(select(saved_filter.c.id).where(known)).first() is None:
        row = {"id": filter_id, "name": called, "query": query, "form_id": form_id}
        owner = {"campaign_id": desk.campaign.id, "account_id": desk.account.id}
        desk.connection.execute(insert(saved_filter).values(row | owner))


def forget(desk: Desk, form_id: str, filter_id: str) -> None:
    """Delete one of the account's filters; nobody else's."""
    desk.connection.execute(delete(saved_filter).where(_own(desk, form_id), saved_filter.c.id == filter_id))


def _own(desk: Desk, form_id: str) -> ColumnElement[bool]:
    return and_(
        saved_filter.c.account_id == desk.account.id,
        saved_filter.c.campaign_id == desk.campaign.id,
        saved_filter.c.form_id == form_id,
    )
