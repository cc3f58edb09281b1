"""Answers to the questions asked most: cards with figure, scope, source and date, and the page that collects them."""

from collections.abc import Iterable, Iterator

from build_scripts.handbook import page_urls
from build_scripts.handbook.markdown import block, bullets, heading, link, page, plain, title
from build_scripts.handbook.page_urls import ANSWERS, to
from build_scripts.handbook.page_words import IN_NOTICE, REACHES, area_title, is_elsewhere
from checklist.model import Area, Campaign, Fact, Policy, ShortAnswer

UNCERTAIN = "待核实"
"""What stands at an answer that nobody has verified for this county."""


def answers_page(campaign: Campaign) -> str:
    """Render all cards by area, below an index of their questions."""
    by_area = [(area, found) for area in campaign.areas if (found := list(_of_area(campaign, area)))]
    return page(
        title("常问的问题"),
        "先看答案；数字用在哪里、从哪里来、哪一天的，都写在下面。",
        *(part for area, found in by_area for part in _index(area, found)),
        *(part for area, found in by_area for part in _cards(area, found)),
        hide=("navigation",),
        searched=False,  # search finds each on the page of its policy, beside its sources
    )


def _of_area(campaign: Campaign, area: Area) -> Iterator[tuple[Policy, ShortAnswer]]:
    for policy in campaign.policies:
        if policy.area == area.id:
            yield from ((policy, answer) for answer in policy.answers)


def _index(area: Area, found: Iterable[tuple[Policy, ShortAnswer]]) -> Iterator[str]:
    lines = bullets(link(answer.question, f"#{anchor(answer)}") for _, answer in found)
    yield block("question-index", f"**{plain(area_title(area))}**", lines)


def _cards(area: Area, found: Iterable[tuple[Policy, ShortAnswer]]) -> Iterator[str]:
    yield heading(2, plain(area_title(area)), area.id)
    for policy, answer in found:
        yield card(policy, answer, ANSWERS, level=3)


def anchor(answer: ShortAnswer) -> str:
    """Return the anchor of an answer, on the page of its policy and on that of all answers."""
    return f"answer-{answer.id}"


def card(policy: Policy, answer: ShortAnswer, here: str, level: int = 2) -> str:
    """Render one answer."""
    facts = [fact for fact in policy.facts if fact.id in answer.facts]
    return block(
        "answer",
        heading(level, plain(answer.question), anchor(answer)),
        block("answer-words", plain(answer.answer)),
        block("facts", bullets(_about(policy, answer, facts, here))),
    )


def _about(policy: Policy, answer: ShortAnswer, facts: list[Fact], here: str) -> Iterator[str]:
    there = page_urls.policy_page(policy)
    if facts:
        yield f"**适用**：{plain('；'.join(dict.fromkeys(scope for fact in facts for scope in _scopes(fact))))}"
        sources = {_source(fact): link(_source(fact), to(here, there, fact.id)) for fact in reversed(facts)}
        yield f"**出处**：{'；'.join(reversed(sources.values()))}"
    if policy.ask and (answer.unsettled or not facts or not all(map(_holds_here, facts))):
        yield f'<span class="badge badge--recalled">{UNCERTAIN}</span> {plain(policy.ask)}'
    if here != there and (policy.conflicts or not facts):
        yield link("不同说法和依据", to(here, there))


def _scopes(fact: Fact) -> tuple[str, ...]:
    return (REACHES[fact.reach], IN_NOTICE) if fact.in_notice else (REACHES[fact.reach],)


def _holds_here(fact: Fact) -> bool:
    """Whether a fact may be used in this county as it stands."""
    return fact.confidence == "verified" and not is_elsewhere(fact)


def _source(fact: Fact) -> str:
    return "，".join(part for part in (fact.source, fact.document_number, fact.date or "日期不详") if part)
