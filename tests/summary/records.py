"""Records of the small campaign as plain values: stored in a database or as Parquet, and counted by hand."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine, insert

from build_scripts.counting.count_query import QUERY, Line
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.final_or_interim import PublishedState
from build_scripts.counting.record_source import Source, opened
from build_scripts.counting.summary_lines import SummaryRow
from build_scripts.summary.compiling import SummaryOptions, compile_all
from checklist.model import Campaign
from forms_server.db.tables import account, issue, metadata, proposed_household, zero_report
from tests.builders import EAST, WATER, WEST, small_campaign

NOW = datetime(2022, 8, 20, 9, 0)
CLERK = "00000000-0000-0000-0000-000000000001"
UNITS = (EAST, WEST, WATER)
PROBLEM_TYPES = tuple(problem_type.id for problem_type in small_campaign().problem_types)
ISSUE_STATES = ("rectifying", "rectified", "closed", "withdrawn")
TABLES = (issue, proposed_household, zero_report)


@dataclass(frozen=True)
class Records:
    """What was filed; each begins with the unit and the problem type."""

    issues: list[tuple[str, str, str]] = field(default_factory=list)
    """…, state."""
    households: list[tuple[str, str, str, int]] = field(default_factory=list)
    """…, state, people."""
    zeros: set[tuple[str, str]] = field(default_factory=set)
    campaign: str = "small"

    def of(self, table: str) -> list[dict[str, Any]]:
        """A table's rows, with every column that must be there."""
        return {"issue": self._issues, "proposed_household": self._households, "zero_report": self._zeros}[
            table
        ]()

    def _issues(self) -> list[dict[str, Any]]:
        return [
            _filed(self.campaign, "household-issues", unit, problem_type, state)
            | {"area_id": "income", "content": "=1+1"}
            for unit, problem_type, state in self.issues
        ]

    def _households(self) -> list[dict[str, Any]]:
        return [
            _filed(self.campaign, "proposed-household", unit, problem_type, state)
            | {"householder": "张某某", "people": people}
            for unit, problem_type, state, people in self.households
        ]

    def _zeros(self) -> list[dict[str, Any]]:
        named = [
            dict(zip(("unit_code", "problem_type_id"), zero, strict=True)) for zero in sorted(self.zeros)
        ]
        return [
            zero | {"campaign_id": self.campaign, "created_by": CLERK, "created_at": NOW} for zero in named
        ]


def _filed(campaign: str, form: str, unit: str, problem_type: str, state: str) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()), "campaign_id": campaign, "form_id": form, "form_version": 1,
        "unit_code": unit, "problem_type_id": problem_type, "state": state, "extra": {}, "version": 1,
        "created_by": CLERK, "created_at": NOW, "changed_at": NOW,
    }  # fmt: skip


def random_records() -> st.SearchStrategy[Records]:
    units, problem_types = st.sampled_from(UNITS), st.sampled_from(PROBLEM_TYPES)
    household_states = st.sampled_from(("proposed", "withdrawn"))
    return st.builds(
        Records,
        issues=st.lists(st.tuples(units, problem_types, st.sampled_from(ISSUE_STATES)), max_size=40),
        households=st.lists(
            st.tuples(units, problem_types, household_states, st.integers(1, 12)), max_size=15
        ),
        zeros=st.sets(st.tuples(units, problem_types), max_size=9),
    )


def count(records: Records, campaign: Campaign) -> tuple[SummaryRow, ...]:
    """What the summary must be, counted in plain Python."""
    return tuple(
        _line(records, unit.code, unit.name, problem_type.id, problem_type.name)
        for unit in campaign.filing_units
        for problem_type in campaign.problem_types
    )


def _line(records: Records, unit_code: str, unit: str, problem_type_id: str, problem_type: str) -> SummaryRow:
    here = (unit_code, problem_type_id)
    states = [state for *place, state in records.issues if tuple(place) == here and state != "withdrawn"]
    people = [
        people
        for *place, state, people in records.households
        if tuple(place) == here and state != "withdrawn"
    ]
    rectified = sum(state in ("rectified", "closed") for state in states)
    reported = "yes" if states or people else "zero" if here in records.zeros else "no"
    return SummaryRow(
        unit_code, unit, problem_type_id, problem_type,
        len(states), rectified, len(states) - rectified, len(people), sum(people), reported,
    )  # fmt: skip


def new_database(url: str) -> Engine:
    """A database with all tables and the one account that files everything."""
    engine = create_engine(url)
    metadata.create_all(engine)
    clerk = {"id": CLERK, "name": "clerk", "unit_code": EAST, "role": "unit", "password_hash": "-"}
    with engine.begin() as connection:
        connection.execute(insert(account), [clerk | {"must_change_password": False, "created_at": NOW}])
    return engine


def store(connection: Connection, *all_records: Records) -> None:
    """Put records in place of whatever was filed before."""
    for table in TABLES:
        connection.execute(table.delete())
        rows = [row for records in all_records for row in records.of(table.name)]
        if rows:
            connection.execute(insert(table), rows)


def write_parquet(folder: Path, records: Records) -> str:
    """One county's export; returns the glob that finds it."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        pq.write_table(_arrow(table.name, records.of(table.name)), folder / f"{table.name}.parquet")
    return str(folder / "*.parquet")


def _arrow(table: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Typed by name, since an empty list of rows would tell nothing."""
    text = ["campaign_id", "unit_code", "problem_type_id"]
    names = text if table == "zero_report" else [*text, "id", "state"]
    schema = pa.schema([(name, pa.string()) for name in names])
    if table == "proposed_household":
        schema = schema.append(pa.field("people", pa.int32()))
    return pa.Table.from_pylist([{name: row[name] for name in schema.names} for row in rows], schema=schema)


def read_counts(place: str, engine: str = "auto") -> Sequence[Line]:
    """Open a source and run the query over it."""
    with opened(Source(place, engine)) as records:
        return records.run(QUERY)


STATE = PublishedState(NOW, 3, 3)
"""Of figures that all returns of the small campaign stand behind."""

BY_HAND = Records(
    issues=[
        (EAST, "income", "rectifying"),
        (EAST, "income", "rectified"),
        (EAST, "income", "closed"),
        (EAST, "income", "withdrawn"),
        (WEST, "housing", "rectifying"),
        (WATER, "water", "withdrawn"),
    ],
    households=[
        (EAST, "housing", "proposed", 4),
        (EAST, "housing", "withdrawn", 9),
        (WEST, "income", "proposed", 2),
    ],
    zeros={(WEST, "water"), (EAST, "water"), (EAST, "income"), (WATER, "water")},
)
"""A few records whose figures the tests write down."""


def compile_summary(campaign: Campaign, source: Source) -> Summary:
    """Annex 2 alone, whatever the signed returns say."""
    return compile_all(campaign, source, SummaryOptions(interim=True)).summary
