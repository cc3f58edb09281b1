"""The page of each policy topic: facts with source, jurisdiction and certainty."""

import html
from collections.abc import Iterator, Mapping

from build_scripts.handbook import page_urls
from build_scripts.handbook.markdown import block, bullets, heading, link, page, plain, prose, short, title
from build_scripts.handbook.page_urls import POLICIES, to
from build_scripts.handbook.page_words import area_title
from checklist.model import Campaign, Fact, Policy
from checklist.model.guidance import Claim, Confidence, Conflict, Reach

REACHES: Mapping[Reach, str] = {
    "national": "全国",
    "anhui": "安徽省",
    "suzhou": "宿州市",
    "county": "本县",
    "other-county": "外县做法，不是本县标准",
    "other-province": "外省做法，不是本县标准",
}
CONFIDENCES: Mapping[Confidence, str] = {
    "verified": "已核对",
    "single": "只有一处出处",
    "recalled": "未核对，使用前请先核实",
}
_ELSEWHERE = frozenset({"other-county", "other-province"})


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
            yield bullets(
                f"{link(policy.title, to(POLICIES, page_urls.policy_page(policy)))}　"
                f"<small>{plain(short(policy.summary, 60))}</small>"
                for policy in policies
            )


def policy_page(campaign: Campaign, policy: Policy) -> str:
    """Render the page of one topic."""
    return page(
        title(policy.title),
        prose(policy.summary),
        block("ask", "**本县标准请先问清**", prose(policy.ask)) if policy.ask else "",
        *(part for conflict in policy.conflicts for part in _conflict(policy, conflict)),
        *_facts(policy),
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


def _facts(policy: Policy) -> Iterator[str]:
    if policy.facts:
        yield heading(2, plain("具体规定和出处"), "facts")
    for fact in policy.facts:
        yield _fact(fact)


def _fact(fact: Fact) -> str:
    return block(
        f"fact{' fact--elsewhere' if fact.reach in _ELSEWHERE else ''}",
        _badges(fact),
        prose(fact.statement),
        f"<small>{_source(fact)}</small>",
        f"<small>{plain(fact.note)}</small>" if fact.note else "",
        anchor=fact.id,
    )


def _badges(fact: Fact) -> str:
    badges = [(REACHES[fact.reach], f"reach-{fact.reach}"), (CONFIDENCES[fact.confidence], fact.confidence)]
    if fact.in_notice:
        badges.append(("通知也有规定", "in-notice"))
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
