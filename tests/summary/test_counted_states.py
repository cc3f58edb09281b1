"""counts.sql, which auditors read, and checklist/states.py say the same of every state."""

import pytest
from sqlalchemy import Engine

from build_scripts.counting.count_query import COLUMNS
from checklist.states import COUNTED_AS, STATES_BY_KIND, State
from tests.builders import EAST
from tests.summary.records import Records, read_counts, store


def figures(engine: Engine, records: Records) -> set[str]:
    """The figures of annex 2 that one record adds to, by the query."""
    with engine.begin() as connection:
        store(connection, records)
    names = {figure for figures in COUNTED_AS.values() for figure in figures}
    lines = read_counts(engine.url.render_as_string(hide_password=False))
    counted = [dict(zip(COLUMNS, line, strict=True)) for line in lines]
    return {name for name in names if any(line[name] for line in counted)}


@pytest.mark.parametrize("state", STATES_BY_KIND["issue"])
def test_an_issue_counts_by_the_query_as_its_state_says(sqlite: Engine, state: State) -> None:
    assert figures(sqlite, Records(issues=[(EAST, "income", state.value)])) == set(COUNTED_AS[state])


@pytest.mark.parametrize("state", STATES_BY_KIND["household"])
def test_a_household_counts_by_the_query_as_its_state_says(sqlite: Engine, state: State) -> None:
    assert figures(sqlite, Records(households=[(EAST, "income", state.value, 3)])) == set(COUNTED_AS[state])
