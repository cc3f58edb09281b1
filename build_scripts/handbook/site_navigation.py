"""The site's navigation, derived from the pages: a folder is a section, named by its index."""

import html
import re
from collections.abc import Mapping
from typing import Any

from build_scripts.counting.final_or_interim import INTERIM

_TITLE = re.compile(r"^# (?P<title>.+?)(?: \{#[\w-]+\})?$", re.MULTILINE)

_NAMED = {"index.md": "首页", "print.md": "打印手册"}

Entry = str | dict[str, Any]


def page_title(markdown: str) -> str:
    """Return the text of a page's first heading; every page has one."""
    match = _TITLE.search(markdown)
    assert match
    return html.unescape(match["title"])


def navigation(pages: Mapping[str, str]) -> list[Entry]:
    """Build MkDocs' ``nav``: pages in order, nested by folder."""
    sections: dict[str, list[Entry]] = {}
    entries: list[Entry] = []
    for path, markdown in pages.items():
        folder, _, name = path.rpartition("/")
        entry = path if name == "index.md" and folder else {_short_title(markdown, path): path}
        if not folder:
            entries.append(entry)
        elif folder in sections:
            sections[folder].append(entry)
        else:
            sections[folder] = [entry]
            entries.append({_short_title(markdown, ""): sections[folder]})
    return entries


def _short_title(markdown: str, path: str) -> str:
    """Strip the as-of statement from a title; the page itself has it, as the two that are titled alike have theirs."""
    return _NAMED.get(path) or page_title(markdown).partition(f"（{INTERIM}")[0]
