"""Sections of a built page: the text under one anchor, in plain blocks."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_BLOCKS = _HEADINGS | {
    "address", "blockquote", "caption", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "li", "ol", "p",
    "pre", "section", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_UNSEEN = frozenset({"script", "style", "svg", "template"})
_NOT_WORDS = frozenset({"headerlink", "md-button", "badge", "no-print"})
"""CSS classes excluded from search: heading marks, buttons, badges."""
_OWN = "clause"
"""CSS class of a heading that is the whole clause that its section is about."""
_REST = "rest"
"""CSS class of the part of a clause that is no title any more."""
_NUMBER = re.compile(r"^\d+\.\s*")


@dataclass(frozen=True)
class PageSection:
    """The text under one anchor.

    Its text is in blocks (a paragraph, a list item, a cell), grouped by relevance.
    """

    anchor: str
    """The id of its heading or element; empty for the page's first section."""
    heading: str
    inherited: bool = False
    """It has no heading of its own, and carries the one above."""
    own: tuple[str, ...] = ()
    """Its clause, if it has one."""
    text: tuple[str, ...] = ()
    """All other text; beside a clause, advice on it."""
    words: tuple[str, ...] = ()
    """What readers say for it; not on the page."""
    broad: bool = False
    """Its clause sums up others of the page, which answer better."""

    @property
    def blocks(self) -> tuple[str, ...]:
        """All text except the heading."""
        return self.own + self.text


@dataclass
class _Open:
    """A section under construction."""

    anchor: str
    heading: str
    inherited: bool = False
    first: bool = False
    own: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    @property
    def reachable(self) -> bool:
        """Whether it is the page's first or has an anchor."""
        return bool(self.anchor) or self.first

    def close(self) -> PageSection:
        own, text = (tuple(dict.fromkeys(blocks)) for blocks in (self.own, self.text))
        return PageSection(self.anchor, self.heading, self.inherited, own, text)


@dataclass(frozen=True)
class _Element:
    """An open element."""

    tag: str
    classes: frozenset[str]
    hidden: bool
    outer: "_Open | None" = None
    """The enclosing section to return to, if it is a section of its own."""


class _Reader(HTMLParser):
    """Parser that collects sections: a heading or a division with an id begins one."""

    def __init__(self, title: str) -> None:
        super().__init__(convert_charrefs=True)
        self._section = _Open("", title, first=True)
        self.sections = [self._section]
        self._elements: list[_Element] = []
        self._words: list[str] = []
        self._linked = 0
        self._rest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _BLOCKS or tag == "br":
            self._end_block()
        if tag in _VOID:
            return
        classes = frozenset((given.get("class") or "").split())
        hidden = tag in _UNSEEN or bool(classes & _NOT_WORDS) or "data-search-exclude" in given
        anchor = given.get("id") or ""
        apart = tag == "div" and bool(anchor)
        self._elements.append(_Element(tag, classes, hidden, self._section if apart else None))
        if apart:
            self._begin(_Open(anchor, self._section.heading, inherited=True))
        elif tag in _HEADINGS - {"h1"}:
            self._begin(_Open(anchor, ""))

    def _begin(self, section: _Open) -> None:
        self._section = section
        self.sections.append(section)

    def handle_endtag(self, tag: str) -> None:
        if not any(element.tag == tag for element in self._elements):
            return
        if tag in _BLOCKS:
            self._end_block()
        while (element := self._elements.pop()).tag != tag:
            self._section = element.outer or self._section
        self._section = element.outer or self._section

    def handle_data(self, data: str) -> None:
        if any(element.hidden for element in self._elements):
            return
        self._words.append(data)
        if any(_REST in element.classes for element in self._elements):
            self._rest += len(data)
        if any(element.tag == "a" for element in self._elements):
            self._linked += len(data.strip())

    def _end_block(self) -> None:
        words = " ".join("".join(self._words).split())
        linked, self._words, self._linked = self._linked, [], 0
        # Mostly links: the targets are indexed on their own pages.
        if words and linked * 2 <= len(words):
            self._keep(words)
        self._rest = 0

    def _keep(self, words: str) -> None:
        section = self._section
        tags = {element.tag for element in self._elements}
        if tags & _HEADINGS:
            section.heading = words
            if any(_OWN in element.classes for element in self._elements):
                section.own.append(_NUMBER.sub("", words))
                section.heading = f"{words[: -self._rest]}…" if self._rest else words
        elif any(letter.isalpha() for letter in words):
            section.text.append(words)

    def close(self) -> None:
        super().close()
        self._end_block()


def sections_of(html: str, title: str) -> list[PageSection]:
    """Parse a page's content (HTML without the theme) to sections; the first is the page's beginning.

    Excluded are blocks of mostly links (and sections whose heading is one), buttons, badges, cells of figures only, and
    elements with the attribute ``data-search-exclude``.
    """
    reader = _Reader(title)
    reader.feed(html)
    reader.close()
    return [section.close() for section in reader.sections if section.heading and section.reachable]
