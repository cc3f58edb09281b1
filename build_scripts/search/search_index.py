"""The search index: one string with all text, and the offsets of its sections."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from build_scripts.search.character_readings import readings_of
from build_scripts.search.corpus import IndexedPage
from build_scripts.search.sections import PageSection
from build_scripts.search.synonyms import Synonyms

_CONFIG = {"lang": ["zh"], "separator": r"\s+", "pipeline": [], "fields": {}}
"""The part of an index that Material itself reads: the separator for highlighting."""


_CLAUSE = re.compile(r"[^\n。；，：]*[\n。；，：]")
"""A clause with its end."""
FIRST_CODE = 0xE000
_MOST_CODES = 0x1900
"""Of Unicode's private use area: a character of it stands for a clause that is written once."""


def index_of(pages: Sequence[IndexedPage], synonyms: Iterable[Synonyms]) -> dict[str, Any]:
    """Build the index as plain data for the worker."""
    words = _Words()
    rows = [[_row(section, words) for section in page.sections] for page in pages]
    sections = (section for page in pages for section in page.sections)
    broad = [number for number, section in enumerate(sections) if section.broad]
    corpus = words.joined()
    packed, clauses = packed_text(corpus)
    docs = {
        "pages": [[page.url, page.kind] for page in pages],
        "sections": rows,
        "broad": broad,
        "corpus": packed,
        "clauses": clauses,
        "readings": _readings(readings_of(corpus)),
        "synonyms": _groups(synonyms),
    }
    return {"config": _CONFIG, "docs": docs}


def packed_text(text: str) -> tuple[str, list[str]]:
    """Write clauses that occur again once each; return the text with codes in their place, and the clauses."""
    counts = Counter(_CLAUSE.findall(text))
    repeated = [clause for clause, times in counts.items() if times > 1 and _saves(clause, times)][
        :_MOST_CODES
    ]
    codes = {clause: chr(FIRST_CODE + number) for number, clause in enumerate(repeated)}
    if any(chr(FIRST_CODE) <= character < chr(FIRST_CODE + _MOST_CODES) for character in set(text)):
        return text, []
    return _CLAUSE.sub(lambda found: codes.get(found[0], found[0]), text), repeated


def _saves(clause: str, times: int) -> bool:
    """Whether a code of three bytes and an entry of the list are shorter than the clause so many times."""
    size = len(clause.encode())
    return 3 * times + size + 4 < size * times


def _readings(readings: Mapping[str, Any]) -> dict[str, str]:
    """Write readings with their characters (``a啊阿ai爱``), and characters with their other readings (``长chang``)."""
    usual = "".join(reading + characters for reading, characters in readings["usual"].items())
    also = "".join(character + ",".join(others) for character, others in readings["also"].items())
    return {"usual": usual, "also": also}


def _groups(synonyms: Iterable[Synonyms]) -> dict[str, list[str]]:
    """Return folder to groups: words that mean the same, and after ``>`` those related to the first."""
    groups: dict[str, list[str]] = {}
    for each in synonyms:
        related = f">{'|'.join(each.related)}" if each.related else ""
        groups.setdefault(each.folder, []).append("|".join(each.same) + related)
    return groups


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


def _row(section: PageSection, words: _Words) -> list[int | str]:
    """Return a section's anchor and the lengths of heading, clause, text and words, without zeros at the end."""
    parts = (_heading(section), section.own, section.text, section.words)
    lengths = [words.add(part) for part in parts]
    while lengths and not lengths[-1]:
        lengths.pop()
    return [section.anchor, *lengths]


def _heading(section: PageSection) -> tuple[str, ...]:
    return () if section.inherited else (section.heading,)


def as_json(index: dict[str, Any]) -> str:
    """Return the index as ``search_index.json``."""
    return json.dumps(index, ensure_ascii=False, separators=(",", ":"))


def as_script(index: dict[str, Any]) -> str:
    """Return the index as ``search_index.js``, which Material loads on ``file://``."""
    return f"var __index={as_json(index)}\n"
