"""外带情况: which phones have a pack, and since when they have not sent."""

from flask import render_template

from forms_server.packs.pack_standing import ENDED_WORDS, phones
from forms_server.web.current_services import services
from forms_server.web.packs.requested_pack import blueprint
from forms_server.web.records.requested_record import desk


@blueprint.get("/phones")
def phone_list() -> str:
    """Show them, those that have been silent longest first."""
    with desk() as at:
        found = phones(at)
    return render_template(
        "packs/phones.html", phones=found, now=services().clock.now(), ended_words=ENDED_WORDS
    )
