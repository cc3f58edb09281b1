"""Drafts: autosaved input that was not submitted yet; private to their author, deleted on submission.

A draft is kept by its author, the page it stands on and the record's id: for a new record the id that was made with
the page, so that a draft that is taken up again is still the same record. Drafts are not checked and not audited.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, Table, and_, bindparam, delete, exists, select

from checklist.model import FilledForm
from checklist.reading.personal_numbers import masked
from forms_server.db.driver_statements import run
from forms_server.db.engine import insert_or
from forms_server.db.tables import draft
from forms_server.desk import Desk

KEPT = timedelta(days=60)
"""Lifetime of a draft."""

MOST, MOST_VISITS = 20, 200
"""Maximal drafts of an account, and of its visits; the oldest are evicted."""


_DISCARD = delete(draft).where(
    draft.c.account_id == bindparam("of_account"),
    draft.c.page == bindparam("of_page"),
    draft.c.record_id == bindparam("of_record"),
)


NEW, EDIT, VISIT = "new", "edit", "visit"
"""Pages with drafts, besides those of the moves, which use the move's id."""


@dataclass(frozen=True)
class Draft:
    """Draft: texts of a page's fields by name."""

    page: str
    form_id: str
    record_id: str
    typed: Mapping[str, str]
    saved_at: datetime


def save(desk: Desk, page: str, form: FilledForm, record_id: str, typed: Mapping[str, str]) -> None:
    """Upsert the draft of a page, personal numbers masked; evicts the oldest beyond the limit."""
    content = {
        "campaign_id": desk.campaign.id,
        "form_id": form.id,
        "typed": masked(typed),
        "saved_at": desk.now,
    }
    key = {"account_id": desk.account.id, "page": page, "record_id": record_id}
    statement = insert_or(desk.connection, draft).values(key | content)
    desk.connection.execute(
        statement.on_conflict_do_update(index_elements=list(draft.primary_key), set_=content)
    )
    _make_room(desk, page)


def find(desk: Desk, page: str, record_id: str) -> Draft | None:
    """Find the account's draft of that page and record."""
    row = desk.connection.execute(select(draft).where(_key(desk, page, record_id))).one_or_none()
    return _draft(row) if row else None


def unfinished(desk: Desk, form: FilledForm, table: Table) -> Sequence[Draft]:
    """The account's drafts of new records of a form, the last first; none of one that stands in its table since."""
    query = select(draft).where(
        draft.c.account_id == desk.account.id,
        draft.c.campaign_id == desk.campaign.id,
        draft.c.form_id == form.id,
        draft.c.page == NEW,
        ~exists().where(table.c.id == draft.c.record_id),
    )
    rows = desk.connection.execute(query.order_by(draft.c.saved_at.desc(), draft.c.record_id))
    return [_draft(row) for row in rows]


def discard(desk: Desk, page: str, record_id: str) -> None:
    """Delete the account's draft of that page (idempotent)."""
    key = {"of_account": desk.account.id, "of_page": page, "of_record": record_id}
    run(desk.connection, _DISCARD, key)


def _make_room(desk: Desk, page: str) -> None:
    """Evict the account's drafts of that kind of page that are too old or too many."""
    is_visit = draft.c.page == VISIT
    mine = and_(draft.c.account_id == desk.account.id, is_visit if page == VISIT else ~is_visit)
    most = MOST_VISITS if page == VISIT else MOST
    kept = select(draft.c.saved_at).where(mine).order_by(draft.c.saved_at.desc()).limit(1).offset(most - 1)
    earliest = desk.now - KEPT
    oldest = desk.connection.execute(kept).scalar_one_or_none() or earliest
    desk.connection.execute(delete(draft).where(mine, draft.c.saved_at < max(oldest, earliest)))


def _key(desk: Desk, page: str, record_id: str) -> ColumnElement[bool]:
    return and_(draft.c.account_id == desk.account.id, draft.c.page == page, draft.c.record_id == record_id)


def _draft(row: Row[tuple[object, ...]]) -> Draft:
    return Draft(row.page, row.form_id, row.record_id, row.typed, row.saved_at)
