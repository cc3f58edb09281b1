"""Triggers keep the tally equal to a count, for every kind of write."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, Table, delete, insert, select, update

from build_scripts.counting.count_query import COLUMNS, QUERY
from checklist.model import Campaign
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.db.tables import day_tally, tally
from forms_server.db.tallied_inserts import insert_records
from forms_server.figures.unit_figures import unit_figures
from tests.builders import EAST, WEST
from tests.records.builders import ACCOUNTS, MORNING

ISSUE, HOUSEHOLD = tables.issue, tables.proposed_household
STATES = {ISSUE: ("rectifying", "rectified", "closed", "withdrawn"), HOUSEHOLD: ("proposed", "withdrawn")}

_changes = st.fixed_dictionaries(
    {
        "unit_code": st.sampled_from([EAST, WEST]),
        "problem_type_id": st.sampled_from(["housing", "water"]),
        "item_id": st.sampled_from([None, "house-safe"]),
        "state": st.integers(0, 3),
        "rectified_on": st.sampled_from([None, MORNING.date() - timedelta(1), MORNING.date() + timedelta(1)]),
        "created_at": st.sampled_from([MORNING, MORNING + timedelta(2)]),
    }
)
_step = st.tuples(st.sampled_from([ISSUE, HOUSEHOLD]), st.sampled_from("iuud"), st.integers(0, 5), _changes)


def _columns(table: Table, changes: dict[str, object]) -> dict[str, object]:
    states = STATES[table]
    columns = {**changes, "state": states[int(str(changes["state"])) % len(states)]}
    return {name: value for name, value in columns.items() if name in table.c}


def _do(connection: Connection, step: tuple[Table, str, int, dict[str, object]]) -> None:
    table, verb, number, changes = step
    of_id = table.c.id == str(number)
    columns = _columns(table, changes)
    there = connection.execute(select(table.c.id).where(of_id)).first()
    if verb == "d":
        connection.execute(delete(table).where(of_id))
    elif there:
        connection.execute(update(table).where(of_id).values(columns))
    else:
        common = {
            "id": str(number), "campaign_id": "small", "form_id": "f", "form_version": 1, "extra": {}, "version": 1,
            "created_by": ACCOUNTS["east"].id, "created_at": MORNING, "changed_at": MORNING + timedelta(1),
        }  # fmt: skip
        area = {"area_id": "-"} if table is ISSUE else {"people": 2}
        connection.execute(insert(table).values(common | columns | area))


def _counted(connection: Connection) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    for table in STATES:
        for row in connection.execute(select(table)).mappings():
            item = row.get("item_id") or ""
            found[row["unit_code"], row["problem_type_id"], item, row["state"]] += 1
    return found


def _counted_by_day(connection: Connection) -> dict[tuple[str, date], tuple[int, int]]:
    """Found and rectified by unit and day, from the issues one by one."""
    found, rectified = Counter[tuple[str, date]](), Counter[tuple[str, date]]()
    for row in connection.execute(select(ISSUE).where(ISSUE.c.state != "withdrawn")).mappings():
        filed = row["created_at"].date()
        found[row["unit_code"], filed] += 1
        if row["state"] != "rectifying" and row["rectified_on"]:
            rectified[row["unit_code"], max(filed, row["rectified_on"])] += 1
    return {key: (found[key], rectified[key]) for key in found | rectified}


def _tallied_by_day(connection: Connection) -> dict[tuple[str, date], tuple[int, int]]:
    kept = select(day_tally).where(day_tally.c.found + day_tally.c.rectified != 0)
    rows = connection.execute(kept).mappings()
    return {(row["unit_code"], row["day"]): (row["found"], row["rectified"]) for row in rows}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(_step, max_size=20))
def test_it_is_the_count_and_the_summarys(engine: Engine, campaign: Campaign, steps: list) -> None:
    with transaction(engine) as connection:
        for table in STATES:
            connection.execute(delete(table))
        for step in steps:
            _do(connection, step)
        key = tally.c.unit_code, tally.c.problem_type_id, tally.c.item_id, tally.c.state
        tallied = {
            tuple(row[:4]): row[4] for row in connection.execute(select(*key, tally.c.records)) if row[4]
        }
        assert tallied == _counted(connection)
        assert _tallied_by_day(connection) == _counted_by_day(connection)
        _same_as_the_summary(connection, campaign)


def _same_as_the_summary(connection: Connection, campaign: Campaign) -> None:
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in connection.exec_driver_sql(QUERY)]
    for shown in unit_figures(connection, campaign, campaign.filing_units):
        for name in ("found", "rectified", "rectifying", "proposed_households"):
            compiled = sum(row[name] for row in rows if row["unit_code"] == shown.unit.code)
            assert getattr(shown, name) == compiled, name


def test_nothing_is_tallied_that_was_rolled_back(engine: Engine) -> None:
    step = (ISSUE, "i", 1, {"unit_code": EAST, "problem_type_id": "housing", "item_id": None, "state": 0})

    def fail() -> None:
        with transaction(engine) as connection:
            _do(connection, step)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()
    with engine.connect() as connection:
        assert connection.execute(select(tally)).all() == []
        assert connection.execute(select(day_tally)).all() == []


def _together(connection: Connection, table: Table, numbers: range) -> None:
    """Insert many records at once, of two units and in two states."""
    common: dict[str, Any] = {
        "campaign_id": "small", "form_id": "f", "form_version": 1, "extra": "{}", "version": 1,
        "created_by": ACCOUNTS["east"].id, "created_at": "2022-08-20 09:00:00", "changed_at": "2022-08-20 09:00:00",
    }  # fmt: skip
    common |= {"area_id": "-", "rectified_on": "2022-08-22"} if table is ISSUE else {"people": 2}
    rows = []
    for number in numbers:
        said = {
            "unit_code": [EAST, WEST][number % 2],
            "problem_type_id": "water",
            "item_id": None,
            "state": number,
        }
        rows.append(common | {"id": f"m{number}"} | _columns(table, said))
    insert_records(connection, table, list(rows[0]), [list(row.values()) for row in rows])


@pytest.mark.parametrize("table", [ISSUE, HOUSEHOLD], ids=["issue", "household"])
def test_many_at_once_are_tallied_as_one_by_one_and_the_next_ones_too(engine: Engine, table: Table) -> None:
    with transaction(engine) as connection:
        _together(connection, table, range(10))
        _together(connection, table, range(10, 15))
        one = {"unit_code": EAST, "problem_type_id": "water", "item_id": None, "state": 0}
        _do(connection, (table, "i", 1, one))
        counted = _counted(connection)
        assert _tallied_by_day(connection) == _counted_by_day(connection)
        found = connection.execute(select(tally)).mappings().all()
    assert sum(counted.values()) == 16
    assert counted == {
        (row["unit_code"], row["problem_type_id"], row["item_id"], row["state"]): row["records"]
        for row in found
    }
