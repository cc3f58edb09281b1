"""A return that others' moves made stale: its unit and the office are told at once, and nobody can take it in."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from forms_server.access import Role
from forms_server.accounts import account_store
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.reminders.due_reminders import reminders
from tests.builders import EAST, EAST_WILLOW, WATER, small_campaign
from tests.handbook.test_site_files import events
from tests.server.conftest import NOW
from tests.server.handing_in import UNIT, complete, sign, signed_returns
from tests.server.pages import post, text_of
from tests.server.records import page
from tests.server.test_reminders import subscribe

SignedIn = Callable[..., FlaskClient]
CHANGED = "第 1 次报送签字以后内容又有改动"


@pytest.fixture
def signed(reporter: FlaskClient, principal: FlaskClient) -> tuple[str, str]:
    """The address of the east's return, and of its issue, which was reported rectified before."""
    issue = complete(reporter)
    done = {"outcome": "已修好。", "rectified_on": "2022-08-19", "base-version": "1"}
    assert post(reporter, f"{issue}/report", **done).status_code == 303
    return str(sign(principal).location), issue


@pytest.fixture
def stale(office: FlaskClient, signed: tuple[str, str]) -> str:
    """The address of the east's return, which the office took in before it sent the issue back."""
    address, issue = signed
    post(office, f"{address}/receive", page="/password")
    sent = post(office, f"{issue}/send-back", page=issue, reason="墙缝还在。", **{"base-version": "2"})
    assert sent.status_code == 303, text_of(sent)
    return address


def badges(client: FlaskClient) -> list[str]:
    rows = page(client.get("/returns/")).select(".returns tbody tr")
    (own,) = [row for row in rows if row.th.text == "东河镇"]
    return [badge.text for badge in own.select(".state")]


def test_the_unit_is_told_on_its_home_page_whoever_looks(
    reporter: FlaskClient, principal: FlaskClient, stale: str
) -> None:
    for client in (reporter, principal):
        words = text_of(client.get("/"))
        assert CHANGED in words
        assert "其中有别的单位退回或者改动的" in words
    assert f'href="{UNIT}"' in reporter.get("/").get_data(as_text=True)


def test_the_office_is_told_on_its_home_page_and_in_the_list(office: FlaskClient, stale: str) -> None:
    assert "签字后有改动 1 个" in text_of(office.get("/"))
    assert badges(office) == ["签字后有改动", "按时"]
    assert "签字后有改动 1" in text_of(office.get("/returns/?state=stale"))
    assert "东河镇：有别的单位退回或者改动了记录" in text_of(office.get("/returns/telephone"))


def test_reminders_and_the_calendar_tell_both(
    app: Flask, reporter: FlaskClient, office: FlaskClient, stale: str
) -> None:
    for client, words in ((reporter, CHANGED), (office, "东河镇的报送签字以后内容又有改动")):
        html = page(client.get("/reminders/"))
        (link,) = [each for each in html.select("main .row-link") if words in each.text]
        assert client.get(str(link["href"])).status_code == 200
        told = events(app.test_client().get(subscribe(client)).data)
        assert any(words in event["SUMMARY"] for event in told)


def test_the_mail_of_the_day_tells_it(app: Flask, reporter: FlaskClient, stale: str) -> None:
    used = app.extensions["huitoukan"]
    with transaction(used.engine) as connection:
        account = account_store.find_by_name(connection, f"{EAST}-reporter-")
        assert account is not None
        told = reminders(connection, small_campaign(), account, NOW.date())
    assert told[0].words.startswith(CHANGED)


def test_somebody_bound_to_a_village_is_not_told(signed_in: SignedIn, stale: str) -> None:
    village = signed_in(EAST, Role.REPORTER, EAST_WILLOW)
    assert CHANGED not in text_of(village.get("/"))
    assert CHANGED not in text_of(village.get("/reminders/"))


def test_a_stale_return_is_not_taken_in(
    app: Flask, reporter: FlaskClient, office: FlaskClient, signed: tuple[str, str]
) -> None:
    address, issue = signed
    post(office, f"{issue}/send-back", page=issue, reason="墙缝还在。", **{"base-version": "2"})
    assert f'action="{address}/receive"' not in office.get(address).get_data(as_text=True)
    assert "这一次不能接收" in text_of(office.get(address))
    post(office, f"{address}/receive", page="/password")
    assert "签字以后内容又有改动，其中有别的单位退回或者改动的，不能接收" in text_of(office.get("/returns/"))
    assert signed_returns(app)[0]["state"] == "signed"


def test_the_principal_sees_the_difference_and_signs_again(
    app: Flask, principal: FlaskClient, office: FlaskClient, stale: str
) -> None:
    words = text_of(principal.get(UNIT))
    assert "已整改数： 1 → 0" in words
    assert "状态： 已整改 → 正在整改" in words
    second = str(sign(principal).location)
    assert CHANGED not in text_of(principal.get("/"))
    assert badges(office) == ["已报待接收", "按时"]
    post(office, f"{second}/receive", page="/password")
    assert [row["state"] for row in signed_returns(app)] == ["received", "received"]


def test_closing_an_issue_asks_nobody_to_sign_again(
    office: FlaskClient, reporter: FlaskClient, signed: tuple[str, str]
) -> None:
    address, issue = signed
    post(office, f"{address}/receive", page="/password")
    closed = post(office, f"{issue}/verify", page=issue, **{"base-version": "2"})
    assert closed.status_code == 303
    assert badges(office) == ["已接收", "按时"]
    assert "又有改动" not in text_of(reporter.get("/"))


def test_another_units_work_makes_nobody_elses_return_stale(
    signed_in: SignedIn, office: FlaskClient, signed: tuple[str, str]
) -> None:
    complete(signed_in(WATER, Role.REPORTER))
    assert badges(office) == ["已报待接收", "按时"]


def test_a_change_by_a_command_counts_as_anybodys(
    app: Flask, office: FlaskClient, signed: tuple[str, str]
) -> None:
    from forms_server import audit

    with transaction(app.extensions["huitoukan"].engine) as connection:
        identity = signed[1].rpartition("/")[2]
        connection.execute(update(tables.issue).values(content="屋顶漏雨。", version=3))
        audit.record(connection, NOW, None, "issue", identity, "edit", {"fields": ["content"]})
    assert badges(office) == ["签字后有改动", "按时"]
