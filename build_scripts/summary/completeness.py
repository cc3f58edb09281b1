"""Who has reported everything, and who is to be telephoned."""

from collections.abc import Iterator
from dataclasses import dataclass

from build_scripts.summary.breakdown import csv_of
from build_scripts.summary.table import Summary
from checklist.model import Campaign


@dataclass(frozen=True)
class Standing:
    """How much of what is expected one unit has reported."""

    unit_code: str
    unit: str
    expected: int
    """Problem types: under each, something filed or 经排查无问题 ticked."""
    reported: int
    missing: tuple[str, ...]
    """Names of the problem types that are not reported."""


def standings(summary: Summary) -> tuple[Standing, ...]:
    """Every unit's standing, in the summary's order."""
    return tuple(
        Standing(
            table.unit_code,
            table.unit,
            len(table.lines),
            sum(line.reported != "no" for line in table.lines),
            tuple(line.problem_type for line in table.lines if line.reported == "no"),
        )
        for table in summary.units
    )


def completeness_csv(summary: Summary) -> str:
    """A row for each unit."""
    rows = (
        (each.unit_code, each.unit, each.expected, each.reported, len(each.missing), "、".join(each.missing))
        for each in standings(summary)
    )
    return csv_of(("unit_code", "unit", "expected", "reported", "missing", "missing_problem_types"), rows)


def telephone_list(summary: Summary, campaign: Campaign) -> str:
    """The list that the office telephones from: who has reported nothing at all first, then who lacks most."""
    return "\n".join(_lines(summary, campaign)) + "\n"


def _lines(summary: Summary, campaign: Campaign) -> Iterator[str]:
    waiting = sorted(
        (each for each in standings(summary) if each.missing), key=lambda each: -len(each.missing)
    )
    done = len(summary.units) - len(waiting)
    yield f"{campaign.notice.name}催报名单"
    yield f"报送时限：{campaign.notice.deadline.text}"
    yield f"应报 {len(summary.units)} 个单位，报全 {done} 个，没有报全 {len(waiting)} 个。"
    for number, each in enumerate(waiting, 1):
        yield ""
        yield f"{number}. {each.unit}：{_what(each)}"


def _what(standing: Standing) -> str:
    if not standing.reported:
        return f"{standing.expected} 类都没有报"
    return f"缺 {len(standing.missing)} 类：{'、'.join(standing.missing)}"
