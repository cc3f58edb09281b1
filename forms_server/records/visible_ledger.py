"""A form's ledger, restricted to the records that an account may see."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Table, and_, func

from checklist.model import Campaign, RecordForm
from checklist.overdue import DueRule, due_rule
from forms_server import scope
from forms_server.account import Account
from forms_server.db.driver_statements import Query, read_kept
from forms_server.db.record_columns import TABLES
from forms_server.scope import Relation


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
    def due_rule(self) -> DueRule | None:
        """Deadline rule; None for records without deadlines."""
        return due_rule(self.form)

    @property
    def worked_off(self) -> Relation | None:
        """Which of the records are tasks of the account's unit: issues all that it sees, of households its own."""
        proposals = self.form.kind != "issue" and scope.relations(self.campaign, self.account)
        return Relation.OWN if proposals else None

    def read(
        self,
        connection: Connection,
        make: Callable[..., Query | None],
        *asked: Hashable,
    ) -> list[Any]:
        """Read the rows of a query on the ledger, which is kept for all who see the same.

        Args:
            connection: for reading or for writing.
            make: gives the query for the ledger without its person, and for what is asked, or None where there is
                nothing to read; a function of a module.
            asked: with all that the query depends on beside the ledger.
        """
        models, seen = self.made_from
        ledger = replace(self, account=seen[0])
        return read_kept(connection, lambda: make(ledger, *asked), models, make, *seen, *asked)

    @property
    def made_from(self) -> tuple[tuple[object, ...], tuple[Account, date]]:
        """What a query on the ledger follows from: the models, and who sees it on which day."""
        return (self.campaign, self.form), (self.account.sight, self.today)

    def parts(self, relation: Relation | None = None, *, names: bool = True) -> list[ColumnElement[bool]]:
        """Disjoint conditions for what the account may see, for keyset pagination.

        Args:
            relation: restricts them to the records of that relation.
            names: whether the issues that name the account's unit are among them, as one more range.
        """
        seen = scope.visible_record_ranges(self.form, self.campaign, self.account, relation, names=names)
        return [and_(self.own(self.table), part) for part in seen]

    def own(self, table: FromClause) -> ColumnElement[bool]:
        """The rows of this form in this campaign."""
        return and_(table.c.campaign_id == self.campaign.id, table.c.form_id == self.form.id)

    def named_parts(self, relation: Relation | None = None) -> list[ColumnElement[bool]]:
        """The issues that name the account's unit, looked up by id.

        Each index of a ledger begins with the campaign. SQLite holds equality with it for rarer than the ids of a
        subquery, and would read the county's whole ledger; ``coalesce`` keeps it off these indexes.
        """
        named = scope.named_ranges(self.form, self.campaign, self.account, relation)
        own = func.coalesce(self.table.c.campaign_id, "") == self.campaign.id
        return [and_(own, self.table.c.form_id == self.form.id, part) for part in named]
