"""Pages of supervision on the spot."""

from forms_server.web.inspection import (
    draw_pages,
    finding_pages,
    general_finding_page,
    letter_pages,
    outside_page,
    plan_page,
    rates_page,
    spot_check_page,
    spot_list_page,
    spot_visit_page,
)
from forms_server.web.inspection.requested_inspection import blueprint
from forms_server.web.photos.photo_words import photo_words

blueprint.context_processor(photo_words)

__all__ = [
    "blueprint",
    "draw_pages",
    "finding_pages",
    "general_finding_page",
    "letter_pages",
    "outside_page",
    "plan_page",
    "rates_page",
    "spot_check_page",
    "spot_list_page",
    "spot_visit_page",
]
