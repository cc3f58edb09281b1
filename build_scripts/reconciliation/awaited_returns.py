"""Awaited returns: units whose return keeps the table from being final, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from build_scripts.counting.count_query import RETURN_TABLE, Records
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.differences import Difference
from build_scripts.counting.regions import county_code
from build_scripts.reconciliation.changes_after_signing import changed_since_signing
from build_scripts.reconciliation.signed_returns import SENT_BACK, Signed
from checklist.model import Campaign


class Awaited(StrEnum):
    """Why a unit's return does not count yet."""

    UNKNOWN = "unknown"
    """Unknown to the source: an export of an earlier version."""
    NONE = "none"
    SENT_BACK = "sent_back"
    SIGNED = "signed"
    """Signed, not yet received by the office."""
    CHANGED = "changed"
    """The records changed since."""
    ALTERED = "altered"
    """Tampered with: the frozen copy does not match its hash."""


AWAITED_NAMES: Mapping[Awaited, str] = {
    Awaited.UNKNOWN: "数据来源里没有报送情况",
    Awaited.NONE: "没有签字报送",
    Awaited.SENT_BACK: "退回以后没有重新签字",
    Awaited.SIGNED: "已签字，办公室还没有接收",
    Awaited.CHANGED: "签字以后内容又有改动，要重新签字",
    Awaited.ALTERED: "存档被改动过，要重新签字",
}


@dataclass(frozen=True)
class AwaitedReturn:
    """An awaited unit."""

    unit_code: str
    unit: str
    why: Awaited


def awaited_returns(
    records: Records,
    campaign: Campaign,
    summary: Summary,
    returns: Sequence[Signed] | None,
    unsettled: Iterable[Difference],
) -> tuple[AwaitedReturn, ...]:
    """Return the units whose return is not both received and current, in the summary's order.

    Args:
        records: an open source.
        campaign: of the records.
        summary: its units are expected to hand in a return.
        returns: all, each unit's in signing order; None if the source holds none.
        unsettled: differences between signed returns and records.
    """
    if RETURN_TABLE in records.columns:
        found = _exported(records, campaign, summary)
    elif returns is None:
        found = {}
    else:
        found = _judged(records, campaign, returns, unsettled)
    default = Awaited.NONE if returns is not None else Awaited.UNKNOWN
    answers = ((table, found.get(table.unit_code, default)) for table in summary.units)
    return tuple(AwaitedReturn(table.unit_code, table.unit, why) for table, why in answers if why)


def _judged(
    records: Records, campaign: Campaign, returns: Sequence[Signed], unsettled: Iterable[Difference]
) -> dict[str, Awaited | None]:
    """Map each unit to the reason why its last return does not count, or to None."""
    last = {each.unit_code: each for each in returns}
    changed = set(changed_since_signing(records, campaign, list(last.values())))
    differing = [each for each in unsettled if each.kind == "return"]
    altered = {each.unit_code for each in differing if not each.problem_type_id}
    changed |= {each.unit_code for each in differing}
    return {code: _why(each, code in altered, code in changed) for code, each in last.items()}


def _why(signed: Signed, altered: bool, changed: bool) -> Awaited | None:
    if signed.state == SENT_BACK:
        return Awaited.SENT_BACK
    if altered:
        return Awaited.ALTERED
    if changed:
        return Awaited.CHANGED
    return Awaited.SIGNED if signed.state == "signed" else None


def _exported(records: Records, campaign: Campaign, summary: Summary) -> dict[str, Awaited | None]:
    """The same from counties' exports."""
    own = "" if summary.regions else f"{county_code(campaign)}/"
    query = f"SELECT unit_code, awaited FROM {RETURN_TABLE} WHERE campaign_id = '{campaign.id}'"  # noqa: S608 - an id
    return {
        str(code).removeprefix(own): Awaited(str(why)) if why else None for code, why in records.run(query)
    }


def in_groups(awaited: Iterable[AwaitedReturn]) -> list[str]:
    """Format one line per reason, with its units."""
    groups: dict[Awaited, list[str]] = {}
    for each in awaited:
        groups.setdefault(each.why, []).append(each.unit)
    return [f"{AWAITED_NAMES[why]} {len(names)} 个：{'、'.join(names)}" for why, names in groups.items()]
