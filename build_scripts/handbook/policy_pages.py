"""The page of each policy topic: answers first, then facts with source, jurisdiction and certainty."""

import html
from collections.abc import Iterator, Mapping

from build_scripts.handbook import page_urls
from build_scripts.handbook.answer_cards import anchor, card
from build_scripts.handbook.markdown import (
    block,
    bullets,
    folded,
    heading,
    link,
    page,
    plain,
    prose,
    short,
    title,
)
from build_scripts.handbook.page_urls import POLICIES, to
from build_scripts.handbook.page_words import IN_NOTICE, REACHES, area_title, is_elsewhere
from checklist.model import Campaign, Fact, Policy
from checklist.model.guidance import Claim, Confidence, Conflict

CONFIDENCES: Mapping[Confidence, str] = {
    "verified": "已核对",
    "single": "只有一处出处",
    "recalled": "待核实",
}


def policy_index(campaign: Campaign) -> str:
    """Render the index of topics, by area."""
    return page(title("政策依据"), *(_topics(campaign) if campaign.policies else ("还没有收录政策。",)))


def _topics(campaign: Campaign) -> Iterator[str]:
    yield "每一条都注明出处、文号和适用范围。没有核对过的、外县外省的，都有标记，不能当作本县标准。"
    for area in campaign.areas:
        policies = [policy for policy in campaign.policies if policy.area == area.id]
        if policies:
            there = to(POLICIES, page_urls.area_page(area))
            yield heading(2, link(area_title(area), there), area.id)
            yield block("topics", "\n".join(_topic(policy) for policy in policies))


def _topic(policy: Policy) -> str:
    """Render a policy with the questions that it answers, or the beginning of its summary."""
    here = page_urls.policy_page(policy)
    answers = [link(answer.question, to(POLICIES, here, anchor(answer))) for answer in policy.answers] or [
        f"<small>{plain(short(policy.summary, 60))}</small>"
    ]
    return f"- **{link(policy.title, to(POLICIES, here))}**\n{bullets(answers, indent=4)}"


def policy_page(campaign: Campaign, policy: Policy) -> str:
    """Render the page of one topic: answers first, what they rest on after them."""
    here = page_urls.policy_page(policy)
    return page(
        title(policy.title),
        *(card(policy, answer, here) for answer in policy.answers),
        heading(2, plain("要点"), "summary") if policy.answers else "",
        prose(policy.summary),
        block("ask", "**本县标准请先问清**", prose(policy.ask)) if policy.ask else "",
        *(part for conflict in policy.conflicts for part in _conflict(policy, conflict)),
        *_facts(campaign, policy),
        *_used_by(campaign, policy),
    )


def _conflict(policy: Policy, conflict: Conflict) -> Iterator[str]:
    number = policy.conflicts.index(conflict) + 1
    yield heading(2, plain(f"说法不一：{conflict.question}"), f"conflict-{number}")
    yield block("claims", *(_claim(policy, claim) for claim in conflict.claims))


def _claim(policy: Policy, claim: Claim) -> str:
    facts = [fact for fact in policy.facts if fact.id in claim.facts]
    sources = "；".join(link(fact.source, f"#{fact.id}") for fact in facts)
    return block(
        "claim",
        f"**{plain(claim.text)}**",
        bullets((f"**什么时候用**：{plain(claim.applies)}", f"**出处**：{sources}")),
    )


def _facts(campaign: Campaign, policy: Policy) -> Iterator[str]:
    if policy.facts:
        yield heading(2, plain("具体规定和出处"), "facts")
    for fact in policy.facts:
        yield _fact(campaign, policy, fact)


def _fact(campaign: Campaign, policy: Policy, fact: Fact) -> str:
    return block(
        f"fact{' fact--elsewhere' if is_elsewhere(fact) else ''}",
        prose(fact.statement),
        _badges(fact),
        _whom_to_ask(campaign, policy) if fact.confidence == "recalled" else "",
        folded("出处", f"<small>{_source(fact)}</small>", *([_note(fact)] if fact.note else [])),
        anchor=fact.id,
    )


def _note(fact: Fact) -> str:
    return f"<small>{plain(fact.note)}</small>"


def _whom_to_ask(campaign: Campaign, policy: Policy) -> str:
    """Name who can verify a fact: the county units that answer for what the policy is used for, or the office."""
    used = [
        item for _, item in campaign.item_by_id.values() if policy.id in item.policies and item.responsible
    ]
    area = next(area for area in campaign.areas if area.id == policy.area)
    answering = {code for item in used for code in item.responsible} or set(area.responsible)
    units = [unit.name for unit in campaign.units.county_units if unit.code in answering]
    return plain(f"待核实，使用前请问{'、'.join(units) or campaign.notice.contact.office}。")


def _badges(fact: Fact) -> str:
    badges = [(REACHES[fact.reach], f"reach-{fact.reach}"), (CONFIDENCES[fact.confidence], fact.confidence)]
    if fact.in_notice:
        badges.append((IN_NOTICE, "in-notice"))
    return " ".join(f'<span class="badge badge--{css}">{plain(words)}</span>' for words, css in badges)


def _source(fact: Fact) -> str:
    parts = [f"出处：{plain(fact.source)}"]
    if fact.document_number:
        seen = "" if fact.number_seen else "（文号未核对）"
        parts.append(f"{plain(fact.document_number)}{seen}")
    parts += [plain(words) for words in (fact.issuer, fact.date) if words]
    parts += [
        f'<a href="{html.escape(url)}" rel="noreferrer">原文{number if len(fact.urls) > 1 else ""}</a>'
        for number, url in enumerate(fact.urls, start=1)
    ]
    return "，".join(parts)


def _used_by(campaign: Campaign, policy: Policy) -> Iterator[str]:
    here = page_urls.policy_page(policy)
    lines = [
        link(f"{area_title(area)}：{short(item.text, 40)}", page_urls.to_item(here, area, item))
        for area, item in campaign.item_by_id.values()
        if policy.id in (item.policies or area.policies)
    ]
    if lines:
        yield heading(2, plain("用在哪些排查内容"), "items")
        yield bullets(lines)
