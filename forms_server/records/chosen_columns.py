"""The columns of a ledger that an account chose to see; each account chooses for itself alone."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, delete, insert, select

from forms_server.db.tables import chosen_column
from forms_server.desk import Desk


def chosen_columns(desk: Desk, form_id: str) -> Sequence[str]:
    """Ids of the chosen columns, in their order; empty for the usual ones."""
    query = select(chosen_column.c.columns).where(_own(desk, form_id))
    return (desk.connection.execute(query).scalar() or "").split()


def choose_columns(desk: Desk, form_id: str, columns: Sequence[str]) -> None:
    """Keep the choice of columns, ids that the caller has checked; none for the usual ones. Idempotent."""
    desk.connection.execute(delete(chosen_column).where(_own(desk, form_id)))
    if columns:
        owner = {"campaign_id": desk.campaign.id, "account_id": desk.account.id, "form_id": form_id}
        desk.connection.execute(insert(chosen_column).values(owner | {"columns": " ".join(columns)}))


def _own(desk: Desk, form_id: str) -> ColumnElement[bool]:
    return and_(
        chosen_column.c.account_id == desk.account.id,
        chosen_column.c.campaign_id == desk.campaign.id,
        chosen_column.c.form_id == form_id,
    )
