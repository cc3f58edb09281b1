"""The shipped guidance: every fact says whose it is, contradictions are resolved, items and topics find each other."""

import re
from collections import Counter
from pathlib import Path

import pytest

from checklist.loading.loader import load_campaign
from checklist.model import Campaign, Fact, Policy

FOLDER = Path(__file__).parents[2] / "checklist" / "2022-huitoukan"
POLICIES = sorted(path.stem for path in (FOLDER / "policies").glob("*.yml"))
ELSEWHERE = {"other-county", "other-province"}


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return load_campaign(FOLDER)


def facts_of(campaign: Campaign, *reaches: str) -> list[tuple[Policy, Fact]]:
    return [(policy, fact) for policy in campaign.policies for fact in policy.facts if fact.reach in reaches]


def test_the_campaign_carries_the_guidance_of_all_its_areas(campaign):
    assert len(POLICIES) == len(campaign.policies)
    assert {policy.area for policy in campaign.policies} == {area.id for area in campaign.areas}


def test_no_fact_stands_in_two_places(campaign):
    ids = Counter(fact.id for policy in campaign.policies for fact in policy.facts)
    assert [name for name, times in ids.items() if times > 1] == []
    assert len(ids) == 172


@pytest.mark.parametrize("name", POLICIES)
def test_a_topic_has_facts_with_source_certainty_and_reach(campaign, name):
    assert campaign.policy_by_id[name].facts
    for fact in campaign.policy_by_id[name].facts:
        assert fact.source
        assert fact.confidence in {"verified", "single", "recalled"}
        assert fact.reach in {"national", "anhui", "suzhou", "county", *ELSEWHERE}
        assert re.fullmatch(r"(\d{4}(-\d\d(-\d\d)?)?)?", fact.date), fact.id
        assert fact.document_number or not fact.number_seen, fact.id


@pytest.mark.parametrize("name", POLICIES)
def test_a_topic_names_a_unit_of_the_county_to_ask(campaign, name):
    units = (campaign.units.office, *campaign.units.county_units)
    names = [word for unit in units for word in (unit.name, *unit.aliases)]
    assert any(word in campaign.policy_by_id[name].ask for word in names)


def test_a_county_fact_names_the_county_or_the_notice(campaign):
    place = re.compile("萧县|巩固办|通知")
    assert [
        fact.id for _, fact in facts_of(campaign, "county") if not place.search(fact.issuer + fact.source)
    ] == []


def test_another_place_s_figure_never_stands_in_a_summary(campaign):
    for policy, fact in facts_of(campaign, *ELSEWHERE):
        for figure in fact.figures:
            assert not re.search(r"(?<!\d)" + re.escape(figure), policy.summary), (policy.id, fact.id, figure)


def test_another_place_s_fact_says_whose_it_is(campaign):
    place = re.compile("[县市区州镇乡]|外省|外地|贵州|河南|湖南|福建|庐江|安庆")
    assert [fact.id for _, fact in facts_of(campaign, *ELSEWHERE) if not place.search(fact.statement)] == []


@pytest.mark.parametrize("name", POLICIES)
def test_contradicting_statements_stand_side_by_side_with_which_applies(campaign, name):
    ids = {fact.id for fact in campaign.policy_by_id[name].facts}
    for conflict in campaign.policy_by_id[name].conflicts:
        assert len({claim.text for claim in conflict.claims}) == len(conflict.claims) >= 2
        assert all(set(claim.facts) <= ids for claim in conflict.claims)
        assert all(claim.applies for claim in conflict.claims)


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("monitoring-procedure", "15天", "20个工作日"),
        ("photovoltaic", "60%", "80%"),
        ("income-counting", "养老金等算", "不计入"),
        ("income-counting", "登记在册", "常住"),
        ("income-period", "12个月", "10月1日"),
        ("monitoring-standard", "6000元", "7000元"),
        ("drinking-water", "35升", "40—60升"),
        ("microloan", "边缘易致贫户", "突发严重困难户"),
        ("household-files", "明白卡", "明白纸"),
    ],
)
def test_known_contradictions_are_resolved(campaign, name, one, other):
    claims = [[claim.text for claim in conflict.claims] for conflict in campaign.policy_by_id[name].conflicts]
    assert any(
        any(one in text for text in texts) and any(other in text for text in texts) for texts in claims
    )


def test_every_item_leads_to_guidance_of_its_own_area(campaign):
    areas = {policy.id: policy.area for policy in campaign.policies}
    for area in campaign.areas:
        for item in area.all_items:
            assert area.id in {areas[name] for name in item.policies}, item.id


def test_an_area_lists_all_its_topics(campaign):
    for area in campaign.areas:
        assert sorted(area.policies) == sorted(
            policy.id for policy in campaign.policies if policy.area == area.id
        )


def test_every_topic_is_led_to_from_an_item(campaign):
    linked = {name for area in campaign.areas for item in area.all_items for name in item.policies}
    assert linked == set(POLICIES)


def test_a_name_means_one_term(campaign):
    terms = campaign.glossary.terms
    names = Counter(name for term in terms for name in (term.term, *term.aliases))
    assert [name for name, times in names.items() if times > 1 or len(name) < 2] == []
    assert all(not set(term.related) & {term.term, *term.aliases} for term in terms)


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("公益岗", "乡村公益性岗位"),
        ("公益性岗位", "乡村公益性岗位"),
        ("保学", "控辍保学"),
        ("就业稳岗", "脱贫人口稳岗就业"),
        ("安全饮水", "饮水安全"),
        ("一人一措施、一户一方案", "一户一方案、一人一措施"),
        ("监测户", "监测对象"),
        ("交通补贴", "跨省务工交通补助"),
    ],
)
def test_abbreviations_and_other_word_orders_lead_to_the_term(campaign, typed, term):
    assert [each.term for each in campaign.glossary.terms if typed in each.aliases] == [term]


def test_a_grant_is_found_as_a_part_of_education_aid(campaign):
    [term] = [each for each in campaign.glossary.terms if each.term == "雨露计划"]
    assert "教育资助" in term.related
    assert "教育资助" in campaign.policy_by_id["education"].title
    assert any("雨露计划" in fact.statement for fact in campaign.policy_by_id["education"].facts)


def test_every_item_says_how_with_what_proof_by_which_policy_and_what_is_typically_found(campaign):
    for area in campaign.areas:
        for item in area.all_items:
            told = {
                "how": item.how,
                "evidence": item.evidence,
                "policies": item.policies,
                "examples": item.examples,
            }
            assert [name for name, value in told.items() if not value] == [], item.id
