"""The wall display's address: a revocable secret, of which the table holds a hash; who knows it sees counts only."""

import secrets
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from forms_server import audit
from forms_server.accounts.sessions import hash_token
from forms_server.db.tables import wall_display
from forms_server.desk import Desk, NotAllowed
from forms_server.scope import sees_all


def renew(desk: Desk) -> str:
    """Make a new address; the old one ends.

    Raises:
        NotAllowed: the account is not the office's.
    """
    _drop(desk)
    token = secrets.token_urlsafe(32)
    row = {"campaign_id": desk.campaign.id, "token_hash": hash_token(token)}
    desk.connection.execute(insert(wall_display).values(**row, made_by=desk.account.id, made_at=desk.now))
    _note(desk, "create")
    return token


def end(desk: Desk) -> None:
    """End the address, if there is one.

    Raises:
        NotAllowed: the account is not the office's.
    """
    if _drop(desk):
        _note(desk, "end")


def since(desk: Desk) -> datetime | None:
    """When the address was made; None without one."""
    query = select(wall_display.c.made_at).where(wall_display.c.campaign_id == desk.campaign.id)
    return desk.connection.execute(query).scalar()


def is_wall(connection: Connection, campaign_id: str, token: str) -> bool:
    """Whether this is the secret of this campaign's wall."""
    same = wall_display.c.campaign_id == campaign_id, wall_display.c.token_hash == hash_token(token)
    return connection.execute(select(wall_display.c.made_at).where(*same)).first() is not None


def _drop(desk: Desk) -> bool:
    if not sees_all(desk.account):
        raise NotAllowed("大屏的地址由办公室生成。")
    gone = delete(wall_display).where(wall_display.c.campaign_id == desk.campaign.id)
    return bool(desk.connection.execute(gone).rowcount)


def _note(desk: Desk, action: str) -> None:
    audit.record(
        desk.connection, desk.now, desk.account, wall_display.name, desk.campaign.id, action, alters=False
    )
