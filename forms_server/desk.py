"""The desk: the context of a write (account, time, campaign, transaction) and its errors."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from checklist.model import Campaign
from forms_server.account import Account


class LookingDesk(Protocol):
    """What a look needs of a desk, whoever looks: a command has no account."""

    @property
    def connection(self) -> Connection:
        """The transaction."""

    @property
    def campaign(self) -> Campaign:
        """Of what is looked at."""

    @property
    def now(self) -> datetime:
        """Wall-clock time in the campaign's zone."""


class AuthoredDesk(LookingDesk, Protocol):
    """What a change that follows from another one needs of a desk."""

    @property
    def author(self) -> Account | None:
        """Account for the audit; None for the command line."""


@dataclass(frozen=True)
class CommandDesk:
    """The desk at which a command looks."""

    connection: Connection
    campaign: Campaign
    now: datetime


@dataclass(frozen=True)
class Desk:
    """Context of a write: account, wall-clock time in the campaign's zone, and transaction."""

    connection: Connection
    campaign: Campaign
    account: Account
    now: datetime
    by_command: bool = False
    """Whether the command line works in the account's name."""

    @property
    def author(self) -> Account | None:
        """Account for the audit; None for the command line."""
        return None if self.by_command else self.account


class NotFound(Exception):
    """No such record, or none that the account may see."""


class NotAllowed(Exception):
    """The account may not write this; the message is for the user."""
