"""Money trails (area five): what several registers say of the same money, by village and month, to the fen."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from build_scripts.rules.expression_reader import read_expression
from build_scripts.rules.field_columns import columns_of, given_row, named_fields
from build_scripts.rules.row_rules import RowRules
from build_scripts.rules.rule_columns import ColumnKind, RuleColumn, columns_by_name
from checklist.identity_cache import IdentityCache
from checklist.model import Campaign, Period, ShareRule, Trail, TrailStep
from checklist.register_periods import period_of

_FEN = 100
_AMOUNT, _MONTH, _COUNTS = "trail:amount", "trail:month", "counts"


@dataclass(frozen=True)
class TrailRow:
    """A stored row of a register, as a trail reads it."""

    id: str
    number: int
    village_code: str
    values: Mapping[str, Any] = field(repr=False)
    """By field id, with ``row_state`` and ``period``."""


@dataclass(frozen=True)
class StepSum:
    """What a step adds up to in a village and month."""

    fen: int = 0
    rows: tuple[TrailRow, ...] = ()


@dataclass(frozen=True)
class TrailLine:
    """A village's month on a trail: one sum a step, in the trail's order."""

    village_code: str
    month: str
    sums: tuple[StepSum, ...]

    @property
    def breaks(self) -> tuple[int, ...]:
        """Indexes of the steps whose sum differs from that of the step before."""
        amounts = [each.fen for each in self.sums]
        return tuple(index for index in range(1, len(amounts)) if amounts[index] != amounts[index - 1])


@dataclass(frozen=True)
class ShareLine:
    """A village's year under a rule of shares, in fen."""

    rule: ShareRule
    village_code: str
    part: int
    whole: int

    @property
    def share(self) -> Decimal | None:
        """The part of the whole, between 0 and 1 or beyond; None where there is no whole."""
        return Decimal(self.part) / Decimal(self.whole) if self.whole else None

    @property
    def balance(self) -> int:
        """What is left of the whole."""
        return self.whole - self.part

    @property
    def short(self) -> bool:
        """Whether less than the least share was used for the purpose."""
        return self.share is not None and self.share < self.rule.least


Sums = Mapping[tuple[str, str], StepSum]
"""By village and month."""


def step_sums(campaign: Campaign, step: TrailStep, rows: Sequence[TrailRow], today: date) -> Sums:
    """Add up a step by village and month; rows without an amount or month count nowhere.

    Args:
        campaign: of the trail.
        step: whose expressions are evaluated.
        rows: of its register that have a village.
        today: what the expressions call ``today``.
    """
    fields = named_fields(campaign, campaign.register_by_id[step.rows_of])
    rules = _RULES.get(lambda: _rules(campaign, step), (campaign, step))
    found = rules.evaluate([given_row(fields, row.values) for row in rows], today)
    sums: dict[tuple[str, str], StepSum] = defaultdict(StepSum)
    for row, said in zip(rows, found, strict=True):
        amount, day = said.computed[_AMOUNT], said.computed[_MONTH]
        if _COUNTS in said.holds and amount is not None and day is not None:
            key = row.village_code, period_of(Period.MONTH, day)
            sums[key] = StepSum(sums[key].fen + int(amount * _FEN), (*sums[key].rows, row))
    return dict(sums)


def trail_lines(trail: Trail, sums: Mapping[str, Sums], year: int) -> list[TrailLine]:
    """Return every village and month of a year that any step of a trail names, sorted.

    Args:
        trail: with its steps.
        sums: by step.
        year: calendar year.
    """
    keys = {key for step in trail.steps for key in sums[step.id] if key[1].startswith(f"{year}-")}
    return [
        TrailLine(*key, tuple(sums[step.id].get(key, StepSum()) for step in trail.steps))
        for key in sorted(keys)
    ]


def share_lines(rule: ShareRule, sums: Mapping[str, Sums], year: int) -> list[ShareLine]:
    """Return every village's share of a year, sorted by village."""
    parts, wholes = (_yearly(sums[step], year) for step in (rule.part, rule.whole))
    return [
        ShareLine(rule, village, parts.get(village, 0), wholes.get(village, 0))
        for village in sorted({*parts, *wholes})
    ]


def _yearly(sums: Sums, year: int) -> dict[str, int]:
    added: dict[str, int] = defaultdict(int)
    for (village, month), found in sums.items():
        if month.startswith(f"{year}-"):
            added[village] += found.fen
    return dict(added)


def _rules(campaign: Campaign, step: TrailStep) -> RowRules:
    register = campaign.register_by_id[step.rows_of]
    columns = columns_of(campaign, register)
    made = (RuleColumn(_AMOUNT, ColumnKind.MONEY), RuleColumn(_MONTH, ColumnKind.DATE))
    named = columns_by_name([*columns.values(), *made])
    formulas = {_AMOUNT: read_expression(step.amount, named), _MONTH: read_expression(step.month, named)}
    return RowRules(named, formulas, {_COUNTS: read_expression(step.where or "true", named)})


_RULES: IdentityCache[RowRules] = IdentityCache(100)
