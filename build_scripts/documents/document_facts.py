"""The data of a document, read from the live database in one transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from build_scripts.counting.count_query import COLUMNS, KEYS, Records, divided, has, literals, require_tables
from build_scripts.counting.divisions import NOT_FILLED, PARTS
from build_scripts.counting.record_source import Source, opened
from build_scripts.documents.overdue_issues import overdue_issues
from build_scripts.documents.template_words import DocumentFacts
from build_scripts.reconciliation.count_checks import require_none
from build_scripts.reconciliation.live_reconciliation import counted
from checklist.model import Campaign, Unit


def gather(campaign: Campaign, source: Source, today: date, unit: Unit | None) -> DocumentFacts:
    """Open a database and read the facts.

    Raises:
        BadSource: the source can't be read, or is none.
        Unreconciled: figures that do not agree: no document is written from these.
    """
    with opened(source) as records:
        return facts_of(records, campaign, today, unit)


def facts_of(records: Records, campaign: Campaign, today: date, unit: Unit | None) -> DocumentFacts:
    """Read the summary's figures, the overdue issues and the unit's report text, in one snapshot.

    Args:
        records: of a live database.
        campaign: whose records are counted.
        today: the document's date, by which issues are overdue.
        unit: whose document it is; its overdue issues alone are taken then.

    Raises:
        BadSource: a column is missing: an export has no householders.
        Unreconciled: figures that do not agree: no document is written from these.
    """
    summary, wrong = counted(records, campaign)
    require_none(wrong)
    overdue = overdue_issues(records, campaign, today, unit.code if unit else None)
    texts = _written(records, campaign, unit) if unit else {}
    return DocumentFacts(campaign, summary, today, overdue, _by_source(records, campaign), unit, texts)


def _by_source(records: Records, campaign: Campaign) -> Sequence[tuple[str, int, int]]:
    """Return each source's name, its number of issues and how many of them are rectified."""
    part = PARTS["source"]
    require_tables(records.columns, {table: {column} for table, column in part.columns.items()})
    names = part.names(campaign)
    places = {column: COLUMNS.index(column) + 1 for column in ("found", "rectified")}
    figures: dict[str, Counter[str]] = {column: Counter() for column in places}
    for line in records.run(divided(part.columns)):
        if line[0] == campaign.id:
            for column, place in places.items():
                figures[column][str(line[len(KEYS)] or "")] += int(line[place])
    found, rectified = figures["found"], figures["rectified"]
    order = [value for value in (*names, *sorted(found.keys() - names.keys())) if found[value]]
    return [(names.get(value, value) or NOT_FILLED, found[value], rectified[value]) for value in order]


def _written(records: Records, campaign: Campaign, unit: Unit) -> Mapping[str, Sequence[str]]:
    """Return the text of each part of the unit's report."""
    if not has(records, "report_text"):
        return {}
    query = (
        "SELECT part_id, text FROM report_text"  # noqa: S608 - codes of ours
        f" WHERE campaign_id = {literals([campaign.id])} AND unit_code = {literals([unit.code])}"
    )
    return {str(part_id): [str(text)] for part_id, text in records.run(query)}
