"""Check of a signed return against the current ledgers."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from build_scripts.counting.count_query import Records
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.differences import Difference
from build_scripts.counting.summary_lines import FIGURES, AnnexTable, SummaryRow
from build_scripts.reconciliation.figures_of_record import (
    RECORDS,
    counts,
    difference,
    labels_of,
    of_unit,
)
from build_scripts.reconciliation.signed_returns import Document, Signed, content_of, document_of, figures_of
from checklist.date_formats import short_day
from checklist.messages import say
from checklist.model import Campaign

_REPORTED = {"zero": "“经排查无问题”", "no": "没有报"}


def return_against_ledgers(
    records: Records, signed: Signed, summary: Summary, campaign: Campaign
) -> Iterator[Difference]:
    """Compare a signed return with the current ledgers."""
    table = _table(summary, signed.unit_code)
    if table is None:
        return
    words = {"number": signed.number, "day": short_day(date.fromisoformat(signed.day))}
    content = content_of(records, signed)
    if content is None:
        yield Difference(
            say("summary-return-altered", unit=table.unit, **words), table.unit_code, kind="return"
        )
        return
    said = {str(line["problem_type_id"]): line for line in figures_of(content)}
    wrong = list(_cells(table, said))
    behind = _behind(records, document_of(content), campaign, signed.unit_code) if wrong else {}
    labels = labels_of(campaign)
    for row, column in wrong:
        both = {"signed": said.get(row.problem_type_id, {}).get(column, 0), "counted": row.figure(column)}
        ids = behind.get((row.problem_type_id, column), ())
        cell = difference("summary-return-figure", row, column, words | both, labels)
        yield replace(cell, records=tuple(sorted(ids)), kind="return")
    yield from _zeros(table, said, {row.problem_type_id for row, _ in wrong}, words)


def _table(summary: Summary, unit_code: str) -> AnnexTable | None:
    return next((table for table in summary.units if table.unit_code == unit_code), None)


def _cells(table: AnnexTable, said: Mapping[str, Mapping[str, int]]) -> Iterator[tuple[SummaryRow, str]]:
    for row in table.lines:
        for column in FIGURES:
            if said.get(row.problem_type_id, {}).get(column, 0) != row.figure(column):
                yield row, column


def _zeros(
    table: AnnexTable, said: Mapping[str, Mapping[str, str]], told: set[str], words: Mapping[str, object]
) -> Iterator[Difference]:
    """Yield problem types without figures whose zero report was added or removed since."""
    for row in table.lines:
        then = said.get(row.problem_type_id, {}).get("reported", "no")
        if then != row.reported and row.problem_type_id not in told:
            both = {"signed": _REPORTED.get(then, then), "counted": _REPORTED.get(row.reported, row.reported)}
            sentence = say(
                "summary-return-zero", unit=row.unit, problem_type=row.problem_type, **words, **both
            )
            yield Difference(sentence, row.unit_code, row.problem_type_id, kind="return")


def _behind(
    records: Records, document: Document, campaign: Campaign, unit_code: str
) -> Mapping[tuple[str, str], set[str]]:
    """Return records counted differently now than when signed, by problem type and figure."""
    then = {
        (table, str(line["id"])): counts(line["problem_type_id"], line["state"], line.get("people"))
        for table in RECORDS
        for line in document[table]
    }
    now = {
        (table, str(identity)): counts(problem_type, state, people)
        for table in RECORDS
        for identity, problem_type, state, people in of_unit(records, table, campaign, unit_code)
    }
    behind: dict[tuple[str, str], set[str]] = {}
    for key in then.keys() | now.keys():
        for place in then.get(key, set()) ^ now.get(key, set()):
            behind.setdefault(place[:2], set()).add(key[1])
    return behind
