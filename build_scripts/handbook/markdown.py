"""Markdown in small pieces: every word of the campaign passes through ``plain`` before it stands on a page."""

import html
import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"[&<>\"'*_`\[\]\\|{}~^=#+!$]")
_LINE_START = re.compile(r"^(?:(?P<digits>\d+)(?P<point>[.)])|(?P<sign>[-:]))")
_STOP = re.compile(r"[，、；：。？！]|和|及|以及|与|并|或|是否|予以")
_SHORTEST = 10


def plain(text: str) -> str:
    """Words as they are: nothing in them is Markdown or HTML any more, in a paragraph, a heading, a cell or a tag.

    Numeric entities are the one spelling that Markdown and raw HTML both read. White space, line ends included,
    becomes one space; between Chinese letters a line end vanishes.
    """
    joined = re.sub(r"(?<=[^\x00-\x7f])\n\s*(?=[^\x00-\x7f])", "", text.strip())
    escaped = _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", " ".join(joined.split()))
    return _LINE_START.sub(_entity_at_start, escaped)


def _entity_at_start(match: re.Match[str]) -> str:
    """What opens a list or a definition at the start of a line, spelt so that it does not."""
    if match["sign"]:
        return f"&#{ord(match['sign'])};"
    return f"{match['digits']}&#{ord(match['point'])};"


def prose(text: str) -> str:
    """Several lines of plain words as paragraphs, one a line."""
    return "\n\n".join(plain(line) for line in text.splitlines() if line.strip())


def short(text: str, limit: int = 24) -> str:
    """The first words of a long clause, up to a natural stop, for a heading or a list.

    A clause of at most ``limit`` characters stays whole; otherwise … stands at the cut, and no quotation mark or
    bracket is left open.
    """
    if len(text) <= limit:
        return text
    stops = [match.start() for match in _STOP.finditer(text, _SHORTEST, limit)]
    return _closed(text[: stops[-1] if stops else limit]).rstrip("，、；：") + "…"


def _closed(words: str) -> str:
    """Words without the bracket or the quotation that a cut has left open at their end."""
    for opening, closing in ("“”", "（）", "《》", "()"):
        start = words.rfind(opening)
        if start > 0 and closing not in words[start:]:
            words = words[:start]
    return words


def heading(level: int, markdown: str, anchor: str) -> str:
    """A heading with a fixed address; ``markdown`` has been through ``plain``."""
    return f"{'#' * level} {markdown} {{#{anchor}}}"


def title(text: str) -> str:
    """The page's first heading."""
    return heading(1, plain(text), "top")


def link(text: str, target: str) -> str:
    """A link to another page of the handbook or to an anchor."""
    return f"[{plain(text)}]({target})"


def button(text: str, address: str) -> str:
    """A link to the form server, as raw HTML: it is no page of the handbook, so no builder may look for it there."""
    return f'<a class="md-button md-button--primary to-server no-print" href="{html.escape(address)}">{plain(text)}</a>'


def bullets(lines: Iterable[str], indent: int = 0) -> str:
    """A list of lines of Markdown."""
    return "\n".join(f"{' ' * indent}- {line}" for line in lines)


def numbered(lines: Iterable[str]) -> str:
    """A numbered list of lines of Markdown."""
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))


def block(css_class: str, *blocks: str, tag: str = "div", anchor: str = "") -> str:
    """Blocks of Markdown inside one HTML element."""
    where = f' id="{anchor}"' if anchor else ""
    inner = "\n\n".join(part for part in blocks if part)
    return f'<{tag} class="{css_class}"{where} markdown="1">\n\n{inner}\n\n</{tag}>'


def folded(summary: str, *blocks: str) -> str:
    """Blocks of Markdown behind a line that opens them; ``summary`` has been through ``plain``."""
    inner = "\n\n".join(blocks)
    return f'<details markdown="1">\n<summary>{summary}</summary>\n\n{inner}\n\n</details>'


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells in Markdown; it scrolls inside itself where it is too wide."""
    lines = [_row(header), _row(["---"] * len(header)), *(_row(row) for row in rows)]
    rendered = "\n".join(lines)
    return f'<div class="table-scroll" tabindex="0" markdown="1">\n\n{rendered}\n\n</div>'


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def page(*blocks: str, hide: Sequence[str] = (), searched: bool = True) -> str:
    """A page of its blocks.

    Args:
        blocks: Markdown, one below the other; empty ones are left out.
        hide: the side columns that the page goes without.
        searched: whether the search finds it.
    """
    lines = ["hide:", *(f"  - {part}" for part in hide)] if hide else []
    lines += [] if searched else ["search:", "  exclude: true"]
    head = "\n".join(["---", *lines, "---", "", ""]) if lines else ""
    return head + "\n\n".join(part for part in blocks if part) + "\n"
