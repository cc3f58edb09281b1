"""The rules of a register where people meet them: on the form of a row, and on its page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from checklist.model import Register, RegisterCheck
from forms_server.account import Role
from forms_server.db.tables import import_batch, register_row
from forms_server.registers import row_sorting
from tests.builders import EAST, EAST_WILLOW, WEST
from tests.registers.test_register_workbooks import cells, confirmed, exported, sent
from tests.ruled_registers import campaign_with_rules, station_register
from tests.server.conftest import application, client_of, signed_in
from tests.server.pages import post

__all__ = ["signed_in"]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with application(tmp_path, campaign_with_rules()) as app:
        yield app


@pytest.fixture
def client(app: Flask, signed_in: Any) -> FlaskClient:
    made: FlaskClient = signed_in(EAST, Role.REPORTER)
    answer = file(made, "station", meter="甲1", capacity="60")
    assert answer.status_code == 303, problems(answer)
    return made


def file(client: FlaskClient, register: str, **fields: str) -> TestResponse:
    given = {"record-id": str(uuid4()), "village": EAST_WILLOW} | fields
    return post(client, f"/registers/{register}/new", "/registers/", **given)


def income(client: FlaskClient, **other: str) -> TestResponse:
    values = {"station": "甲1", "period": "2022-08", "energy": "5400", "fee": "2100.35", "subsidy": "1000"}
    return file(client, "income", **(values | other))


def problems(answer: TestResponse) -> str:
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    return " ".join(each.get_text(" ", strip=True) for each in page.select("[role=alert], .invalid-feedback"))


def stored(app: Flask) -> dict[str, object]:
    with app.extensions["huitoukan"].engine.connect() as connection:
        query = select(register_row.c.extra).where(register_row.c.register_id == "income")
        return connection.execute(query).scalars().one()


def test_computed_fields_are_computed_and_stored_never_typed(app: Flask, client: FlaskClient) -> None:
    answer = income(client, total="1", hours="999")
    assert answer.status_code == 303, problems(answer)
    extra = stored(app)
    assert (extra["total"], extra["hours"]) == (310035, 90)
    shown = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "3100.35" in shown.replace(",", "")
    assert "核对发现" not in shown


def test_a_field_is_required_where_its_condition_holds(client: FlaskClient) -> None:
    assert "“拨付日期”没有填写" in problems(income(client, passed_on="3100.35"))
    assert income(client, passed_on="3100.35", passed_day="2022-08-20").status_code == 303


def test_what_is_missing_is_told_along_with_what_the_judge_refuses(client: FlaskClient) -> None:
    said = problems(income(client, passed_on="3100.35", fee="许多"))
    assert "“上网电费”填的“许多”不是一个数" in said
    assert "“拨付日期”没有填写" in said
    assert "拨付到村与结算不符" not in said


def test_an_error_of_one_fen_refuses_the_row(app: Flask, client: FlaskClient) -> None:
    answer = income(client, passed_on="3100.34", passed_day="2022-08-20")
    assert answer.status_code == 422
    assert "拨付到村与结算不符" in problems(answer)


def test_a_doubt_is_shown_and_stops_nothing(app: Flask, client: FlaskClient) -> None:
    answer = income(client, energy="0")
    assert answer.status_code == 303
    address = answer.headers["Location"]
    shown = client.get(address).get_data(as_text=True)
    assert "核对发现" in shown
    assert shown.count("当月没有发电。") >= 2  # in the message after saving, and on the page for good
    assert client.get(address).get_data(as_text=True).count("当月没有发电。") == 1


def test_an_edit_computes_anew(app: Flask, client: FlaskClient) -> None:
    address = income(client).headers["Location"]
    edit = f"{address}edit"
    page = BeautifulSoup(client.get(edit).get_data(as_text=True), "html.parser")
    base = page.select_one("[name=base-version]")["value"]
    values = {"village": EAST_WILLOW, "station": "甲1", "energy": "6000", "fee": "2100.36", "subsidy": ""}
    answer = post(client, edit, edit, **{"base-version": base, **values})
    assert answer.status_code == 303, problems(answer)
    assert (stored(app)["total"], stored(app)["hours"]) == (210036, 100)


def test_what_is_computed_from_another_row_follows_it(app: Flask, client: FlaskClient) -> None:
    """Hours are energy by the station's capacity: a corrected capacity does not leave them as they were."""
    income(client)
    listed = BeautifulSoup(client.get("/registers/station/").get_data(as_text=True), "html.parser")
    edit = listed.select_one("table.ledger tbody a")["href"] + "edit"
    values = {"village": EAST_WILLOW, "meter": "甲1", "capacity": "30", "base-version": "1"}
    assert post(client, edit, edit, **values).status_code == 303
    assert (stored(app)["hours"], stored(app)["total"]) == (180, 310035)
    again = {**values, "meter": "甲2", "capacity": "54", "renames": "yes", "base-version": "2"}
    assert post(client, edit, edit, **again).status_code == 303
    assert stored(app)["hours"] == 100


def test_an_undone_correction_is_undone_in_what_was_computed_from_it(app: Flask, client: FlaskClient) -> None:
    income(client)
    book = exported(client, "/registers/station/export.xlsx")
    book.worksheets[0].cell(3, cells(book)["装机容量（千瓦）"]).value = 30
    assert confirmed(client, sent(client, book, "station")).status_code == 303
    assert stored(app)["hours"] == 180
    with app.extensions["huitoukan"].engine.connect() as connection:
        batch = connection.execute(select(import_batch.c.id)).scalar_one()
    undo = f"/imports/{batch}/undo"
    assert post(client, undo, undo).status_code == 303
    assert stored(app)["hours"] == 90


@pytest.fixture
def feeding(tmp_path: Path) -> Iterator[Flask]:
    """Two stations, the second of which names the first one twice."""
    station = station_register().model_dump(exclude_unset=True)
    station["refers"] = {"feeds": "station", "spare": "station"}
    station["fields"] += (
        {"id": "feeds", "label": "接入", "type": "text", "max_length": 20},
        {"id": "spare", "label": "备用接入", "type": "text", "max_length": 20},
        {"id": "share", "label": "占比", "type": "computed", "result": "decimal",
         "formula": "round(capacity / (feeds.capacity + spare.capacity), 2)"},
    )  # fmt: skip
    registers = (Register.model_validate(station),)
    with application(tmp_path, campaign_with_rules().model_copy(update={"registers": registers})) as app:
        client = client_of(app, EAST, Role.REPORTER)
        assert file(client, "station", meter="甲1", capacity="60").status_code == 303
        named = {"feeds": "甲1", "spare": "甲1"}
        assert file(client, "station", meter="甲2", capacity="30", **named).status_code == 303
        yield app


def stations(app: Flask) -> list[dict[str, object]]:
    query = select(register_row).order_by(register_row.c.number)
    with app.extensions["huitoukan"].engine.connect() as connection:
        return [{**row.extra, **row.texts} for row in connection.execute(query)]


def test_a_workbook_changes_a_row_and_the_one_that_is_computed_from_it(feeding: Flask) -> None:
    client = client_of(feeding, EAST, Role.REPORTER)
    book = exported(client, "/registers/station/export.xlsx")
    for line, capacity in ((3, 20), (4, 10)):
        book.worksheets[0].cell(line, cells(book)["装机容量（千瓦）"]).value = capacity
    assert confirmed(client, sent(client, book, "station")).status_code == 303
    assert [(each["capacity"], each.get("share")) for each in stations(feeding)] == [(20, None), (10, 0.25)]


def test_a_row_that_names_another_twice_follows_its_new_name_in_both(feeding: Flask) -> None:
    client = client_of(feeding, EAST, Role.REPORTER)
    query = select(register_row.c.id).order_by(register_row.c.number).limit(1)
    with feeding.extensions["huitoukan"].engine.connect() as connection:
        edit = f"/registers/station/{connection.execute(query).scalar_one()}/edit"
    values = {"village": EAST_WILLOW, "meter": "甲9", "capacity": "60", "renames": "yes", "base-version": "1"}
    assert post(client, edit, edit, **values).status_code == 303
    first, second = stations(feeding)
    assert (first["meter"], second["feeds"], second["spare"]) == ("甲9", "甲9", "甲9")


def test_what_the_checks_find_is_listed_by_check_until_it_is_mended(app: Flask, client: FlaskClient) -> None:
    address = income(client, energy="0").headers["Location"]
    page = BeautifulSoup(
        client.get("/registers/income/doubts?period=2022-08").get_data(as_text=True), "html.parser"
    )
    assert [title.get_text(" ", strip=True) for title in page.select("h2")] == ["疑点 当月没有发电。 1 行"]
    assert page.select_one(".rows a")["href"] == address
    values = {"village": EAST_WILLOW, "station": "甲1", "energy": "1", "fee": "1", "subsidy": ""}
    assert post(client, f"{address}edit", address, **{"base-version": "1", **values}).status_code == 303
    assert "没有发现问题" in client.get("/registers/income/doubts?period=2022-08").get_data(as_text=True)
    assert "没有发现问题" in client.get("/registers/income/doubts?period=2022-07").get_data(as_text=True)
    assert "没有发现问题" in client.get("/registers/station/doubts").get_data(as_text=True)


def test_more_rows_than_one_look_judges_are_judged_place_by_place(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    income(client, energy="0")
    monkeypatch.setattr(row_sorting, "MOST_SORTED", 0)
    address = "/registers/income/doubts?period=2022-08"
    page = BeautifulSoup(client.get(address).get_data(as_text=True), "html.parser")
    assert "请选一个乡镇" in page.get_text()
    assert "没有发现问题" not in page.get_text()
    of_places = {link["href"] for link in page.select(".alert a")}
    assert f"{address}&township={EAST}" in of_places
    monkeypatch.undo()
    for place, found in ((EAST, "1 行"), (WEST, "没有发现问题")):
        assert found in client.get(f"{address}&township={place}").get_data(as_text=True)


def test_the_rules_see_what_the_system_fills_in(tmp_path: Path) -> None:
    campaign = campaign_with_rules()
    station, income = campaign.registers
    capacity = station.field("capacity").model_copy(update={"required": False})
    check = RegisterCheck(id="large", level="error", when="capacity > 50", say="装机容量大于五十。")
    filled_in = {
        "fields": (*income.fields, capacity),
        "checks": (check,),
        "prefill": {"capacity": "register:station.capacity"},
    }
    income = income.model_copy(update=filled_in)
    with application(tmp_path, campaign.model_copy(update={"registers": (station, income)})) as app:
        client = client_of(app, EAST, Role.REPORTER)
        for meter, size in (("甲1", "60"), ("乙1", "40")):
            assert file(client, "station", meter=meter, capacity=size).status_code == 303
        refused = file(client, "income", station="甲1", period="2022-08", energy="1", fee="1")
        assert "装机容量大于五十" in problems(refused)
        stored_one = file(client, "income", station="乙1", period="2022-08", energy="1", fee="1")
        assert stored_one.status_code == 303, problems(stored_one)
        assert float(str(stored(app)["capacity"])) == 40
