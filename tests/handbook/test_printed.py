"""The whole handbook as one page for paper."""

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from build_scripts.handbook.all_pages import pages
from build_scripts.handbook.print_page import css_text, slug
from checklist.model import Campaign
from tests.handbook.test_pages import anchors


def test_it_holds_every_clause_policy_and_term(real_campaign: Campaign) -> None:
    text = html.unescape(pages(real_campaign)["print.md"])
    for _, item in real_campaign.item_by_id.values():
        assert item.text in text
    for policy in real_campaign.policies:
        assert f"{{#policies-{policy.id}}}" in text
    for term in real_campaign.glossary.terms:
        assert f"#### {term.term} {{" in text


def test_its_anchors_are_its_own_and_each_link_within_it_has_one(real_campaign: Campaign) -> None:
    markdown = pages(real_campaign)["print.md"]
    made = anchors(markdown)
    assert len(made) == len(set(made))
    assert set(re.findall(r"\]\(#([^)]+)\)", markdown)) <= set(made)
    assert "#areas-02-guarantees--guarantees-08" in markdown


def test_each_chapter_has_its_running_title_and_stands_in_the_contents(campaign: Campaign) -> None:
    markdown = pages(campaign)["print.md"]
    chapters = re.findall(r'class="chapter chapter-(\d+)"', markdown)
    assert chapters == [str(number) for number in range(1, len(chapters) + 1)]
    for number in chapters:
        assert f"@page chapter-{number} {{ @top-right {{ content: " in markdown
    assert markdown.index("@supports (anchor-scope: none) {") < markdown.index("page: chapter-1;")
    assert "[（一）收入变化方面](#areas-01-income)" in markdown


def test_it_has_no_button_is_not_searched_and_leaves_the_figures_out(campaign: Campaign) -> None:
    markdown = pages(campaign)["print.md"]
    assert "md-button" not in markdown
    assert "search:\n  exclude: true\n" in markdown
    assert "还没有汇总过" not in markdown


def test_a_chapter_is_named_for_its_page() -> None:
    assert [slug(path) for path in ("areas/01-income.md", "roles/index.md", "notice.md")] == [
        "areas-01-income", "roles", "notice",
    ]  # fmt: skip


@given(st.text(alphabet='"\\<>&\n甲a1 /'))
def test_words_stay_within_their_string_of_css(words: str) -> None:
    quoted = css_text(words)
    assert re.fullmatch(r'"(?:[^"\\<>&\n]|\\[0-9a-f]{1,6} )*"', quoted)
    assert re.sub(r"\\([0-9a-f]+) ", lambda match: chr(int(match[1], 16)), quoted[1:-1]) == words
