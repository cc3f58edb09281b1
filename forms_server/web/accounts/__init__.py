"""The pages of the accounts: who there is, new ones singly or on sheets, passwords, disabling, inspectors' units."""

from forms_server.web.accounts import account_pages, slip_pages
from forms_server.web.accounts.account_pages import blueprint

__all__ = ["account_pages", "blueprint", "slip_pages"]
