"""The pages of visits: which household, the sheet with every item, what came of it, and how far all are."""

from forms_server.views.visits import beginning, drafts, filling, listing, progress, show
from forms_server.views.visits.common import blueprint

__all__ = ["beginning", "blueprint", "drafts", "filling", "listing", "progress", "show"]
