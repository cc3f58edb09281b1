"""A built page as sections: what stands under one address, in blocks of plain words."""

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
"""Classes of what a reader sees and does not look for: marks at headings, buttons, badges."""
_OWN = "clause"
"""The class of the clause that a section is about."""


@dataclass(frozen=True)
class PageSection:
    """What stands under one address.

    Its words are in blocks (a paragraph, a line of a list, a cell), by how much they say what the section is about.
    """

    anchor: str
    """The id of its heading or of its element; empty for the page's own beginning."""
    heading: str
    inherited: bool = False
    """The heading is the one above it: the section has none of its own."""
    own: tuple[str, ...] = ()
    """The clause that it is about, if it is about one."""
    text: tuple[str, ...] = ()
    """All its other words; beside a clause they are advice on it."""

    @property
    def blocks(self) -> tuple[str, ...]:
        """All words but the heading's."""
        return self.own + self.text


@dataclass
class _Open:
    """A section that is being read."""

    anchor: str
    heading: str
    inherited: bool = False
    first: bool = False
    own: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    @property
    def reachable(self) -> bool:
        """It is the page's beginning, or has an address."""
        return bool(self.anchor) or self.first

    def close(self) -> PageSection:
        own, text = (tuple(dict.fromkeys(blocks)) for blocks in (self.own, self.text))
        return PageSection(self.anchor, self.heading, self.inherited, own, text)


@dataclass(frozen=True)
class _Element:
    """An element that has begun and not ended."""

    tag: str
    classes: frozenset[str]
    hidden: bool
    outer: "_Open | None" = None
    """Where the words go on after it, if it is a section of its own."""


class _Reader(HTMLParser):
    """Collects sections from a page's content: a heading or a division with an id begins a new one."""

    def __init__(self, title: str) -> None:
        super().__init__(convert_charrefs=True)
        self._section = _Open("", title, first=True)
        self.sections = [self._section]
        self._elements: list[_Element] = []
        self._words: list[str] = []
        self._linked = 0

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
        if any(element.tag == "a" for element in self._elements):
            self._linked += len(data.strip())

    def _end_block(self) -> None:
        words = " ".join("".join(self._words).split())
        linked, self._words, self._linked = self._linked, [], 0
        # What is mostly links leads elsewhere: what it leads to is found there.
        if words and linked * 2 <= len(words):
            self._keep(words)

    def _keep(self, words: str) -> None:
        section = self._section
        tags = {element.tag for element in self._elements}
        if tags & _HEADINGS:
            section.heading = words
        elif any(letter.isalpha() for letter in words):
            own = any(_OWN in element.classes for element in self._elements)
            (section.own if own else section.text).append(words)

    def close(self) -> None:
        super().close()
        self._end_block()


def sections_of(html: str, title: str) -> list[PageSection]:
    """The sections of a page's content (HTML, without the theme around it); the first is the page's beginning.

    Not words: what is mostly links to other places (a section whose heading is one is left out), buttons, badges,
    cells with nothing but figures, and what has the attribute ``data-search-exclude``.
    """
    reader = _Reader(title)
    reader.feed(html)
    reader.close()
    return [section.close() for section in reader.sections if section.heading and section.reachable]
