"""The desk: who works, when, on which campaign, in which transaction; and what is refused there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from checklist.model import Campaign
from forms_server.account import Account


@dataclass(frozen=True)
class Desk:
    """Who works, when (wall-clock time of the campaign's zone), and in which transaction."""

    connection: Connection
    campaign: Campaign
    account: Account
    now: datetime


class NotFound(Exception):
    """There is no such record, or the account may not know of it."""


class NotAllowed(Exception):
    """The account may not write this; its words are for the person who asked."""
