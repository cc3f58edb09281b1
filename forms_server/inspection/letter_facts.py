"""What letters say, as figures of one moment: kept with the letter, so that it says the same ever after. No names."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select

from build_scripts.counting.percentages import percent_words
from build_scripts.counting.supervision_rates import Rate, weighted_rate
from checklist.model import Campaign, Unit
from forms_server.db.tables import draw, inspection_finding, issue
from forms_server.desk import Desk
from forms_server.finding_states import FindingState, Way
from forms_server.inspection.findings import awaits_answer, findings
from forms_server.inspection.inspection_plan import teams
from forms_server.inspection.self_check_rates import UnitRates, rates
from forms_server.inspection.spot_work import SpotWork, spot_work
from forms_server.returns.return_standing import Timeliness, standings

MOST = 3
"""Units that are named as lowest or highest."""

_MOST_TYPICAL = 5
_LAST = "末号"
"""The number of the last finding, after which the next circular counts."""

Facts = dict[str, Any]


def rate_words(rate: Rate) -> str:
    """A share in per cent; a dash where nothing was looked at."""
    return percent_words(rate.share)


def interval_words(rate: Rate) -> str:
    """The 95 % interval in per cent."""
    low, high = rate.interval
    return f"{percent_words(low)}至{percent_words(high)}" if rate.looked_at else "—"


def circular_facts(desk: Desk, last: RowMapping | None, late_answers: str) -> Facts:
    """Figures of a circular: teams, what was looked at and found, by unit and type, against the last circular.

    Args:
        desk: the office's.
        last: the circular before, if any.
        late_answers: the units that answered letters late or not yet, in words.
    """
    county, units = rates(desk)
    standing = [each for each in findings(desk) if each["state"] != FindingState.CANCELLED]
    work = spot_work(desk)
    return {
        **_about_teams(desk, work),
        **_looked_at(desk, work),
        "反馈数": len(standing),
        **_rates(county),
        **_places(units),
        "典型问题": _typical(desk, standing),
        "各单位": [_of_unit(each, standing) for each in _with_findings(desk, units, standing)],
        "各问题类型": _by_type(desk, standing),
        "过期未认领": _late_claims(desk, standing),
        "迟报": _late_returns(desk),
        "迟答复": late_answers,
        **since(last, standing),
        "本轮": _of_round(desk, last["as_of"]) if last else {},
        _LAST: max((each["number"] for each in findings(desk)), default=0),
    }


def _of_round(desk: Desk, after: datetime) -> Facts:
    """What was looked at since the last circular, apart from what was before."""
    county, _ = rates(desk, after)
    return {
        "户数": county.missed.looked_at,
        "漏查率": rate_words(county.missed),
        "问题数": county.false.looked_at,
        "虚假率": rate_words(county.false),
    }


def _about_teams(desk: Desk, work: SpotWork) -> Facts:
    """The teams that were there, each with the units in which it was: what is planned only is not told."""
    names = {unit.code: unit.name for unit in desk.campaign.filing_units}
    went = [(team, been) for team in teams(desk) if (been := work.units_of(team))]
    people = {each.account.id for team, _ in went for each in team.members}
    of_team = [
        {
            "名称": team.name,
            "人数": len(team.members),
            "单位": "、".join(names.get(code, code) for code in been),
        }
        for team, been in went
    ]
    return {"督导组数": len(went), "督导人数": len(people), "督导单位数": len(work.units), "各组": of_team}


def _looked_at(desk: Desk, work: SpotWork) -> Facts:
    return {
        "督导村数": len(work.villages),
        "看的户数": len(work.households),
        "名单外户数": len(work.households_beside),
        "看的问题数": len(work.issues),
        "名单外问题数": len(work.issues_beside),
        "校验值": _published_seals(desk),
    }


def _published_seals(desk: Desk) -> str:
    """The hash of every sealed seed by number; those left unopened, too, so that nobody seals several and opens one."""
    sealed = select(draw).where(draw.c.campaign_id == desk.campaign.id).order_by(draw.c.number)
    return "、".join(
        f"第{row.number}次{row.seed_sha256}" + ("" if row.drawn_at else "（未开封）")
        for row in desk.connection.execute(sealed)
    )


def _rates(county: UnitRates) -> Facts:
    return {
        "漏查户数": county.missed.hits,
        "漏查率": rate_words(county.missed),
        "漏查区间": interval_words(county.missed),
        "虚假数": county.false.hits,
        "虚假率": rate_words(county.false),
        "虚假区间": interval_words(county.false),
        "未改到位数": county.unfinished,
        "属实数": county.confirmed,
        "没写完户数": county.unfinished_sheets,
    }


def _places(units: Sequence[UnitRates]) -> Facts:
    """The lowest and the highest, of units only whose interval overlaps no other's; nobody is both."""
    missed = [(each.missed_place, each.unit, each.missed) for each in units if each.unit]
    false = [(each.false_place, each.unit, each.false) for each in units if each.unit]
    return {**_ends("漏查", missed), **_ends("虚假", false)}


def _ends(name: str, placed: Sequence[tuple[int | None, Unit, Rate]]) -> Facts:
    ranked = sorted(
        ((place, unit.name, rate) for place, unit, rate in placed if place), key=lambda each: each[0]
    )
    low = [each for each in ranked if each[0] <= MOST and each[0] * 2 <= len(placed)]
    high = [each for each in ranked if each[0] > len(placed) - MOST and each[0] * 2 > len(placed)]
    return {
        f"{name}较少": "、".join(f"{unit}（{rate_words(rate)}）" for _, unit, rate in low),
        f"{name}较多": "、".join(f"{unit}（{rate_words(rate)}）" for _, unit, rate in reversed(high)),
    }


def _typical(desk: Desk, standing: Sequence[RowMapping]) -> list[Facts]:
    """What was found most often, in the words of the checklist: the inspectors' own may hold names."""
    counted = Counter(_what(desk.campaign, row) for row in _issues(desk, standing))
    return [{"内容": words, "个数": count} for words, count in counted.most_common(_MOST_TYPICAL)]


def _what(campaign: Campaign, row: RowMapping) -> str:
    item = campaign.item_by_id.get(row["item_id"] or "")
    if item:
        return item[1].text
    known = campaign.problem_type_by_id.get(row["problem_type_id"])
    return known.name if known else row["problem_type_id"]


def _issues(desk: Desk, standing: Sequence[RowMapping]) -> Sequence[RowMapping]:
    """The issue of each finding, once for each finding."""
    query = (
        select(issue.c.problem_type_id, issue.c.item_id, inspection_finding.c.way)
        .join(issue, issue.c.id == inspection_finding.c.issue_id)
        .where(
            inspection_finding.c.campaign_id == desk.campaign.id,
            inspection_finding.c.state != FindingState.CANCELLED.value,
        )
        .order_by(inspection_finding.c.number)
    )
    rows = desk.connection.execute(query).mappings().all()
    assert len(rows) == len(standing)
    return rows


def _with_findings(
    desk: Desk, looked_at: Sequence[UnitRates], standing: Sequence[RowMapping]
) -> list[UnitRates]:
    """The units where something was looked at, and those that count or answer findings: so the rows add up."""
    known = {each.unit.code: each for each in looked_at if each.unit}
    concerned = {row[name] for row in standing for name in ("unit_code", "answers_code")} | known.keys()
    nothing = weighted_rate([])
    return [
        known.get(unit.code) or UnitRates(unit, nothing, nothing, 0, 0)
        for unit in desk.campaign.filing_units
        if unit.code in concerned
    ]


def _of_unit(each: UnitRates, standing: Sequence[RowMapping]) -> Facts:
    assert each.unit is not None
    own = [row for row in standing if row["unit_code"] == each.unit.code]
    return {
        "单位": each.unit.name,
        "看的户": each.missed.looked_at,
        "漏查户": each.missed.hits,
        "漏查率": rate_words(each.missed),
        "看的整改": each.false.looked_at,
        "虚假整改": each.false.hits,
        "虚假整改率": rate_words(each.false),
        "未改到位": each.unfinished,
        "反馈": len(own),
        "未认领": sum(awaits_answer(row) for row in standing if row["answers_code"] == each.unit.code),
    }


def _by_type(desk: Desk, standing: Sequence[RowMapping]) -> list[Facts]:
    label = desk.campaign.summary_table.row_label
    rows = _issues(desk, standing)
    found = []
    for kind in desk.campaign.problem_types:
        ways = [row["way"] for row in rows if row["problem_type_id"] == kind.id]
        if ways:
            missed, check = ways.count(Way.MISSED), ways.count(Way.CHECK)
            found.append({label: kind.name, "发现": len(ways), "自查漏掉": missed, "整改不实": check})
    return found


def _late_claims(desk: Desk, standing: Sequence[RowMapping]) -> str:
    today = desk.now.date()
    late = Counter(row["answers_code"] for row in standing if awaits_answer(row) and row["claim_due"] < today)
    return _counted(desk.campaign, late)


def _counted(campaign: Campaign, counts: Mapping[str, int]) -> str:
    units = [unit for unit in campaign.filing_units if counts.get(unit.code)]
    return "、".join(f"{unit.name}（{counts[unit.code]}个）" for unit in units)


def _late_returns(desk: Desk) -> str:
    late = {Timeliness.LATE: "迟报", Timeliness.MISSING: "还没有报"}
    found = standings(desk.connection, desk.campaign, desk.now)
    return "、".join(
        f"{each.unit.name}（{late[each.timeliness]}）" for each in found if each.timeliness in late
    )


def since(last: RowMapping | None, standing: Sequence[RowMapping]) -> Facts:
    """What is new: not the difference of two counts, from which those fall out that were cancelled meanwhile."""
    if last is None:
        return {"上次": "", "新反馈数": 0, "上次漏查率": "", "上次虚假率": ""}
    facts = last["facts"]
    return {
        "上次": last["mark"],
        "新反馈数": sum(row["number"] > facts[_LAST] for row in standing),
        "上次漏查率": facts["漏查率"],
        "上次虚假率": facts["虚假率"],
    }
