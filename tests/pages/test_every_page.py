"""All pages, for every role, in a real browser: accessible, without horizontal overflow or dead links.

``HUITOUKAN_TEST_PICTURES`` names a folder for a picture of every page, on a phone and on a desk.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import APIRequestContext, Browser, BrowserContext
from werkzeug.exceptions import HTTPException

from build_scripts.handbook.site_build import handbook_of
from forms_server.access import MATRIX
from tests.examples import EXAMPLES, FILES, SEEN_ELSEWHERE, Place
from tests.handbook.axe import violations
from tests.pages.conftest import Demonstration

PEOPLE = ("reporter", "village", "principal", "department", "inspector", "office", "admin", "auditor")
LIGHT = 100_000
"""Bytes over the wire at most, with everything that the page needs, when nothing of it is kept yet.

Addresses with a query are come to from another page, so the style that all pages share is there by then.
"""

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 568}
"""The narrowest phone that is still carried."""

FACTS = """() => ({
  title: document.title.split(" - ")[0].trim(),
  headings: document.querySelectorAll("h1").length,
  wide: document.documentElement.scrollWidth - window.innerWidth,
  parts: [...new Set([...document.body.querySelectorAll("*")].map(each =>
    each.tagName + "." + each.className + "." + (each.getAttribute("role") || each.type || "")))],
  links: [...document.querySelectorAll("a[href]")].map(each => each.href),
  small: [...document.querySelectorAll("main button, main select, main summary, main input, main textarea, main a.btn, "
    + "nav.way a, .state-tabs a, .chips a, header a, header summary")]
    .filter(each => each.getClientRects().length && !each.disabled && !each.closest(".visually-hidden, .skip-link"))
    .map(each => [each, (each.labels && /radio|checkbox/.test(each.type) && each.labels[0]) || each])
    .map(([each, target]) => [each, target.getBoundingClientRect().height])
    .filter(([, height]) => height < 43.5)
    .map(([each, height]) => `${each.tagName} ${each.name || each.className || each.textContent.trim()}: ${height} px high`),
})"""
"""``small``: what a thumb would miss."""


def test_each_route_has_an_example_if_its_address_needs_one(demonstration: Demonstration) -> None:
    rules = {
        rule.endpoint: rule
        for rule in demonstration.app.url_map.iter_rules()
        if "GET" in MATRIX.get(rule.endpoint, {}) and "GET" in (rule.methods or ())
    }
    needy = {endpoint for endpoint, rule in rules.items() if rule.arguments}
    assert needy <= EXAMPLES.keys() | SEEN_ELSEWHERE.keys()
    assert EXAMPLES.keys() | SEEN_ELSEWHERE.keys() | FILES <= rules.keys()


def test_each_example_is_visible_to_some_role(demonstration: Demonstration) -> None:
    seen = {place.endpoint for name in PEOPLE for place in demonstration.places(name)}
    assert {endpoint for endpoint in MATRIX if "GET" in MATRIX[endpoint]} - seen == SEEN_ELSEWHERE.keys()


@pytest.fixture(scope="module")
def known_parts() -> set[str]:
    """What the pages that axe has looked at are made of: it looks at a page that has something new, for it is slow."""
    return set()


@pytest.mark.parametrize("name", PEOPLE)
def test_every_page(demonstration: Demonstration, browser: Browser, known_parts: set[str], name: str) -> None:
    with demonstration.signed_in(browser, name) as context:
        visitor = Visitor(context, known_parts, name)
        for place in demonstration.places(name):
            if place.is_page:
                visitor.look(place)
            else:
                visitor.fetch(place)
        visitor.follow(demonstration)
    assert not visitor.wrong, "\n".join(f"{place}: {said}" for place, said in visitor.wrong.items())


class Visitor:
    """A crawler that opens pages and collects faults."""

    def __init__(self, context: BrowserContext, known_parts: set[str], name: str) -> None:
        self._known, self._name = known_parts, name
        self._page = context.new_page()
        self._files: APIRequestContext = context.request
        self._errors: list[str] = []
        self._bytes = 0
        self._links: dict[str, str] = {}
        self.wrong: dict[str, list[str]] = {}
        self._page.on(
            "console", lambda said: self._errors.append(said.text) if said.type == "error" else None
        )
        self._page.on("pageerror", lambda error: self._errors.append(str(error)))
        wire = context.new_cdp_session(self._page)
        wire.send("Network.enable")
        self._wire = wire
        wire.on("Network.loadingFinished", self._weigh)

    def _weigh(self, event: Mapping[str, float]) -> None:
        self._bytes += int(event["encodedDataLength"])

    def look(self, place: Place) -> None:
        """Open a page at phone width, then resize to desktop width."""
        self._errors.clear()
        self._bytes = 0
        first = "?" not in place.address
        self._wire.send("Network.setCacheDisabled", {"cacheDisabled": first})
        self._page.set_viewport_size(PHONE)
        response = self._page.goto(place.address)
        assert response is not None
        facts = self._page.evaluate(FACTS)
        found = [] if response.status == 200 else [f"status {response.status}"]
        found += self._errors
        found += [] if facts["title"] else ["no title"]
        found += [] if facts["headings"] == 1 else [f"{facts['headings']} headings of level 1"]
        found += [f"{self._bytes} bytes"] if self._bytes > LIGHT else []
        found += [f"{facts['wide']} too wide at 390"] if facts["wide"] > 0 else []
        found += facts["small"]
        if not self._known.issuperset(facts["parts"]):
            self._known.update(facts["parts"])
            found += violations(self._page)
            self._page.emulate_media(color_scheme="dark")
            found += violations(self._page, "color-contrast")
            self._page.emulate_media(color_scheme="light")
        self._picture(place, "phone")
        for size in (NARROW, DESK):
            self._page.set_viewport_size(size)
            wide = self._page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            found += [f"{wide} too wide at {size['width']}"] if wide > 0 else []
        self._picture(place, "desk")
        for link in facts["links"]:
            self._links.setdefault(link, place.address)
        self._note(place.address, found)

    def fetch(self, place: Place) -> None:
        """Fetche a file."""
        response = self._files.get(place.address)
        kind = response.headers.get("content-type", "")
        broken = response.status != 200 or "html" in kind
        self._note(place.address, [f"status {response.status}, {kind}"] if broken else [])

    def follow(self, demonstration: Demonstration) -> None:
        """Follow every kind of link that the pages had, once."""
        handbook = handbook_of(demonstration.services.campaign).pages
        seen = set()
        for link, place in self._links.items():
            kind = _kind(demonstration, link)
            if kind in seen:
                continue
            seen.add(kind)
            parts = urlsplit(link)
            if kind[0] == "handbook.page":
                text = handbook.get(parts.path.removeprefix("/handbook/").replace(".html", ".md"), "")
                dead = not text or bool(parts.fragment and f"#{parts.fragment}" not in text)
            elif kind[0] in {"tel or mail", "handbook.index"}:
                dead = False
            else:
                response = self._files.get(link)
                anchor = parts.fragment and f'id="{parts.fragment}"'
                dead = response.status != 200 or bool(anchor and anchor not in response.text())
            self._note(place, [f"dead link {link}"] if dead else [])

    def _note(self, address: str, found: list[str]) -> None:
        if found:
            self.wrong.setdefault(address, []).extend(found)

    def _picture(self, place: Place, screen: str) -> None:
        folder = os.environ.get("HUITOUKAN_TEST_PICTURES")
        if folder:
            words = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[^\w-]+", "_", place.address)[:60]
            path = Path(folder) / f"{self._name}-{place.endpoint}-{words}-{screen}.png"
            self._page.screenshot(path=path, full_page=True)


def _kind(demonstration: Demonstration, link: str) -> tuple[str, ...]:
    """What leads to the same page with other records; a handbook's page is one of its own."""
    parts = urlsplit(link)
    if not link.startswith(demonstration.address):
        return "tel or mail", parts.scheme
    try:
        endpoint, values = demonstration.app.url_map.bind("").match(parts.path)
    except HTTPException:
        return "nowhere", link
    own = [parts.path, parts.fragment] if endpoint == "handbook.page" else [str(values.get("form_id", ""))]
    return endpoint, *own, str(bool(parts.fragment)), *sorted(parse_qs(parts.query))


def test_links_of_one_kind_are_told_from_others(demonstration: Demonstration) -> None:
    of = demonstration.address
    assert _kind(demonstration, f"{of}/returns/?state=late") == _kind(
        demonstration, f"{of}/returns/?state=signed"
    )
    assert _kind(demonstration, f"{of}/returns/") != _kind(demonstration, f"{of}/returns/telephone")
    assert _kind(demonstration, f"{of}/nowhere")[0] == "nowhere"
