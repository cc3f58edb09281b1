"""The pages of past imports."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from forms_server.access import Role
from tests.builders import EAST, EAST_WILLOW, OFFICE, WEST
from tests.ledgers.books import HOUSEHOLD, workbook
from tests.ledgers.test_pages import confirm, count, upload
from tests.server.conftest import SignedIn, app, signed_in
from tests.server.pages import text_of, token

__all__ = ["app", "signed_in"]

BOOK = workbook({"户内": HOUSEHOLD})
CHANGED = workbook({"户内": HOUSEHOLD.replace("换瓦", "翻修")})


@pytest.fixture
def east(signed_in: SignedIn) -> FlaskClient:
    return signed_in(EAST, Role.REPORTER)


def take_in(client: FlaskClient, data: bytes, name: str = "台账.xlsx") -> str:
    """Import a workbook; the address of its batch."""
    before = set(addresses(client))
    assert confirm(client, upload(client, data, name)).status_code == 303
    (address,) = set(addresses(client)) - before
    return address


def addresses(client: FlaskClient) -> list[str]:
    """The addresses of all batches that the account sees."""
    page = BeautifulSoup(client.get("/imports/").get_data(as_text=True), "html.parser")
    return [str(link["href"]) for link in page.select("a.row-link")]


def take_back(client: FlaskClient, address: str, page: str = "/imports/") -> int:
    return client.post(f"{address}/undo", data={"csrf_token": token(client, page)}).status_code


def test_each_import_is_listed_with_what_it_did(east: FlaskClient) -> None:
    assert "还没有导入过文件" in text_of(east.get("/imports/"))
    first = take_in(east, BOOK, "<b>八月.xlsx")
    said = text_of(east.get("/imports/"))
    assert "<b>八月.xlsx" in said
    assert "台账：新增 3 条" in said
    page = text_of(east.get(first))
    assert "张某某" in page
    take_in(east, CHANGED)
    pages = [text_of(east.get(address)) for address in addresses(east)]
    assert any("整改措施 换瓦 翻修" in each for each in pages)
    assert "导入记录" in text_of(east.get("/ledgers/"))


def test_the_file_is_given_back_as_it_was_sent(east: FlaskClient) -> None:
    sent = east.get(f"{take_in(east, BOOK)}/file")
    assert sent.data == BOOK
    assert sent.mimetype == "application/octet-stream"
    assert "attachment" in sent.headers["Content-Disposition"]


def test_an_import_is_undone_after_a_confirmation(app: Flask, east: FlaskClient) -> None:
    before = east.get("/ledgers/export.xlsx").data
    address = take_in(east, BOOK)
    assert count(app) == 3
    asked = east.get(f"{address}/undo")
    assert "确认撤回" in text_of(asked)
    assert count(app) == 3
    assert take_back(east, address) == 303
    assert count(app) == 0
    said = text_of(east.get(address))
    assert "已撤回" in said
    assert "新增的 3 条已随撤回删除" in said
    assert east.get("/ledgers/export.xlsx").data == before
    assert "3 新增" in text_of(upload(east, BOOK))


def test_an_undo_sent_twice_is_done_once(app: Flask, east: FlaskClient) -> None:
    address = take_in(east, BOOK)
    assert take_back(east, address) == 303
    assert take_back(east, address) == 303
    assert "已经撤回过了" in text_of(east.get(address))
    assert "已经撤回过了" in text_of(east.get(f"{address}/undo"))
    assert count(app) == 0


def test_what_was_built_on_an_import_is_listed_and_keeps_it(app: Flask, east: FlaskClient) -> None:
    address = take_in(east, BOOK)
    page = BeautifulSoup(east.get(address).get_data(as_text=True), "html.parser")
    record = next(str(link["href"]) for link in page.select("a.row-link") if "张某某" in link.text)
    asked = east.get(f"{record}/withdraw")
    html = BeautifulSoup(asked.get_data(as_text=True), "html.parser")
    fields = {str(each["name"]): str(each.get("value", "")) for each in html.select("main form input[name]")}
    assert east.post(f"{record}/withdraw", data={**fields, "reason": "登记有误"}).status_code == 303
    said = text_of(east.get(f"{address}/undo"))
    assert "现在不能整份撤回" in said
    assert "张某某" in said
    assert "导入以后又修改、办理或并入过" in said
    assert "确认撤回" not in said
    assert take_back(east, address) == 409
    assert count(app) == 3


def test_a_page_that_edits_what_an_undo_brought_back_overwrites_nothing_unseen(
    app: Flask, east: FlaskClient, signed_in: SignedIn
) -> None:
    take_in(east, BOOK)
    changed = take_in(east, CHANGED)
    (link,) = BeautifulSoup(east.get(changed).get_data(as_text=True), "html.parser").select("td a")
    editor = signed_in(EAST, Role.PRINCIPAL)
    html = BeautifulSoup(editor.get(f"{link['href']}/edit").get_data(as_text=True), "html.parser")
    form = html.select_one("main form[method=post]")
    assert form is not None
    fields = {str(each["name"]): str(each.get("value", "")) for each in form.select("input[name]")}
    fields |= {str(each["name"]): each.text.strip() for each in form.select("textarea[name]")}
    for each in form.select("select[name]"):
        chosen = each.select_one("option[selected]")
        fields[str(each["name"])] = str(chosen["value"]) if chosen else ""
    assert fields["measures"] == "翻修"
    assert take_back(east, changed) == 303
    answer = editor.post(f"{link['href']}/edit", data={**fields, "content": "墙也裂"})
    assert answer.status_code == 409
    assert "换瓦" in text_of(answer)


def test_imports_of_other_units_are_hidden_and_the_office_reads_all(
    app: Flask, east: FlaskClient, signed_in: SignedIn
) -> None:
    address = take_in(east, BOOK)
    west = signed_in(WEST, Role.PRINCIPAL)
    assert addresses(west) == []
    for path in ("", "/file", "/undo"):
        assert west.get(f"{address}{path}").status_code == 404
    assert take_back(west, address) == 404
    office = signed_in(OFFICE, Role.OFFICE)
    assert addresses(office) == [address]
    assert "东河镇" in text_of(office.get("/imports/"))
    page = office.get(address)
    assert page.status_code == 200
    assert "撤回这次导入" not in text_of(page)
    assert office.get(f"{address}/undo").status_code == 403
    assert take_back(office, address) == 403
    assert count(app) == 3


def test_somebody_of_one_village_sees_his_own_imports(
    app: Flask, east: FlaskClient, signed_in: SignedIn
) -> None:
    address = take_in(east, BOOK)
    willow = signed_in(EAST, Role.REPORTER, EAST_WILLOW)
    assert addresses(willow) == []
    assert willow.get(address).status_code == 404
    head, *rows = HOUSEHOLD.strip("\n").splitlines()
    own = take_in(
        willow,
        workbook({"户内": "\n".join([head, rows[1].replace("王某", "吴某某").replace("停水", "断电")])}),
    )
    assert take_back(willow, own) == 303
