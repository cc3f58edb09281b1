"""Help on visits, for the page of the form whose issues they find."""

from collections.abc import Iterator

from build_scripts.handbook import page_urls
from build_scripts.handbook.markdown import block, bullets, button, heading, link, plain
from build_scripts.handbook.page_urls import to
from build_scripts.handbook.page_words import area_title
from checklist.model import Area, Campaign, Item, RecordForm
from checklist.visit_forms import asked_of_each, asked_once, visit_forms

ANCHOR = "visit"


def visit_section(campaign: Campaign, form: RecordForm) -> Iterator[str]:
    """Render the section on visits that find issues of a form; empty if there are none."""
    if form not in visit_forms(campaign):
        return
    here = page_urls.form_page(form)
    yield heading(2, plain(form.sheet_name), ANCHOR)
    once = asked_once(form)
    listed = "（名册里有的直接选，不用填）" if any(field.id == "householder" for field in once.fields) else ""
    yield plain(
        f"逐项排查用这张表：先填{_labels(once)}{listed}，再逐项勾选"
        "无问题、有问题或者不适用。一边填一边自动保存，可以改天接着填；每一项都勾了才能完成。"
    )
    yield plain(
        f"勾了“有问题”，当场填{_labels(asked_of_each(form))}；其余栏目自动带出，保存时登记成台账里的一条，不用再填。"
    )
    yield bullets(_areas(campaign, form))
    yield block("actions", button("开始排查", page_urls.visits(here, form)))


def _labels(form: RecordForm) -> str:
    return "、".join(field.label for field in form.fields)


def _areas(campaign: Campaign, form: RecordForm) -> Iterator[str]:
    """Render each area with its number of items, and restrictions on whom they apply to."""
    here = page_urls.form_page(form)
    for area in campaign.areas:
        items = [item for item in area.all_items if form.subject in item.subjects]
        if items:
            name = link(area_title(area), to(here, page_urls.area_page(area)))
            yield f"{name}：{len(items)} 项{_only(campaign, form, area, items)}"


def _only(campaign: Campaign, form: RecordForm, area: Area, items: list[Item]) -> str:
    """Return the items that do not apply to everyone."""
    few = [(item, words) for item in items if (words := _whom(campaign, form, item))]
    here = page_urls.form_page(form)
    each = [
        f"{link(plain(item.text), page_urls.to_item(here, area, item))}只问{plain(words)}"
        for item, words in few
    ]
    return f"，其中{'；'.join(each)}" if each else ""


def _whom(campaign: Campaign, form: RecordForm, item: Item) -> str:
    if form.subject == "household":
        names = {choice.id: choice.label for field in form.fields for choice in field.choices}
        return "、".join(names[each] for each in item.household_types)
    groups = {group.id: group.name for group in campaign.units.groups}
    units = campaign.unit_by_code
    return "、".join(groups.get(each) or units[each].name for each in item.asked_of)
