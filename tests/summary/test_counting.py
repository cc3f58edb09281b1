import re
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine

from build_scripts.counting.count_query import COLUMNS, QUERY
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.record_source import Source
from build_scripts.counting.summary_lines import FIGURES, SummaryRow
from checklist.model import Campaign
from tests.builders import EAST, WATER, WEST
from tests.summary.records import (
    BY_HAND,
    Records,
    compile_summary,
    count,
    random_records,
    read_counts,
    store,
    write_parquet,
)

shared_database = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def compiled(engine: Engine, campaign: Campaign, *records: Records) -> Summary:
    with engine.begin() as connection:
        store(connection, *records)
    return compile_summary(campaign, Source(engine.url.render_as_string(hide_password=False)))


def figures(row: SummaryRow) -> tuple[int, ...]:
    return tuple(row.figure(column) for column in FIGURES)


@shared_database
@given(random_records())
def test_sqlite_counts_as_plain_python_does(sqlite: Engine, campaign: Campaign, records: Records) -> None:
    assert compiled(sqlite, campaign, records).rows == count(records, campaign)


@settings(shared_database, max_examples=25)
@given(random_records())
def test_postgresql_counts_as_plain_python_does(
    postgresql: Engine, campaign: Campaign, records: Records
) -> None:
    assert compiled(postgresql, campaign, records).rows == count(records, campaign)


@settings(shared_database, max_examples=40)
@given(random_records())
def test_duckdb_over_parquet_counts_as_plain_python_does(campaign: Campaign, records: Records) -> None:
    with tempfile.TemporaryDirectory() as folder:
        glob = write_parquet(Path(folder) / "county 1", records)
        assert compile_summary(campaign, Source(glob)).rows == count(records, campaign)


def test_the_engines_answer_the_same_lines(
    sqlite: Engine, postgresql: Engine, campaign: Campaign, tmp_path: Path
) -> None:
    for engine in (sqlite, postgresql):
        compiled(engine, campaign, BY_HAND)
    sources = (
        sqlite.url.render_as_string(),
        postgresql.url.render_as_string(),
        write_parquet(tmp_path, BY_HAND),
    )
    answers = [sorted(read_counts(source)) for source in sources]
    assert answers[0] == answers[1] == answers[2]
    assert {len(line) for line in answers[0]} == {len(COLUMNS)}
    assert all(type(figure) is int for answer in answers for line in answer for figure in line[3:])


def test_figures_worked_out_by_hand(sqlite: Engine, campaign: Campaign) -> None:
    summary = compiled(sqlite, campaign, BY_HAND)
    cells = {(row.unit_code, row.problem_type_id): (*figures(row), row.reported) for row in summary.rows}
    assert cells == {
        (EAST, "income"): (3, 2, 1, 0, 0, "yes"),  # ticked zero as well, but found something
        (EAST, "housing"): (0, 0, 0, 1, 4, "yes"),  # found no issue, but proposed a household
        (EAST, "water"): (0, 0, 0, 0, 0, "zero"),
        (WEST, "income"): (0, 0, 0, 1, 2, "yes"),
        (WEST, "housing"): (1, 0, 1, 0, 0, "yes"),
        (WEST, "water"): (0, 0, 0, 0, 0, "zero"),
        (WATER, "income"): (0, 0, 0, 0, 0, "no"),
        (WATER, "housing"): (0, 0, 0, 0, 0, "no"),
        (WATER, "water"): (0, 0, 0, 0, 0, "zero"),  # its only issue was withdrawn
    }


def test_totals_and_the_county(sqlite: Engine, campaign: Campaign) -> None:
    summary = compiled(sqlite, campaign, BY_HAND)
    assert [figures(table.total) for table in summary.units] == [
        (3, 2, 1, 1, 4),
        (1, 0, 1, 1, 2),
        (0, 0, 0, 0, 0),
    ]
    assert [table.total.reported for table in summary.units] == ["yes", "yes", "no"]
    assert [figures(line) for line in summary.county.lines] == [
        (3, 2, 1, 1, 2),
        (1, 0, 1, 1, 4),
        (0, 0, 0, 0, 0),
    ]
    # Everybody said zero for water, so the county may say so, too.
    assert [line.reported for line in summary.county.lines] == ["yes", "yes", "zero"]
    assert (summary.county.unit, *figures(summary.county.total)) == ("青河县", 4, 2, 2, 2, 6)


@shared_database
@given(random_records())
def test_what_must_agree_agrees(sqlite: Engine, campaign: Campaign, records: Records) -> None:
    summary = compiled(sqlite, campaign, records)
    for table in (*summary.units, summary.county):
        assert all(row.found == row.rectified + row.rectifying for row in (*table.lines, table.total))
        assert figures(table.total) == tuple(map(sum, zip(*map(figures, table.lines), strict=True)))
    for position, line in enumerate(summary.county.lines):
        of_units = [figures(table.lines[position]) for table in summary.units]
        assert figures(line) == tuple(map(sum, zip(*of_units, strict=True)))


def test_other_campaigns_are_not_counted(sqlite: Engine, campaign: Campaign) -> None:
    other = Records(issues=[(EAST, "income", "rectified")], campaign="last-year")
    assert compiled(sqlite, campaign, BY_HAND, other).rows == count(BY_HAND, campaign)


def test_nothing_filed_is_a_summary_of_nothing(sqlite: Engine, campaign: Campaign) -> None:
    assert {row.reported for row in compiled(sqlite, campaign, Records()).rows} == {"no"}


def test_several_counties_in_parquet_are_read_together(campaign: Campaign, tmp_path: Path) -> None:
    write_parquet(tmp_path / "a", BY_HAND)
    write_parquet(tmp_path / "b", Records(issues=[(WATER, "income", "closed")]))
    summary = compile_summary(campaign, Source(str(tmp_path / "*" / "*.parquet")))
    assert figures(summary.county.total) == (5, 3, 2, 2, 6)


def test_the_query_is_standard_sql_without_parameters() -> None:
    code = re.sub(r"--.*", "", QUERY)
    # :name, %s, ?, $1 and @name are some engine's parameters, :: a cast of PostgreSQL's, ` and [ quotes of others'.
    assert not re.search(r"[:%?$@`\[\]{};\"]", code)
    assert QUERY.count("SELECT") == code.count("SELECT")
