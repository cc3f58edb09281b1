"""The pages of the ledgers: list, new record, record, edit, report rectified, withdraw."""

from forms_server.views.records import drafts, editing, filing, found, ledger, moves, photos, show, together
from forms_server.views.records.common import blueprint

__all__ = [
    "blueprint",
    "drafts",
    "editing",
    "filing",
    "found",
    "ledger",
    "moves",
    "photos",
    "show",
    "together",
]
