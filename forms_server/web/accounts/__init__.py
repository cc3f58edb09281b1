"""Account pages: list, creation, password slips, passwords, disabling, inspectors' units; one's own sign-ins."""

from forms_server.web.accounts import (
    account_pages,
    password_slip_pages,
    request_pages,
    second_factor_pages,
    seeing_as_pages,
    session_pages,
    unit_change_pages,
)
from forms_server.web.accounts.account_pages import blueprint

__all__ = [
    "account_pages",
    "blueprint",
    "password_slip_pages",
    "request_pages",
    "second_factor_pages",
    "seeing_as_pages",
    "session_pages",
    "unit_change_pages",
]
