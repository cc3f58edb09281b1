"""SVG primitives of the handbook's diagrams.

A drawing is as wide as a phone and its words are 14 units high, so that it is read without zooming; its colours are
the page's own, by CSS, so that it follows dark mode and prints.
"""

import html
from collections.abc import Iterable
from typing import Literal

WIDTH = 360
"""Units across: those of a phone's screen."""


def drawing(name: str, height: int, words: str, description: str, shapes: Iterable[str]) -> str:
    """Render a drawing as a block of raw HTML, without an empty line.

    Args:
        name: prefix of its ids; unique on the page.
        height: in units.
        words: its title, for screen readers.
        description: its alternative text.
        shapes: what is drawn, from back to front.
    """
    drawn = "\n".join(shapes)
    return (
        f'<figure class="diagram">\n<svg viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc">\n'
        f'<title id="{name}-title">{html.escape(words)}</title>\n'
        f'<desc id="{name}-desc">{html.escape(description)}</desc>\n'
        f"{_arrow_head(name)}\n{drawn}\n</svg>\n</figure>"
    )


def _arrow_head(name: str) -> str:
    return (
        f'<defs><marker id="{name}-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>'
    )


def box(left: float, top: float, width: float, height: float, words: str, css_class: str = "box") -> str:
    """Draw a box with centred text."""
    return (
        f'<rect class="{css_class}" x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" rx="4"/>\n'
        f"{text(left + width / 2, top + height / 2 + 5, words)}"
    )


def text(x: float, y: float, words: str, anchor: Literal["start", "middle", "end"] = "middle") -> str:
    """Draw a line of text on its baseline."""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{html.escape(words)}</text>'


def arrow(name: str, *points: tuple[float, float]) -> str:
    """Draw a polyline with an arrowhead at its end; ``name`` is the drawing's."""
    path = " ".join(f"{x:g} {y:g}" for x, y in points)
    return f'<path class="arrow" d="M{path}" marker-end="url(#{name}-arrow)"/>'


def number(x: float, y: float, value: int) -> str:
    """Draw a number in a circle."""
    return f'<circle class="number" cx="{x:g}" cy="{y:g}" r="9"/>\n{text(x, y + 5, str(value))}'
