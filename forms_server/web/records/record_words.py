"""Display texts of the record pages."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from itertools import islice
from typing import Any

from flask import url_for

from build_scripts.handbook.page_urls import area_page
from checklist.date_formats import full_day
from checklist.model import Area, Campaign, Field, FieldType, FilledForm, Item
from checklist.reading.deadlines import Deadline, DeadlineKind
from checklist.values.judge import display
from checklist.values.responsible_units import LEADS, unit_reader
from checklist.values.village_names import village_names
from forms_server.access import Action
from forms_server.audit import UNFIT
from forms_server.imports.batch_undo import UNDO
from forms_server.records.record import Record
from forms_server.state_moves import MOVES
from forms_server.web.fields.offered_choices import Offer


def action_names() -> dict[str, str]:
    """Display names of audit actions in a record's history."""
    return {
        Action.FILE.value: "登记",
        Action.EDIT.value: "修改",
        Action.FIND_AGAIN.value: "又一次发现",
        Action.JOIN.value: "并入另一条",
        Action.LINK.value: "定下说的是谁",
        Action.PART.value: "拆开，恢复为单独一条",
        **{move.id: move.name for move in MOVES.values()},
        "add_photo": "添加照片",
        "remove_photo": "删除照片",
        UNDO: "撤回导入，恢复原样",
        "cancel_finding": "督导反馈的异议成立，恢复原样",
        "claim": "认领督导反馈",
        "mask": "隐去个人号码",
        "erase": "隐去个人信息",
        UNFIT: "发现此前在本系统之外被动过",
    }


def condition_words(form: FilledForm, field: Field) -> str:
    """Describe the condition of a conditional field."""
    assert field.when is not None
    asked = form.field(field.when.field)
    return "、".join(choice.label for choice in asked.choices if choice.id in field.when.among)


def unit_name(campaign: Campaign, code: str) -> str:
    """Return a unit's name, or its code if no longer in the campaign."""
    unit = campaign.unit_by_code.get(code)
    return unit.name if unit else code


def unit_words(offer: Offer) -> dict[str, Any]:
    """Template context of the responsible units: what a text names, and the list to pick them from."""
    return {
        "named_units": unit_reader(offer.campaign).read,
        "unit_groups": lambda: list(offer.unit_groups()),
        "unit_leads": LEADS,
    }


_DATED = frozenset({DeadlineKind.DATE, DeadlineKind.RANGE, DeadlineKind.MONTH, DeadlineKind.RELATIVE})
"""Kinds of deadlines that a list shows as their day; what was typed stands on the record's page."""


_ONLY_A_DAY = re.compile(r"[\d\s年月日号./-]+")


def short_value(field: Field, value: Any, campaign: Campaign) -> str:
    """A value as lists and titles show it: villages by their short names, days in one form however they were typed."""
    if value is None:
        return ""
    if day := _day_of(field, value):
        return full_day(day)
    short = village_names(campaign).get(str(value)) if field.type is FieldType.VILLAGE else None
    return short or display(field, value, campaign)


def full_value(field: Field, value: Any, campaign: Campaign) -> str:
    """A value as its record's page shows it: a day in one form, with the words that it was typed in (8月底前)."""
    day, words = _day_of(field, value), display(field, value, campaign)
    if day is None:
        return words
    return full_day(day) if _ONLY_A_DAY.fullmatch(words) else f"{words}（{full_day(day)}）"


def _day_of(field: Field, value: Any) -> date | None:
    """The day of a date, or of a deadline that has one; what was signed holds it as text."""
    if isinstance(value, Deadline):
        value = value.due if value.kind in _DATED else None
    elif field.holds is not FieldType.DATE:
        return None
    with suppress(ValueError):
        return date.fromisoformat(str(value))
    return None


def record_title(record: Record, campaign: Campaign) -> str:
    """One-line title of a record: household or place, and content."""
    return title_of(record.form, record.values, campaign)


def title_of(form: FilledForm, values: Mapping[str, Any], campaign: Campaign) -> str:
    """Title from a record's values; empty if they are blank."""
    shown = (short_value(field, values.get(field.id), campaign) for field in form.fields if field.column)
    words = islice(filter(None, shown), 4)
    return " ".join(text.splitlines()[0][:20] for text in words)


def handbook_item(area: Area, item: Item) -> str:
    """URL of an item in the served handbook."""
    return url_for("handbook.page", name=area_page(area).replace(".md", ".html"), _anchor=item.id)
