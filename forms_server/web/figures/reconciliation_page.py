"""The office's reconciliation page (账账相符): ledgers, annex 2, zero reports, signed returns, units' own annex 2."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from flask import Blueprint, render_template
from sqlalchemy import Connection

from build_scripts.counting.differences import Difference, Kind, kinds_of
from build_scripts.counting.summary_lines import AnnexTable
from build_scripts.reconciliation.awaited_returns import in_groups
from build_scripts.reconciliation.live_reconciliation import Reconciliation, reconcile
from checklist.model import Campaign, Unit
from forms_server.records.live_record_source import live_records
from forms_server.records.serial_number import PlacedRecord, placed_records, serials_of
from forms_server.web.current_services import services
from forms_server.web.records.requested_record import desk

blueprint = Blueprint("reconciliation", __name__, url_prefix="/reconciliation")

SHOWN_RECORDS, SHOWN_DIFFERENCES = 10, 20
"""Maximum records per difference, and differences per unit, on the page; ``reconciliation.csv`` has all."""


class NamedRecord(NamedTuple):
    """A record behind a difference: for its link."""

    form_id: str
    name: str


@blueprint.get("/")
def index() -> str:
    """Show the status of each unit, then all differences with the records behind them."""
    with desk() as at:
        found = reconcile(live_records(at.connection), at.campaign)
        units = _by_unit(found)
        shown = [each for own in units.values() for each in own[:SHOWN_DIFFERENCES]]
        records = _named_records(at.connection, at.campaign, shown)
    campaign = services().campaign
    kinds = kinds_of(campaign)
    return render_template(
        "reconciliation.html",
        found=found,
        doubted=frozenset(found.doubts),
        kinds=kinds,
        units=campaign.filing_units,
        by_unit=units,
        counts={unit.code: _counts(units.get(unit.code, ()), kinds) for unit in campaign.filing_units},
        named=_named(units, campaign.unit_by_code),
        records=records,
        shown_records=SHOWN_RECORDS,
        shown=SHOWN_DIFFERENCES,
        silent=_silent(found),
        awaited=in_groups(found.awaited),
        received=len(campaign.filing_units) - len(found.awaited),
        now=services().clock.now(),
    )


def _by_unit(found: Reconciliation) -> Mapping[str, Sequence[Difference]]:
    """Group the differences by unit; the county's are under the empty code."""
    units: dict[str, list[Difference]] = {}
    for each in found.every:
        units.setdefault(each.unit_code, []).append(each)
    return units


def _counts(differences: Sequence[Difference], kinds: Iterable[Kind]) -> Mapping[str, int]:
    found = Counter(each.kind for each in differences)
    return {kind: found[kind] for kind in kinds}


def _named(units: Mapping[str, Sequence[Difference]], known: Mapping[str, Unit]) -> Sequence[tuple[str, str]]:
    """Code and name of units with differences, unknown ones first, then in the campaign's order."""
    strangers = [(code, code or "全县合计") for code in units if code not in known]
    return [*strangers, *((code, unit.name) for code, unit in known.items() if code in units)]


def _silent(found: Reconciliation) -> Mapping[str, Mapping[str, str]]:
    """Placeholders where there is nothing to compare, by kind and unit."""
    tables = found.summary.units
    codes = [table.unit_code for table in tables]
    unrecorded = {each.unit_code: "没有记录" for each in tables if each.total.reported != "yes"}
    return {
        "ledger": unrecorded,
        "double": unrecorded,
        "household": {each.unit_code: "没有记录" for each in tables if not each.total.proposed_households},
        "zero": {each.unit_code: "没有勾选" for each in tables if not _ticks(each)},
        "return": {code: "没有报送" for code in codes if code not in found.returned},
        "handed_in": {code: "没有交" for code in codes if code not in found.handed_in},
    }


def _ticks(table: AnnexTable) -> bool:
    return any(line.reported == "zero" for line in table.lines)


def _named_records(
    connection: Connection, campaign: Campaign, differences: Sequence[Difference]
) -> Mapping[str, NamedRecord]:
    """Shown records by id: form, and name with the number in its unit's ledger; deleted ones have none."""
    ids = [identity for each in differences for identity in each.records[:SHOWN_RECORDS]]
    placed = placed_records(connection, ids[:_MOST])
    numbers = serials_of(connection, campaign, placed)
    return {
        each.id: NamedRecord(each.form_id, _name(campaign, each, numbers.get(each.id))) for each in placed
    }


def _name(campaign: Campaign, record: PlacedRecord, number: int | None) -> str:
    unit, form = campaign.unit_by_code.get(record.unit_code), campaign.form_by_id.get(record.form_id)
    words = f"{unit.name if unit else record.unit_code}{form.name if form else record.form_id}"
    return f"{words}第 {number} 条" if number else f"{words}（已撤销）"


_MOST = 10_000
"""Below the engines' limit on parameters."""
