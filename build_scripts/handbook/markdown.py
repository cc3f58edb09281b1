"""Markdown helpers; all campaign text is escaped by ``plain``."""

import html
import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"[&<>\"'*_`\[\]\\|{}~^=#+!$]")
_LINE_START = re.compile(r"^(?:(?P<digits>\d+)(?P<point>[.)])|(?P<sign>[-:]))")
_STOP = re.compile(r"[，、；：。？！]|和|及|以及|与|并|或|是否|予以")
_SHORTEST = 10


def plain(text: str) -> str:
    """Escape text for Markdown and HTML, in a paragraph, a heading, a cell or a tag.

    Numeric entities are the one escape that Markdown and raw HTML both read. White space, line ends included, collapses
    to one space; between Chinese letters a line end is removed.
    """
    joined = re.sub(r"(?<=[^\x00-\x7f])\n\s*(?=[^\x00-\x7f])", "", text.strip())
    escaped = _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", " ".join(joined.split()))
    return _LINE_START.sub(_entity_at_start, escaped)


def _entity_at_start(match: re.Match[str]) -> str:
    """Escape a marker at the start of a line that would open a list or a definition."""
    if match["sign"]:
        return f"&#{ord(match['sign'])};"
    return f"{match['digits']}&#{ord(match['point'])};"


def prose(text: str) -> str:
    """Escape several lines as paragraphs, one a line."""
    return "\n\n".join(plain(line) for line in text.splitlines() if line.strip())


def short(text: str, limit: int = 24) -> str:
    """Truncate a long clause at a natural stop, for a heading or a list.

    A clause of at most ``limit`` characters stays whole; otherwise … stands at the cut, and no quotation mark or
    bracket is left open.
    """
    if len(text) <= limit:
        return text
    stops = [match.start() for match in _STOP.finditer(text, _SHORTEST, limit)]
    return _closed(text[: stops[-1] if stops else limit]).rstrip("，、；：") + "…"


def _closed(words: str) -> str:
    """Remove a bracket or a quotation that truncation left open."""
    for opening, closing in ("“”", "（）", "《》", "()"):
        start = words.rfind(opening)
        if start > 0 and closing not in words[start:]:
            words = words[:start]
    return words


def heading(level: int, markdown: str, anchor: str, side: str = "", css_class: str = "") -> str:
    """Render a heading with a permanent anchor; ``markdown`` must be escaped.

    Args:
        level: 1 to 6.
        markdown: its words.
        anchor: its id.
        side: shorter words for the page's side column.
        css_class: its class.
    """
    label = f' data-toc-label="{_SPECIAL.sub("", side)}"' if side else ""  # an attribute knows no escapes
    styled = f" .{css_class}" if css_class else ""
    return f"{'#' * level} {markdown} {{#{anchor}{styled}{label}}}"


def title(text: str) -> str:
    """Render the page's first heading."""
    return heading(1, plain(text), "top")


def link(text: str, target: str) -> str:
    """Render a link to another page of the handbook or to an anchor."""
    return f"[{plain(text)}]({target})"


def button(text: str, address: str) -> str:
    """Render a link to the form server, as raw HTML, since site generators validate Markdown links."""
    return f'<a class="md-button md-button--primary to-server no-print" href="{html.escape(address)}">{plain(text)}</a>'


def bullets(lines: Iterable[str], indent: int = 0) -> str:
    """Render a list of lines of Markdown."""
    return "\n".join(f"{' ' * indent}- {line}" for line in lines)


def numbered(lines: Iterable[str]) -> str:
    """Render a numbered list of lines of Markdown."""
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))


def block(css_class: str, *blocks: str, tag: str = "div", anchor: str = "") -> str:
    """Wrap blocks of Markdown in one HTML element."""
    where = f' id="{anchor}"' if anchor else ""
    inner = "\n\n".join(part for part in blocks if part)
    return f'<{tag} class="{css_class}"{where} markdown="1">\n\n{inner}\n\n</{tag}>'


def folded(summary: str, *blocks: str) -> str:
    """Render collapsible blocks of Markdown; ``summary`` must be escaped."""
    inner = "\n\n".join(blocks)
    return f'<details markdown="1">\n<summary>{summary}</summary>\n\n{inner}\n\n</details>'


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Render a table of cells in Markdown, in a scroll container."""
    lines = [_row(header), _row(["---"] * len(header)), *(_row(row) for row in rows)]
    rendered = "\n".join(lines)
    return f'<div class="table-scroll" tabindex="0" markdown="1">\n\n{rendered}\n\n</div>'


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def page(*blocks: str, hide: Sequence[str] = (), searched: bool = True) -> str:
    """Assemble a page from its blocks.

    Args:
        blocks: Markdown; empty ones are skipped.
        hide: the side columns to hide.
        searched: whether search indexes it.
    """
    lines = ["hide:", *(f"  - {part}" for part in hide)] if hide else []
    lines += [] if searched else ["search:", "  exclude: true"]
    head = "\n".join(["---", *lines, "---", "", ""]) if lines else ""
    return head + "\n\n".join(part for part in blocks if part) + "\n"
