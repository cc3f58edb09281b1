"""The page on which the household of a form is looked for: by village and part of a name, among those one sees."""

from collections.abc import Callable, Mapping

from flask import render_template

from checklist.model import FilledForm
from checklist.values.judge import display
from checklist.values.village_names import village_names
from forms_server.visits import household_search
from forms_server.web.current_services import services
from forms_server.web.read_names import note_read
from forms_server.web.records.requested_record import desk
from forms_server.web.visits.visit_list_page import sought_in_address, villages


def choice_page(
    form: FilledForm, here: str, kept: Mapping[str, str], address: Callable[[str | None], str]
) -> str:
    """Render the search.

    Args:
        form: to be filled in with the household.
        here: the page's own address.
        kept: parameters that it passes on.
        address: of the form, by the id of a household; of the empty one for None.
    """
    campaign, sought = services().campaign, sought_in_address()
    households = campaign.household_form
    with desk() as at:
        found, number = household_search.search(at, households, sought) if households else ((), 0)
        too_wide = household_search.is_too_wide(at, sought)
    note_read("household", [(each.household.id, each.household.township_code) for each in found])
    return render_template(
        "roster/choose.html",
        form=form,
        households=households,
        here=here,
        kept=kept,
        address=address,
        sought=sought,
        found=[each.household for each in found],
        number=number,
        too_wide=too_wide,
        villages=villages(),
        village_names=village_names(campaign),
        shown_value=lambda form, name, value: display(form.field(name), value, campaign),
    )
