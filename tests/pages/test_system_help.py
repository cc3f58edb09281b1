"""The handbook's pages on the server quote what stands on its pages.

``make pictures`` sets ``HUITOUKAN_HANDBOOK_PICTURES`` and takes their pictures anew, from the demonstration.
"""

import io
import os
from collections.abc import Iterator
from itertools import groupby

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from build_scripts.handbook.system_pages import WIDTH, HelpPart, topics
from build_scripts.settings import PROJECT
from checklist.loading.loader import PICTURES
from tests.pages.conftest import Demonstration

FOLDER = PROJECT / "checklist" / "2022-huitoukan" / PICTURES
"""Of the shipped campaign: they show its units and forms."""
TAKING = bool(os.environ.get("HUITOUKAN_HANDBOOK_PICTURES"))
TALLEST, COLOURS = 640, 24
MOST_BYTES = 20_000
"""Of one picture."""

PARTS = sorted((part for topic in topics() for part in topic.parts), key=lambda part: part.picture.who)


def opened(demonstration: Demonstration, browser: Browser) -> Iterator[tuple[HelpPart, Page]]:
    """Each part with its page."""
    for who, parts in groupby(PARTS, key=lambda part: part.picture.who):
        if not who:
            context = browser.new_context(
                viewport={"width": WIDTH, "height": TALLEST}, base_url=demonstration.address
            )
            page = context.new_page()
            page.goto("/sign-in")
            yield from ((part, page) for part in parts)
            context.close()
            continue
        addresses = {place.endpoint: place.address for place in reversed(demonstration.places(who))}
        with demonstration.signed_in(browser, who, WIDTH) as context:
            page = context.new_page()
            for part in parts:
                page.goto(addresses[part.picture.page])
                yield part, page


def test_what_the_handbook_quotes_stands_on_the_page(demonstration: Demonstration, browser: Browser) -> None:
    """A page that is renamed, or loses a button or a field that is quoted, fails here."""
    missing = []
    for part, page in opened(demonstration, browser):
        if TAKING:
            take(part, page)
        if part.picture.shows and page.locator("h1").inner_text() != part.picture.shows:
            missing.append(f"{part.picture.page}: {page.locator('h1').inner_text()}")
        words = page.locator("body").text_content() or ""  # also what scripts show when there is something
        missing += [f"{part.picture.page}: 【{label}】" for label in part.labels if label not in words]
    assert missing == []


def take(part: HelpPart, page: Page) -> None:
    """Take a page's picture: a phone's screen below the menu, in few colours, lossless."""
    page.evaluate("document.fonts.ready")
    top = page.evaluate("document.querySelector('main').getBoundingClientRect().top + scrollY")
    height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight") - top)
    clip = {"x": 0, "y": top, "width": WIDTH, "height": height}
    shown = Image.open(io.BytesIO(page.screenshot(full_page=True, clip=clip)))  # type: ignore[arg-type]
    few = shown.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).convert("RGB")
    FOLDER.mkdir(exist_ok=True)
    few.save(FOLDER / part.picture.file, lossless=True, quality=100, method=6)


def test_each_picture_is_there_used_and_small() -> None:
    sizes = {path.name: path.stat().st_size for path in FOLDER.iterdir()}
    assert set(sizes) == {part.picture.file for part in PARTS}
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.id)
def test_each_topic_quotes_something(topic: object) -> None:
    assert any(part.labels for part in topic.parts)  # type: ignore[attr-defined]
