"""The worker's judgement, in the browser, over a few lines."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from build_scripts.search import search_scripts
from build_scripts.search.corpus import corpus_of, with_search_words
from build_scripts.search.search_index import index_of
from build_scripts.search.sections import sections_of
from build_scripts.search.synonyms import Synonyms
from checklist.chinese_numerals import write_numeral

PAGES = {
    "areas/01.html": """<h1>第一方面</h1>
      <h3 id="days">新识别的是否在15天内录入系统</h3>
      <h3 id="jobs" class="clause">公益性岗位管理<span class="rest">是否规范，是否严格考勤</span></h3>
      <h3 id="roof" class="clause">房屋是否开裂漏雨</h3><div class="how">低洼处的老房先看</div>
      <h3 id="all">做到“应纳尽纳”、应扶尽扶</h3>
      <h3 id="grow" class="clause">收入增长，长效管理<span class="rest">，没有滞销</span></h3>""",
    "policies/p.html": """<h1>几项规定</h1><p>不少于百分之六十。</p>
      <div id="twenty"><p>115天之后，二十五天之前。</p></div>
      <div id="old"><p>老房、公益岗考勤 &lt;b&gt;</p></div>""",
}
PAGES["policies/sold.html"] = "<h1>滞销</h1><p>另说</p>"
PAGES["areas/02.html"] = """<h1>第二方面</h1>
      <h3 id="k1" class="clause">小额信贷是否规范</h3>
      <h3 id="lent" class="clause">符合小额信贷条件的是否应贷尽贷</h3>
      <h3 id="school" class="clause">适龄儿童失学辍学</h3>"""
PAGES["policies/loans.html"] = "<h1>小额信贷的规定</h1><p>5万元以内。</p>"
PAGES["areas/03.html"] = "".join(
    f'<h3 id="l{number}" class="clause">户贷是否{what}</h3>'
    for number, what in enumerate(("逾期", "贴息", "挪用"))
)
PAGES["policies/lending.html"] = "<h1>户贷</h1><p>先问银行。</p>"
PAGES["roles/clerk.html"] = "<h1>填报人</h1><p>登记小额信贷等各类问题</p>"
PAGES["units/town.html"] = "<h1>某镇</h1><ul><li>某村</li><li>水头村委会</li></ul>"
PAGES["notice.html"] = "<h1>通知</h1><p>到水头村委会等处</p>"
SYNONYMS = [
    Synonyms(("公益性岗位", "公岗"), ("考勤",)),
    Synonyms(("漏雨", "渗水")),
    Synonyms(("失学辍学", "辍学")),
    Synonyms(("小额信贷", "扶贫贷")),
    Synonyms(("户贷", "农户借款")),
]
WORDS = {"school": ["孩子不念书"], "loans": ["最多贷多少"]}

Ask = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def ask(browser: Browser) -> Iterator[Ask]:
    """Ask the worker: the hits, the best first."""
    pages = {url: sections_of(html, url) for url, html in PAGES.items()}
    page = browser.new_page()
    page.add_script_tag(content=search_scripts.worker())
    page.evaluate(
        "data => searchHandbook({ type: 0, data })",
        index_of(with_search_words(corpus_of(pages), WORDS, {"k1"}), SYNONYMS),
    )

    def answers(query: str) -> list[dict[str, Any]]:
        result = page.evaluate("data => searchHandbook({ type: 2, data }).data", query)
        hits = [hit for group in result["items"] for hit in group if hit["score"]]
        return sorted(hits, key=lambda hit: -float(hit["score"]))

    yield answers
    page.close()


@pytest.mark.parametrize(
    ("query", "anchor", "words"),
    [
        ("15天", "days", "15天"),
        ("１５ 天", "days", "15天"),
        ("十五天", "days", "15天"),
        ("15日内", "days", "15天内"),
        ("60%", "", "百分之六十"),
        ("公岗管理", "jobs", "公益性岗位管理"),
        ("渗水", "roof", "漏雨"),
        ("loufang", None, None),
        ("louyu", "roof", "漏雨"),
        ("LY", "roof", "漏雨"),
        ("kailielou", "roof", "开裂漏"),
        ("klie漏", "roof", "开裂漏"),
        ("kai'lie'l", "roof", "开裂漏"),
        ("zengzhang", "grow", "增长"),
        ("changxiao", "grow", "长效"),
        ("公益岗位", "jobs", "公益性岗位"),
        ("应纳未纳尽纳", "all", "应纳尽纳"),
        ("应纳尽纳应扶尽扶", "all", "应纳尽纳”、应扶尽扶"),
        ("开裂渗漏", "roof", "开裂漏"),
        ("房屋开裂怎么办", "roof", "房屋是否开裂"),
        ("录入 识别", "days", "识别"),
        ("录入 石榴", "days", "录入"),
        ("小额信代", "lent", "小额信贷"),
        ("缀学", "school", "辍学"),
        ("失学缀学", "school", "失学辍学"),
        ("失穴辍学", "school", "失学辍学"),
        ("低保", None, None),
        ("天气预报", None, None),
        ("，。", None, None),
        ("", None, None),
    ],
)
def test_each_way_of_writing_leads_to_the_section(
    ask: Ask, query: str, anchor: str | None, words: str | None
) -> None:
    hits = ask(query)
    if anchor is None:
        assert not hits
    else:
        assert hits[0]["location"].partition("#")[2] == anchor
        assert words in hits[0]["terms"]


@pytest.mark.parametrize(
    ("query", "location"),
    [
        ("小额信贷", "areas/02.html#lent"),
        ("小额信贷能贷多少", "policies/loans.html"),
        ("小额信贷最多几年", "policies/loans.html"),
        ("小额信贷谁来登记", "roles/clerk.html"),
        ("孩子不念书", "areas/02.html#school"),
        ("家里孩子不念书怎么办", "areas/02.html#school"),
        ("水头村委会", "units/town.html"),
    ],
)
def test_a_question_leads_to_the_page_that_answers_it(ask: Ask, query: str, location: str) -> None:
    """A figure to the rules, a who to the roles, what readers say to the section it is said for."""
    assert ask(query)[0]["location"] == location


def test_words_that_readers_say_are_not_shown(ask: Ask) -> None:
    hit = ask("孩子不念书")[0]
    assert "念书" not in hit["title"] + hit["text"]


def test_a_number_is_not_found_inside_a_longer_one(ask: Ask) -> None:
    assert not [hit for hit in ask("5天") if "15天" in hit["title"] + hit["text"]]


def test_literal_hits_come_before_synonyms_and_headings_before_text(ask: Ask) -> None:
    assert ask("公益岗")[0]["location"] == "policies/p.html#old"
    assert [hit["location"] for hit in ask("考勤")] == ["areas/01.html#jobs", "policies/p.html#old"]
    assert [hit["location"] for hit in ask("老房")] == ["policies/p.html#old", "areas/01.html#roof"]


def test_enter_opens_an_item_rather_than_guidance_of_that_name(ask: Ask) -> None:
    """Enter opens the first of those that score most, as :func:`ask` has it."""
    assert [hit["location"] for hit in ask("滞销")] == ["areas/01.html#grow", "policies/sold.html"]


def test_matches_are_marked_and_other_marks_are_harmless(ask: Ask) -> None:
    hit = ask("公益岗考勤")[0]
    assert hit["text"] == "老房、<mark data-md-highlight>公益岗考勤</mark> &#60;b&#62;"


@pytest.mark.parametrize(
    ("typed", "location"),
    [("考芹", "areas/01.html#jobs"), ("开列漏雨", "areas/01.html#roof"), ("设有", "areas/01.html#grow")],
    ids=["sound", "sound within a longer word", "shape"],
)
def test_a_character_that_fits_nowhere_is_replaced_by_one_that_does(
    ask: Ask, typed: str, location: str
) -> None:
    """By one that sounds or looks like it, in words that no glossary knows."""
    assert ask(typed)[0]["location"] == location


def test_a_word_that_many_items_name_opens_what_it_titles(ask: Ask) -> None:
    """户贷 stands in three items and titles a page; 滞销 stands in one."""
    assert ask("户贷")[0]["location"] == "policies/lending.html"


def test_a_page_is_found_by_its_title(ask: Ask) -> None:
    assert ask("几项规定")[0]["location"] == "policies/p.html"


def test_the_browser_reads_and_writes_numerals_as_the_readers_of_forms_do(browser: Browser) -> None:
    page = browser.new_page()
    page.add_script_tag(content=search_scripts.worker_part("numerals"))
    numerals = [write_numeral(number) for number in range(10000)]
    assert page.evaluate("count => Array.from(Array(count).keys(), writeNumeral)", 10000) == numerals
    assert page.evaluate("numerals => numerals.map(readNumeral)", numerals) == list(range(10000))
    page.close()
