"""The notice verbatim, with a link from each clause to its explanation."""

from collections.abc import Iterator

from build_scripts.handbook.markdown import block, bullets, heading, link, numbered, page, plain, title
from build_scripts.handbook.page_urls import NOTICE, area_page, to, to_item
from build_scripts.handbook.page_words import area_title
from checklist.chinese_numerals import write_numeral
from checklist.date_formats import full_day
from checklist.model import Area, Campaign, Item


def notice_page(campaign: Campaign) -> str:
    """Render sections one to four of the notice, its annexes and the issuer."""
    notice = campaign.notice
    return page(
        title("通知全文"),
        block("letterhead", plain(notice.letterhead), plain(notice.number), f"**{plain(notice.title)}**"),
        f"{plain(notice.addressees.rstrip('：'))}：",
        plain(notice.preamble),
        heading(2, plain(notice.scope.heading), "scope"),
        plain(notice.scope.text),
        heading(2, plain(notice.tasks.heading), "tasks"),
        plain(notice.tasks.text),
        *(part for area in campaign.areas for part in _area(area)),
        *_organisation(campaign),
        *_demands(campaign),
        *_ending(campaign),
        hide=("navigation",),
    )


def _area(area: Area) -> Iterator[str]:
    yield heading(3, plain(area_title(area)), area.id)
    yield from _clauses(area, area.key_check_lead, area.key_checks)
    yield from _clauses(area, area.look_for_lead, area.items)
    yield f"【责任单位：{plain(area.responsible_text)}】 {link('逐条怎么查', to(NOTICE, area_page(area)))}"


def _clauses(area: Area, lead: str, items: tuple[Item, ...]) -> Iterator[str]:
    yield f"**{plain(lead)}**"
    yield bullets(link(item.text, to_item(NOTICE, area, item)) for item in items)


def _organisation(campaign: Campaign) -> Iterator[str]:
    notice = campaign.notice
    yield heading(2, plain(notice.organisation.heading), "organisation")
    yield plain(notice.organisation.text)
    for number, phase in enumerate(notice.phases, start=1):
        yield heading(3, plain(f"（{write_numeral(number)}）{phase.name}（{phase.period}）"), phase.id)
        yield "".join(plain(task.text) for task in phase.tasks)
    yield f"联系邮箱：{plain(notice.contact.email)}。联系电话：{plain(notice.contact.phone)}。"


def _demands(campaign: Campaign) -> Iterator[str]:
    demands = campaign.notice.demands
    yield heading(2, plain(demands.heading), "demands")
    yield plain(demands.text)
    for number, requirement in enumerate(campaign.notice.requirements, start=1):
        yield heading(3, plain(f"（{write_numeral(number)}）{requirement.heading}"), requirement.id)
        yield "".join(plain(clause) for clause in requirement.clauses)


def _ending(campaign: Campaign) -> Iterator[str]:
    notice = campaign.notice
    if notice.annexes:
        yield heading(2, plain("附件"), "annexes")
        yield numbered(plain(annex) for annex in notice.annexes)
    yield block("signature", plain(notice.issuer), full_day(notice.issued))
