"""The search index: one string with all text, and the offsets of its sections."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from build_scripts.search.character_readings import readings_of
from build_scripts.search.corpus import IndexedPage
from build_scripts.search.sections import PageSection
from build_scripts.search.synonyms import Synonyms

_CONFIG = {"lang": ["zh"], "separator": r"\s+", "pipeline": [], "fields": {}}
"""The part of an index that Material itself reads: the separator for highlighting."""


def index_of(pages: Sequence[IndexedPage], synonyms: Iterable[Synonyms]) -> dict[str, Any]:
    """Build the index as plain data for the worker."""
    words = _Words()
    rows = [row for number, page in enumerate(pages) for row in _rows(number, page, words)]
    sections = (section for page in pages for section in page.sections)
    broad = [number for number, section in enumerate(sections) if section.broad]
    corpus = words.joined()
    docs = {
        "pages": [[page.url, page.kind] for page in pages],
        "sections": rows,
        "broad": broad,
        "corpus": corpus,
        "readings": readings_of(corpus),
        "synonyms": [_group(each) for each in synonyms],
    }
    return {"config": _CONFIG, "docs": docs}


def _group(synonyms: Synonyms) -> list[Any]:
    group = [list(synonyms.same), list(synonyms.related)]
    return [*group, synonyms.folder] if synonyms.folder else group


class _Words:
    """The corpus under construction."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def add(self, blocks: Sequence[str]) -> int:
        """Append blocks, a line each; return their length in UTF-16 units, as the browser counts."""
        part = "".join(f"{block}\n" for block in blocks)
        self._parts.append(part)
        return len(part.encode("utf-16-le")) // 2

    def joined(self) -> str:
        return "".join(self._parts)


def _rows(number: int, page: IndexedPage, words: _Words) -> Iterable[list[int | str]]:
    """Return a row for each section: page, anchor, and the lengths of heading, clause, text and readers' words."""
    for section in page.sections:
        parts = (_heading(section), section.own, section.text, section.words)
        yield [number, section.anchor, *(words.add(part) for part in parts)]


def _heading(section: PageSection) -> tuple[str, ...]:
    return () if section.inherited else (section.heading,)


def as_json(index: dict[str, Any]) -> str:
    """Return the index as ``search_index.json``."""
    return json.dumps(index, ensure_ascii=False, separators=(",", ":"))


def as_script(index: dict[str, Any]) -> str:
    """Return the index as ``search_index.js``, which Material loads on ``file://``."""
    return f"var __index={as_json(index)}\n"
