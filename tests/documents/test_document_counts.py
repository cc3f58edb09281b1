"""What documents count besides annex 2, and how they say it."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select, update

from build_scripts.counting.record_source import Source, opened
from build_scripts.counting.summary_lines import AnnexTable, SummaryRow
from build_scripts.documents.document_counts import Arrivals, SinceThen
from build_scripts.documents.document_facts import facts_of
from build_scripts.documents.docx_writer import document
from build_scripts.documents.part_words import RANKED, ranking_words
from build_scripts.documents.report_parts import ReportLine
from build_scripts.documents.template_words import DocumentFacts, words_of
from checklist.model import Campaign
from forms_server.db.tables import issue, proposed_household, visit
from tests.builders import EAST
from tests.documents.conftest import TODAY
from tests.documents.test_documents import lines


def table(name: str, found: int, rectified: int) -> AnnexTable:
    total = SummaryRow(name, name, "", "合计", found, rectified, found - rectified, 0, 0, "yes")
    return AnnexTable(name, name, (), total)


def names(text: str) -> list[str]:
    return [each.split("率")[0][:1] for each in text.split("、") if each]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=9))
def test_nobody_is_both_first_and_last_and_equals_are_not_parted(figures: list[tuple[int, int]]) -> None:
    units = [
        table(chr(ord("A") + number), found, min(done, found)) for number, (found, done) in enumerate(figures)
    ]
    ranked = ranking_words(units)
    first, last = names(ranked["整改率靠前"]), names(ranked["整改率靠后"])
    rates = {each.unit: each.total.rectified / each.total.found for each in units if each.total.found}
    assert not set(first) & set(last)
    assert len(first) <= RANKED
    assert len(last) <= RANKED
    if first and last:
        assert min(rates[name] for name in first) > max(rates[name] for name in last)
    if first:
        assert all(
            rates[name] >= rate for name in first for other, rate in rates.items() if other not in first
        )


def test_the_first_and_the_last_stand_with_their_figures() -> None:
    units = [table("A", 4, 1), table("B", 2, 2), table("C", 0, 0), table("D", 2, 0)]
    assert ranking_words(units) == {"整改率靠前": "B100%（2/2）", "整改率靠后": "D0%（0/2）"}
    assert ranking_words([table("A", 2, 1), table("B", 4, 2)]) == {"整改率靠前": "", "整改率靠后": ""}


def test_items_forms_and_entry_are_counted_without_what_was_withdrawn(
    database: Engine, campaign: Campaign
) -> None:
    item = campaign.areas[0].all_items[0]
    with database.begin() as connection:
        connection.execute(update(issue).values(item_id=item.id))
        connection.execute(update(proposed_household).values(identified_on=date(2022, 8, 1), entered_on=None))
    with opened(Source(str(database.url), "database")) as records:
        counts = facts_of(records, campaign, TODAY, None, date(2022, 8, 9)).counts
    assert counts.typical == [(item.text, 4)]
    assert sum(found for _, found, _ in counts.forms) == 4
    assert sum(done for _, _, done in counts.forms) == 2
    assert counts.entry is not None
    assert (counts.entry.in_time, counts.entry.late, counts.entry.waiting, counts.entry.overdue) == (
        0,
        0,
        2,
        2,
    )
    assert counts.arrivals is not None
    assert list(counts.arrivals.none) == ["东河镇", "西岭镇", "县水利局"]
    assert counts.since is not None


def test_households_are_counted_once_and_only_where_their_visit_is_finished(
    database: Engine, campaign: Campaign
) -> None:
    at = datetime(2022, 8, 10, 9)
    with database.begin() as connection:
        account = connection.execute(select(issue.c.created_by).limit(1)).scalar_one()
        common = {
            "campaign_id": campaign.id, "form_id": campaign.record_forms[0].id, "unit_code": EAST, "extra": {},
            "visited_on": at.date(), "items": 3, "answered": 3, "created_by": account, "created_at": at,
            "changed_at": at,
        }  # fmt: skip
        for number, (householder, state, problems) in enumerate(
            [
                ("张某某", "finished", 2),
                ("李某某", "finished", 0),
                ("王某某", "open", 1),
                (None, "finished", 1),
            ]
        ):
            row = {"id": str(number), "householder": householder, "state": state, "problems": problems}
            connection.execute(insert(visit).values(common | row))
    with opened(Source(str(database.url), "database")) as records:
        counts = facts_of(records, campaign, TODAY, campaign.unit_by_code[EAST]).counts
        other = facts_of(records, campaign, TODAY, campaign.unit_by_code["shuiliju"]).counts
    assert (counts.visited, counts.with_problems) == (2, 1)
    assert other.visited == 0


def with_counts(facts: DocumentFacts, **counts: object) -> DocumentFacts:
    return replace(facts, counts=replace(facts.counts, **counts))  # type: ignore[arg-type]


def test_a_circular_says_what_changed_since_the_last_one_and_who_was_late(
    county: DocumentFacts, tmp_path: Path
) -> None:
    late = Arrivals(["东河镇"], ["西岭镇"], ["县水利局"])
    told = with_counts(
        county, arrivals=late, since=SinceThen(date(2022, 8, 20), 3, 0), typical=[("是否漏雨；", 2)]
    )
    said = "\n".join(lines(document("circular", replace(told, today=date(2022, 9, 1)), tmp_path)))
    assert "与上次通报（截至8月20日）相比，新排查出问题1个，新整改2个，整改率由0%到50%。" in said
    assert "迟报的是：西岭镇。" in said
    assert "过了2022年8月31日还没有报送的是：县水利局。" in said
    assert "是否漏雨（2个）。" in said
    assert "报送时限（2022年8月31日）已过" in said
    before = "\n".join(lines(document("circular", told, tmp_path)))
    assert "还没有报送的是" not in before
    assert "报送时限为" in before


def test_a_unit_that_has_reported_nothing_is_told_apart_from_one_that_found_nothing(
    county: DocumentFacts,
) -> None:
    campaign = county.campaign
    water = campaign.unit_by_code["shuiliju"]
    assert words_of(replace(county, unit=water))["没有报"]
    assert not words_of(county)["没有报"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("（一）组织领导", True),
        ("（十二）整改", True),
        ("（由单位填写：写出）", False),
        ("一、组织", False),
        ("（一）" + "长" * 60, False),
    ],
)
def test_headings_of_the_second_level_are_known(text: str, expected: bool) -> None:
    assert ReportLine(text).is_heading is expected
