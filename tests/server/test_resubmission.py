"""Input survives an expired session, and retries are idempotent."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update
from werkzeug.test import TestResponse

from forms_server.access import Role
from forms_server.clock import Clock
from forms_server.db import tables
from forms_server.db.engine import transaction
from tests.builders import EAST, OFFICE
from tests.server.conftest import NOW, PASSWORD
from tests.server.pages import post, text_of
from tests.server.records import FAMILY, GENERAL, HOUSEHOLD, ISSUE, PROPOSED, file, page, stored

SignedIn = Callable[..., FlaskClient]
NAME = f"{EAST}-reporter-"
GENERAL_ISSUE = {name: ISSUE[name] for name in ("problem_type", "content", "responsible_person", "deadline")}
FORMS = {
    HOUSEHOLD: ("issue", ISSUE),
    GENERAL: ("issue", {**GENERAL_ISSUE, "level": "township"}),
    PROPOSED: ("proposed_household", FAMILY),
}


def expire(app: Flask) -> None:
    """End all sessions, as time does."""
    with transaction(app.extensions["huitoukan"].engine) as connection:
        connection.execute(delete(tables.session))


def send_as_it_stands(client: FlaskClient, response: TestResponse, **typed: str) -> TestResponse:
    """Send the form of a page with all that it holds."""
    form = BeautifulSoup(response.get_data(as_text=True), "html.parser").select_one("main form[method=post]")
    assert form is not None
    fields = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    return client.post(form["action"], data={**fields, **typed})


class TestExpiredSession:
    def test_what_the_office_typed_outlives_half_an_hour(
        self, app: Flask, reporter: FlaskClient, office: FlaskClient
    ):
        record = file(reporter, HOUSEHOLD, **ISSUE).location
        with transaction(app.extensions["huitoukan"].engine) as connection:
            connection.execute(update(tables.issue).values(state="rectified"))
        form = page(office.get(f"{record}/send-back")).select_one("main form[method=post]")
        typed = {each["name"]: each.get("value", "") for each in form.select("[name]")}
        object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW + timedelta(minutes=31)))
        expired = office.post(f"{record}/send-back", data={**typed, "reason": "门窗还没有换"})
        assert expired.status_code == 401
        ready = send_as_it_stands(office, expired, name=f"{OFFICE}-office-", password=PASSWORD)
        assert send_as_it_stands(office, ready).status_code == 303
        assert [row["state_reason"] for row in stored(app)] == ["门窗还没有换"]

    @pytest.mark.parametrize("address", FORMS)
    def test_a_new_record_is_filed_after_signing_in(self, app: Flask, reporter: FlaskClient, address: str):
        table, typed = FORMS[address]
        record_id = str(uuid4())
        html = page(reporter.get(address))
        token = html.find(attrs={"name": "csrf_token"})["value"]
        expire(app)
        sent = {**typed, "record-id": record_id, "csrf_token": token}
        expired = reporter.post(f"{address}?item=house-safe", data=sent)
        assert expired.status_code == 401
        assert "登录已过期" in text_of(expired)
        assert record_id not in text_of(expired)
        wrong = send_as_it_stands(reporter, expired, name=NAME, password="nonsense-nonsense")
        assert wrong.status_code == 422
        assert "账号或密码不对" in text_of(wrong)
        empty = send_as_it_stands(reporter, wrong, name="", password="")
        assert empty.status_code == 422
        ready = send_as_it_stands(reporter, empty, name=NAME, password=PASSWORD)
        assert (ready.status_code, stored(app, table)) == (200, [])
        filed = send_as_it_stands(reporter, ready)
        assert filed.status_code == 303
        assert send_as_it_stands(reporter, ready).location == filed.location
        [row] = stored(app, table)
        assert (row["id"], row.get("item_id", "house-safe")) == (
            record_id, "house-safe" if typed["problem_type"] == "housing" else row.get("item_id", "house-safe"),
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("move", "typed", "state"),
        [
            ("edit", {**ISSUE, "content": "第一行\n第二行"}, "rectifying"),
            ("report", {"outcome": "已修好。", "rectified_on": "2022-08-19"}, "rectified"),
            ("withdraw", {"reason": "重复登记"}, "withdrawn"),
        ],
    )
    def test_a_change_is_made_after_signing_in(
        self, app: Flask, reporter: FlaskClient, move: str, typed: dict[str, str], state: str
    ):
        record = str(file(reporter, HOUSEHOLD, **ISSUE).location)
        expire(app)
        expired = reporter.post(f"{record}/{move}", data={**typed, "base-version": "1", "csrf_token": "old"})
        assert expired.status_code == 401
        ready = send_as_it_stands(reporter, expired, name=NAME, password=PASSWORD)
        assert send_as_it_stands(reporter, ready).location == record
        [row] = stored(app)
        assert (row["state"], row["version"]) == (state, 2)
        assert row["content"] == typed.get("content", ISSUE["content"])

    def test_another_account_that_signs_in_is_named_before_the_retry(
        self, app: Flask, reporter: FlaskClient, signed_in: SignedIn
    ):
        signed_in("999001002", Role.REPORTER)
        expire(app)
        expired = reporter.post(HOUSEHOLD, data={**ISSUE, "record-id": str(uuid4())})
        ready = send_as_it_stands(reporter, expired, name="999001002-reporter-", password=PASSWORD)
        assert "以 999001002-reporter- 的身份登录了" in text_of(ready)
        assert stored(app) == []

    def test_it_leads_nowhere_else(self, app: Flask, client: FlaskClient):
        expired = client.post("/zero/", data={"ticked": "income"})
        ready = send_as_it_stands(client, expired, name="x", password="y", next="https://evil.example/")
        form = page(ready).select_one("main form")
        assert form["action"] == "/sign-in"
        assert page(ready).find(attrs={"name": "next"})["value"] == "https://evil.example/"

    def test_a_stranger_cannot_have_it_sent_elsewhere(self, app: Flask, reporter: FlaskClient):
        expire(app)
        expired = reporter.post("/zero/", data={"ticked": "income"})
        ready = send_as_it_stands(
            reporter, expired, name=NAME, password=PASSWORD, next="https://evil.example/"
        )
        assert page(ready).select_one("main form")["action"] == "/"

    def test_passwords_do_not_wait(self, app: Flask, reporter: FlaskClient):
        expire(app)
        expired = reporter.post("/password", data={"current_password": "my-secret-pass"})
        assert "my-secret-pass" not in expired.text


class TestSentAgain:
    @pytest.mark.parametrize("address", FORMS)
    def test_a_double_click_is_one_record(self, app: Flask, reporter: FlaskClient, address: str):
        table, typed = FORMS[address]
        record_id = str(uuid4())
        answers = [file(reporter, address, record_id, **typed) for _ in range(3)]
        assert {answer.status_code for answer in answers} == {303}
        assert len({answer.location for answer in answers}) == 1
        assert len(stored(app, table)) == 1

    @pytest.mark.parametrize("address", FORMS)
    def test_back_and_other_words_is_no_second_record_unasked(
        self, app: Flask, reporter: FlaskClient, address: str
    ):
        table, typed = FORMS[address]
        record_id = str(uuid4())
        file(reporter, address, record_id, **typed)
        long = "content" if "content" in typed else "reason"
        answer = file(reporter, address, record_id, **{**typed, long: "改过的内容。"})
        assert answer.status_code == 409
        assert "已经登记过" in text_of(answer)
        assert len(stored(app, table)) == 1

    def test_a_page_of_yesterday_is_sent_again_with_one_tap(self, app: Flask, reporter: FlaskClient):
        record_id = str(uuid4())
        stale = reporter.post(HOUSEHOLD, data={**ISSUE, "record-id": record_id, "csrf_token": "yesterday"})
        assert stale.status_code == 400
        assert send_as_it_stands(reporter, stale).status_code == 303
        assert [row["id"] for row in stored(app)] == [record_id]

    @pytest.mark.parametrize(
        ("move", "typed"),
        [
            ("edit", {**ISSUE, "content": "屋顶漏雨。"}),
            ("report", {"outcome": "已修好。", "rectified_on": "2022-08-19"}),
            ("withdraw", {"reason": "重复登记"}),
        ],
    )
    def test_a_change_sent_three_times_is_one(
        self, app: Flask, reporter: FlaskClient, move: str, typed: dict[str, str]
    ):
        record = str(file(reporter, HOUSEHOLD, **ISSUE).location)
        for _ in range(3):
            answer = post(reporter, f"{record}/{move}", page="/password", **typed, **{"base-version": "1"})
            assert (answer.status_code, answer.location) == (303, record)
        assert stored(app)[0]["version"] == 2
