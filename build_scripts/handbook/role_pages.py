"""The page of each role: its duties by phase, checks, forms and hand-overs."""

from collections.abc import Iterator

from build_scripts.handbook import page_urls
from build_scripts.handbook.form_pages import form_entries
from build_scripts.handbook.markdown import block, bullets, folded, heading, link, page, plain, short, title
from build_scripts.handbook.page_urls import ROLES, to
from build_scripts.handbook.page_words import area_title
from build_scripts.handbook.reporting_diagram import reporting_diagram
from checklist.model import Area, Campaign, CampaignRole, Duty, Handover


def role_index(campaign: Campaign) -> str:
    """Render the index of the roles, with the reporting diagram."""
    roles = campaign.roles.roles
    return page(
        title("岗位职责"),
        "找到自己的岗位，看每个阶段要做什么。",
        block("names-wide", bullets(_entry(role) for role in roles)),
        heading(2, plain("谁向谁报"), "reporting"),
        reporting_diagram(campaign),
    )


def _entry(role: CampaignRole) -> str:
    name = link(role.name, to(ROLES, page_urls.role_page(role)))
    return f"**{name}**：{plain(role.summary)} <small>{plain(role.people)}</small>"


def role_page(campaign: Campaign, role: CampaignRole) -> str:
    """Render the page of one role."""
    here = page_urls.role_page(role)
    return page(
        title(role.name),
        block("opening", plain(role.people)),
        f"**{plain(role.summary)}**",
        *_duties(campaign, role, here),
        *_forms(campaign, role, here),
        *_handovers(campaign, role, here),
        *_items(campaign, role, here),
    )


def _duties(campaign: Campaign, role: CampaignRole, here: str) -> Iterator[str]:
    yield heading(2, plain("要做什么"), "duties")
    for phase in campaign.notice.phases:
        own = duties_in(role, phase.id)
        if own:
            name = link(f"{phase.name}（{phase.period}）", to(here, page_urls.phase_page(phase)))
            yield heading(3, name, phase.id)
            yield bullets(plain(duty.text) for duty in own)
    if always := duties_in(role, None):
        yield heading(3, plain("整个行动期间"), "always")
        yield bullets(plain(duty.text) for duty in always)


def duties_in(role: CampaignRole, phase_id: str | None) -> list[Duty]:
    """Return the role's duties in a phase; None for those throughout."""
    return [duty for duty in role.duties if duty.phase == phase_id]


def _forms(campaign: Campaign, role: CampaignRole, here: str) -> Iterator[str]:
    if role.forms:
        yield heading(2, plain("用到的表"), "forms")
        yield form_entries((campaign.form_by_id[each] for each in role.forms), here)


def _handovers(campaign: Campaign, role: CampaignRole, here: str) -> Iterator[str]:
    given = [f"交给{_role(campaign, each.to, here)}：{plain(each.what)}" for each in role.hands_over]
    received = [
        f"从{_role(campaign, giver.id, here)}收到：{plain(each.what)}"
        for giver, each in handovers(campaign)
        if each.to == role.id
    ]
    if given or received:
        yield heading(2, plain("交给谁，从谁那里收到"), "handovers")
        yield bullets(given + received)


def handovers(campaign: Campaign) -> Iterator[tuple[CampaignRole, Handover]]:
    """Return all hand-overs, each with its sending role."""
    for role in campaign.roles.roles:
        for each in role.hands_over:
            yield role, each


def _role(campaign: Campaign, role_id: str, here: str) -> str:
    role = next(role for role in campaign.roles.roles if role.id == role_id)
    return link(role.name, to(here, page_urls.role_page(role)))


def _items(campaign: Campaign, role: CampaignRole, here: str) -> Iterator[str]:
    if role.subjects:
        yield heading(2, plain("要查的内容"), "items")
    for area in campaign.areas if role.subjects else ():
        yield from _area_items(role, area, here)


def _area_items(role: CampaignRole, area: Area, here: str) -> Iterator[str]:
    items = [item for item in area.all_items if set(item.subjects) & set(role.subjects)]
    if items:
        yield heading(3, link(area_title(area), to(here, page_urls.area_page(area))), f"area-{area.id}")
        links = (link(short(item.text, 40), page_urls.to_item(here, area, item)) for item in items)
        yield folded(f"{len(items)} 条", bullets(links))
