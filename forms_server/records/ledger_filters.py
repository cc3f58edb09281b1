"""What a person asks to see of a form's ledger, and in which order."""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Table, and_

from checklist.model import Campaign, RecordForm
from forms_server import scope
from forms_server.account import Account
from forms_server.db.record_columns import TABLES
from forms_server.lifecycle import State

SOON = timedelta(days=3)
"""How long before its deadline an issue is called to mind."""


@dataclass(frozen=True)
class VisibleLedger:
    """One form's records as one account may see them on one day."""

    campaign: Campaign
    account: Account
    form: RecordForm
    today: date

    @property
    def table(self) -> Table:
        """The table that the records lie in."""
        return TABLES[self.form.kind]

    @property
    def has_deadlines(self) -> bool:
        """Whether its records can be overdue, and be put in the order of their deadlines."""
        return "due" in self.table.c or self.form.clock is not None

    def parts(self) -> list[ColumnElement[bool]]:
        """What the account may see, in parts for ``paging``."""
        own = and_(self.table.c.campaign_id == self.campaign.id, self.table.c.form_id == self.form.id)
        return [
            and_(own, part) for part in scope.visible_record_ranges(self.form, self.campaign, self.account)
        ]


class Sorting(StrEnum):
    """The orders of a ledger."""

    NEWEST = "newest"
    DUE = "due"
    """The oldest deadline first."""


@dataclass(frozen=True)
class Filters:
    """What a person asks to see; what is empty asks for all. Withdrawn records are shown only if asked for."""

    unit_code: str | None = None
    village_code: str | None = None
    area_id: str | None = None
    problem_type_id: str | None = None
    state: State | None = None
    done: bool = False
    """Rectified or closed: what annex 2 counts as 已整改."""
    overdue: bool = False
    due_soon: bool = False
    """Due today or within ``SOON``."""
    due_on: date | None = None
    sent_back: bool = False
    filed_on: date | None = None
    rectified_on: date | None = None
    waiting: bool = False
    """What waits for the date of the form's clock."""
    source: str = ""
    householder: str = ""
    """The whole name."""
    responsible_unit: str = ""
    """Part of its name."""
    words: str = ""
    """Part of the householder's name or of the content."""

    @property
    def narrow(self) -> bool:
        """Whether they ask for more than what is counted: a unit, an area or problem type, a state."""
        counted = {
            "unit_code",
            "area_id",
            "problem_type_id",
            "state",
            "done",
            "overdue",
            "due_soon",
            "sent_back",
            "waiting",
        }
        return any(getattr(self, field.name) for field in fields(self) if field.name not in counted)
