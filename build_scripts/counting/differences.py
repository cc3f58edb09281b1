"""Differences between figures or records, either fatal or listed for review."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from checklist.messages import say
from checklist.model import Campaign

Kind = Literal["ledger", "household", "zero", "return", "handed_in", "double"]


def kinds_of(campaign: Campaign) -> Mapping[Kind, str]:
    """Return the kinds of comparison, under the office's names."""
    table = campaign.summary_table.called
    households = any(form.kind == "household" for form in campaign.record_forms)
    return {
        "ledger": f"台账与{table}",
        **({"household": "每户只计一次"} if households else {}),
        "zero": "零报告与台账",
        "return": "签字报送与台账",
        "handed_in": f"交来的{table}与台账",
        "double": "一个问题只计一次",
    }


@dataclass(frozen=True)
class Difference:
    """Figures or records that do not agree."""

    sentence: str
    unit_code: str = ""
    problem_type_id: str = ""
    records: tuple[str, ...] = ()
    """Ids of the records behind it."""
    column: str = ""
    """The figure that differs, where it is one cell of annex 2."""
    kind: Kind = "ledger"
    """The kind of comparison: a key of ``kinds_of``."""

    def __str__(self) -> str:
        more = "等" if len(self.records) > _SHOWN else ""
        shown = f"（记录编号：{'、'.join(self.records[:_SHOWN])}{more}）" if self.records else ""
        return self.sentence + shown


_SHOWN = 5


class Unreconciled(Exception):
    """Figures disagree; nothing is published."""

    def __init__(self, differences: tuple[Difference, ...]) -> None:
        super().__init__("\n".join(map(str, differences)))
        self.differences = differences

    def with_records(self, behind: Mapping[tuple[str, str], tuple[str, ...]]) -> "Unreconciled":
        """Return a copy with the records behind each difference, by unit and problem type."""
        return Unreconciled(tuple(_with_records(each, behind) for each in self.differences))


class NotFinal(Unreconciled):
    """Returns are awaited, or they and the ledgers do not agree; an interim summary may be had all the same."""

    def __init__(
        self, differences: tuple[Difference, ...], awaited: Sequence[str] = (), share: str = ""
    ) -> None:
        """Collect the reasons.

        Args:
            differences: what the ledgers and the signed returns say otherwise.
            awaited: a line for each reason, with every unit whose return is awaited for it.
            share: how many returns of how many are received and current.
        """
        super().__init__(differences)
        self.awaited = tuple(awaited)
        self.share = share

    def __str__(self) -> str:
        lines = [super().__str__()] if self.differences else []
        if self.awaited:
            lines += [say("summary-awaited", share=self.share), *(f"  {line}" for line in self.awaited)]
        if self.differences:
            lines.append(say("summary-not-final", count=len(self.differences)))
        return "\n".join(lines)


def _with_records(difference: Difference, behind: Mapping[tuple[str, str], tuple[str, ...]]) -> Difference:
    found = [
        record
        for (unit, problem_type), records in behind.items()
        if unit == difference.unit_code and difference.problem_type_id in ("", problem_type)
        for record in records
    ]
    return replace(difference, records=tuple(found))
