"""Who imports, for whom, when and in which transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from checklist.model import Campaign, Unit
from forms_server.account import Account
from forms_server.imports.import_batches import BatchLog


@dataclass(frozen=True)
class Importer:
    """Context of an import: account, unit, time and transaction."""

    connection: Connection
    campaign: Campaign
    unit: Unit
    account: Account
    """Account that files new records."""
    now: datetime
    by_command: bool = False
    """Whether it is the command line that imports."""
    on_behalf: Account | None = None
    """Account of the office that imports in the unit's place, if one does."""

    @property
    def author(self) -> Account | None:
        """Account for the audit; None for the command line."""
        return None if self.by_command else self.on_behalf or self.account

    @property
    def log(self) -> BatchLog:
        """Where the batch is written down."""
        return BatchLog(self.connection, self.campaign, self.unit.code, self.author, self.now)
