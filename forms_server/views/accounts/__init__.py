"""The pages of the accounts: who there is, new ones singly or on sheets, passwords, disabling, inspectors' units."""

from forms_server.views.accounts import pages, sheets
from forms_server.views.accounts.pages import blueprint

__all__ = ["blueprint", "pages", "sheets"]
