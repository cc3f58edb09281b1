"""What adding a move takes: one row. Here a closed issue is reopened with a reason, by a row that only this test has.

Page, address, rights, draft, button, history, audit, and many at once follow from the row without further code.
"""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from checklist.model import Field, FieldType
from checklist.states import State
from forms_server.access import MATRIX, Action, Role, route_of
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.db.migrate import migrate
from forms_server.move import Move
from forms_server.returns.expected_returns import expect
from forms_server.server_settings import Config
from forms_server.state_moves import MOVES
from forms_server.web.app import create_app
from tests.builders import EAST, OFFICE, WATER, small_campaign
from tests.server.conftest import NOW
from tests.server.pages import PageChecker, post, text_of, token
from tests.server.records import HOUSEHOLD, ISSUE, file, page, stored, value_of

SignedIn = Callable[..., FlaskClient]

REASON = Field(
    id="reason",
    label="重开理由",
    type=FieldType.PARAGRAPH,
    required=True,
    max_length=20,
    help="写清哪里又出了问题。",
)
REOPEN = Move(
    id="reopen_closed",
    name="重开",
    action=Action.SEND_BACK,
    sources=(State.CLOSED,),
    target=State.RECTIFYING,
    asks={"state_reason": REASON},
    heading="重开{form}",
    submit="重开这一条",
    done="已重开{number}，填报单位要继续整改。",
    style="outline-danger",
    together=True,
)
SLUG = "reopen-closed"


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An application whose table of moves has one row more."""
    monkeypatch.setitem(MOVES, REOPEN.id, REOPEN)
    monkeypatch.setitem(MATRIX, REOPEN.endpoint, route_of(REOPEN))
    database = f"sqlite:///{tmp_path}/test.sqlite3"
    app = create_app(
        Config(checklist=tmp_path, home=tmp_path, database=database, demo=True, now=NOW), small_campaign()
    )
    app.testing = True
    app.test_client_class = PageChecker
    engine = app.extensions["huitoukan"].engine
    migrate(engine)
    with transaction(engine) as connection:
        expect(connection, small_campaign(), NOW)
    return app


@pytest.fixture
def department(signed_in: SignedIn) -> FlaskClient:
    return signed_in(WATER, Role.DEPARTMENT)


@pytest.fixture
def closed(reporter: FlaskClient, department: FlaskClient) -> str:
    """The address of a closed issue."""
    address = str(file(reporter, HOUSEHOLD, str(UUID(int=1)), **ISSUE).location)
    post(
        reporter, f"{address}/report", outcome="已修好。", rectified_on="2022-08-19", **{"base-version": "1"}
    )
    post(department, f"{address}/verify", page="/password", **{"base-version": "2"})
    return address


def reopen(client: FlaskClient, address: str, reason: str = "又漏雨了。", version: str = "3"):
    return post(client, f"{address}/{SLUG}", page="/password", reason=reason, **{"base-version": version})


def test_its_button_leads_to_its_page_and_its_page_asks_for_the_reason(department: FlaskClient, closed: str):
    [button] = page(department.get(closed)).select(f'.actions a[href$="/{SLUG}"]')
    assert (button.text, button["href"]) == ("重开", f"{closed}/{SLUG}")
    html = page(department.get(button["href"]))
    assert html.h1.text == "重开户内问题"
    assert [field["id"] for field in html.select("form textarea")] == ["reason"]
    assert html.select_one(".actions button").text == "重开这一条"


def test_it_is_made_once_and_told_audited_and_written_into_the_history(
    app: Flask, department: FlaskClient, closed: str
):
    for _ in range(2):
        assert reopen(department, closed).status_code == 303
    words = text_of(department.get(closed))
    assert "已重开，填报单位要继续整改。" in words
    assert "又漏雨了。" in words
    assert "正在整改" in words
    row = stored(app)[0]
    assert (row["state"], row["state_reason"], row["version"]) == ("rectifying", "又漏雨了。", 4)
    assert [item.strong.text for item in page(department.get(closed)).select(".history li")] == [
        "登记", "报告已整改", "销号", "重开",
    ]  # fmt: skip
    with app.extensions["huitoukan"].engine.connect() as connection:
        audit = tables.audit.c
        query = select(audit.action, audit.change).where(
            audit.subject_id == str(UUID(int=1)), audit.action != "read"
        )
        *_, last = connection.execute(query.order_by(audit.id))
    assert tuple(last) == ("reopen_closed", {"from": "closed", "to": "rectifying"})


@pytest.mark.parametrize(
    ("reason", "version", "status"), [(" ", "3", 422), ("长" * 21, "3", 422), ("又漏雨了。", "2", 409)]
)
def test_what_is_wrong_keeps_what_was_typed(
    app: Flask, department: FlaskClient, closed: str, reason: str, version: str, status: int
):
    answer = reopen(department, closed, reason, version)
    assert answer.status_code == status
    assert value_of(page(answer), "reason") == reason
    assert stored(app)[0]["state"] == "closed"


def test_only_those_who_have_its_right_may(signed_in: SignedIn, reporter: FlaskClient, closed: str):
    for client in (reporter, signed_in(EAST, Role.DEPARTMENT), signed_in(OFFICE, Role.INSPECTOR)):
        assert client.get(f"{closed}/{SLUG}").status_code == 403
        assert reopen(client, closed).status_code == 403
    assert reopen(signed_in(OFFICE, Role.OFFICE), closed).status_code == 303


def test_only_where_the_state_allows_it(department: FlaskClient, reporter: FlaskClient):
    address = str(file(reporter, HOUSEHOLD, **ISSUE).location)
    assert department.get(f"{address}/{SLUG}").status_code == 409
    answer = reopen(department, address, version="1")
    assert answer.status_code == 409
    assert "不能重开" in text_of(answer)


def test_its_draft_is_kept_offered_and_gone_once_it_is_made(app: Flask, department: FlaskClient, closed: str):
    html = page(department.get(f"{closed}/{SLUG}"))
    where = html.select_one("form[data-draft]")["data-draft"]
    headers = {"X-CSRF-Token": token(department, "/password")}
    assert department.post(where, json={"reason": "又漏"}, headers=headers).status_code == 200
    [offer] = page(department.get(f"{closed}/{SLUG}")).select(".draft-offer a")
    assert value_of(page(department.get(offer["href"])), "reason") == "又漏"
    reopen(department, closed)
    with app.extensions["huitoukan"].engine.connect() as connection:
        assert connection.execute(select(tables.draft)).all() == []


def test_it_is_made_of_many_at_once(app: Flask, department: FlaskClient, closed: str):
    ledger = closed.rsplit("/", 1)[0]
    buttons = page(department.get(f"{ledger}/")).select(".together-bar button")
    assert "重开" in [button.text for button in buttons]
    answer = post(
        department, f"{ledger}/together/{REOPEN.id}", page="/password",
        pick=[f"{UUID(int=1)}.3"], reason="又漏雨了。",
    )  # fmt: skip
    assert answer.status_code == 303
    assert "已重开 1 条，填报单位要继续整改。" in text_of(department.get(f"{ledger}/"))
    assert stored(app)[0]["state"] == "rectifying"
