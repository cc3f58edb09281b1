"""Answers to the questions asked most: found within two taps, with scope, source and date, or with whom to ask."""

from collections.abc import Iterator
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest
from bs4 import BeautifulSoup

from build_scripts.handbook.all_pages import pages
from build_scripts.handbook.answer_cards import UNCERTAIN, anchor
from checklist.model import Campaign, Fact, Policy, ShortAnswer
from tests.handbook.test_pages import changed, section

MOST_TAPS = 2


@pytest.fixture(scope="module")
def opened(real_site: Path) -> dict[str, BeautifulSoup]:
    """The pages that the crawler needs."""
    return {
        path.relative_to(real_site).as_posix(): BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in real_site.rglob("*.html")
        if path.name != "print.html"
    }


def links_of(soup: BeautifulSoup, page: str) -> Iterator[str]:
    """Where the words of a page lead: no menu, no search."""
    article = soup.find("article")
    assert article
    for tag in article.find_all("a", href=True):
        path, _, place = str(tag["href"]).partition("#")
        there = normpath(join(dirname(page), path)) if path else page
        yield f"{there}#{place}" if place else there


def reached(opened: dict[str, BeautifulSoup], taps: int) -> set[str]:
    """Addresses that so many taps from the home page lead to."""
    found, edge = {"index.html"}, {"index.html"}
    for _ in range(taps):
        pages_there = {address.partition("#")[0] for address in edge}
        edge = {
            link for page in pages_there if page in opened for link in links_of(opened[page], page)
        } - found
        found |= edge
    return found


def test_each_answer_is_two_taps_from_home(real_campaign: Campaign, opened: dict[str, BeautifulSoup]) -> None:
    answers = [answer for policy in real_campaign.policies for answer in policy.answers]
    assert len(answers) >= 30
    near = reached(opened, MOST_TAPS)
    far = [answer.question for answer in answers if f"answers.html#{anchor(answer)}" not in near]
    assert far == []


def test_each_shipped_answer_has_a_source_or_says_whom_to_ask(real_campaign: Campaign) -> None:
    for policy in real_campaign.policies:
        for answer in policy.answers:
            assert answer.facts or policy.ask, answer.id


def test_nothing_is_said_from_memory(real_campaign: Campaign) -> None:
    for path, markdown in pages(real_campaign).items():
        assert "凭记忆" not in markdown, path


def with_answers(campaign: Campaign, *answers: ShortAnswer) -> Campaign:
    facts = (
        Fact(id="sure", statement="15天内。", source="甲文件", document_number="〔2022〕1号", date="2022-08",
             confidence="verified", reach="county", in_notice=True),
        Fact(id="elsewhere", statement="20天内。", source="乙文件", confidence="verified", reach="other-county"),
    )  # fmt: skip
    policy = Policy(
        id="time-limit", title="时限", area=campaign.areas[0].id, summary="几天。", facts=facts, answers=answers,
        ask="起算日请问县水利局。",
    )  # fmt: skip
    return changed(campaign, policies=(policy,))


def test_a_card_shows_figure_scope_source_and_date(campaign: Campaign) -> None:
    answer = ShortAnswer(id="days", question="几天内录入？", answer="15天内。", facts=("sure",))
    made = pages(with_answers(campaign, answer))
    for path, source in (("answers.md", "policies/time-limit.md#sure"), ("policies/time-limit.md", "#sure")):
        card = section(made[path], "answer-days")
        assert (
            card.index("15天内。")
            < card.index("本县；通知也有规定")
            < card.index("甲文件，〔2022〕1号，2022-08")
        )
        assert f"]({source})" in card
        assert UNCERTAIN not in card


@pytest.mark.parametrize(
    "answer",
    [
        ShortAnswer(id="days", question="几天？", answer="外县20天。", facts=("elsewhere",)),
        ShortAnswer(id="days", question="几天？", answer="没有写。", facts=("sure",), unsettled=True),
        ShortAnswer(id="days", question="几天？", answer="没有查到。"),
    ],
    ids=["from another county", "unsettled", "unknown"],
)
def test_what_is_not_known_here_says_whom_to_ask(campaign: Campaign, answer: ShortAnswer) -> None:
    card = section(pages(with_answers(campaign, answer))["answers.md"], "answer-days")
    assert UNCERTAIN in card
    assert "起算日请问县水利局。" in card


def test_a_campaign_without_answers_has_no_page_of_them(campaign: Campaign) -> None:
    made = pages(campaign)
    assert "answers.md" not in made
    assert "常问的问题" not in made["index.md"]
