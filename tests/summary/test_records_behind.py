"""The records behind what does not agree, and who has not reported."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from build_scripts.counting.differences import Unreconciled
from build_scripts.counting.record_source import Source, opened
from build_scripts.reconciliation.live_reconciliation import reconcile
from build_scripts.summary import summary_output
from build_scripts.summary.compiling import Compilation, SummaryOptions, compile_all
from build_scripts.summary.publish import results
from build_scripts.summary.reporting_completeness import completeness_csv, telephone_list
from checklist.model import Campaign
from forms_server.db.tables import household, issue, possible_double, proposed_household
from tests.builders import EAST, EAST_DAM, WATER, WEST
from tests.summary.records import BY_HAND, NOW, Records, compile_summary, store

QUIET = Records(issues=[(EAST, "income", "closed")])


def compiled(engine: Engine, campaign: Campaign) -> Compilation:
    return compile_all(campaign, Source(engine.url.render_as_string()), SummaryOptions(interim=True))


def ids(engine: Engine, table) -> list[str]:  # type: ignore[no-untyped-def]
    with engine.connect() as connection:
        return sorted(connection.execute(table.select()).scalars())


def test_nothing_is_doubted_where_everything_agrees(sqlite: Engine, campaign: Campaign) -> None:
    with sqlite.begin() as connection:
        store(connection, QUIET)
    assert compiled(sqlite, campaign).doubts == ()


def test_a_zero_report_beside_records_is_doubted(sqlite: Engine, campaign: Campaign) -> None:
    with sqlite.begin() as connection:
        store(connection, Records(
            issues=[(EAST, "income", "closed"), (EAST, "water", "closed"), (EAST, "income", "withdrawn")],
            households=[(WEST, "water", "proposed", 2)],
            zeros={(EAST, "income"), (WEST, "water"), (WATER, "water")},
        ))  # fmt: skip
    doubts = compiled(sqlite, campaign).doubts
    assert [(each.unit_code, each.problem_type_id, len(each.records)) for each in doubts] == [
        (EAST, "income", 1),
        (WEST, "water", 1),
    ]
    assert (
        "东河镇“收入变化方面”报了“经排查无问题”，却有记录（问题 1 个，拟识别监测对象 0 户）"
        in doubts[0].sentence
    )
    assert doubts[1].records == tuple(ids(sqlite, proposed_household))


def test_namesakes_of_one_village_are_doubted_without_their_name(sqlite: Engine, campaign: Campaign) -> None:
    with sqlite.begin() as connection:
        households = [
            (EAST, "income", "proposed", 2),
            (WEST, "water", "proposed", 3),
            (EAST, "income", "withdrawn", 1),
        ]
        store(connection, Records(households=households))
        connection.execute(update(proposed_household).values(village_code=EAST_DAM))
    doubts = compiled(sqlite, campaign).doubts
    assert [(each.unit_code, len(each.records)) for each in doubts] == [(EAST, 1), (WEST, 1)]
    assert "同一个村的另一户同名" in doubts[0].sentence
    assert "张某某" not in str(doubts)


def test_households_without_people_are_not_published(sqlite: Engine, campaign: Campaign) -> None:
    with sqlite.begin() as connection:
        store(connection, Records(households=[(EAST, "income", "proposed", 2)]))
        connection.execute(update(proposed_household).values(people=None))
    (identity,) = ids(sqlite, proposed_household)
    with pytest.raises(Unreconciled, match=f"东河镇“收入变化方面”有 1 户.*没有填人数.*{identity}"):
        compiled(sqlite, campaign)


def test_a_refusal_names_the_records_behind_it(sqlite: Engine, campaign: Campaign) -> None:
    with sqlite.begin() as connection:
        store(connection, Records(issues=[("nobody", "income", "closed"), (EAST, "income", "closed")]))
    with pytest.raises(Unreconciled) as raised:
        compile_summary(campaign, Source(sqlite.url.render_as_string()))
    (difference,) = raised.value.differences
    with sqlite.connect() as connection:
        query = issue.select().where(issue.c.unit_code == "nobody")
        assert difference.records == tuple(connection.execute(query).scalars())


def test_only_the_first_records_are_printed() -> None:
    from build_scripts.counting.differences import Difference

    assert str(Difference("差。", records=tuple("abcdefg"))) == "差。（记录编号：a、b、c、d、e等）"


def test_what_is_doubted_is_written_with_its_records(sqlite: Engine, campaign: Campaign) -> None:
    with sqlite.begin() as connection:
        store(connection, BY_HAND)
    done = compiled(sqlite, campaign)
    lines = dict(results(done, campaign))["reconciliation.csv"].decode().splitlines()
    assert lines[0] == "unit_code,problem_type_id,column,difference,records"
    assert len(lines) == 2
    assert lines[1].startswith(f"{EAST},income,,")
    assert lines[1].rpartition(",")[2].split() == list(done.doubts[0].records)
    assert "有 1 处请核对" in summary_output.in_words(done, campaign, Path("out"))


def test_who_has_not_reported_and_whom_to_telephone(sqlite: Engine, campaign: Campaign) -> None:
    zeros = {(WEST, "income"), (WEST, "housing"), (WEST, "water")}
    with sqlite.begin() as connection:
        store(connection, Records(issues=[(EAST, "income", "closed")], zeros=zeros))
    summary = compiled(sqlite, campaign).summary
    assert completeness_csv(summary).splitlines() == [
        "unit_code,unit,expected,reported,missing,missing_problem_types,return,first_signed_on,return_state",
        f"{EAST},东河镇,3,1,2,住房安全、饮水安全,,,",
        f"{WEST},西岭镇,3,3,0,,,,",
        f"{WATER},县水利局,3,0,3,收入变化方面、住房安全、饮水安全,,,",
    ]
    assert telephone_list(summary, campaign) == (
        "青河县小排查催报名单\n报送时限：8月31日上午下班前\n应报 3 个单位，报全 1 个，没有报全 2 个。\n\n"
        "1. 县水利局：3 类都没有报\n\n2. 东河镇：缺 2 类：住房安全、饮水安全\n"
    )


def test_scripts_are_told_everything_as_json(sqlite: Engine, campaign: Campaign) -> None:
    with sqlite.begin() as connection:
        store(connection, BY_HAND)
    told = json.loads(summary_output.in_json(compiled(sqlite, campaign), campaign, Path("/out")))
    assert told["total"] == {
        "found": 4, "rectified": 2, "rectifying": 2, "proposed_households": 2, "proposed_people": 6,
    }  # fmt: skip
    assert told["units"][2]["missing_problem_types"] == ["收入变化方面", "住房安全"]
    assert (told["campaign_id"], told["name"], told["regions"]) == ("small", "青河县", [])
    assert len(told["differences"][0]["records"]) == 3


@pytest.mark.parametrize("state", ["open", "different", None])
def test_a_pair_of_proposed_households_has_one_sentence(
    sqlite: Engine, campaign: Campaign, state: str | None
) -> None:
    """A pair that waits, that was told apart, and one that nobody was asked about."""
    with sqlite.begin() as connection:
        for table in (possible_double, proposed_household, household):  # the database is shared
            connection.execute(delete(table))
        store(connection, Records(households=[(unit, "water", "proposed", 2) for unit in (EAST, WEST)]))
        home = {
            "id": "00000000-0000-4000-8000-00000000000a", "campaign_id": campaign.id, "township_code": EAST,
            "village_code": EAST_DAM, "householder": "张某某", "folded_name": "张某某", "active": True,
        }  # fmt: skip
        moments = {name: NOW for name in ("created_at", "changed_at") if name in household.c}
        connection.execute(insert(household).values(home | moments))
        connection.execute(update(proposed_household).values(village_code=EAST_DAM, household_id=home["id"]))
        first, second = sorted(connection.execute(select(proposed_household.c.id)).scalars())
        pair = {"first_id": first, "second_id": second, "record_table": "proposed_household"}
        if state:
            rest = {"campaign_id": campaign.id, "state": state, "asked_at": NOW}
            connection.execute(insert(possible_double).values(pair | rest))
    with opened(Source(sqlite.url.render_as_string())) as records:
        said = [
            each.sentence
            for each in reconcile(records, campaign).every
            if each.kind in ("double", "household")
        ]
    assert len(said) == (0 if state == "different" else 1), said
    assert not any("同名" in sentence for sentence in said)
