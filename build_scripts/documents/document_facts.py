"""The data of a document, read from the live database in one transaction."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from build_scripts.counting.breakdown_dimensions import NOT_FILLED, PARTS
from build_scripts.counting.count_query import COLUMNS, KEYS, Records, divided, has, literals, require_tables
from build_scripts.counting.record_source import Source, opened
from build_scripts.documents.document_counts import count_for_documents
from build_scripts.documents.overdue_issues import overdue_issues
from build_scripts.documents.template_words import DocumentFacts
from build_scripts.reconciliation.count_checks import require_none
from build_scripts.reconciliation.frozen_records import frozen_records
from build_scripts.reconciliation.live_reconciliation import counted
from build_scripts.reconciliation.signed_returns import all_signed, content_of, document_of, in_force
from checklist.date_formats import full_day
from checklist.model import Campaign, Unit


def gather(
    campaign: Campaign,
    source: Source,
    today: date,
    unit: Unit | None,
    *,
    report: bool = False,
    since: date | None = None,
) -> DocumentFacts:
    """Open a database and read a document's data; a unit's report is of what it signed.

    Raises:
        BadSource: the source can't be read, or is none.
        Unreconciled: figures that do not agree: no document is written from these.
    """
    with opened(source) as records:
        if report and unit:
            return facts_of_report(records, campaign, today, unit)
        return facts_of(records, campaign, today, unit, since)


def facts_of_report(
    records: Records, campaign: Campaign, today: date, unit: Unit, *, draft: bool = False
) -> DocumentFacts:
    """The facts of a unit's report: what it signed last, or a draft of the records where it has signed nothing.

    Args:
        records: of a live database.
        campaign: whose records are counted.
        today: the date of a draft; what was signed has the day of the signature.
        unit: whose report it is.
        draft: whether a draft is wanted though there is a signed one.

    Raises:
        BadSource, Unreconciled: as for ``facts_of``.
    """
    returns = in_force(all_signed(records, campaign) or ())
    signed = next((each for each in returns if each.unit_code == unit.code), None)
    content = content_of(records, signed) if signed and not draft else None
    if signed is None or content is None:
        return replace(facts_of(records, campaign, today, unit), draft=True)
    with frozen_records([document_of(content)]) as frozen:
        return facts_of(frozen, campaign, date.fromisoformat(signed.day), unit)


def facts_of(
    records: Records, campaign: Campaign, today: date, unit: Unit | None, since: date | None = None
) -> DocumentFacts:
    """Read the summary's figures, the overdue issues and the unit's report text, in one snapshot.

    Args:
        records: of a live database.
        campaign: whose records are counted.
        today: the document's date, by which issues are overdue.
        unit: whose document it is; its overdue issues alone are taken then.
        since: the day of the document before, for what changed since.

    Raises:
        BadSource: a column is missing: an export has no householders.
        Unreconciled: figures that do not agree: no document is written from these.
    """
    summary, wrong = counted(records, campaign)
    require_none(wrong)
    overdue = overdue_issues(records, campaign, today, unit.code if unit else None)
    texts = _written(records, campaign, unit) if unit else {}
    sources, circular = _by_source(records, campaign), _last_circular(records, campaign)
    counts = count_for_documents(records, campaign, today, unit, since)
    return DocumentFacts(campaign, summary, today, overdue, sources, unit, texts, circular, counts=counts)


def _last_circular(records: Records, campaign: Campaign) -> Mapping[str, Any]:
    """The last circular of supervision, with its figures of that moment."""
    if not has(records, "letter"):
        return {}
    query = (
        "SELECT mark, as_of, facts FROM letter"  # noqa: S608 - codes of ours
        f" WHERE campaign_id = {literals([campaign.id])} AND kind = 'inspection-circular' ORDER BY number DESC LIMIT 1"
    )
    for mark, moment, facts in records.run(query):
        told: Any = json.loads(facts) if isinstance(facts, str) else facts
        return {**told, "发文号": str(mark), "截至": full_day(date.fromisoformat(str(moment)[:10]))}
    return {}


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
