"""Return pages: a unit's own with signing, signed returns, and the office's overview."""

from forms_server.web.returns import (
    office_returns_page,
    return_page,
    return_tasks,
    scan_pages,
    signed_return_page,
)
from forms_server.web.returns.requested_return import blueprint

__all__ = [
    "blueprint",
    "office_returns_page",
    "return_page",
    "return_tasks",
    "scan_pages",
    "signed_return_page",
]
