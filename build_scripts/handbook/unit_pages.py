"""The page of each filing unit: responsibilities, returns with deadlines, and villages."""

from collections.abc import Iterator

from build_scripts.handbook import page_urls
from build_scripts.handbook.form_pages import form_list
from build_scripts.handbook.markdown import (
    block,
    bullets,
    folded,
    heading,
    link,
    page,
    plain,
    short,
    table,
    title,
)  # fmt: skip
from build_scripts.handbook.page_urls import UNITS, to
from build_scripts.handbook.page_words import area_title, who
from checklist.date_formats import weekday_moment
from checklist.model import Area, Campaign, Group, Item, Unit
from checklist.model.campaign import PhaseTask


def unit_index(campaign: Campaign) -> str:
    """Render the index of filing units, and the groups that the notice names."""
    units = campaign.units
    return page(
        title("单位职责"),
        "找到本单位，看要查什么、报什么、什么时候报。",
        *_listed("乡镇", "townships", units.townships),
        *_listed("县直单位", "county-units", units.county_units),
        *_groups(campaign),
    )


def units_on_paper(campaign: Campaign) -> str:
    """Render the chapter of the printed handbook: what differs from unit to unit."""
    parts = (
        block("unit", heading(2, plain(unit.name), f"unit-{unit.code}"), _on_paper(campaign, unit))
        for unit in campaign.filing_units
    )
    return page(
        title("单位职责"),
        "各单位要填的表、各阶段要做的事，见前后各章；这里只列各单位不同的。",
        *parts,
        *_groups(campaign),
    )


def _on_paper(campaign: Campaign, unit: Unit) -> str:
    here = page_urls.UNITS
    areas = [
        f"{link(area_title(area), to(here, page_urls.area_page(area)))} {_count(campaign, unit, area)} 条"
        for area in _areas_of(campaign, unit)
    ]
    lines = [_names(unit), f"**负责的排查内容**：{'、'.join(areas) or '通知没有点名'}"]
    if unit.villages:
        villages = "、".join(plain(f"{village.name} {village.code}") for village in unit.villages)
        lines.append(f"**村和社区（{len(unit.villages)}个）**：{villages}")
    return block("facts", bullets(lines))


def _count(campaign: Campaign, unit: Unit, area: Area) -> int:
    return sum(_answers(campaign, unit, area, item) for item in area.all_items)


def _areas_of(campaign: Campaign, unit: Unit) -> list[Area]:
    return [area for area in campaign.areas if _answers(campaign, unit, area)]


def _listed(name: str, anchor: str, units: tuple[Unit, ...]) -> Iterator[str]:
    if units:
        yield heading(2, plain(f"{name}（{len(units)}个）"), anchor)
        yield block("names", bullets(link(unit.name, to(UNITS, page_urls.unit_page(unit))) for unit in units))


def _groups(campaign: Campaign) -> Iterator[str]:
    if campaign.units.groups:
        yield heading(2, plain("通知里的合称"), "groups")
    for group in campaign.units.groups:
        yield heading(3, plain(group.name), page_urls.group_anchor(group.id))
        yield plain(group.note) if group.note else ""
        yield _members(campaign, group)


def _members(campaign: Campaign, group: Group) -> str:
    members = campaign.members(group.id)
    names = "、".join(link(unit.name, to(UNITS, page_urls.unit_page(unit))) for unit in members)
    return folded(f"共{len(members)}个单位", names)


def unit_page(campaign: Campaign, unit: Unit) -> str:
    """Render one unit's page."""
    return page(
        title(unit.name),
        _names(unit),
        *_returns(campaign, unit),
        *_phases(campaign, unit),
        *_areas(campaign, unit),
        *_villages(unit),
    )


def _names(unit: Unit) -> str:
    words = [f"全称：{plain(unit.full_name)}"] if unit.full_name and unit.full_name != unit.name else []
    words.append(f"代码：{plain(unit.code)}")
    if unit.aliases:
        words.append(f"也写作：{plain('、'.join(unit.aliases))}")
    return "　".join(words)


def _returns(campaign: Campaign, unit: Unit) -> Iterator[str]:
    deadline, contact = campaign.notice.deadline, campaign.notice.contact
    here = page_urls.unit_page(unit)
    yield heading(2, plain("报送什么，什么时候报"), "returns")
    yield block(
        "deadline",
        f"**{plain(deadline.text)}**　{weekday_moment(deadline.at)}",
        bullets(plain(what) for what in deadline.what),
        f"由主要负责人审定后，报送至{plain(contact.office)}（邮箱 {plain(contact.email)}，"
        f"电话 {plain(contact.phone)}）。",
    )
    yield heading(2, plain("要填的表"), "forms")
    yield form_list(campaign, here)
    yield f"本单位的数字：{link(campaign.summary_table.name, to(here, page_urls.summary_page(unit)))}"


def _phases(campaign: Campaign, unit: Unit) -> Iterator[str]:
    yield heading(2, plain("各阶段要做什么"), "phases")
    for phase in campaign.notice.phases:
        own = [task for task in phase.tasks if _asked(campaign, unit, task)]
        yield heading(3, plain(f"{phase.name}（{phase.period}）"), phase.id)
        if own:
            yield bullets(plain(task.text) for task in own)
        else:
            yield "这一阶段没有单独安排给本单位的事，其他单位要做的是："
            yield bullets(
                f"{plain(task.text)}（{who(campaign, page_urls.unit_page(unit), task.who)}）"
                for task in phase.tasks
            )


def _asked(campaign: Campaign, unit: Unit, task: PhaseTask) -> bool:
    return any(unit in campaign.members(reference) for reference in task.who)


def _areas(campaign: Campaign, unit: Unit) -> Iterator[str]:
    here = page_urls.unit_page(unit)
    areas = _areas_of(campaign, unit)
    yield heading(2, plain("负责的排查内容"), "areas")
    if not areas:
        yield "通知没有在具体方面点名本单位。"
        return
    yield f"共{len(areas)}个方面。点开看每一条，再点进去看怎么查。"
    for area in areas:
        yield heading(3, link(area_title(area), to(here, page_urls.area_page(area))), f"area-{area.id}")
        yield _area_items(campaign, unit, area, here)


def _answers(campaign: Campaign, unit: Unit, area: Area, item: Item | None = None) -> bool:
    # By code: comparing two units would compare all their villages.
    return any(unit.code == other.code for other in campaign.responsible_for(area, item))


def _area_items(campaign: Campaign, unit: Unit, area: Area, here: str) -> str:
    items = [item for item in area.all_items if _answers(campaign, unit, area, item)]
    links = (link(short(item.text, 40), page_urls.to_item(here, area, item)) for item in items)
    return folded(f"本单位负责 {len(items)} 条（共 {len(area.all_items)} 条）", bullets(links))


def _villages(unit: Unit) -> Iterator[str]:
    if unit.villages:
        yield heading(2, plain(f"本乡镇的村和社区（{len(unit.villages)}个）"), "villages")
        yield table(
            ("村、社区", "代码", "也写作"),
            (
                (plain(village.name), plain(village.code), plain("、".join(village.aliases)))
                for village in unit.villages
            ),
        )
