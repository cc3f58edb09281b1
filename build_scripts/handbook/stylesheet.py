"""The handbook's stylesheet: parts by subject, concatenated to one file."""

from pathlib import Path

STYLE = "assets/handbook.css"

_FOLDER = Path(__file__).parent / "css"

PALETTE = _FOLDER / "palette.css"
"""The palette and typeface, shared with the server's pages."""

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
"""Parts after the palette, in cascade order."""


def palette() -> str:
    """Every colour as a custom property, by light and by dark."""
    return PALETTE.read_text(encoding="utf-8")


def style() -> str:
    """Concatenate the parts: one request instead of a dozen."""
    parts = ((_FOLDER / f"{name}.css").read_text(encoding="utf-8") for name in _PARTS)
    return "\n".join([palette(), *parts])
