"""The page of the money trails: what differs between registers, with the rows; and shares of a year."""

from flask import abort, render_template, request

from build_scripts.counting.percentages import percent_words
from build_scripts.rules.locked_database import RulesFailed
from checklist.messages import say
from checklist.values.amount_types import yuan
from checklist.values.village_names import village_names
from forms_server.registers.trail_rows import follow
from forms_server.web.current_services import services
from forms_server.web.records.requested_record import desk
from forms_server.web.registers.requested_register import blueprint

MOST_ROWS = 5
"""Rows of a cell that are linked."""

MOST_LINES = 500
"""Broken lines of a trail that are shown."""

_YEARS = 5


@blueprint.get("/trails")
def trails() -> str:
    """Follow the money of a year through the registers."""
    if not services().campaign.trails.trails:
        abort(404)
    this_year = services().clock.today().year
    years = list(range(this_year, this_year - _YEARS, -1))
    asked = request.args.get("year", "")
    year = next((each for each in years if str(each) == asked), this_year)
    try:
        with desk() as at:
            found = follow(at, year)
    except RulesFailed:
        return render_template(
            "registers/trails.html", found=None, failed=say("rules-failed"), year=year, years=years
        )
    return render_template(
        "registers/trails.html",
        found=found,
        year=year,
        years=years,
        yuan=yuan,
        percent_words=percent_words,
        villages=village_names(services().campaign),
        most_rows=MOST_ROWS,
        most_lines=MOST_LINES,
    )
