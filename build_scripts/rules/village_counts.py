"""Counts of other rows of the same village and period, for the fields that nobody types (月排查月研判)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from build_scripts.rules.expression_reader import read_expression
from build_scripts.rules.field_columns import columns_of, compared_fields, first_day, given_row, named_fields
from build_scripts.rules.row_rules import RowRules
from build_scripts.rules.rule_columns import ColumnKind, Columns, RuleColumn, columns_by_name
from checklist.identity_cache import IdentityCache
from checklist.model import Campaign, Counted
from checklist.register_periods import period_span

PERIOD_START, PERIOD_END = "period_start", "period_end"
"""The first and last day of the period of the row that asks; blank where it has none."""

_TEXT, _NUMBER, _DATE, _YES_NO = ColumnKind.TEXT, ColumnKind.NUMBER, ColumnKind.DATE, ColumnKind.YES_NO

SOURCES: Mapping[str, tuple[RuleColumn, ...]] = {
    "households": (
        RuleColumn("household_type", _TEXT, "户类型"),
        RuleColumn("people", _NUMBER, "人数"),
        RuleColumn("listed", _YES_NO, "名册上有"),
    ),
    "visits": (
        RuleColumn("visited_on", _DATE, "排查日期"),
        RuleColumn("finished", _YES_NO, "排查完了"),
        RuleColumn("problems", _NUMBER, "问题数"),
    ),
    "issues": (
        RuleColumn("state", _TEXT, "状态"),
        RuleColumn("problem_type", _TEXT, "问题类型"),
        RuleColumn("filed_on", _DATE, "登记日期"),
        RuleColumn("deadline", _DATE, "整改时限"),
    ),
    "proposed": (
        RuleColumn("state", _TEXT, "状态"),
        RuleColumn("filed_on", _DATE, "登记日期"),
        RuleColumn("people", _NUMBER, "人数"),
    ),
}
"""What is counted besides registers, with the columns that a condition may name: the households of the roster, those
that were visited in the period (one row each), the issues that lie in the village, and the proposed households;
nothing that was withdrawn."""

_CONDITION = "counted"


def source_columns(campaign: Campaign, counted: Counted) -> Columns | None:
    """Return the columns of what is counted; None where there is no such register."""
    asked = [
        RuleColumn(PERIOD_START, _DATE, "这一期的第一天"),
        RuleColumn(PERIOD_END, _DATE, "这一期的最后一天"),
    ]
    if counted.of in SOURCES:
        return columns_by_name((*SOURCES[counted.of], *asked))
    register = campaign.register_by_id.get(counted.of)
    if register is None:
        return None
    compared = compared_fields(register)
    own = [column for name, column in columns_of(campaign, register).items() if name not in compared]
    return columns_by_name((*own, *asked))


def last_day(period: str) -> date | None:
    """Return the last day of a period such as ``2026``, ``2026-Q2`` or ``2026-03``; None for none."""
    return period_span(period)[1] if period else None


@dataclass(frozen=True)
class VillageCount:
    """What one field counts."""

    campaign: Campaign
    counted: Counted

    @cached_property
    def _rules(self) -> RowRules:
        columns = source_columns(self.campaign, self.counted) or {}
        return RowRules(columns, {}, {_CONDITION: read_expression(self.counted.where or "true", columns)})

    def count(self, rows: Sequence[Mapping[str, object]], period: str, today: date) -> int | Decimal:
        """Return how many of a village's rows fulfil the condition, or the sum over these.

        Args:
            rows: values by column (``SOURCES``); of a register's rows stored values by field id, ``row_state`` and
                ``period``.
            period: of the row that asks.
            today: what the condition calls ``today``.

        Raises:
            RulesFailed: time or memory ran out.
        """
        return self.added(self.kept(rows, period, today))

    def kept(
        self, rows: Sequence[Mapping[str, object]], period: str, today: date
    ) -> list[tuple[int, Mapping[str, object]]]:
        """Return the rows that fulfil the condition, each with its index, as the rules see them; as for ``count``."""
        register = self.campaign.register_by_id.get(self.counted.of)
        asked = {PERIOD_START: first_day(period), PERIOD_END: last_day(period)}
        fields = named_fields(self.campaign, register) if register else {}
        given = [{**(given_row(fields, row) if register else row), **asked} for row in rows]
        held = self._rules.evaluate(given, today)
        numbered = enumerate(zip(given, held, strict=True))
        return [(index, row) for index, (row, said) in numbered if _CONDITION in said.holds]

    def added(self, kept: Sequence[tuple[int, Mapping[str, object]]]) -> int | Decimal:
        """Return how many some rows are, or their sum."""
        if not self.counted.sum:
            return len(kept)
        added = sum((Decimal(str(row[self.counted.sum] or 0)) for _, row in kept), Decimal(0))
        return int(added) if added == added.to_integral_value() else added


_COUNTS: IdentityCache[VillageCount] = IdentityCache(200)


def village_count(campaign: Campaign, counted: Counted) -> VillageCount:
    """Return what a field counts, with its condition read; cached."""
    return _COUNTS.get(lambda: VillageCount(campaign, counted), (campaign, counted))
