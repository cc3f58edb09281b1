import re

import pytest

from build_scripts.counting.summary_lines import FIGURES, SummaryRow
from build_scripts.handbook import page_urls
from build_scripts.handbook.all_pages import pages
from build_scripts.handbook.area_pages import issue_forms
from build_scripts.handbook.field_help import DESCRIBE
from build_scripts.handbook.how_counted import how_counted
from build_scripts.handbook.markdown import plain, prose
from build_scripts.handbook.policy_pages import CONFIDENCES, REACHES
from build_scripts.handbook.site_navigation import navigation
from checklist.model import Area, Campaign, Example, Fact, FieldType, Glossary, Policy, RecordForm, Term
from checklist.model.guidance import Claim, Confidence, Conflict, Reach
from tests.builders import EAST, WATER


def changed(campaign: Campaign, **parts: object) -> Campaign:
    """The campaign with other parts; a copy would keep what the first one has already looked up."""
    return Campaign(**{name: getattr(campaign, name) for name in Campaign.model_fields} | parts)


def anchors(markdown: str) -> list[str]:
    found = re.findall(r"\{#([\w-]+)[^}\n]*\}|id=\"([\w-]+)\"", markdown)
    return [heading or element for heading, element in found]


def section(markdown: str, anchor: str) -> str:
    """From a heading to the next of its level."""
    level, _, rest = re.split(
        rf"^(#+) (.*) \{{#{anchor}[^}}\n]*\}}$", markdown, maxsplit=1, flags=re.MULTILINE
    )[1:]
    return re.split(rf"^#{{1,{len(level)}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def test_the_same_campaign_gives_the_same_pages(campaign: Campaign, summary: tuple[SummaryRow, ...]) -> None:
    assert pages(campaign, summary) == pages(changed(campaign), summary)


def test_each_area_unit_and_form_has_its_page(campaign: Campaign) -> None:
    made = set(pages(campaign))
    assert {page_urls.area_page(area) for area in campaign.areas} <= made
    assert {page_urls.unit_page(unit) for unit in campaign.filing_units} <= made
    assert {page_urls.summary_page(unit) for unit in campaign.filing_units} <= made
    assert {page_urls.form_page(form) for form in campaign.forms} <= made


def test_addresses_are_those_that_others_link_to(campaign: Campaign) -> None:
    assert page_urls.area_page(campaign.areas[0]) == "areas/01-income.md"
    assert page_urls.unit_page(campaign.filing_units[0]) == f"units/{EAST}.md"
    form = campaign.record_forms[0]
    assert page_urls.field_anchor(form, form.field("village")) == "household-issues-village"


def test_the_registry_describes_every_field_type() -> None:
    assert set(DESCRIBE) == set(FieldType)


def test_every_figure_of_the_summary_is_explained(campaign: Campaign) -> None:
    told = how_counted(campaign)
    assert set(told) == set(FIGURES)
    labels = {column.id: column.label for column in campaign.summary_table.columns}
    assert f"{labels['rectified']}加{labels['rectifying']}，正好等于它" in told["found"]
    assert f"等于{labels['found']}减{labels['rectified']}" in told["rectifying"]


def test_every_reach_and_confidence_has_its_words() -> None:
    assert set(REACHES) == set(Reach.__args__)
    assert set(CONFIDENCES) == set(Confidence.__args__)


@pytest.mark.parametrize("which", ["campaign", "real_campaign"])
def test_form_pages_have_an_anchor_for_each_field(which: str, request: pytest.FixtureRequest) -> None:
    campaign: Campaign = request.getfixturevalue(which)
    made = pages(campaign)
    for form in campaign.record_forms:
        found = [name for name in anchors(made[page_urls.form_page(form)]) if name.startswith(f"{form.id}-")]
        assert found == [page_urls.field_anchor(form, field) for field in form.fields]
    columns = [f"{campaign.summary_table.id}-{column.id}" for column in campaign.summary_table.columns]
    assert set(columns) <= set(anchors(made[page_urls.form_page(campaign.summary_table)]))


@pytest.mark.parametrize("which", ["campaign", "real_campaign"])
def test_each_item_has_its_heading_clause_and_way_to_the_form(
    which: str, request: pytest.FixtureRequest
) -> None:
    campaign: Campaign = request.getfixturevalue(which)
    made = pages(campaign)
    for area, item in campaign.item_by_id.values():
        markdown = made[page_urls.area_page(area)]
        part = section(markdown, item.id)
        clause = re.search(rf"^### \d+&#46; (.*) \{{#{item.id} ", markdown, flags=re.MULTILINE)
        assert clause
        assert re.sub(r"</?span[^>]*>", "", clause[1]) == plain(item.text)
        for form in issue_forms(campaign, item):
            assert f'href="../../records/{form.id}/new?item={item.id}"' in part
        assert part.count("登记问题") == len(item.subjects)


def test_an_item_tells_how_to_check_it_in_its_own_words(campaign: Campaign) -> None:
    income, *others = campaign.areas
    told = income.items[0].model_copy(update={"how": "先看流水，再问本人。"})
    other = changed(campaign, areas=(income.model_copy(update={"items": (told,)}), *others))
    markdown = pages(other)["areas/01-income.md"]
    assert "**怎么查** 先看流水，再问本人。" in section(markdown, "income-drop")
    assert "怎么查" not in section(markdown, "income-stable")


def test_every_item_of_the_shipped_campaign_tells_how_to_check_it(real_campaign: Campaign) -> None:
    made = pages(real_campaign)
    for area, item in real_campaign.item_by_id.values():
        assert f"**怎么查** {prose(item.how)}\n" in section(made[page_urls.area_page(area)], item.id)


def test_an_item_tells_its_evidence_and_typical_problems(campaign: Campaign) -> None:
    income, *others = campaign.areas
    told = income.items[0].model_copy(
        update={
            "evidence": ("工资流水", "*结算单*"),
            "examples": (Example(content="羊死了。", measures="介绍务工。"),),
        }
    )
    markdown = pages(changed(campaign, areas=(income.model_copy(update={"items": (told,)}), *others)))[
        "areas/01-income.md"
    ]
    part = section(markdown, "income-drop")
    assert "工资流水；&#42;结算单&#42;。" in part
    assert "- 羊死了。 <small>整改：介绍务工。</small>" in part
    assert "看什么凭据" not in section(markdown, "income-stable")


def test_an_item_goes_to_the_forms_for_its_subjects(campaign: Campaign) -> None:
    _, both = campaign.item_by_id["guarantees-clear"]
    _, household = campaign.item_by_id["income-drop"]
    assert [form.id for form in issue_forms(campaign, both)] == ["household-issues", "general-issues"]
    assert [form.id for form in issue_forms(campaign, household)] == ["household-issues"]


def test_an_item_counts_under_its_own_problem_type_or_leaves_the_choice(campaign: Campaign) -> None:
    markdown = pages(campaign)["areas/02-guarantees.md"]
    assert "饮水安全（汇总表写作“安全饮水”）" in section(markdown, "water-enough")
    assert "住房安全" not in section(markdown, "water-enough")
    assert "按查到的情况选一项" in section(markdown, "guarantees-clear")


def test_a_unit_sees_only_what_it_answers_for(campaign: Campaign) -> None:
    made = pages(campaign)
    water = made[f"units/{WATER}.md"]
    assert "../areas/02-guarantees.md#water-enough" in water
    assert "../areas/01-income.md" not in water
    assert "柳林村委会" not in water
    east = made[f"units/{EAST}.md"]
    assert "999001001201 | 大坝村" in east
    assert "各镇逐户排查。" in section(east, "check")
    assert "（周三）12:00" in section(east, "returns")


def test_a_field_tells_its_limit_condition_and_header(campaign: Campaign) -> None:
    made = pages(campaign)
    household = made["forms/household-issues.md"]
    assert "一行文字，最多30字" in section(household, "household-issues-householder")
    assert "整改责任 / 责任人" in section(household, "household-issues-responsible_person")
    assert "报告整改完成时" in section(household, "household-issues-outcome")
    village = section(made["forms/general-issues.md"], "general-issues-village")
    assert "只在“面上问题层级”选村级层面时填" in village
    assert "通知的附件没有这一栏" in village


def test_before_the_first_summary_the_pages_say_so(campaign: Campaign) -> None:
    made = pages(campaign)
    assert "还没有汇总过" in made["summary/index.md"]
    assert "还没有汇总过" in made[f"summary/{EAST}.md"]
    assert "<td>0</td>" not in made["summary/index.md"]


def figures_of(markdown: str, row: str) -> list[str]:
    line = next(line for line in markdown.splitlines() if line.startswith("<tr") and f"{row}</" in line)
    return re.findall(r"<td[^>]*>(.*?)</td>", line)


def test_a_unit_table_tells_zero_from_not_reported(
    campaign: Campaign, summary: tuple[SummaryRow, ...]
) -> None:
    markdown = pages(campaign, summary)[f"summary/{EAST}.md"]
    assert figures_of(markdown, "收入变化方面") == ["3", "1", "2", "1", "4"]
    assert figures_of(markdown, "住房安全") == ["0"] * 5
    assert figures_of(markdown, "安全饮水") == ["—"] * 5
    # And they do not look alike.
    assert markdown.count('<td class="not-reported">—</td>') == 5
    assert figures_of(markdown, "合计") == ["3", "1", "2", "1", "4"]
    assert '<th rowspan="2">住房和饮水安全方面</th>' in markdown


def test_the_county_table_adds_the_units_and_shows_how_far_each_has_got(
    campaign: Campaign, summary: tuple[SummaryRow, ...]
) -> None:
    markdown = pages(campaign, summary)["summary/index.md"]
    assert figures_of(markdown, "合计") == ["3", "1", "2", "1", "4"]
    units = section(markdown, "units")
    assert figures_of(units, "东河镇</a>")[-1] == "2 / 3"
    assert figures_of(units, "西岭镇</a>") == ["—"] * 5 + ["0 / 3"]


def with_guidance(campaign: Campaign) -> Campaign:
    facts = (
        Fact(id="here", statement="15天内录入。", source="甲文件", document_number="〔2022〕1号", number_seen=True,
             confidence="verified", reach="county", date="2022-08", in_notice=True),
        Fact(id="there", statement="20个工作日。", source="乙文件", document_number="〔2021〕2号",
             confidence="recalled", reach="other-county", urls=("https://example.cn/a_b?c=1&d=2",)),
    )  # fmt: skip
    claims = (
        Claim(text="15天。", facts=("here",), applies="本县按这个。"),
        Claim(text="20个工作日。", facts=("there",), applies="只作参考。"),
    )
    policy = Policy(
        id="time-limit", title="录入时限", area="income", summary="几天内录入。", facts=facts,
        conflicts=(Conflict(question="几天？", claims=claims),), ask="起算日请问县水利局。",
    )  # fmt: skip
    income, *others = campaign.areas
    linked = income.model_copy(update={"policies": (policy.id,)})
    terms = (
        Term(term="公益岗", explanation="乡村公益性岗位。", aliases=("公岗",), related=("稳岗",)),
        Term(term="<b>|安全饮水*", explanation="有水喝。", confidence="recalled"),
        Term(term="工艺岗", explanation="同音。"),
    )
    return changed(campaign, areas=(linked, *others), policies=(policy,), glossary=Glossary(terms=terms))


def test_a_fact_shows_its_source_and_how_sure_it_is(campaign: Campaign) -> None:
    markdown = pages(with_guidance(campaign))["policies/time-limit.md"]
    here, there = markdown.split('id="there"')[0], markdown.split('id="there"')[1]
    assert "〔2022〕1号，2022-08" in here
    assert "通知也有规定" in here
    assert "〔2021〕2号（文号未核对）" in there
    assert "外县做法，不是本县标准" in there
    assert f"待核实，使用前请问{campaign.notice.contact.office}。" in there
    assert 'href="https://example.cn/a_b?c=1&amp;d=2"' in there
    assert "起算日请问县水利局。" in markdown


def test_contradictions_stand_side_by_side_with_when_each_applies(campaign: Campaign) -> None:
    part = section(pages(with_guidance(campaign))["policies/time-limit.md"], "conflict-1")
    assert (
        part.index("15天。")
        < part.index("本县按这个。")
        < part.index("20个工作日。")
        < part.index("只作参考。")
    )
    assert "(#here)" in part


def test_items_and_policies_point_to_each_other(campaign: Campaign) -> None:
    made = pages(with_guidance(campaign))
    assert (
        "**政策依据**：[录入时限](../policies/time-limit.md)" in made["areas/01-income.md"].split("\n## ")[0]
    )
    assert "../areas/01-income.md#income-drop" in section(made["policies/time-limit.md"], "items")


def test_terms_stand_by_their_sound_and_keep_their_addresses_apart(campaign: Campaign) -> None:
    markdown = pages(with_guidance(campaign))["glossary.md"]
    assert anchors(markdown)[1:] == [
        "letter-b", "term-b-an-quan-yin-shui", "letter-g", "term-gong-yi-gang", "term-gong-yi-gang-2",
    ]  # fmt: skip
    assert "也叫**：公岗" in markdown
    assert "相关**：稳岗" in markdown


def test_navigation_puts_each_page_once_below_its_folder(campaign: Campaign) -> None:
    made = pages(campaign)
    entries = navigation(made)
    assert entries[0] == {"首页": "index.md"}
    areas = next(entry["排查内容"] for entry in entries if isinstance(entry, dict) and "排查内容" in entry)
    assert areas[0] == "areas/index.md"
    assert areas[1] == {"（一）收入变化方面": "areas/01-income.md"}
    assert sorted(re.findall(r"[\w/-]+\.md", str(entries))) == sorted(made)


def test_a_word_of_the_campaign_cannot_break_a_page(campaign: Campaign) -> None:
    def worded(area: Area) -> Area:
        items = tuple(item.model_copy(update={"text": "甲|乙<b>*丙*\n{#x}"}) for item in area.items)
        return area.model_copy(update={"name": "<script>|方面", "items": items})

    hostile = changed(campaign, areas=tuple(worded(area) for area in campaign.areas))
    for markdown in pages(hostile).values():
        assert "<script>" not in markdown
        assert "<b>" not in markdown
        assert "{#x}" not in markdown


def test_record_forms_of_another_campaign_need_no_code(campaign: Campaign) -> None:
    form = campaign.record_forms[0].model_copy(update={"id": "hazard", "name": "隐患"})
    other = changed(campaign, forms=(form, *campaign.forms[1:]))
    assert isinstance(form, RecordForm)
    assert "/records/hazard/new?item=income-drop" in pages(other)["areas/01-income.md"]


def test_the_page_of_a_form_tells_of_its_visits(campaign: Campaign) -> None:
    areas = tuple(
        area.model_copy(
            update={
                "items": tuple(
                    item.model_copy(update={"household_types": ("tuopin",)})
                    if item.id == "income-drop"
                    else item
                    for item in area.items
                )
            }
        )
        for area in campaign.areas
    )
    made = pages(campaign.model_copy(update={"areas": areas}))
    told = section(made["forms/household-issues.md"], "visit")
    assert "名册" in told
    assert "名册" not in section(made["forms/general-issues.md"], "visit")
    assert 'href="../../visits/household-issues/"' in told
    assert "3 项" in told
    assert "只问脱贫户" in told
    assert "逐项排查" not in made["forms/proposed-household.md"]
