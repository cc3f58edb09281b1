"""The handbook's stylesheet: one file for the reader's browser, cut by what it is about for whoever edits it."""

from pathlib import Path

STYLE = "assets/handbook.css"

_FOLDER = Path(__file__).parent / "css"

PALETTE = _FOLDER / "palette.css"
"""The colours and the typeface: the server's pages load this same file."""

_PARTS = (
    "theme",
    "text",
    "front",
    "items",
    "drawings",
    "calendar",
    "names",
    "tables",
    "guidance",
    "notice",
    "printed",
)
"""After the palette, each after those whose rules it overrides."""


def palette() -> str:
    """Every colour as a custom property, by light and by dark."""
    return PALETTE.read_text(encoding="utf-8")


def style() -> str:
    """All parts in order: one request instead of a dozen."""
    parts = ((_FOLDER / f"{name}.css").read_text(encoding="utf-8") for name in _PARTS)
    return "\n".join([palette(), *parts])
