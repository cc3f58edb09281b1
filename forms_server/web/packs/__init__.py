"""Field packs: what a browser takes along, the page that works from it, and who has one."""

from forms_server.web.packs import pack_pages, phones_page
from forms_server.web.packs.requested_pack import blueprint

__all__ = ["blueprint", "pack_pages", "phones_page"]
