"""The pages of returns: a unit's own with the signature, what was signed, and the office's overview."""

from forms_server.views.returns import home, office, scans, show, unit
from forms_server.views.returns.common import blueprint

__all__ = ["blueprint", "home", "office", "scans", "show", "unit"]
