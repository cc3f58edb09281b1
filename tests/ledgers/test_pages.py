"""The pages of workbooks: take away, upload, look at it, import."""

import io
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from forms_server.access import Role
from forms_server.db.tables import issue
from tests.builders import EAST, EAST_WILLOW, OFFICE, WEST
from tests.inspecting import send_to
from tests.ledgers.books import GENERAL, HOUSEHOLD, workbook
from tests.server.conftest import SignedIn, app, signed_in
from tests.server.pages import text_of, token

__all__ = ["app", "signed_in"]


@pytest.fixture
def east(signed_in: SignedIn) -> FlaskClient:
    return signed_in(EAST, Role.REPORTER)


def upload(client: FlaskClient, data: bytes, name: str = "台账.xlsx") -> TestResponse:
    fields = {"csrf_token": token(client, "/ledgers/"), "file": (io.BytesIO(data), name)}
    return client.post("/ledgers/check", data=fields, content_type="multipart/form-data")


def confirm(client: FlaskClient, page: TestResponse) -> TestResponse:
    """Press the button of a page that shows what would be imported."""
    html = BeautifulSoup(page.get_data(as_text=True), "html.parser")
    form = html.find("form", action=re.compile("/import$"))
    assert form is not None
    sent = [
        field for field in form.find_all("input") if field.get("type") != "radio" or "checked" in field.attrs
    ]
    fields = {field["name"]: field["value"] for field in sent}
    return client.post(str(form["action"]), data=fields)


def count(app: Flask) -> int:
    with app.extensions["huitoukan"].engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(issue)).scalar_one())


def test_an_upload_is_shown_and_stored_once_it_is_confirmed(app: Flask, east: FlaskClient) -> None:
    page = upload(east, workbook({"封面": "东河镇", "户内": HOUSEHOLD, "面上": GENERAL}))
    assert page.status_code == 200
    said = text_of(page)
    assert "6 新增" in said
    assert "还没有导入" in said
    assert "封面 没有台账的表头，没有读" in said
    assert "张某某" in said
    assert count(app) == 0
    done = confirm(east, page)
    assert done.status_code == 303
    assert "已导入：新增 6 条，修改 0 条。" in text_of(east.get(done.location))
    assert count(app) == 6


def test_the_same_upload_again_has_nothing_to_import(app: Flask, east: FlaskClient) -> None:
    confirm(east, upload(east, workbook({"户内": HOUSEHOLD})))
    again = upload(east, workbook({"户内": HOUSEHOLD}))
    assert "完全一致，没有要导入的" in text_of(again)
    assert "新增 0 条" not in text_of(again)


def test_a_confirmation_sent_twice_imports_once(app: Flask, east: FlaskClient) -> None:
    page = upload(east, workbook({"户内": HOUSEHOLD}))
    assert confirm(east, page).status_code == 303
    assert confirm(east, page).status_code == 404
    assert count(app) == 3


def test_wrong_cells_are_listed_and_marked(app: Flask, east: FlaskClient) -> None:
    page = upload(east, workbook({"户内": HOUSEHOLD.replace("2022.8.25", "2022.2.30")}), "<b>台账.xlsx")
    assert page.status_code == 422
    assert "有 1 处不对， 没有导入任何一条" in text_of(page)
    assert "户内!K2 “整改时限”填的“2022.2.30”没有这一天" in text_of(page)
    assert "<b>台账" not in page.get_data(as_text=True)
    html = BeautifulSoup(page.get_data(as_text=True), "html.parser")
    assert html.find("form", action=re.compile("/import$")) is None
    link = html.find("a", href=re.compile("marked"))
    assert link is not None
    copy = east.get(str(link["href"]))
    assert load_workbook(io.BytesIO(copy.data))["户内"]["K2"].comment.text.startswith("“整改时限”")
    assert count(app) == 0


def test_a_correction_shows_old_and_new(east: FlaskClient) -> None:
    confirm(east, upload(east, workbook({"户内": HOUSEHOLD})))
    page = upload(east, workbook({"户内": HOUSEHOLD.replace("换瓦", "翻修")}))
    assert "户内!H2 整改措施 换瓦 翻修" in text_of(page)
    assert "1 修改" in text_of(page)


def test_what_changed_since_it_was_shown_is_shown_again(
    app: Flask, east: FlaskClient, signed_in: SignedIn
) -> None:
    page = upload(east, workbook({"户内": HOUSEHOLD}))
    other = signed_in(EAST, Role.PRINCIPAL)
    confirm(other, upload(other, workbook({"户内": HOUSEHOLD})))
    again = confirm(east, page)
    assert again.status_code == 200
    assert "核对以后台账又有了变动" in text_of(again)
    assert count(app) == 3


def test_what_is_no_workbook_is_refused_with_how_to_save_it(east: FlaskClient) -> None:
    page = upload(east, "序号,村\n".encode(), "台账.xlsx")
    assert page.status_code == 422
    assert "没有读“台账.xlsx”：这是文本文件" in text_of(page)


def test_what_wps_calls_et_today_is_a_workbook_of_excel_97(east: FlaskClient) -> None:
    data = (Path(__file__).parent / "data" / "household.xls").read_bytes()
    assert "2 新增" in text_of(upload(east, data, "台账.et"))


def test_a_book_without_a_ledger_has_no_cell_to_mark(east: FlaskClient) -> None:
    page = upload(east, workbook({"封面": "东河镇"}))
    assert page.status_code == 422
    assert "请改正后再传。" in text_of(page)
    assert "副本" not in text_of(page)


def test_no_file_chosen(east: FlaskClient) -> None:
    page = east.post("/ledgers/check", data={"csrf_token": token(east, "/ledgers/")})
    assert page.status_code == 422
    assert "还没有选文件" in text_of(page)


def test_a_file_that_is_too_large_for_the_server(east: FlaskClient) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
    body = head + bytes(32 * 1024 * 1024) + b"\r\n--x--\r\n"
    assert (
        east.post("/ledgers/check", data=body, content_type="multipart/form-data; boundary=x").status_code
        == 413
    )


def test_an_upload_belongs_to_its_account(east: FlaskClient, signed_in: SignedIn) -> None:
    page = upload(east, workbook({"户内": HOUSEHOLD.replace("2022.8.25", "2022.2.30")}))
    link = BeautifulSoup(page.get_data(as_text=True), "html.parser").find("a", href=re.compile("marked"))
    assert link is not None
    address = str(link["href"])
    assert east.get(address).status_code == 200
    assert signed_in(WEST, Role.REPORTER).get(address).status_code == 404
    assert east.get("/ledgers/..%2F..%2Fsecret.key/marked.xlsx").status_code == 404


def test_uploads_are_private_and_replaced(app: Flask, east: FlaskClient) -> None:
    for _ in range(2):
        upload(east, workbook({"户内": HOUSEHOLD}))
    folder = Path(app.extensions["huitoukan"].config.home) / "uploads"
    kept = list(folder.glob("*.upload"))
    assert len(kept) == 1
    assert kept[0].stat().st_mode & 0o077 == 0


def test_export_and_blank_forms_are_taken_away(east: FlaskClient, signed_in: SignedIn) -> None:
    confirm(east, upload(east, workbook({"户内": HOUSEHOLD})))
    data = east.get("/ledgers/export.xlsx").data
    assert "户内问题" in load_workbook(io.BytesIO(data)).sheetnames
    exported = load_workbook(io.BytesIO(data))
    assert exported.properties.description == "截至2022年8月20日 09:00"
    assert "截至2022年8月20日 09:00" in exported["户内问题"].oddFooter.left.text
    assert not any("截至" in str(value) for value in values(data))  # the annex itself stays as it is
    assert "完全一致" in text_of(upload(east, data))
    willow = signed_in(EAST, Role.REPORTER, EAST_WILLOW).get("/ledgers/export.xlsx").data
    assert "张某某" not in values(willow)
    assert "王某" in values(willow)
    for address in re.findall(r'/ledgers/template/[^"]+', east.get("/ledgers/").get_data(as_text=True)):
        assert load_workbook(io.BytesIO(east.get(address).data)).sheetnames
    assert east.get("/ledgers/template/report.xlsx").status_code == 404


def test_the_office_exports_every_unit_and_imports_nothing(east: FlaskClient, signed_in: SignedIn) -> None:
    confirm(east, upload(east, workbook({"户内": HOUSEHOLD})))
    office = signed_in(OFFICE, Role.OFFICE)
    assert "导出台账" in text_of(office.get("/ledgers/"))
    assert "核对" not in text_of(office.get("/ledgers/"))
    assert "王某" in values(office.get("/ledgers/export.xlsx?purpose=上报").data)
    assert "王某" not in values(office.get(f"/ledgers/export.xlsx?purpose=核对&unit={WEST}").data)
    assert office.get("/ledgers/export.xlsx?unit=nobody").status_code == 404
    assert upload(office, workbook({"户内": HOUSEHOLD})).status_code == 403


def test_an_inspector_exports_the_units_assigned_to_it(
    east: FlaskClient, app: Flask, signed_in: SignedIn
) -> None:
    confirm(east, upload(east, workbook({"户内": HOUSEHOLD})))
    inspector = signed_in(OFFICE, Role.INSPECTOR)
    assert "王某" not in values(inspector.get("/ledgers/export.xlsx?purpose=督导").data)
    send_to(app.extensions["huitoukan"].engine, EAST)
    assert "我督导的全部单位" in text_of(inspector.get("/ledgers/"))
    assert "王某" in values(inspector.get("/ledgers/export.xlsx?purpose=督导").data)
    assert "王某" in values(inspector.get(f"/ledgers/export.xlsx?purpose=督导&unit={EAST}").data)
    assert inspector.get(f"/ledgers/export.xlsx?unit={WEST}").status_code == 404


def test_a_township_cannot_export_anothers(east: FlaskClient, signed_in: SignedIn) -> None:
    confirm(east, upload(east, workbook({"户内": HOUSEHOLD})))
    west = signed_in(WEST, Role.REPORTER)
    assert "王某" not in values(west.get(f"/ledgers/export.xlsx?unit={EAST}").data)


def values(data: bytes) -> set[object]:
    return {
        cell.value for sheet in load_workbook(io.BytesIO(data)) for row in sheet.iter_rows() for cell in row
    }
