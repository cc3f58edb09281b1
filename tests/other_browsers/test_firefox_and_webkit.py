"""What is typed arrives once in Firefox and WebKit, too: over a line that breaks, a lost session, a closed page."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from forms_server.db import tables
from forms_server.web.cookies import SESSION
from tests.builders import EAST_WILLOW
from tests.other_browsers.drivers import NAMES, Driver, browser, installed
from tests.outbox.conftest import AWAY, BAD_GATEWAY, STORED_UNTOLD, Line, campaign, line
from tests.outbox.test_breaks import KEPT
from tests.outbox.typed_forms import ISSUE, content

__all__ = ["campaign", "line"]

_FIELDS = {
    "village": EAST_WILLOW,
    "household_type": "yiban",
    "problem_type": "housing",
    "measures": "请人鉴定。",
    "responsible_person": "王某某",
    "responsible_unit": "河长办",
    "deadline": "8月底前",
    "people": "4",
}
_TYPE = """
const field = [...document.querySelectorAll(`form[data-send] [name="${name}"]`)].find(each => each.type !== "hidden")
field.focus()
if (field.tagName === "SELECT") {
  field.value = value
  field.dispatchEvent(new Event("input", {bubbles: true}))
  field.dispatchEvent(new Event("change", {bubbles: true}))
} else {
  field.select()
  document.execCommand("insertText", false, value)
}
return field.value
"""
_PHOTOGRAPH = """
const canvas = document.createElement("canvas")
canvas.width = 64; canvas.height = 48
const pen = canvas.getContext("2d")
pen.fillStyle = `rgb(${number * 5 % 256}, 90, 90)`
pen.fillRect(0, 0, 64, 48)
const data = await new Promise(done => canvas.toBlob(done, "image/jpeg"))
const files = new DataTransfer()
files.items.add(new File([data], "照片.jpg", {type: "image/jpeg"}))
const field = document.querySelector("form[data-send] input[name=photos]")
field.files = files.files
field.dispatchEvent(new Event("change", {bubbles: true}))
return field.files.length
"""
_SUBMIT = "document.querySelector('form[data-send] button[type=submit], form[data-send] button:not([type])').click()"
_TOLD = "return document.querySelector('.sending-box:not([hidden])')?.innerText"
_ARRIVED = r"return /\/records\/[a-z-]+\/[0-9a-f-]{36}$/.test(location.pathname) && document.readyState === 'complete'"
_GO_ON = """
const button = [...document.querySelectorAll("button")].find(each => each.innerText === "接着填")
button?.click()
return Boolean(button)
"""
_ALL_SENT = "return typeof outbox === 'object' && !(await outbox.unsent()).length"


@pytest.fixture(scope="module", params=NAMES)
def page(
    request: pytest.FixtureRequest, line: Line, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Driver]:
    """A browser that is signed in."""
    if not installed(request.param):
        pytest.skip(
            f"no {request.param} here; make otherbrowsers installs it where the system's packages have it"
        )
    profile: Path = tmp_path_factory.mktemp(request.param)
    with browser(request.param, profile) as driver:
        sign_in(driver, line)
        yield driver


def sign_in(page: Driver, line: Line) -> None:
    """Give the browser a session."""
    page.cookie(line.address, SESSION, line.token("填报人"))


def type_into(page: Driver, name: str, value: str) -> None:
    """Type or choose a value, as a person does: the page hears of it."""
    said = page.run(f"const name = {json.dumps(name)}, value = {json.dumps(value)}; {_TYPE}")
    assert said == value


def fill_in(page: Driver, line: Line, number: int) -> None:
    """A whole form with a photograph."""
    page.open(line.address + ISSUE)
    page.until("return Boolean(document.querySelector('form[data-send]'))")
    for name, value in {**_FIELDS, "householder": f"户主{number}", "content": content(number)}.items():
        type_into(page, name, value)
    assert page.run(f"const number = {number}; {_PHOTOGRAPH}") == 1


def stored(line: Line) -> dict[str, int]:
    """How many photographs each stored issue has, by its content; fails where one is stored twice."""
    issue, photo = tables.issue, tables.photo
    with line.app.extensions["huitoukan"].engine.connect() as connection:
        rows = connection.execute(select(issue.c.id, issue.c.content)).all()
        of = connection.execute(select(photo.c.issue_id)).scalars().all()
    assert len({row.content for row in rows}) == len(rows)
    return {row.content: of.count(row.id) for row in rows}


@pytest.mark.parametrize("fault", ["", BAD_GATEWAY, STORED_UNTOLD])
def test_a_form_arrives_once_whatever_the_line_does(page: Driver, line: Line, fault: str) -> None:
    number = len(stored(line)) + 1
    fill_in(page, line, number)
    line.fault = fault
    page.run(_SUBMIT)
    if fault:
        assert page.until(_TOLD)
        line.fault = ""
        page.open(line.address)
        page.until(_ALL_SENT)
    else:
        page.until(_ARRIVED)
    assert stored(line)[content(number)] == 1


def test_a_lost_session_loses_no_word(page: Driver, line: Line) -> None:
    number = len(stored(line)) + 1
    fill_in(page, line, number)
    line.end_sessions("填报人")
    page.run(_SUBMIT)
    assert page.until(_TOLD)
    assert content(number) not in stored(line)
    sign_in(page, line)
    page.open(line.address)
    page.until(_ALL_SENT)
    assert stored(line)[content(number)] == 1


def test_a_page_that_was_left_is_gone_on_with(page: Driver, line: Line) -> None:
    number = len(stored(line)) + 1
    fill_in(page, line, number)
    page.until("return document.querySelector('form[data-send]').kept.safe")
    page.open("about:blank")
    page.open(line.address + ISSUE)
    page.until(_GO_ON)
    words = json.dumps(content(number))
    page.until(f"return document.querySelector('[name=content]').value === {words}")
    page.run(_SUBMIT)
    page.until(_ARRIVED)
    assert stored(line)[content(number)] == 1


def test_a_blank_form_opens_while_nothing_reaches_the_server(page: Driver, line: Line) -> None:
    page.open(line.address)
    if not page.run("return 'serviceWorker' in navigator"):
        pytest.skip("this build of the browser has no service workers; the page that is open sends by itself")
    page.until(f"return await ({KEPT})()")
    number = len(stored(line)) + 1
    line.fault = AWAY
    try:
        fill_in(page, line, number)
        page.run(_SUBMIT)
        assert page.until(_TOLD)
    finally:
        line.fault = ""
    assert content(number) not in stored(line)
    page.open(line.address)
    page.until(_ALL_SENT)
    assert stored(line)[content(number)] == 1
