"""Households beside the list: a team finds one by village and name, and says on its sheet why it looks there."""

from flask import render_template

from checklist.values.village_names import village_names
from forms_server.inspection.inspection_plan import begun_units
from forms_server.visits import household_search
from forms_server.web.current_services import services
from forms_server.web.inspection.requested_inspection import blueprint
from forms_server.web.inspection.spot_visit_page import household_types
from forms_server.web.read_names import note_read
from forms_server.web.records.requested_record import desk
from forms_server.web.visits.visit_list_page import sought_in_address


@blueprint.get("/outside")
def outside() -> str:
    """Look for a household in the units to which the team has been sent; nothing of the unit's visits is shown."""
    campaign, sought = services().campaign, sought_in_address()
    form = campaign.household_form
    with desk() as at:
        begun = begun_units(at)
        asks = form is not None and bool(sought.village_code or sought.name)
        listed = household_search.search(at, form, sought)[0] if asks and form else ()
    found = [each for each in listed if each.household.township_code in begun]
    note_read("household", [(each.household.id, each.household.township_code) for each in found])
    return render_template(
        "inspection/outside.html",
        sought=sought,
        asks=asks,
        found=found,
        full=len(listed) == household_search.AT_ONCE,
        villages=[(unit.name, unit.villages) for unit in campaign.units.townships if unit.code in begun],
        village_names=village_names(campaign),
        type_names=household_types(),
    )
