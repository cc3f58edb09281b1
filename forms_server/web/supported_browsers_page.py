"""能用哪些浏览器: which browsers run the pages, and what each can do without network."""

from flask import Blueprint, render_template

blueprint = Blueprint("browsers", __name__)

OLDEST_CHROMIUM, OLDEST_FIREFOX, OLDEST_SAFARI = 87, 102, 15
"""Oldest versions whose features scripts and stylesheets may need (``tests/tooling/browser_features.py``)."""


@blueprint.get("/browsers")
def index() -> str:
    """Show the browsers, and how to leave the old kernel of those that have two."""
    return render_template(
        "browsers.html", chromium=OLDEST_CHROMIUM, firefox=OLDEST_FIREFOX, safari=OLDEST_SAFARI
    )
