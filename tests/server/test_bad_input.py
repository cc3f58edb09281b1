"""What bad input gets, on both databases: a sentence beside the field, everything typed kept, nothing stored."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forms_server.access import Role
from forms_server.db.migrate import migrate
from forms_server.records.keyset_paging import PAGE_SIZE
from forms_server.server_settings import Config
from forms_server.web.app import create_app
from tests.builders import EAST, OFFICE, WATER, small_campaign
from tests.server.conftest import NOW
from tests.server.pages import PageChecker, token
from tests.server.records import FAMILY, GENERAL, HOUSEHOLD, ISSUE, PROPOSED, file, page, stored, value_of

GENERAL_ISSUE = {name: ISSUE[name] for name in ("problem_type", "content", "responsible_person", "deadline")}
NEW = {
    HOUSEHOLD: (ISSUE, "content"),
    GENERAL: ({**GENERAL_ISSUE, "level": "county"}, "content"),
    PROPOSED: (FAMILY, "reason"),
}
CHANGES = {
    "edit": (ISSUE, "content"),
    "report": ({"outcome": "已修好。", "rectified_on": "2022-08-19"}, "outcome"),
    "withdraw": ({"reason": "重复登记"}, "reason"),
}
HIDDEN = {
    "NUL": "漏\x00雨",
    "lone surrogate": "漏\ud800雨",
    "lost in decoding": "漏\ufffd雨",
    "blank letter": "漏\u2800雨",
    "control": "漏\x1b雨",
    "no character": "漏\uffff雨",
    "too long": "长" * 600,
}


@pytest.fixture
def app(tmp_path: Path, database: str) -> Iterator[Flask]:
    """The application over each of the two databases."""
    config = Config(checklist=tmp_path, home=tmp_path, database=database, demo=True, now=NOW)
    app = create_app(config, small_campaign())
    app.testing = True
    app.test_client_class = PageChecker
    migrate(app.extensions["huitoukan"].engine)
    yield app
    app.extensions["huitoukan"].engine.dispose()


def send_raw(client: FlaskClient, address: str, fields: dict[str, str]):
    """Send a form whose bytes need be no UTF-8."""
    from urllib.parse import quote_plus

    pairs = {"csrf_token": token(client, "/password"), **fields}
    body = "&".join(
        f"{name}={quote_plus(text.encode('utf-8', 'surrogatepass'))}" for name, text in pairs.items()
    )
    return client.post(address, data=body, content_type="application/x-www-form-urlencoded")


def assert_refused(answer, field: str, fields: dict[str, str]) -> None:
    html = page(answer)
    assert answer.status_code == 422
    assert html.find(id=field)["aria-invalid"] == "true"
    assert html.find(id=f"error-{field}").text.strip()
    kept = {
        name: value_of(html, name) for name in fields if name != field and html.find(attrs={"name": name})
    }
    assert kept == {name: fields[name] for name in kept}


@pytest.mark.parametrize("address", NEW)
def test_a_new_record(app: Flask, reporter: FlaskClient, address: str):
    typed, field = NEW[address]
    for words in HIDDEN.values():
        fields = {**typed, field: words, "record-id": str(uuid4())}
        assert_refused(send_raw(reporter, address, fields), field, fields)
    assert stored(app) == stored(app, "proposed_household") == []


@pytest.mark.parametrize("move", CHANGES)
def test_a_change(app: Flask, reporter: FlaskClient, move: str):
    record = str(file(reporter, HOUSEHOLD, **ISSUE).location)
    before = stored(app)
    typed, field = CHANGES[move]
    for words in HIDDEN.values():
        fields = {**typed, field: words, "base-version": "1"}
        assert_refused(send_raw(reporter, f"{record}/{move}", fields), field, fields)
    assert stored(app) == before


@pytest.mark.parametrize("address", NEW)
def test_more_than_any_form_holds_is_413(app: Flask, reporter: FlaskClient, address: str):
    typed, field = NEW[address]
    answer = file(reporter, address, **{**typed, field: "长" * 500_000})
    assert answer.status_code == 413
    assert stored(app) == stored(app, "proposed_household") == []


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data", "nonsense", ""])
def test_another_type_of_content_is_no_form(app: Flask, reporter: FlaskClient, kind: str):
    answer = reporter.post(HOUSEHOLD, data=b"{\x00}", content_type=kind)
    assert answer.status_code == 400
    assert stored(app) == []


def test_full_width_figures_and_odd_spaces_are_understood(app: Flask, reporter: FlaskClient):
    typed = {**ISSUE, "people": "１２", "deadline": "２０２２．８．２５", "householder": "\u3000张某某 "}
    assert file(reporter, HOUSEHOLD, **typed).status_code == 303
    [row] = stored(app)
    assert (row["people"], str(row["deadline"]), row["householder"]) == (12, "2022-08-25", "张某某")


@pytest.mark.parametrize(
    "address",
    [
        "/roster/choose/household-issues?name=%00",
        "/visits/household-issues/?name=%00",
        "/records/household-issues/new?draft=%00",
        "/records/household-issues/?words=%00",
    ],
)
def test_an_address_that_nobody_types(signed_in, address: str):
    for unit, role in ((EAST, Role.REPORTER), (OFFICE, Role.OFFICE)):
        assert signed_in(unit, role).get(address).status_code in {400, 403}


def test_more_than_an_inbox_shows_is_not_judged_at_once(signed_in):
    department = signed_in(WATER, Role.DEPARTMENT)
    picks = [f"household-issues:{uuid4()}.1" for _ in range(PAGE_SIZE + 1)]
    for number, status in ((PAGE_SIZE, 200), (PAGE_SIZE + 1, 400)):
        sent = {"csrf_token": token(department, "/password"), "move": "verify", "pick": picks[:number]}
        assert department.post("/inbox/", data=sent).status_code == status
