"""The figures of annex 2 that a single record counts in: the query's rule, record by record."""

from collections.abc import Mapping, Sequence

from build_scripts.counting.count_query import Line, Records, literals
from build_scripts.counting.differences import Difference
from build_scripts.counting.summary_lines import SummaryRow
from build_scripts.reconciliation.signed_returns import HOUSEHOLDS, ISSUES
from checklist.messages import say
from checklist.model import Campaign
from checklist.states import COUNTED_AS, State

RECORDS = (ISSUES, HOUSEHOLDS)
"""The tables whose rows are counted."""


def columns_of(state: str) -> Sequence[str]:
    """Return the figures that a record in that state counts in; none if withdrawn."""
    return next((figures for known, figures in COUNTED_AS.items() if known == state), ())


def counts(problem_type: object, state: object, people: object) -> set[tuple[str, str, int]]:
    """Return the figures that a record adds to, with amounts."""
    places = {(str(problem_type), column, 1) for column in columns_of(str(state))}
    if state == State.PROPOSED:
        places.add((str(problem_type), "proposed_people", int(str(people or 0))))
    return places


def of_unit(records: Records, table: str, campaign: Campaign, unit_code: str) -> Sequence[Line]:
    """Return a unit's records of a table: id, problem type, state, people."""
    where = f"campaign_id = {literals([campaign.id])} AND unit_code = {literals([unit_code])}"
    return records.run(f"SELECT id, problem_type_id, state, people FROM {table} WHERE {where}")  # noqa: S608


def labels_of(campaign: Campaign) -> Mapping[str, str]:
    """Return each figure's label, prefixed by its group's."""
    return {column.id: column.group + column.label for column in campaign.summary_table.columns}


def difference(
    message: str, row: SummaryRow, column: str, words: Mapping[str, object], labels: Mapping[str, str]
) -> Difference:
    """Build the difference of a cell of annex 2."""
    sentence = say(
        message, unit=row.unit, problem_type=row.problem_type, label=labels.get(column, column), **words
    )
    return Difference(sentence, row.unit_code, row.problem_type_id, column=column)
