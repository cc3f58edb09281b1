"""Two townships, a county department and a village account: who comes to see what another unit found."""

import re

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from forms_server.account import Role
from forms_server.accounts import account_store
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, OFFICE, WATER, WEST
from tests.examples import Reader, places
from tests.server.conftest import SignedIn
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file, stored

LEDGER = "/records/household-issues/"
CANARY = "金丝雀在柳林村南头"


@pytest.fixture
def found_by_water(app: Flask, signed_in: SignedIn) -> str:
    """The county unit finds an issue in the east's 柳林村, for which the east and itself are responsible."""
    issue = {**ISSUE, "content": CANARY, "responsible_unit": "东河镇、水利局", "problem_type": "income"}
    assert file(signed_in(WATER, Role.REPORTER), HOUSEHOLD, **issue).status_code == 303
    return str(stored(app)[0]["id"])


def seen(client: FlaskClient, record_id: str, query: str = "") -> bool:
    listed = f"{LEDGER}{record_id}" in client.get(f"{LEDGER}{query}").text
    if not query:
        assert listed == (client.get(f"{LEDGER}{record_id}").status_code == 200)
    return listed


def test_an_issue_is_seen_where_it_lies_and_by_whom_it_names(found_by_water: str, signed_in: SignedIn):
    accounts = {
        "filer": signed_in(WATER, Role.REPORTER),
        "township": signed_in(EAST, Role.REPORTER),
        "principal": signed_in(EAST, Role.PRINCIPAL),
        "village": signed_in(EAST, Role.REPORTER, EAST_WILLOW),
        "office": signed_in(OFFICE, Role.OFFICE),
        "department": signed_in(WATER, Role.DEPARTMENT),
        "next village": signed_in(EAST, Role.REPORTER, EAST_DAM),
        "other township": signed_in(WEST, Role.REPORTER),
    }
    saw = {name for name, client in accounts.items() if seen(client, found_by_water)}
    assert saw == set(accounts) - {"next village", "other township"}


def test_own_and_others_are_told_apart(found_by_water: str, signed_in: SignedIn):
    east, water = signed_in(EAST, Role.REPORTER), signed_in(WATER, Role.REPORTER)
    assert [seen(east, found_by_water, f"?whose={whose}") for whose in ("own", "here", "responsible")] == [
        False, True, True,
    ]  # fmt: skip
    assert [seen(water, found_by_water, f"?whose={whose}") for whose in ("own", "here", "responsible")] == [
        True, False, True,
    ]  # fmt: skip
    box = BeautifulSoup(east.get(LEDGER).text, "html.parser").select_one("#filter-whose")
    assert [option.text for option in box.select("option")] == [
        "全部来源", "本单位登记的", "在本地、别的单位登记的", "由本单位负责的",
    ]  # fmt: skip
    assert "县水利局" in text_of(east.get(LEDGER))
    assert "计入县水利局的附件2" in text_of(east.get(f"{LEDGER}{found_by_water}"))


def test_the_home_page_counts_own_and_others_apart_and_leads_to_them(
    found_by_water: str, signed_in: SignedIn
):
    east = signed_in(EAST, Role.REPORTER)
    page = BeautifulSoup(east.get("/").text, "html.parser")
    told = page.get_text(" ", strip=True)
    assert "户内问题 还没有登记" in told
    assert "户内问题 1 条是别的单位在本地登记的，还没有整改" in told
    assert "户内问题：在本地、别的单位登记的 共 1 正在整改 1" in told
    assert "户内问题：由本单位负责的 共 1 正在整改 1" in told
    links = [link["href"] for link in page.select("a.row-link") if "whose=" in link["href"]]
    assert [east.get(link).text.count("stretched-link") for link in links] == [1, 0, 0, 1, 1]
    assert "在本地的、由本单位负责的问题" not in text_of(signed_in(WEST, Role.REPORTER).get("/"))


def act(client: FlaskClient, record_id: str, move: str, version: int, **typed: str) -> TestResponse:
    return post(client, f"{LEDGER}{record_id}/{move}", **{"base-version": str(version), **typed})


RECTIFIED = {"outcome": "已修好。", "rectified_on": "2022-08-19"}


def test_who_has_the_place_reports_and_who_found_it_verifies(
    app: Flask, found_by_water: str, signed_in: SignedIn
):
    village, department = signed_in(EAST, Role.REPORTER, EAST_WILLOW), signed_in(WATER, Role.DEPARTMENT)
    assert "报告已整改" in village.get(f"{LEDGER}{found_by_water}").text
    assert f"{found_by_water}/edit" not in village.get(f"{LEDGER}{found_by_water}").text
    assert act(village, found_by_water, "report", 1, **RECTIFIED).status_code == 303
    assert act(signed_in(EAST, Role.PRINCIPAL), found_by_water, "verify", 2).status_code == 403
    assert "待销号 1 条" in text_of(department.get("/"))
    assert found_by_water in department.get("/inbox/").text
    assert act(department, found_by_water, "verify", 2).status_code == 303
    row = stored(app)[0]
    assert (row["state"], row["unit_code"], row["reporting_unit_code"]) == ("closed", WATER, EAST)


def test_who_reported_does_not_verify_and_is_told_who_does(
    app: Flask, found_by_water: str, signed_in: SignedIn
):
    department = signed_in(WATER, Role.DEPARTMENT)
    assert act(signed_in(WATER, Role.REPORTER), found_by_water, "report", 1, **RECTIFIED).status_code == 303
    assert "待销号 0 条" in text_of(department.get("/"))
    assert found_by_water not in department.get("/inbox/").text
    for move, typed in (("verify", {}), ("send-back", {"reason": "没有照片。"})):
        refused = act(department, found_by_water, move, 2, **typed)
        assert refused.status_code == 403
        assert "谁整改谁不能销号：由办公室销号或退回" in text_of(refused)
    assert act(signed_in(OFFICE, Role.OFFICE), found_by_water, "verify", 2).status_code == 303


def test_a_responsible_unit_reports_what_another_filed(app: Flask, signed_in: SignedIn):
    issue = {**ISSUE, "responsible_unit": "水利局", "problem_type": "water"}
    file(signed_in(EAST, Role.REPORTER), HOUSEHOLD, **issue)
    record_id = str(stored(app)[0]["id"])
    water, department = signed_in(WATER, Role.REPORTER), signed_in(WATER, Role.DEPARTMENT)
    assert act(signed_in(WEST, Role.REPORTER), record_id, "report", 1, **RECTIFIED).status_code == 404
    assert act(water, record_id, "report", 1, **RECTIFIED).status_code == 303
    assert "谁整改谁不能销号" in text_of(act(department, record_id, "verify", 2))
    assert "待销号 0 条" in text_of(department.get("/"))
    assert "待销号 1 条" in text_of(signed_in(OFFICE, Role.OFFICE).get("/"))


def test_counting_stays_with_the_filer(found_by_water: str, signed_in: SignedIn):
    office = text_of(signed_in(OFFICE, Role.OFFICE).get("/"))
    assert re.search(r"东河镇 0/3 — — .* 县水利局 1/3 1 0 1 ", office)


@pytest.mark.parametrize(("unit", "village"), [(WEST, None), (EAST, EAST_DAM)])
def test_no_page_of_an_account_that_may_not_see_it_holds_its_text(
    app: Flask, found_by_water: str, signed_in: SignedIn, unit: str, village: str | None
):
    role = Role.REPORTER
    client = signed_in(unit, role, village)
    services = app.extensions["huitoukan"]
    with services.engine.connect() as connection:
        account = account_store.find_by_name(connection, f"{unit}-{role.value}-{village or ''}")
        assert account is not None
        addresses = [place.address for place in places(app, Reader(services, connection, account))]
    assert len(addresses) > 20
    queries = ["", "?whose=here", "?whose=responsible", f"?words={CANARY}", f"?unit={WATER}", "?overdue=1"]
    for address in (*addresses, *(f"{LEDGER}{query}" for query in queries), f"{LEDGER}{found_by_water}"):
        text = client.get(address).get_data().decode(errors="replace")
        assert CANARY not in re.sub(r'value="[^"]*"', "", text), address
