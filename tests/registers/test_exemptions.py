"""Exemptions of doubts: asked for with reasons, agreed to by a second person, lapsed when what the rule read changes."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from checklist.model import Campaign
from forms_server.account import Role
from forms_server.db.tables import audit
from tests.builders import EAST, EAST_WILLOW, OFFICE, WATER, WEST
from tests.ruled_registers import campaign_with_rules
from tests.server.conftest import application, client_of, signed_in
from tests.server.pages import post

__all__ = ["signed_in"]

DOUBT = "当月没有发电。"
WORDS = "电站大修，当月停机，已看过检修单。"
PERIOD = "2022-08"

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with application(tmp_path, campaign_with_reasons()) as app:
        yield app


def campaign_with_reasons(**changed: Any) -> Campaign:
    """The registers with rules, whose stations have a reason to choose."""
    campaign = campaign_with_rules()
    station, income = campaign.registers
    income = income.model_copy(update={"exemption_reasons": ("停机检修", "其他"), **changed})
    return campaign.model_copy(update={"registers": (station, income)})


@pytest.fixture
def east(app: Flask, signed_in: SignIn) -> FlaskClient:
    """Who keeps the rows: a station, and a month without energy."""
    client = signed_in(EAST, Role.REPORTER)
    file(client, "station", meter="甲1", capacity="60")
    return client


@pytest.fixture
def water(app: Flask, signed_in: SignIn) -> FlaskClient:
    """The owner of the registers."""
    return signed_in(WATER, Role.REPORTER)


def file(client: FlaskClient, register: str, **fields: str) -> str:
    given = {"record-id": str(uuid4()), "village": EAST_WILLOW} | fields
    answer = post(client, f"/registers/{register}/new", "/registers/", **given)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def no_energy(client: FlaskClient, **other: str) -> str:
    values = {"station": "甲1", "period": PERIOD, "energy": "0", "fee": "0", "subsidy": ""}
    return file(client, "income", **(values | other))


def edit(client: FlaskClient, row: str, **fields: str) -> None:
    page = BeautifulSoup(client.get(f"{row}edit").get_data(as_text=True), "html.parser")
    base = str(page.select_one("[name=base-version]")["value"])
    values = {"village": EAST_WILLOW, "station": "甲1", "energy": "0", "fee": "0", "subsidy": ""} | fields
    answer = post(client, f"{row}edit", row, **{"base-version": base, **values})
    assert answer.status_code == 303, answer.get_data(as_text=True)


def ask(client: FlaskClient, row: str, **other: str) -> str:
    """Ask for an exemption; return its page."""
    given = {"record-id": str(uuid4()), "reason": "停机检修", "words": WORDS, "months": "12"} | other
    answer = post(client, f"{row}exempt/no-energy", row, **given)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def decide(
    client: FlaskClient, page: str, *, agrees: bool = True, words: str = "", version: str = "1"
) -> str:
    """Decide; return what the page says then."""
    given = {"base-version": version, "agrees": "yes" if agrees else "no", "words": words}
    return said(client, post(client, f"{page}/decide", page, **given))


def said(client: FlaskClient, answer: Any) -> str:
    assert answer.status_code == 303
    return text(client, answer.headers["Location"])


def text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser").get_text(" ", strip=True)


def doubts(client: FlaskClient) -> str:
    return text(client, f"/registers/income/doubts?period={PERIOD}")


def test_a_doubt_is_exempted_by_a_second_person_and_counted_apart(
    east: FlaskClient, water: FlaskClient
) -> None:
    row = no_energy(east)
    page = ask(east, row)
    assert f"疑点 {DOUBT} 1 行" in doubts(east)
    assert "待批准" in doubts(east)
    seen = text(water, page)
    assert (WORDS in seen, "停机检修" in seen, "上网电量" in seen) == (True, True, True)
    assert "已批准豁免" in decide(water, page)
    told = doubts(east)
    assert "没有发现问题。另有 1 条疑点已经豁免" in told
    assert f"{DOUBT} 1 行" in told.partition("已豁免的疑点")[2]
    shown = text(east, row)
    assert ("核对发现" in shown, "已豁免的疑点" in shown, WORDS in shown) == (False, True, True)
    roll_up = text(east, f"/registers/income/totals?period={PERIOD}")
    assert "疑点 已豁免" in roll_up
    assert roll_up.endswith("0 1") or " 0 1 " in roll_up.partition("按地方")[2]


def test_whoever_asked_does_not_approve_and_others_have_no_say(
    app: Flask, signed_in: SignIn, water: FlaskClient, east: FlaskClient
) -> None:
    page = ask(water, no_energy(east))
    assert "自己申请的要由另一个人批准" in text(water, page)
    assert "不能批准自己申请的豁免" in decide(water, page)
    assert "由对这本台账负责的单位批准" in decide(east, page)
    west = signed_in(WEST, Role.REPORTER)
    assert west.get(page).status_code == 404
    assert (
        post(west, f"{page}/decide", "/registers/", **{"base-version": "1", "agrees": "yes"}).status_code
        == 404
    )
    assert f"疑点 {DOUBT} 1 行" in doubts(east)
    office = signed_in(OFFICE, Role.OFFICE)
    assert "已批准豁免" in decide(office, page)


def test_reasons_are_asked_for_and_no_number_of_a_person_is_kept(east: FlaskClient) -> None:
    row = no_energy(east)
    for wrong, sentence in (
        ({"reason": "别的"}, "请选一条理由"),
        ({"words": "好"}, "至少四个字"),
        ({"words": "本人电话13900001111，已核实"}, "个人号码"),
        ({"months": "99"}, "请选豁免多久"),
    ):
        given = {"record-id": str(uuid4()), "reason": "停机检修", "words": WORDS, "months": "12"} | wrong
        answer = post(east, f"{row}exempt/no-energy", row, **given)
        assert (answer.status_code, sentence in answer.get_data(as_text=True)) == (422, True)
    assert "还没有人申请豁免" in text(east, "/registers/income/exemptions")
    assert east.get(f"{row}exempt/differs").status_code == 404  # an error is mended, never exempted


def test_a_refusal_says_why_and_leaves_the_doubt(east: FlaskClient, water: FlaskClient) -> None:
    row = no_energy(east)
    page = ask(east, row)
    assert "不同意要写明为什么" in decide(water, page, agrees=False)
    assert "已答复不同意" in decide(water, page, agrees=False, words="没有检修单。")
    assert f"疑点 {DOUBT} 1 行" in doubts(east)
    assert "没有检修单。" in text(east, page)
    again = ask(east, row)
    assert again != page
    assert "不同意" in text(east, row).partition("豁免的经过")[2]


def test_an_exemption_lapses_with_what_the_rule_read_and_with_nothing_else(
    east: FlaskClient, water: FlaskClient
) -> None:
    row = no_energy(east)
    decide(water, ask(east, row))
    edit(east, row, fee="100")
    assert "没有发现问题" in doubts(east)
    edit(east, row, energy="1")
    edit(east, row, energy="0.00")  # a zero of other digits is the same number
    assert "没有发现问题" in doubts(east)


def test_a_lapsed_one_shows_the_doubt_again_with_who_and_when(tmp_path: Path) -> None:
    campaign = campaign_with_reasons(checks=(low_hours(),))
    with application(tmp_path, campaign) as other:
        east, water = client_of(other, EAST, Role.REPORTER), client_of(other, WATER, Role.REPORTER)
        station = file(east, "station", meter="甲1", capacity="60")
        row = no_energy(east, energy="600")
        page = ask(east, row)
        decide(water, page)
        assert "没有发现问题" in doubts(east)
        base = {"base-version": "1", "village": EAST_WILLOW, "meter": "甲1", "capacity": "61"}
        assert post(water, f"{station}edit", station, **base).status_code == 303
        told = doubts(east)
        assert "豁免已失效：数据改动（发电户号的装机容量；" in told
        assert "疑点 发电偏低。 1 行" in told


def low_hours() -> Any:
    from checklist.model import RegisterCheck

    return RegisterCheck(id="no-energy", level="doubt", when="hours < 40", say="发电偏低。")


def test_what_changed_meanwhile_is_not_approved(app: Flask, east: FlaskClient, water: FlaskClient) -> None:
    row = no_energy(east)
    page = ask(east, row)
    edit(east, row, energy="5")
    assert "没有批准：申请以后数据改动（上网电量；" in decide(water, page)
    with app.extensions["huitoukan"].engine.connect() as connection:
        actions = select(audit.c.action).where(audit.c.subject == "exemption")
        assert connection.scalars(actions).all() == ["ask"]


def test_the_second_of_two_who_decide_is_told_what_the_first_did(
    signed_in: SignIn, east: FlaskClient, water: FlaskClient
) -> None:
    page = ask(east, no_energy(east))
    office = signed_in(OFFICE, Role.OFFICE)
    decide(office, page)
    assert "已经办过，现在是“已豁免”" in decide(water, page, agrees=False, words="不同意。")
    assert "已撤回，仍是疑点" in said(water, post(water, f"{page}/withdraw", page, **{"base-version": "2"}))
    assert f"疑点 {DOUBT} 1 行" in doubts(east)


def test_a_row_that_is_carried_over_keeps_the_exemption_of_its_values(
    east: FlaskClient, water: FlaskClient
) -> None:
    decide(water, ask(east, no_energy(east, period="2022-07")))
    answer = post(east, "/registers/income/open", "/registers/income/", period=PERIOD)
    assert answer.status_code == 303
    assert "另有 1 条疑点已经豁免" in doubts(east)


def test_exports_tell_exempted_doubts_apart(tmp_path: Path, east: FlaskClient, water: FlaskClient) -> None:
    page = ask(east, no_energy(east))
    assert cells(east, f"/registers/income/export.xlsx?period={PERIOD}", "核对")[-1].startswith(f"{DOUBT}（")
    decide(water, page)
    told = cells(east, f"/registers/income/export.xlsx?period={PERIOD}", "核对")[-1]
    assert "已豁免到" in told
    assert WORDS in told
    assert cells(water, "/registers/income/exemptions.xlsx", "情况") == ["已豁免"]


def test_the_roll_up_s_workbook_counts_exempted_doubts_apart(east: FlaskClient, water: FlaskClient) -> None:
    decide(water, ask(east, no_energy(east)))
    address = f"/registers/income/totals.xlsx?period={PERIOD}"
    assert (cells(east, address, "疑点")[0], cells(east, address, "已豁免")[0]) == ("0", "1")


def cells(client: FlaskClient, address: str, head: str) -> list[str]:
    """The cells below a header."""
    from io import BytesIO

    answer = client.get(address)
    assert answer.status_code == 200
    sheet = load_workbook(BytesIO(answer.data)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    first, column = next((i, row.index(head)) for i, row in enumerate(rows) if head in row)
    return [str(row[column]) for row in rows[first + 1 :] if row[column] is not None]
