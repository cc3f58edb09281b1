"""The page of self-check against supervision."""

from collections.abc import Callable, Sequence

from flask import abort, render_template

from build_scripts.counting.supervision_rates import Rate
from build_scripts.handbook.rate_chart import RateLine, rate_chart
from checklist.values.village_names import village_names
from forms_server.accounts import account_store
from forms_server.inspection.letter_facts import interval_words, rate_words
from forms_server.inspection.self_check_rates import (
    ALIKE_IN_A_ROW,
    UnitRates,
    hasty_inspectors,
    late_registered,
    rates,
)
from forms_server.inspection.sheet_problems import unwritten
from forms_server.inspection.spot_list import names_of_households
from forms_server.records.opened_issues import ClosedShare, closed_shares
from forms_server.scope import sees_all
from forms_server.web.current_services import services
from forms_server.web.inspection.requested_inspection import blueprint
from forms_server.web.read_names import note_read
from forms_server.web.records.requested_record import desk


@blueprint.get("/rates", endpoint="rates")
def rates_page() -> str:
    """Show the rates by unit, with n and interval."""
    plan = services().campaign.inspection or abort(404)
    with desk() as at:
        county, units = rates(at)
        shown = [
            each
            for each in at.campaign.filing_units
            if sees_all(at.account) or each.code in at.account.inspects
        ]
        closed = closed_shares(at.connection, at.campaign, [each.code for each in shown])
        phase, filed = late_registered(at)
        hasty = hasty_inspectors(at) if sees_all(at.account) else []
        left = unwritten(at, [each.code for each in shown])
        names = names_of_households(at, [each.household_id for each in left])
        people = (
            {each.id: each.shown_name for each in account_store.all_accounts(at.connection)}
            if hasty or left
            else {}
        )
    note_read("household", [(each.household_id, each.unit_code) for each in left])
    return render_template(
        "inspection/rates.html",
        county=county,
        units=units,
        hasty=hasty,
        phase=phase,
        late=[(each, filed[each.code]) for each in shown if each.code in filed],
        closed=[(each, closed[each.code]) for each in shown if each.code in closed],
        all_closed=ClosedShare(
            sum(each.closed for each in closed.values()), sum(each.opened for each in closed.values())
        ),
        people=people,
        left=left,
        looks=at.account.reads_assigned_units,
        names=names,
        village_names=village_names(services().campaign),
        minutes=plan.draw.hasty_minutes,
        run=ALIKE_IN_A_ROW,
        charts=[
            rate_chart("missed", "漏查率和 95% 区间", _lines(units, lambda each: each.missed)),
            rate_chart("false", "虚假整改率和 95% 区间", _lines(units, lambda each: each.false)),
        ]
        if units
        else [],
        is_weighted=any(each.weighted is not None for each in (county.missed, county.false)),
        rate_words=rate_words,
        interval_words=interval_words,
    )


def _lines(units: Sequence[UnitRates], rate_of: Callable[[UnitRates], Rate]) -> list[RateLine]:
    """Lines of the chart, the lowest rate first."""
    rates_by_name = [(each.unit.name, rate_of(each)) for each in units if each.unit]
    seen = [(name, rate, rate.share) for name, rate in rates_by_name if rate.share is not None]
    return [
        RateLine(name, f"{rate_words(rate)}（{rate.hits}/{rate.looked_at}）", share, *rate.interval)
        for name, rate, share in sorted(seen, key=lambda each: each[2])
    ]
