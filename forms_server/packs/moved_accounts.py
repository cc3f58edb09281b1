"""What a moved account leaves behind: its field packs are wiped, and no team of it goes to a unit of its own."""

from forms_server.account import Account
from forms_server.accounts import account_store
from forms_server.desk import Desk
from forms_server.inspection.teams import require_no_own_unit
from forms_server.packs.pack_standing import revoke


def follow_move(desk: Desk, account: Account, by: Account | None) -> int:
    """Settle what follows from a move, in its transaction; returns how many field packs are wiped.

    Args:
        desk: the campaign and the time.
        account: as it was before.
        by: who moves or confirms; None for the command line.

    Raises:
        Refused: a team of the account inspects a unit that is its own now, or once was.
    """
    moved = account_store.find(desk.connection, account.id)
    assert moved is not None
    if moved.reads_assigned_units:
        require_no_own_unit(desk, moved)
    return revoke(desk.connection, desk.now, by, account.id)
