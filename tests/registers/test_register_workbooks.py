"""A register as a workbook: out, changed, in again with a preview, and undone."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from forms_server.account import Role
from forms_server.db.tables import import_batch
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, WATER, WEST
from tests.registers.test_register_pages import IDENTITY, asset, file, page, stored, worker
from tests.server.conftest import application, signed_in
from tests.server.pages import post, token
from tests.small_registers import campaign_with_registers

__all__ = ["signed_in"]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with application(tmp_path, campaign_with_registers()) as app:
        yield app


def sent(client: FlaskClient, book: Workbook, register: str = "asset", **fields: str) -> BeautifulSoup:
    """The preview of an uploaded workbook."""
    data = BytesIO()
    book.save(data)
    form = {
        "csrf_token": token(client, "/registers/"),
        "file": (BytesIO(data.getvalue()), "台账.xlsx"),
        **fields,
    }
    return page(client.post(f"/registers/{register}/check", data=form))


def confirmed(client: FlaskClient, preview: BeautifulSoup, **answers: str):
    form = preview.select_one("form.confirm")
    fields = {each["name"]: each.get("value", "") for each in form.select("input[type=hidden]")} | answers
    return client.post(form["action"], data=fields)


def answered(client: FlaskClient, preview: BeautifulSoup):
    """Import a table of another period, which is asked about first."""
    (choice,) = preview.select("[name^=answer-question-period]")
    again = page(confirmed(client, preview, **{choice["name"]: choice["value"]}))
    return confirmed(client, again)


def exported(client: FlaskClient, address: str = "/registers/asset/export.xlsx") -> Workbook:
    return load_workbook(BytesIO(client.get(address).data))


def cells(book: Workbook) -> dict[str, int]:
    """Header to column of the visible sheet, whose header is its second row."""
    return {cell.value: cell.column for cell in book.worksheets[0][2] if cell.value}


def test_a_workbook_goes_out_is_changed_comes_in_and_is_undone(app, signed_in):
    client = signed_in(EAST, Role.REPORTER)
    for number in (1, 2):
        file(client, "asset", **asset(number))
    book = exported(client)
    sheet, columns = book.worksheets[0], cells(book)
    assert str(sheet["A1"].value).endswith("资产登记台账")
    sheet.cell(3, columns["资产原值（元）"]).value = 999
    for name, value in {
        "村": "柳林村",
        "资产编号": "2020-9",
        "资产名称": "冷库",
        "资产类别": "经营性",
        "资产原值（元）": 5000,
    }.items():
        sheet.cell(5, columns[name]).value = value
    preview = sent(client, book)
    assert [item.text for item in preview.select(".tally strong")] == ["1", "1", "1", "0"]
    assert confirmed(client, preview).status_code == 303
    rows = stored(app)
    assert [(row["number"], row["extra"]["value"]) for row in rows] == [(1, 999), (2, 480000), (3, 5000)]
    assert (rows[2]["texts"]["name"], rows[2]["village_code"], rows[2]["township_code"]) == (
        "冷库",
        EAST_WILLOW,
        EAST,
    )
    again = sent(client, exported(client))
    assert "与系统里的完全一致" in again.text
    with app.extensions["huitoukan"].engine.connect() as connection:
        batch = connection.execute(select(import_batch.c.id)).scalar_one()
    assert post(client, f"/imports/{batch}/undo", f"/imports/{batch}/undo").status_code == 303
    assert [(row["number"], row["extra"]["value"]) for row in stored(app)] == [(1, 480000), (2, 480000)]


def test_an_import_is_not_undone_where_another_row_has_the_code_of_before(app, signed_in):
    client = signed_in(EAST, Role.REPORTER)
    file(client, "asset", **asset(1))
    code = stored(app)[0]["texts"]["code"]
    book = exported(client)
    book.worksheets[0].cell(3, cells(book)["资产编号"]).value = "2020-9"
    assert confirmed(client, sent(client, book)).status_code == 303
    assert file(client, "asset", **asset(1)).status_code == 303
    with app.extensions["huitoukan"].engine.connect() as connection:
        batch = connection.execute(select(import_batch.c.id)).scalar_one()
    answer = post(client, f"/imports/{batch}/undo", f"/imports/{batch}/undo")
    assert "现在另有一行" in answer.get_data(as_text=True)
    assert [row["texts"]["code"] for row in stored(app)] == ["2020-9", code]


def test_a_table_of_ones_own_is_recognised_by_its_headers(app, signed_in):
    client, book = signed_in(EAST, Role.REPORTER), Workbook()
    book.active.append(["村", "名 称", "资产编号", "资产名称", "资产类别", "原值"])
    book.active.append(["河坝村", "x", "1", "泵站", "公益性资产", "1200"])
    preview = sent(client, book)
    assert preview.select(".tally strong")[0].text == "1"
    assert confirmed(client, preview).status_code == 303
    assert [(row["texts"]["name"], row["village_code"]) for row in stored(app)] == [("泵站", EAST_DAM)]


def test_nothing_of_a_faulty_workbook_is_stored(app, signed_in):
    east, west = signed_in(EAST, Role.REPORTER), signed_in(WEST, Role.REPORTER)
    file(west, "asset", **asset(7, village=""))
    book = Workbook()
    book.active.append(["村", "资产编号", "资产名称", "资产类别", "资产原值（元）"])
    good = ["柳林村", "1", "大棚", "经营性资产", 1]
    for other in ([None, "1"], [None, "2019-7"], [2, f"棚{IDENTITY}"], [4, "很多"]):
        book.active.append(good)
        row = list(good)
        if other[0] is None:
            row[1] = other[1]
        else:
            row[1], row[other[0]] = f"9{other[0]}", other[1]
        book.active.append(row)
    preview = sent(east, book)
    told = preview.text
    assert "没有导入任何一行" in told
    assert "说的是同一个" in told
    assert "已经由" in told
    assert IDENTITY not in told
    assert len(stored(app)) == 1


def test_a_row_changed_since_its_export_is_merged_cell_by_cell(app, signed_in):
    """What only the system changed stays and is told; what only the workbook changed is taken."""
    client = signed_in(EAST, Role.REPORTER)
    address = file(client, "asset", **asset(1)).headers["Location"]
    book = exported(client)
    post(client, f"{address}edit", **asset(1, value="7"), **{"base-version": "1"})
    book.worksheets[0].cell(3, cells(book)["资产名称"]).value = "改了名"
    preview = sent(client, book)
    assert "480000" in preview.text  # both sides are shown
    assert confirmed(client, preview).status_code == 303
    (row,) = stored(app)
    assert (row["texts"]["name"], row["extra"]["value"]) == ("改了名", 7)


@pytest.mark.parametrize(("answer", "value"), [("kept", 7), ("taken", 9)])
def test_a_cell_that_both_sides_changed_is_asked_about(app, signed_in, answer, value):
    client = signed_in(EAST, Role.REPORTER)
    address = file(client, "asset", **asset(1)).headers["Location"]
    book = exported(client)
    post(client, f"{address}edit", **asset(1, value="7"), **{"base-version": "1"})
    book.worksheets[0].cell(3, cells(book)["资产原值（元）"]).value = 9
    preview = sent(client, book)
    (name,) = {each["name"] for each in preview.select("form input[type=radio]")}
    response = confirmed(client, preview, **{name: answer})
    if answer == "taken":  # what an answer comes to is shown before it is stored
        assert "改成" in page(response).text
        assert confirmed(client, page(response), **{name: answer}).status_code == 303
    assert stored(app)[0]["extra"]["value"] == value


def test_a_workbook_of_an_older_version_still_guards_whole_rows(app, signed_in):
    client = signed_in(EAST, Role.REPORTER)
    address = file(client, "asset", **asset(1)).headers["Location"]
    book = exported(client)
    book.worksheets[0].cell(3, cells(book)["版本"]).value = "1"
    post(client, f"{address}edit", **asset(1, value="7"), **{"base-version": "1"})
    book.worksheets[0].cell(3, cells(book)["资产名称"]).value = "改了名"
    assert "导出以后，系统里又被改过" in sent(client, book).text


def test_a_months_workbook_goes_into_its_month(app, signed_in):
    client = signed_in(EAST, Role.REPORTER)
    file(client, "work", period="2022-07", **worker(1))
    book = exported(client, "/registers/work/export.xlsx?period=2022-07")
    assert "2022年7月" in str(book.worksheets[0]["A1"].value)
    preview = sent(client, book, "work", period="2022-08")  # the same people, a month later
    assert answered(client, preview).status_code == 303
    assert [row["texts"]["person"] for row in stored(app, "2022-08")] == ["李某1"]
    assert len(stored(app, "2022-07")) == 1


def test_what_was_carried_on_is_not_undone(app, signed_in):
    client = signed_in(EAST, Role.REPORTER)
    file(client, "work", period="2022-06", **worker(1))
    preview = sent(
        client, exported(client, "/registers/work/export.xlsx?period=2022-06"), "work", period="2022-07"
    )
    assert answered(client, preview).status_code == 303
    post(client, "/registers/work/open", "/registers/", period="2022-08")
    with app.extensions["huitoukan"].engine.connect() as connection:
        batch = connection.execute(select(import_batch.c.id)).scalar_one()
    assert "已经带到了下一期" in page(client.get(f"/imports/{batch}/undo")).text
    assert [len(stored(app, f"2022-0{month}")) for month in (6, 7, 8)] == [1, 1, 1]


def test_only_those_who_fill_it_import(app, signed_in):
    other = signed_in(WATER, Role.REPORTER)
    form = {"csrf_token": token(other, "/registers/"), "file": (BytesIO(b"x"), "x.xlsx")}
    assert other.post("/registers/asset/check", data=form).status_code == 403
    assert other.get("/registers/asset/export.xlsx").status_code == 200
