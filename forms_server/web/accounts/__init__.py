"""Account pages: list, creation, password slips, passwords, disabling, inspectors' units."""

from forms_server.web.accounts import account_pages, slip_pages
from forms_server.web.accounts.account_pages import blueprint

__all__ = ["account_pages", "blueprint", "slip_pages"]
