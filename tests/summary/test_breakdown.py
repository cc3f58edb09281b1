"""The figures by anything else are the same figures, counted by the same query."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, update

from build_scripts.counting.breakdown import Breakdown, break_down, breakdown_csv, changes
from build_scripts.counting.breakdown_dimensions import DAY_FILED, PARTS
from build_scripts.counting.count_query import COLUMNS, KEYS, QUERY, TABLES, BadSource, divided
from build_scripts.counting.differences import Unreconciled
from build_scripts.counting.record_source import Source, opened
from build_scripts.summary.compiling import SummaryOptions, compile_all
from checklist.model import Campaign
from forms_server.db.tables import issue, proposed_household
from tests.builders import EAST, EAST_DAM, EAST_LAKE, WATER, WEST
from tests.summary.records import BY_HAND, Records, compile_summary, random_records, store, write_parquet


def broken_down(engine: Engine, campaign: Campaign, *by: str) -> list[Breakdown]:
    source = Source(engine.url.render_as_string(hide_password=False))
    return list(compile_all(campaign, source, SummaryOptions(by, interim=True)).breakdowns)


def found(breakdown: Breakdown) -> list[tuple[str, int]]:
    return [(each.name, each.figures["found"]) for each in breakdown.slices]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(random_records(), st.lists(st.sampled_from([EAST_LAKE, EAST_DAM, None]), min_size=40, max_size=40))
def test_by_village_counts_as_plain_python_does(
    sqlite: Engine, campaign: Campaign, records: Records, villages: list[str | None]
) -> None:
    with sqlite.begin() as connection:
        store(connection, records)
        rows = connection.execute(issue.select().order_by(issue.c.id)).mappings().all()
        for row, village in zip(rows, villages, strict=False):
            connection.execute(update(issue).where(issue.c.id == row["id"]).values(village_code=village))
    expected = Counter(
        village or "" for row, village in zip(rows, villages, strict=False) if row["state"] != "withdrawn"
    )
    (breakdown,) = broken_down(sqlite, campaign, "village")
    assert {each.id: each.figures["found"] for each in breakdown.slices if each.figures["found"]} == expected


def test_figures_worked_out_by_hand(sqlite: Engine, campaign: Campaign) -> None:
    with sqlite.begin() as connection:
        store(connection, BY_HAND)
        connection.execute(update(issue).values(source="self", household_type="bianyuan"))
        connection.execute(update(proposed_household).values(household_type="tuopin"))
    by = dict(zip(PARTS, broken_down(sqlite, campaign, *PARTS), strict=True))
    assert found(by["problem_type"]) == [("收入变化方面", 3), ("住房安全", 1)]
    assert found(by["area"]) == [("收入变化方面", 3), ("住房和饮水安全方面", 1)]
    assert found(by["household_type"]) == [("脱贫户", 0), ("边缘易致贫户", 4)]
    assert found(by["source"]) == [("self", 4)]
    assert found(by["day"]) == [("2022-08-20", 4)]
    assert found(by["village"]) == [("未填", 4)]
    assert [each.figures["proposed_people"] for each in by["household_type"].slices] == [6, 0]
    assert breakdown_csv(by["source"]) == "source,name,found,rectified,rectifying\nself,self,4,2,2\n"


def test_several_responsible_units_count_once_for_the_lead(sqlite: Engine, campaign: Campaign) -> None:
    texts = ("水利局、东河镇", "西岭镇、县水利局（牵头）", "东河镇上坝村、县水利局", "刘某某", "")
    with sqlite.begin() as connection:
        store(connection, Records(issues=[(EAST, "income", "closed")] * len(texts)))
        ids = connection.execute(issue.select()).scalars().all()
        for identity, text in zip(ids, texts, strict=True):
            connection.execute(update(issue).where(issue.c.id == identity).values(responsible_unit=text))
    (breakdown,) = broken_down(sqlite, campaign, "responsible_unit")
    assert found(breakdown) == [("东河镇", 1), ("县水利局", 2), ("其他", 1), ("未填", 1)]


@pytest.mark.parametrize("by", PARTS)
def test_every_engine_divides_alike(
    sqlite: Engine, postgresql: Engine, campaign: Campaign, by: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for engine in (sqlite, postgresql):
        with engine.begin() as connection:
            store(connection, BY_HAND)
    assert broken_down(sqlite, campaign, by) == broken_down(postgresql, campaign, by)


def test_the_query_stays_what_it_is_but_for_one_key() -> None:
    """What an auditor reads is what runs: only the two substitutions that the file itself names."""
    text = re.sub(r"--.*", "", divided(DAY_FILED))
    back = text.replace(", part\n", "\n").replace(", part,", ",")
    for table in TABLES:
        parted = f"FROM (SELECT *, {DAY_FILED[table]} AS part FROM {table}) AS {table}\n"  # noqa: S608
        assert parted in back
        back = back.replace(parted, f"FROM {table}\n")
    assert back == re.sub(r"--.*", "", QUERY)
    assert ", ".join(KEYS) in QUERY
    assert COLUMNS[:3] == KEYS


def test_parts_that_are_not_the_whole_are_not_published(sqlite: Engine, campaign: Campaign) -> None:
    with sqlite.begin() as connection:
        store(connection, BY_HAND)
    source = Source(sqlite.url.render_as_string())
    summary = compile_summary(campaign, source)
    wrong = replace(summary, county=replace(summary.county, total=replace(summary.county.total, found=9)))
    with (
        opened(source) as records,
        pytest.raises(Unreconciled, match="“共排查问题数”按登记日期分合计 4，附件2里是 9"),
    ):
        break_down(records, campaign, "day", wrong)


def test_what_a_file_lacks_it_is_not_divided_by(
    campaign: Campaign, tmp_path_factory: pytest.TempPathFactory
) -> None:
    glob = write_parquet(tmp_path_factory.mktemp("old"), BY_HAND)
    with pytest.raises(BadSource, match=r"issue\.village_code、proposed_household\.village_code"):
        compile_all(campaign, Source(glob), SummaryOptions(("village",), interim=True))
    with pytest.raises(BadSource, match=r"issue\.created_at"):
        compile_all(campaign, Source(glob), SummaryOptions(since=date(2022, 8, 1), interim=True))


def test_the_change_since_a_day_has_that_day_in_it(sqlite: Engine, campaign: Campaign) -> None:
    records = Records(
        issues=[(EAST, "income", "closed"), (EAST, "income", "rectified"), (WEST, "water", "rectifying")],
        households=[(WATER, "housing", "proposed", 4)],
    )
    with sqlite.begin() as connection:
        store(connection, records)
        before = connection.execute(update(issue).where(issue.c.state == "closed").values(
            created_at=datetime(2022, 8, 19, 23, 59), rectified_on=date(2022, 8, 20)
        ))  # fmt: skip
        assert before.rowcount == 1
        rectified = issue.c.state == "rectified"
        connection.execute(update(issue).where(rectified).values(rectified_on=date(2022, 8, 19)))
    source = Source(sqlite.url.render_as_string())
    with opened(source) as opened_records:
        summary = compile_summary(campaign, source)
        lines = changes(opened_records, campaign, date(2022, 8, 20), summary)
    told = {
        each.unit: (each.found, each.rectified, each.proposed_households, each.proposed_people)
        for each in lines
    }
    assert told == {
        "东河镇": (1, 1, 0, 0),
        "西岭镇": (1, 0, 0, 0),
        "县水利局": (0, 0, 1, 4),
        "青河县": (2, 1, 1, 4),
    }
