"""The page of each check area: clauses with permanent anchors, how to check them, links to the forms."""

from collections.abc import Iterator

from build_scripts.handbook import page_urls
from build_scripts.handbook.markdown import (
    block,
    bullets,
    button,
    heading,
    link,
    numbered,
    page,
    plain,
    prose,
    short,
    title,
)
from build_scripts.handbook.page_urls import AREAS, NOTICE, to
from build_scripts.handbook.page_words import area_title, who
from checklist.model import Area, Campaign, Example, Item, RecordForm


def area_index(campaign: Campaign) -> str:
    """Render the index of all areas with their clauses."""
    return page(title("排查内容"), plain(campaign.notice.tasks.text), *_contents(campaign))


def _contents(campaign: Campaign) -> Iterator[str]:
    for area in campaign.areas:
        here = to(AREAS, page_urls.area_page(area))
        yield heading(2, link(area_title(area), here), area.id)
        yield bullets(link(item.text, f"{here}#{item.id}") for item in area.all_items)


def area_page(campaign: Campaign, area: Area) -> str:
    """Render one area: its items at a glance, what is said once for all of them, then each item."""
    return page(
        title(area_title(area)),
        *_index(area),
        *_overview(campaign, area),
        *_items(campaign, area, area.key_check_lead, "key-checks", area.key_checks),
        *_items(campaign, area, area.look_for_lead, "look-for", area.items),
    )


def _index(area: Area) -> Iterator[str]:
    """Link all items, so that a phone's first screen shows what is checked."""
    for lead, items in ((area.key_check_lead, area.key_checks), (area.look_for_lead, area.items)):
        lines = numbered(link(short(item.text), f"#{item.id}") for item in items)
        yield block("item-index", f"**{plain(lead)}**", lines)


def _overview(campaign: Campaign, area: Area) -> Iterator[str]:
    here = page_urls.area_page(area)
    lines = [
        f"**责任单位**：{who(campaign, here, area.responsible)}（{link('通知原文', to(here, NOTICE, area.id))}）",
        f"**记入问题类型**：{_row_names(area)}",
    ]
    if area.policies:
        lines.append(f"**政策依据**：{_policies(campaign, here, area.policies)}")
    yield block("facts", bullets(lines))


def _row_names(area: Area) -> str:
    return "、".join(_type_name(kind.name, kind.row_name) for kind in area.problem_types)


def _type_name(name: str, row_name: str) -> str:
    """Return a problem type's name, with the annex's own if that differs."""
    return plain(name if name == row_name else f"{name}（汇总表写作“{row_name}”）")


def _items(campaign: Campaign, area: Area, lead: str, anchor: str, items: tuple[Item, ...]) -> Iterator[str]:
    yield heading(2, plain(lead), anchor)
    for number, item in enumerate(items, start=1):
        yield block("item", _clause(number, item), *_item(campaign, area, item))


def _clause(number: int, item: Item) -> str:
    """Render the clause once, as the heading: its beginning stands out, and side columns show only that."""
    label = short(item.text)
    beginning = label.rstrip("…")
    rest = item.text[len(beginning) :]
    words = plain(beginning) + (f'<span class="rest">{plain(rest)}</span>' if rest else "")
    return heading(3, f"{number}&#46; {words}", item.id, side=short(item.text, 14), css_class="clause")


def _item(campaign: Campaign, area: Area, item: Item) -> Iterator[str]:
    here = page_urls.area_page(area)
    if item.how:
        yield block("how", f"**怎么查** {prose(item.how)}")
    if item.examples:
        yield block("examples", "**什么算问题，台账怎么写**", bullets(map(_example, item.examples)))
    if item.evidence:
        yield block("evidence", f"**看什么凭据** {plain('；'.join(item.evidence))}。")
    if facts := list(_about(campaign, area, item, here)):
        yield block("facts", bullets(facts))
    yield block("actions", " ".join(_buttons(campaign, here, item)))


def _example(example: Example) -> str:
    return f"{plain(example.content)} <small>整改：{plain(example.measures)}</small>"


def _about(campaign: Campaign, area: Area, item: Item, here: str) -> Iterator[str]:
    """Return what holds for this item and not for the whole area."""
    if len(area.problem_types) > 1:
        yield f"**记入问题类型**：{_counted_under(campaign, area, item)}"
    if item.responsible and item.responsible != area.responsible:
        yield f"**责任单位**：{who(campaign, here, item.responsible)}"
    if item.policies:
        yield f"**政策依据**：{_policies(campaign, here, item.policies)}"


def _counted_under(campaign: Campaign, area: Area, item: Item) -> str:
    if item.problem_type:
        kind = campaign.problem_type_by_id[item.problem_type]
        return _type_name(kind.name, kind.row_name)
    return f"{_row_names(area)}，按查到的情况选一项"


def _policies(campaign: Campaign, here: str, ids: tuple[str, ...]) -> str:
    policies = (campaign.policy_by_id[each] for each in ids)
    return "、".join(link(policy.title, to(here, page_urls.policy_page(policy))) for policy in policies)


def _buttons(campaign: Campaign, here: str, item: Item) -> Iterator[str]:
    forms = issue_forms(campaign, item)
    for form in forms:
        label = "登记问题" if len(forms) == 1 else f"登记问题（{form.name}）"
        yield button(label, page_urls.new_record(here, form, item))


def issue_forms(campaign: Campaign, item: Item) -> tuple[RecordForm, ...]:
    """Return the forms on which a finding of this item is filed, by the item's subjects."""
    return tuple(
        form for form in campaign.record_forms if form.kind == "issue" and form.subject in item.subjects
    )
