"""Verification with open eyes: which issues somebody opened before closing them, and how many must be.

An issue counts as opened in the version that was shown: what changed since is looked at again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from sqlalchemy import Connection, func, select

from checklist.model import Campaign
from checklist.states import State
from forms_server.db.engine import insert_or
from forms_server.db.tables import issue, issue_look
from forms_server.desk import Desk
from forms_server.records.record import Record


@dataclass(frozen=True)
class ClosedShare:
    """How many issues are closed, and how many of them had been opened by those who closed them."""

    closed: int
    opened: int

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all."""
        return self.opened * 100 // self.closed if self.closed else 0


class TooFewOpened(Exception):
    """Fewer of the picked issues were opened than the campaign wants; the message is for the user."""

    def __init__(self, opened: int, needed: int, picked: int) -> None:
        super().__init__(
            f"所选 {picked} 条里，您只打开看过 {opened} 条；一起销号至少要先打开看过 {needed} 条，请点开核对后再销号。"
        )


def note_opened(desk: Desk, record: Record) -> None:
    """Write down that the account has opened an issue."""
    row = {
        "issue_id": record.id,
        "account_id": desk.account.id,
        "version": record.version,
        "opened_at": desk.now,
    }
    again = insert_or(desk.connection, issue_look).values(row)
    known = again.on_conflict_do_update(
        index_elements=["issue_id", "account_id"],
        set_={"version": record.version, "opened_at": desk.now},
    )
    desk.connection.execute(known)


def is_opened(desk: Desk, record: Record) -> bool:
    """Whether the account has opened the issue as it is now."""
    return record.id in opened(desk.connection, desk.account.id, {record.id: record.version})


def opened(connection: Connection, account_id: str, versions: Mapping[str, int]) -> set[str]:
    """Which of these issues an account has opened in these versions."""
    look = issue_look.c
    query = select(look.issue_id, look.version).where(
        look.account_id == account_id, look.issue_id.in_(list(versions))
    )
    return {row.issue_id for row in connection.execute(query) if row.version == versions[row.issue_id]}


def needed(campaign: Campaign, picked: int) -> int:
    """How many of so many must have been opened before they are closed together."""
    percent = campaign.inspection.closing_sample if campaign.inspection else 0
    return ceil(picked * percent / 100)


def require_opened(desk: Desk, versions: Mapping[str, int]) -> None:
    """Raise TooFewOpened where fewer were opened than must be."""
    seen, least = (
        len(opened(desk.connection, desk.account.id, versions)),
        needed(desk.campaign, len(versions)),
    )
    if seen < least:
        raise TooFewOpened(seen, least, len(versions))


def closed_shares(
    connection: Connection, campaign: Campaign, units: Sequence[str]
) -> Mapping[str, ClosedShare]:
    """By filing unit, the issues that are closed, and those of them that had been opened."""
    query = (
        select(issue.c.unit_code, func.count(), func.count().filter(issue.c.opened_before_closing))
        .where(
            issue.c.campaign_id == campaign.id,
            issue.c.unit_code.in_(list(units)),
            issue.c.state == State.CLOSED.value,
        )
        .group_by(issue.c.unit_code)
    )
    return {code: ClosedShare(closed, seen) for code, closed, seen in connection.execute(query)}
