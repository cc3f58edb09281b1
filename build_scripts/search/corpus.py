"""The corpus: all sections of a site in ranking order, without boilerplate."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from build_scripts.search.sections import PageSection

FOLDERS = ("areas", "", "phases", "roles", "forms", "system", "glossary", "policies", "units", "summary")
"""The handbook's folders in ranking order; ``""`` stands for the root."""

_REPEATED = 5
"""Text on more pages than this is boilerplate: it is kept on the first page only."""


@dataclass(frozen=True)
class IndexedPage:
    """One page: path, rank among equal hits (0 first), sections."""

    url: str
    kind: int
    sections: tuple[PageSection, ...]


def kind_of(url: str) -> int:
    """Return the rank of a page by its folder in :data:`FOLDERS`; index pages come last."""
    folder, _, name = url.rpartition("/")
    stem = name.removesuffix(".html")
    if folder and stem == "index":
        return len(FOLDERS)
    top = folder.partition("/")[0] or (stem if stem in FOLDERS else "")
    return FOLDERS.index(top) if top in FOLDERS else len(FOLDERS)


def corpus_of(pages: Mapping[str, Sequence[PageSection]]) -> tuple[IndexedPage, ...]:
    """Rank the pages (path to sections, in the site's order)."""
    ordered = sorted(pages, key=kind_of)
    counts = Counter(words for url in ordered for words in _words(pages[url]))
    home = {words: url for url in reversed(ordered) for words in _words(pages[url])}
    corpus = []
    for url in ordered:
        frame = {words for words in _words(pages[url]) if counts[words] > _REPEATED and home[words] != url}
        corpus.append(IndexedPage(url, kind_of(url), tuple(_without(frame, pages[url]))))
    return tuple(corpus)


def with_search_words(
    pages: Sequence[IndexedPage], words: Mapping[str, Sequence[str]], broad: Collection[str]
) -> tuple[IndexedPage, ...]:
    """Add readers' words to the sections that they find, and mark those that sum up others.

    Args:
        pages: the corpus.
        words: anchor of a section, or name of a page's file, to what readers say for it.
        broad: anchors.
    """
    stems = {page.url.rpartition("/")[2].removesuffix(".html") for page in pages}
    left = {name: tuple(said) for name, said in words.items() if name not in stems}

    def said(page: IndexedPage, section: PageSection) -> tuple[str, ...]:
        if section.anchor:
            return left.pop(section.anchor, ())
        return tuple(words.get(page.url.rpartition("/")[2].removesuffix(".html"), ()))

    return tuple(
        replace(
            page,
            sections=tuple(
                replace(section, words=said(page, section), broad=section.anchor in broad)
                for section in page.sections
            ),
        )
        for page in pages
    )


def _words(sections: Sequence[PageSection]) -> set[str]:
    """Return the distinct headings and blocks of a page."""
    return {words for section in sections for words in (section.heading, *section.blocks)}


def _without(frame: set[str], sections: Sequence[PageSection]) -> list[PageSection]:
    """Remove boilerplate from sections; drop emptied ones, but never a page's first."""
    bare = [
        replace(each, own=_outside(frame, each.own), text=_outside(frame, each.text)) for each in sections
    ]
    return bare[:1] + [each for each in bare[1:] if each.blocks or each.heading not in frame]


def _outside(frame: set[str], blocks: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(block for block in blocks if block not in frame)
