"""The page of self-check against supervision."""

from flask import abort, render_template

from build_scripts.counting.supervision_rates import Rate
from forms_server.accounts import account_store
from forms_server.inspection.self_check_rates import ALIKE_IN_A_ROW, hasty_inspectors, rates
from forms_server.records.opened_issues import ClosedShare, closed_shares
from forms_server.scope import sees_all
from forms_server.web.current_services import services
from forms_server.web.inspection.requested_inspection import blueprint
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
        hasty = hasty_inspectors(at) if sees_all(at.account) else []
        people = (
            {each.id: each.shown_name for each in account_store.all_accounts(at.connection)} if hasty else {}
        )
    return render_template(
        "inspection/rates.html",
        county=county,
        units=units,
        hasty=hasty,
        closed=[(each, closed[each.code]) for each in shown if each.code in closed],
        all_closed=ClosedShare(
            sum(each.closed for each in closed.values()), sum(each.opened for each in closed.values())
        ),
        people=people,
        minutes=plan.draw.hasty_minutes,
        run=ALIKE_IN_A_ROW,
        rate_words=rate_words,
        interval_words=interval_words,
    )


def rate_words(rate: Rate) -> str:
    """A share in per cent; a dash where nothing was looked at."""
    return "—" if rate.share is None else f"{rate.share:.1%}"


def interval_words(rate: Rate) -> str:
    """The interval in per cent."""
    low, high = rate.interval
    return f"{low:.1%} 至 {high:.1%}" if rate.looked_at else "—"
