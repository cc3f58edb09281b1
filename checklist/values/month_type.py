"""Months: YYYY-MM."""

import calendar
import random
from collections.abc import Mapping
from datetime import date

from checklist.date_formats import typed_month
from checklist.model import Campaign, Field, FieldType
from checklist.read_result import Read, Refusal
from checklist.reading.months import read_month
from checklist.values.campaign_years import in_campaign
from checklist.values.judge_context import Context
from checklist.values.judge_results import Value
from checklist.values.value_types import Asked, CellLook, Schema, ValueType


def _read(field: Field, text: str, context: Context) -> Read[Value] | Refusal:
    """Read a month; one without a year lies within the campaign's period, as days do."""
    last = context.campaign.notice.deadline.at.date()

    def day_of(month: date) -> date:
        """The day by which a month is within the period: one that the deadline ends early is."""
        end = month.replace(day=calendar.monthrange(month.year, month.month)[1])
        return min(end, last) if (month.year, month.month) == (last.year, last.month) else end

    found = in_campaign(
        lambda year: read_month(text, context.today if year is None else date(year, 1, 1)), day_of, context
    )
    if isinstance(found, Refusal):
        return found
    month = typed_month(found.value)
    if field.not_future and found.value > context.today:
        return Refusal("month-in-future", {"month": month, "today": typed_month(context.today)})
    doubts = tuple(
        Refusal(doubt.code, {"due": month}) if "due" in doubt.params else doubt for doubt in found.doubts
    )
    return Read(month, doubts)


def _schema(field: Field, campaign: Campaign) -> Schema:
    return {"type": "string", "pattern": "^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$"}


def _describe(field: Field) -> str:
    return "年月，不晚于填写当月" if field.not_future else "年月"


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _sample(field: Field, chance: random.Random) -> str:
    return f"2022-{chance.randint(1, 7):02d}"


MONTH_TYPES: Mapping[FieldType, ValueType] = {
    FieldType.MONTH: ValueType(
        read=_read,
        schema=_schema,
        describe=_describe,
        asked=lambda field: Asked("month", wide="wide-day"),
        sample=_sample,
        cell=lambda field: CellLook("yyyy-mm"),
        to_cell=_first_day,
        listed="short day",
    ),
}
"""Months; as text they sort by time."""
