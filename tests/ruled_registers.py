"""Registers with rules of the invented county: stations of solar power, and what they bring in month by month."""

from typing import Any

from checklist.model import Campaign, Register
from tests.builders import WATER, small_campaign

_SERIAL = {"id": "serial", "label": "序号", "type": "serial"}
_VILLAGE = {"id": "village", "label": "村", "type": "village", "required": True}
_CURRENT = (
    {"id": "current", "label": "在册"},
    {"id": "ended", "label": "已结束", "ends": True},
)


def _register(name: str, **other: Any) -> Register:
    about = {
        "version": 1,
        "kind": "register",
        "name": name,
        "title": "{unit}" + name,
        "purpose": "一件一行。",
    }
    return Register.model_validate(
        about | {"owner": WATER, "filled_by": ("townships",), "states": _CURRENT} | other
    )


def station_register() -> Register:
    """A station a row, known by its meter."""
    return _register(
        "电站台账",
        id="station",
        one_row_per=("meter",),
        fields=(
            _SERIAL,
            _VILLAGE,
            {"id": "meter", "label": "发电户号", "type": "text", "required": True, "max_length": 20},
            {"id": "capacity", "label": "装机容量", "type": "decimal", "required": True, "unit": "千瓦"},
        ),
    )


def income_register() -> Register:
    """What a station brought in, a row a month: with formulas, a condition and checks of every level."""
    return _register(
        "发电收入台账",
        id="income",
        period="month",
        one_row_per=("station",),
        refers={"station": "station"},
        totals=(),
        fields=(
            _SERIAL,
            _VILLAGE,
            {"id": "station", "label": "发电户号", "type": "text", "required": True, "max_length": 20},
            {"id": "energy", "label": "上网电量", "type": "decimal", "required": True},
            {"id": "fee", "label": "上网电费", "type": "money", "required": True},
            {"id": "subsidy", "label": "财政补贴", "type": "money"},
            {"id": "total", "label": "合计", "type": "computed", "result": "money",
             "formula": "fee + coalesce(subsidy, 0)"},
            {"id": "hours", "label": "等效小时", "type": "computed", "result": "decimal",
             "formula": "round(energy / station.capacity, 1)"},
            {"id": "passed_on", "label": "拨付到村", "type": "money"},
            {"id": "passed_day", "label": "拨付日期", "type": "date", "required_if": "passed_on > 0"},
        ),
        checks=(
            {"id": "differs", "level": "error", "when": "passed_on <> total", "say": "拨付到村与结算不符。"},
            {"id": "no-energy", "level": "doubt", "when": "energy = 0", "say": "当月没有发电。"},
            {"id": "late", "level": "late", "when": "passed_on is null and today > period + interval 2 month",
             "say": "到县三十天还没拨到村。"},
        ),
    )  # fmt: skip


def campaign_with_rules() -> Campaign:
    """The small campaign with both registers."""
    campaign = small_campaign()
    groups = ({"id": "townships", "name": "各镇", "members": ("townships",)},)
    units = campaign.units.model_validate({**campaign.units.model_dump(), "groups": groups})
    return campaign.model_copy(update={"units": units, "registers": (station_register(), income_register())})
