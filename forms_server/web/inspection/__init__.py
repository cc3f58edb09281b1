"""Pages of supervision on the spot."""

from forms_server.web.inspection import draw_pages, plan_page, spot_list_page
from forms_server.web.inspection.requested_inspection import blueprint

__all__ = ["blueprint", "draw_pages", "plan_page", "spot_list_page"]
