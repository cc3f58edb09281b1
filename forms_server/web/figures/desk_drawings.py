"""The drawings of the office's desk and of the wall display."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from build_scripts.counting.daily_counts import DayCount
from checklist.date_formats import as_of
from checklist.model import Campaign
from forms_server.figures import desk_charts
from forms_server.figures.county_figures import County
from forms_server.figures.desk_charts import Pace, RatedUnit
from forms_server.figures.township_map import Township, township_map
from forms_server.figures.unit_figures import UnitFigures


@dataclass(frozen=True)
class DeskFacts:
    """What the drawings are made of."""

    campaign: Campaign
    figures: Sequence[UnitFigures]
    """In the order of ``units.yml``."""
    county: County
    days: Sequence[DayCount]
    now: datetime


_NOTHING = Markup()


@dataclass(frozen=True)
class Drawings:
    """Drawings as safe markup; empty where there is nothing to draw."""

    pareto: Markup = _NOTHING
    ranking: Markup = _NOTHING
    progress: Markup = _NOTHING
    burn_down: Markup = _NOTHING
    townships: Markup = _NOTHING
    pace: str = ""


def drawings(facts: DeskFacts) -> Drawings:
    """Draw what these units' figures give."""
    when = as_of(facts.now)
    drawn = Drawings(townships=_townships(facts, when))
    if facts.county.total.found:
        units = [_rated(each, facts.county) for each in facts.figures]
        types = facts.county.by_type(facts.campaign)
        drawn = replace(
            drawn,
            pareto=_safe(desk_charts.pareto("哪类问题多", when, types)),
            ranking=_safe(desk_charts.ranking("各单位整改率", when, units)),
        )
    if facts.days:
        pace = Pace(facts.county.total.open, facts.now, facts.campaign.notice.deadline.at)
        limited = desk_charts.burn_down("还没有整改的问题和时限", when, facts.days, pace)
        drawn = replace(
            drawn,
            progress=_safe(desk_charts.progress("每天累计排查和整改的问题", when, facts.days)),
            burn_down=_safe(limited),
            pace=pace.words,
        )
    return drawn


def _safe(drawn: str) -> Markup:
    return Markup(drawn)  # noqa: S704 - svg.text escapes every text


def _rated(each: UnitFigures, county: County) -> RatedUnit:
    cell = county.of_unit(each.unit)
    return RatedUnit(each.unit.name, cell.found if cell.found or not each.unanswered else None, cell.done)


def _townships(facts: DeskFacts, when: str) -> Markup:
    codes = {unit.code for unit in facts.campaign.units.townships}
    shown = [
        Township(each.unit.code, each.unit.name, rated.found, rated.done)
        for each in facts.figures
        if each.unit.code in codes
        for rated in [_rated(each, facts.county)]
    ]
    if not shown:
        return _NOTHING
    return _safe(township_map("各乡镇还没有整改的问题", when, shown, facts.campaign.outlines))
