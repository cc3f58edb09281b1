"""The figures of the home pages: a unit's ledgers at a glance, and for the office every unit in one table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from build_scripts.summary.query import COLUMNS, QUERY
from checklist.model import Campaign, RecordForm, Unit
from forms_server.accounts.account import Account
from forms_server.lifecycle import State
from forms_server.records.listing import Ledger, count_overdue, counts
from forms_server.records.zero import standings


@dataclass(frozen=True)
class LedgerFigures:
    """How many records of a form stand in each state."""

    form: RecordForm
    states: dict[State, int]
    overdue: int


@dataclass(frozen=True)
class UnitFigures:
    """What one unit has filed, for the office."""

    unit: Unit
    found: int
    rectified: int
    rectifying: int
    proposed_households: int
    zero_reported: int
    """Problem types ticked 经排查无问题."""
    answered: int
    """Problem types under which the unit filed something or ticked."""


def ledger_figures(
    connection: Connection, campaign: Campaign, account: Account, today: date
) -> Sequence[LedgerFigures]:
    """The account's own ledgers, in the order of the forms."""
    ledgers = [Ledger(campaign, account, form, today) for form in campaign.record_forms]
    return [
        LedgerFigures(ledger.form, counts(connection, ledger), count_overdue(connection, ledger))
        for ledger in ledgers
    ]


def open_problem_types(connection: Connection, campaign: Campaign, unit_code: str) -> int:
    """Under how many problem types the unit has neither filed an issue nor reported zero."""
    return sum(not (each.found or each.ticked) for each in standings(connection, campaign, unit_code))


def unit_figures(connection: Connection, campaign: Campaign) -> Sequence[UnitFigures]:
    """Every filing unit's figures, in the order of ``units.yml``, by the query that the summary counts with."""
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in connection.exec_driver_sql(QUERY)]
    of_unit: dict[str, list[dict[str, int]]] = {unit.code: [] for unit in campaign.filing_units}
    for row in rows:
        if row["campaign_id"] == campaign.id and row["unit_code"] in of_unit:
            of_unit[row["unit_code"]].append(row)
    return [_sum(unit, of_unit[unit.code]) for unit in campaign.filing_units]


def _sum(unit: Unit, rows: Sequence[dict[str, int]]) -> UnitFigures:
    return UnitFigures(
        unit=unit,
        found=sum(row["found"] for row in rows),
        rectified=sum(row["rectified"] for row in rows),
        rectifying=sum(row["rectifying"] for row in rows),
        proposed_households=sum(row["proposed_households"] for row in rows),
        zero_reported=sum(row["zero_reported"] > 0 for row in rows),
        answered=sum(row["found"] > 0 or row["zero_reported"] > 0 for row in rows),
    )
