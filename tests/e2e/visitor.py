"""A browser stand-in over HTTP: follows links, fills in and submits forms."""

from typing import Any
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup, Tag

from tests.e2e.server import ONE_USE

Fields = dict[str, str | list[str]]
PASSWORD = "麦收-2022-之前"


class Visitor:
    """An HTTP client with cookies and a current page."""

    def __init__(self, address: str) -> None:
        self._session = requests.Session()
        self._address = address
        self.page = BeautifulSoup("", "html.parser")
        self.status = 0

    def open(self, path: str) -> "Visitor":
        """Go to an address of the server."""
        return self._show(self._session.get(urljoin(self._address, path), timeout=30))

    def submit(self, action_ends: str = "", **typed: str | list[str]) -> "Visitor":
        """Fill in and submit the page's form; ``action_ends`` selects it."""
        form = self._form(action_ends)
        fields = _filled(form)
        unknown = set(typed) - set(fields)
        assert not unknown, f"the form has no {unknown}, only {set(fields)}"
        target = urljoin(self._address, str(form.get("action") or self._path))
        return self._show(self._session.post(target, data={**fields, **typed}, timeout=30))

    def sign_in(self, name: str, password: str = PASSWORD) -> "Visitor":
        """Sign in with a password of one's own; ``first_sign_in`` comes before."""
        return self.open("/sign-in").submit("/sign-in", name=name, password=password)

    def first_sign_in(self, name: str) -> "Visitor":
        """Sign in with the one-use password and choose another."""
        self.sign_in(name, ONE_USE)
        return self.submit(
            "/password",
            display_name=name,
            current_password=ONE_USE,
            new_password=PASSWORD,
            again_password=PASSWORD,
        )

    @property
    def text(self) -> str:
        """The words of the page."""
        return self.page.get_text(" ", strip=True)

    @property
    def path(self) -> str:
        """Where this is."""
        return self._path

    def _form(self, action_ends: str) -> Tag:
        forms = [form for form in self.page.select("main form") if form.get("method") == "post"]
        fitting = [form for form in forms if str(form.get("action") or self._path).endswith(action_ends)]
        assert fitting, f"no such form on {self._path}: {self.text[:400]}"
        return fitting[0]

    def _show(self, response: requests.Response) -> "Visitor":
        self.status = response.status_code
        self.page = BeautifulSoup(response.text, "html.parser")
        self._path = response.url.removeprefix(self._address)
        return self


def _filled(form: Tag) -> Fields:
    """What the form would send as it stands; a box that is not ticked is there with nothing in it."""
    fields: Fields = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(field["name"]), field.get("type")
        if kind == "checkbox" or isinstance(fields.get(name), list):
            held: Any = fields.get(name, [])
            ticked = [str(field["value"])] if field.has_attr("checked") else []
            fields[name] = [*(held if isinstance(held, list) else [held]), *ticked]
        elif field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            fields[name] = str(chosen["value"]) if chosen else ""
        elif field.name == "textarea":
            fields[name] = field.text
        elif name in fields:
            fields[name] = [
                *([fields[name]] if isinstance(fields[name], str) else fields[name]),
                str(field["value"]),
            ]
        else:
            fields[name] = str(field.get("value", ""))
    return fields
