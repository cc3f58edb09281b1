"""账账相符: each thing that must agree is broken once, and the summary says where and which records are behind it."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Connection, Engine, delete, insert, select, update

from build_scripts.counting.count_query import LIVE, QUERY
from build_scripts.counting.differences import Difference, NotFinal
from build_scripts.counting.pandas_summary import frame_of, summarise
from build_scripts.counting.plain_summary import summary_of_lines
from build_scripts.counting.record_source import Source, opened
from build_scripts.reconciliation import signed_returns
from build_scripts.reconciliation.live_reconciliation import reconcile
from build_scripts.summary import summary_output
from build_scripts.summary.compiling import Compilation, SummaryOptions, compile_all
from build_scripts.summary.reporting_completeness import completeness_csv, telephone_list
from checklist.model import Campaign
from forms_server.db import tables
from forms_server.db.tables import (
    handed_in_figure,
    issue,
    proposed_household,
    signed_return,
    tally,
    zero_report,
)
from forms_server.returns import return_document
from forms_server.returns.frozen_returns import ReturnState
from tests.builders import EAST, WATER, WEST
from tests.summary.records import CLERK, Records, random_records, store
from tests.summary.returns import sign

AGREEING = Records(
    issues=[(EAST, "income", "rectified"), (EAST, "income", "rectifying"), (WEST, "housing", "closed")],
    households=[(EAST, "housing", "proposed", 4)],
    zeros={(EAST, "water"), (WEST, "income"), (WEST, "water")},
)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Records that agree, and the east's return of them, on both databases."""
    made: Engine = request.getfixturevalue(request.param)
    yield made
    with made.begin() as connection:
        for table in (signed_return, handed_in_figure, tally):
            connection.execute(delete(table))


@pytest.fixture
def signed_east(engine: Engine, campaign: Campaign) -> Engine:
    with engine.begin() as connection:
        store(connection, AGREEING)
        sign(connection, campaign, EAST)
    return engine


def compiled(engine: Engine, campaign: Campaign, *, interim: bool = True) -> Compilation:
    place = Source(engine.url.render_as_string(hide_password=False))
    return compile_all(campaign, place, SummaryOptions(interim=interim))


def unsettled(engine: Engine, campaign: Campaign) -> tuple[Difference, ...]:
    """Why nothing is published; what the office's page shows is the same."""
    with pytest.raises(NotFinal) as raised:
        compiled(engine, campaign, interim=False)
    with opened(Source(engine.url.render_as_string(hide_password=False))) as records:
        assert reconcile(records, campaign).unsettled == raised.value.differences
    return raised.value.differences


def cells(differences: tuple[Difference, ...]) -> set[tuple[str, str, str]]:
    return {(each.unit_code, each.problem_type_id, each.column) for each in differences}


def ids(connection: Connection, *where: Any) -> list[str]:
    return sorted(connection.execute(select(issue.c.id).where(*where)).scalars())


def test_what_agrees_is_published(signed_east: Engine, campaign: Campaign) -> None:
    done = compiled(signed_east, campaign)
    assert (done.unsettled, done.doubts) == ((), ())


def test_an_issue_filed_after_the_signature(signed_east: Engine, campaign: Campaign) -> None:
    with signed_east.begin() as connection:
        known = ids(connection)
        more = Records(issues=[(EAST, "income", "rectifying")]).of("issue")
        connection.execute(insert(issue), more)
    found = unsettled(signed_east, campaign)
    assert cells(found) == {(EAST, "income", "found"), (EAST, "income", "rectifying")}
    assert {each.records for each in found} == {(more[0]["id"],)}
    assert more[0]["id"] not in known
    assert "东河镇第 1 次报送（8月30日签字）里“收入变化方面”的共排查问题数是 2，现在台账里是 3" in str(
        found[0]
    )


def test_an_issue_sent_back_after_the_signature(signed_east: Engine, campaign: Campaign) -> None:
    with signed_east.begin() as connection:
        (one,) = ids(connection, issue.c.state == "rectified")
        connection.execute(update(issue).where(issue.c.id == one).values(state="rectifying"))
    found = unsettled(signed_east, campaign)
    assert cells(found) == {(EAST, "income", "rectified"), (EAST, "income", "rectifying")}
    assert {each.records for each in found} == {(one,)}


def test_an_issue_moved_to_another_problem_type(signed_east: Engine, campaign: Campaign) -> None:
    with signed_east.begin() as connection:
        (one,) = ids(connection, issue.c.state == "rectifying")
        connection.execute(update(issue).where(issue.c.id == one).values(problem_type_id="housing"))
    found = unsettled(signed_east, campaign)
    assert {(type_id, column) for _, type_id, column in cells(found)} == {
        (type_id, column) for type_id in ("income", "housing") for column in ("found", "rectifying")
    }
    assert {each.records for each in found} == {(one,)}


def test_a_household_that_grew_after_the_signature(signed_east: Engine, campaign: Campaign) -> None:
    with signed_east.begin() as connection:
        connection.execute(update(proposed_household).values(people=5))
        (one,) = connection.execute(select(proposed_household.c.id)).scalars()
    (found,) = unsettled(signed_east, campaign)
    assert (found.column, found.records) == ("proposed_people", (one,))


def test_a_zero_report_taken_back_after_the_signature(signed_east: Engine, campaign: Campaign) -> None:
    with signed_east.begin() as connection:
        connection.execute(delete(zero_report).where(zero_report.c.unit_code == EAST))
    (found,) = unsettled(signed_east, campaign)
    assert (found.unit_code, found.problem_type_id, found.kind) == (EAST, "water", "return")
    assert "里“饮水安全”是“经排查无问题”，现在是没有报" in found.sentence


def test_a_signed_figure_that_was_changed_in_the_database(signed_east: Engine, campaign: Campaign) -> None:
    with signed_east.begin() as connection:
        content = connection.execute(select(signed_return.c.content)).scalar_one()
        connection.execute(update(signed_return).values(content=content.replace('"found":2', '"found":9')))
    (found,) = unsettled(signed_east, campaign)
    assert "存档被改动过" in found.sentence


def test_closing_an_issue_changes_no_figure(signed_east: Engine, campaign: Campaign) -> None:
    with signed_east.begin() as connection:
        connection.execute(update(issue).where(issue.c.state == "rectified").values(state="closed"))
    assert compiled(signed_east, campaign).unsettled == ()


def test_only_the_last_return_counts_and_none_that_was_sent_back(engine: Engine, campaign: Campaign) -> None:
    with engine.begin() as connection:
        store(connection, Records())
        sign(connection, campaign, EAST)
        store(connection, AGREEING)
        sign(connection, campaign, EAST, number=2)
        connection.execute(delete(issue))
        sign(connection, campaign, WEST, state="sent_back")
        store(connection, AGREEING)
    assert compiled(engine, campaign).unsettled == ()


def test_the_ledgers_pages_against_the_records(engine: Engine, campaign: Campaign) -> None:
    with engine.begin() as connection:
        store(connection, AGREEING)
        key = {"campaign_id": campaign.id, "unit_code": EAST, "form_id": "any", "item_id": ""}
        connection.execute(
            insert(tally),
            [
                {**key, "problem_type_id": "income", "state": "rectified", "records": 1},
                {**key, "problem_type_id": "income", "state": "rectifying", "records": 1},
                {**key, "problem_type_id": "housing", "state": "proposed", "records": 2},
                {**key, "unit_code": WEST, "problem_type_id": "housing", "state": "closed", "records": 1},
            ],
        )
    (found,) = unsettled(engine, campaign)
    assert "东河镇“住房安全”的拟识别监测对象户数，台账页上是 2，逐条数出来是 1" in found.sentence


def handed(
    connection: Connection, unit: str, problem_type: str, column: str, text: str, number: int | None
) -> None:
    row = {"campaign_id": "small", "unit_code": unit, "problem_type_id": problem_type, "column_id": column}
    told = {"text": text, "number": number, "place": "附件2!D7", "handed_in_by": CLERK}
    connection.execute(insert(handed_in_figure), [row | told | {"handed_in_at": datetime(2022, 8, 25, 9)}])


def test_a_units_own_annex_2_is_listed_cell_by_cell(engine: Engine, campaign: Campaign) -> None:
    with engine.begin() as connection:
        store(connection, AGREEING)
        handed(connection, EAST, "income", "found", "2", 2)
        handed(connection, EAST, "income", "rectified", "两个", None)
        handed(connection, EAST, "", "found", "7", 7)
        (rectified,) = ids(connection, issue.c.state == "rectified")
    found = compiled(engine, campaign).doubts
    assert [(each.kind, each.column, each.records) for each in found] == [
        ("handed_in", "rectified", (rectified,)),
        ("handed_in", "found", ()),
    ]
    assert "东河镇8月25日交来的附件2里“收入变化方面”的已整改数填的是 两个，台账里是 1" in found[0].sentence


def test_an_interim_summary_lists_what_differs(signed_east: Engine, campaign: Campaign) -> None:
    with signed_east.begin() as connection:
        connection.execute(update(proposed_household).values(people=5))
    done = compiled(signed_east, campaign)
    assert [each.column for each in done.unsettled] == ["proposed_people"]
    assert "有 1 处账账不符" in summary_output.in_words(done, campaign, Path("out"))
    told = json.loads(summary_output.in_json(done, campaign, Path("out")))
    assert (told["interim"], told["differences"][0]["column"]) == (True, "proposed_people")


def test_timeliness_stands_in_the_tables_and_the_telephone_list(engine: Engine, campaign: Campaign) -> None:
    zeros = {(WATER, type_id) for type_id in ("income", "housing", "water")}
    zeros |= {(WEST, type_id) for type_id in ("income", "housing", "water")}
    with engine.begin() as connection:
        store(connection, Records(issues=[(EAST, "income", "closed")], zeros=zeros))
        sign(connection, campaign, EAST, late=True, state="sent_back")
        sign(connection, campaign, WEST)
    done = compiled(engine, campaign)
    assert [
        line.split(",")[-3:] for line in completeness_csv(done.summary, done.returns).splitlines()[1:]
    ] == [
        ["late", "2022-08-30", "sent_back"],
        ["on_time", "2022-08-30", "signed"],
        ["none", "", ""],
    ]
    text = telephone_list(done.summary, campaign, done.returns)
    assert "已签字报送 2 个（按时 1 个，迟报 1 个），没有报送 1 个。" in text
    assert text.endswith(
        "1. 东河镇：缺 2 类：住房安全、饮水安全\n\n2. 县水利局：内容已报全，还没有签字报送\n"
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(random_records())
def test_the_plain_summary_is_the_one_that_pandas_makes(
    sqlite: Engine, campaign: Campaign, records: Records
) -> None:
    with sqlite.begin() as connection:
        store(connection, records)
    with opened(Source(sqlite.url.render_as_string())) as source:
        lines = source.run(QUERY)
    assert summary_of_lines(lines, campaign) == summarise(frame_of(lines, campaign), campaign)


def test_what_is_read_of_the_server_is_what_the_server_writes() -> None:
    assert (signed_returns.FIGURES, signed_returns.ISSUES, signed_returns.HOUSEHOLDS) == (
        return_document.FIGURES, return_document.ISSUES, return_document.HOUSEHOLDS,
    )  # fmt: skip
    assert signed_returns.SENT_BACK == ReturnState.SENT_BACK
    for name, columns in LIVE.items():
        assert columns <= {column.name for column in tables.metadata.tables[name].columns}
