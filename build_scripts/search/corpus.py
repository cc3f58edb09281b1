"""All sections of a site in the order in which equal hits are shown, without what is repeated on every page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from build_scripts.search.sections import PageSection

FOLDERS = ("areas", "", "phases", "roles", "forms", "glossary", "policies", "units", "summary")
"""The handbook's folders, the likeliest to be looked for first; ``""`` stands for the pages at the root."""

_REPEATED = 5
"""Words on more pages than this are the pages' frame: they are kept on the first page alone."""


@dataclass(frozen=True)
class IndexedPage:
    """One page: its address below the site's root, how early it is shown among equal hits (0 first), its sections."""

    url: str
    kind: int
    sections: tuple[PageSection, ...]


def kind_of(url: str) -> int:
    """The place of a page's folder among :data:`FOLDERS`; lists of pages come after all of these."""
    folder, _, name = url.rpartition("/")
    stem = name.removesuffix(".html")
    if folder and stem == "index":
        return len(FOLDERS)
    top = folder.partition("/")[0] or (stem if stem in FOLDERS else "")
    return FOLDERS.index(top) if top in FOLDERS else len(FOLDERS)


def corpus_of(pages: Mapping[str, Sequence[PageSection]]) -> tuple[IndexedPage, ...]:
    """The pages (address to sections, in the site's order), the likeliest first."""
    ordered = sorted(pages, key=kind_of)
    counts = Counter(words for url in ordered for words in _words(pages[url]))
    home = {words: url for url in reversed(ordered) for words in _words(pages[url])}
    corpus = []
    for url in ordered:
        frame = {words for words in _words(pages[url]) if counts[words] > _REPEATED and home[words] != url}
        corpus.append(IndexedPage(url, kind_of(url), tuple(_without(frame, pages[url]))))
    return tuple(corpus)


def _words(sections: Sequence[PageSection]) -> set[str]:
    """Each heading and each block of a page, once."""
    return {words for section in sections for words in (section.heading, *section.blocks)}


def _without(frame: set[str], sections: Sequence[PageSection]) -> list[PageSection]:
    """The sections without the words of the frame; one that held nothing else is left out, a page's first never."""
    bare = [
        replace(each, own=_outside(frame, each.own), text=_outside(frame, each.text)) for each in sections
    ]
    return bare[:1] + [each for each in bare[1:] if each.blocks or each.heading not in frame]


def _outside(frame: set[str], blocks: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(block for block in blocks if block not in frame)
