"""转办、协办、取回 over HTTP: buttons, pages, sight and words at each step."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from forms_server.account import Role
from tests.builders import EAST, OFFICE, WATER, WEST
from tests.server.conftest import SignedIn
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file, page, stored

LEDGER = "/records/household-issues/"


@pytest.fixture
def issue(app: Flask, signed_in: SignedIn) -> str:
    """An issue of the east for which it named itself."""
    file(signed_in(EAST, Role.REPORTER), HOUSEHOLD, **{**ISSUE, "responsible_unit": "东河镇"})
    return str(stored(app)[0]["id"])


def act(client: FlaskClient, record_id: str, move: str, version: int, **typed: str) -> TestResponse:
    return post(
        client, f"{LEDGER}{record_id}/{move}", page="/password", **{"base-version": str(version), **typed}
    )


def buttons(client: FlaskClient, record_id: str) -> set[str]:
    shown = page(client.get(f"{LEDGER}{record_id}"))
    return {each.text for each in shown.select(".actions .btn")} & {"转办", "退回转办", "请协办", "取回"}


def test_a_transfer_is_refused_once_and_then_done(app: Flask, issue: str, signed_in: SignedIn):
    reporter, water = signed_in(EAST, Role.REPORTER), signed_in(WATER, Role.REPORTER)
    assert buttons(reporter, issue) == {"转办", "请协办"}
    assert water.get(f"{LEDGER}{issue}").status_code == 404
    assert act(reporter, issue, "transfer", 1, handed_to="村委会", reason="归他们。").status_code == 422
    assert (
        act(reporter, issue, "transfer", 1, handed_to="水利局", reason="供水归水利局管。").status_code == 303
    )
    assert "没有能登录的账号" not in text_of(reporter.get(f"{LEDGER}{issue}"))
    for client, shown in ((water, True), (reporter, False), (signed_in(OFFICE, Role.OFFICE), True)):
        assert (issue in client.get(f"{LEDGER}?transferred=1").text) is shown
    assert buttons(water, issue) == {"退回转办"}
    task = page(water.get("/")).find("a", string=re.compile("1 条是转来的"))
    assert issue in water.get(str(task["href"])).text
    assert "1 条是转来的" in text_of(water.get("/reminders/"))
    assert "供水归水利局管。" in text_of(water.get(f"{LEDGER}{issue}"))
    assert "转给县水利局" in text_of(reporter.get(LEDGER))
    answer = act(water, issue, "turn-back", 2, answer="这是户内水管，不归我局。")
    assert (answer.status_code, answer.location) == (303, LEDGER)
    assert "已退回转办" in text_of(water.get(LEDGER))
    again = act(water, issue, "turn-back", 2, answer="这是户内水管，不归我局。")
    assert (again.status_code, again.location) == (303, LEDGER)
    assert act(water, issue, "turn-back", 2, answer="另一个理由。").status_code == 404
    assert (
        act(
            signed_in(WEST, Role.REPORTER), issue, "turn-back", 2, answer="这是户内水管，不归我局。"
        ).status_code
        == 404
    )
    assert "转来的" not in text_of(water.get("/"))
    assert issue not in signed_in(OFFICE, Role.OFFICE).get(f"{LEDGER}?transferred=1").text
    assert water.get(f"{LEDGER}{issue}").status_code == 404
    told = text_of(reporter.get(f"{LEDGER}{issue}"))
    assert "县水利局退回了转办" in told
    assert "这是户内水管，不归我局。" in told
    office = signed_in(OFFICE, Role.OFFICE)
    assert (
        act(office, issue, "transfer", 3, handed_to="县水利局", reason="经核定归水利局。").status_code == 303
    )
    assert buttons(water, issue) == set()
    assert act(water, issue, "turn-back", 4, answer="还是不归。").status_code == 403
    assert act(water, issue, "report", 4, outcome="已接水。", rectified_on="2022-08-15").status_code == 303
    history = [each.text for each in page(office.get(f"{LEDGER}{issue}")).select(".history strong")]
    assert history[-5:] == ["登记", "转办", "退回转办", "转办", "报告已整改"]


def test_a_unit_without_an_account_is_warned_about(issue: str, signed_in: SignedIn):
    reporter = signed_in(EAST, Role.REPORTER)
    act(reporter, issue, "transfer", 1, handed_to="水利局", reason="供水归水利局管。")
    assert "县水利局还没有能登录的账号，收不到提醒" in text_of(reporter.get(f"{LEDGER}{issue}"))


def test_who_assists_sees_it_and_the_lead_stays(app: Flask, issue: str, signed_in: SignedIn):
    reporter, west = signed_in(EAST, Role.PRINCIPAL), signed_in(WEST, Role.REPORTER)
    assert act(reporter, issue, "assist", 1, handed_to="西岭镇", reason="请一起清理河道。").status_code == 303
    assert stored(app)[0]["responsible_unit"] == "东河镇、西岭镇"
    assert "请西岭镇协办：请一起清理河道。" in text_of(west.get(f"{LEDGER}{issue}")).replace(" ", "")
    assert buttons(west, issue) == set()


def test_the_office_takes_back_what_was_withdrawn(app: Flask, issue: str, signed_in: SignedIn):
    reporter, office = signed_in(EAST, Role.REPORTER), signed_in(OFFICE, Role.OFFICE)
    act(reporter, issue, "withdraw", 1, reason="登记有误。")
    assert (buttons(reporter, issue), buttons(office, issue)) == (set(), {"取回"})
    assert act(reporter, issue, "restore", 2, reason="没有误。").status_code == 403
    assert act(office, issue, "restore-household", 2, reason="没有误。").status_code == 409
    assert act(office, issue, "restore", 2, reason="核实过，问题属实。").status_code == 303
    assert (stored(app)[0]["state"], stored(app)[0]["state_reason"]) == ("rectifying", "核实过，问题属实。")
    assert "取回" in text_of(reporter.get(f"{LEDGER}{issue}"))
