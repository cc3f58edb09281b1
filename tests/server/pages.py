"""Invariants of every page: valid HTML, one title, unique ids, labelled fields."""

from collections import Counter
from typing import Any

import html5lib
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PASSWORD = "qiu-shou-2022-ok"
"""Of every account of these tests."""


class PageChecker(FlaskClient):
    """A client that looks at every page that it fetches, and sends the page's own token along with a form."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Fetche as usual, then checks the page."""
        kwargs.setdefault("buffered", True)  # so that files are closed once they are read
        response = super().open(*args, **kwargs)
        packed = response.headers.get("Content-Encoding")
        if response.mimetype == "text/html" and not packed and response.status_code not in range(300, 400):
            check_page(response.get_data(as_text=True))
        return response


def check_page(html: str) -> None:
    """Assert what every page owes its readers."""
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    assert not parser.errors, parser.errors
    page = BeautifulSoup(html, "html.parser")
    assert page.html is not None
    assert page.html["lang"] == "zh-CN"
    assert len(page.select("head title")) == 1  # a drawing has one of its own
    assert len(page.find_all("h1")) == 1
    assert page.title is not None
    assert page.title.text.strip(" -")
    ids = Counter(element["id"] for element in page.find_all(id=True))
    assert not {name for name, times in ids.items() if times > 1}
    _check_labels(page)
    assert not page.find_all(style=True)
    assert not page.find_all("style")
    assert not page.find_all("script", src=False)


def _check_labels(page: BeautifulSoup) -> None:
    """Every field that one types into has words of its own for those who can't see where it stands."""
    labelled = {label["for"] for label in page.find_all("label", attrs={"for": True})}
    for field in page.find_all(["input", "select", "textarea"]):
        if field.get("type") in {"hidden", "submit"} or field.find_parent("label"):
            continue
        assert field.get("aria-label") or field.get("id") in labelled or _named_elsewhere(page, field), field


def _named_elsewhere(page: BeautifulSoup, field: Tag) -> bool:
    """Whether the words that name it stand in other places of the page."""
    names = str(field.get("aria-labelledby", "")).split()
    words = [page.find(id=name) for name in names]
    return bool(words) and all(each and each.get_text(strip=True) for each in words)


def token(client: FlaskClient, page: str = "/sign-in") -> str:
    """The token that a page's forms carry."""
    html = BeautifulSoup(client.get(page).get_data(as_text=True), "html.parser")
    field = html.find("input", attrs={"name": "csrf_token"})
    assert field is not None
    return str(field["value"])


def post(client: FlaskClient, address: str, /, page: str | None = None, **fields: Any) -> TestResponse:
    """Send a form as a browser does, with the token of the page that it stands in."""
    return client.post(address, data={"csrf_token": token(client, page or address), **fields})


def sign_in(client: FlaskClient, name: str, password: str, **fields: Any) -> TestResponse:
    """Sign in through the form."""
    return post(client, "/sign-in", name=name, password=password, **fields)


def text_of(response: TestResponse) -> str:
    """The words of a page."""
    return BeautifulSoup(response.get_data(as_text=True), "html.parser").get_text(" ", strip=True)
