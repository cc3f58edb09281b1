"""A morning's mails: each attachment told whose it is and what it holds; what leaves nothing to ask is imported."""

import io

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from build_scripts.intake.sender_recognition import sender_of
from checklist.model import Campaign
from forms_server.access import Role
from forms_server.db.tables import audit, import_batch, issue
from tests.builders import EAST, OFFICE, WATER, WEST
from tests.ledgers.books import workbook
from tests.ledgers.test_mail_attachments import packed
from tests.server.conftest import SignedIn, app, signed_in
from tests.server.pages import post, text_of, token

__all__ = ["app", "signed_in"]

HEAD = "序号|镇|村|户主姓名|户类型|问题类型|具体内容|整改措施|责任人|责任单位|整改时限|整改成效"


def ledger(township: str, village: str, *, line: str = "", outcome: str = "已整改") -> bytes:
    """A ledger of one row, with the line that says who filed it."""
    row = f"1|{township}|{village}|张某某|脱贫户|住房安全|{township}西屋漏雨|换瓦|李某|{township}|2022.8.25|{outcome}"
    return workbook({"户内": "\n".join([*([f"填报单位：{line}"] if line else []), HEAD, row])})


class TestWhoseItIs:
    @pytest.mark.parametrize(
        ("line", "path", "whose"),
        [
            ("东河镇", "附件1.xlsx", [EAST]),
            ("青河县东河镇人民政府", "附件1.xlsx", [EAST]),
            ("", "东河镇附件1-1（改）.xlsx", [EAST]),
            ("", "东河镇/附件1.xlsx", [EAST]),
            ("", "附件1.xlsx", []),
            ("水利局", "县水利局.xlsx", [WATER]),
            ("", "东河镇、西岭镇.xlsx", [EAST, WEST]),
        ],
    )
    def test_is_read_from_its_line_or_its_name(self, small: Campaign, line: str, path: str, whose: list[str]):
        sender = sender_of(ledger("东河镇", "柳林村", line=line), path, small)
        assert sorted(sender.codes) == sorted(whose)
        assert sender.unit_code == (whose[0] if len(whose) == 1 else None)

    def test_is_asked_where_line_and_name_differ(self, small: Campaign):
        sender = sender_of(ledger("东河镇", "柳林村", line="东河镇"), "西岭镇.xlsx", small)
        assert (sender.unit_code, sender.codes, sender.contrary) == (None, (EAST,), ("name", WEST))


@pytest.fixture(scope="module")
def small() -> Campaign:
    from tests.builders import small_campaign

    return small_campaign()


@pytest.fixture
def office(signed_in: SignedIn) -> FlaskClient:
    signed_in(EAST, Role.REPORTER)
    signed_in(WEST, Role.PRINCIPAL)
    return signed_in(OFFICE, Role.OFFICE)


def send(client: FlaskClient, *files: tuple[str, bytes]) -> TestResponse:
    fields = {"csrf_token": token(client, "/attachments/"), "files": [(io.BytesIO(d), n) for n, d in files]}
    return client.post("/attachments/", data=fields, content_type="multipart/form-data")


def press(client: FlaskClient, page: TestResponse, button: str, **typed: str) -> TestResponse:
    html = BeautifulSoup(page.get_data(as_text=True), "html.parser")
    form = next(each for each in html.find_all("form") if button in each.get_text())
    fields = {each["name"]: each.get("value", "") for each in form.find_all("input") if each.get("name")}
    return client.post(str(form["action"]), data=fields | typed)


def rows_of(page: TestResponse) -> dict[str, str]:
    html = BeautifulSoup(page.get_data(as_text=True), "html.parser")
    found = html.find_all(class_="attachment")
    return {str(each.find("strong").get_text()): str(each.find(class_="state").get_text()) for each in found}


def test_the_office_takes_in_a_mornings_mails(app: Flask, office: FlaskClient) -> None:
    east, west = ledger("东河镇", "柳林村", line="东河镇"), ledger("西岭镇", "石桥村", outcome="正在办理中")
    sent = packed(
        [
            ("东河镇.xlsx", east),
            ("东河镇 (1).xlsx", east),
            ("西岭镇附件1-1.xlsx", west),
            ("谁的.xlsx", ledger("西岭镇", "石桥村")),
            ("水利局.xlsx", ledger("东河镇", "上坝村", line="县水利局")),
            ("会议通知.docx", b"PK\x03\x04not a zip"),
            ("盖章.pdf", b"%PDF-1.4"),
            (
                "东河镇名册.xlsx",
                workbook({"名册": "户编号|镇|村|姓名|与户主关系|户类型\nA1|东河镇|柳林村|李某|户主|脱贫户"}),
            ),
        ]
    )
    done = send(office, ("上午.zip", sent))
    assert done.status_code == 303
    page = office.get(done.location)
    assert rows_of(page) == {
        "东河镇.xlsx": "可以导入",
        "东河镇 (1).xlsx": "重复的文件",
        "西岭镇附件1-1.xlsx": "要回答",
        "谁的.xlsx": "要选单位",
        "水利局.xlsx": "有错",
        "会议通知.docx": "读不了",
        "盖章.pdf": "读不了",
        "东河镇名册.xlsx": "不是台账",
    }
    said = text_of(page)
    assert "与“东河镇.xlsx”一模一样" in said
    assert "还没有能填报全单位的账号" in said
    assert stored(app) == []
    page = office.get(press(office, page, "导入没有疑问的").location)
    assert rows_of(page)["东河镇.xlsx"] == "已导入"
    assert stored(app) == [(EAST, "东河镇西屋漏雨", "rectified")]
    opened = press_of(office, page, "西岭镇附件1-1.xlsx", "回答")
    assert "导入到西岭镇" in text_of(opened)
    confirmed = press(office, opened, "记下所选的", **{"answer-question-outcome": "open"})
    confirmed = press(office, confirmed, "导入") if confirmed.status_code == 200 else confirmed
    assert confirmed.location == done.location
    assert sorted(stored(app))[1] == (WEST, "西岭镇西屋漏雨", "rectifying")
    page = office.get(done.location)
    assert rows_of(page)["西岭镇附件1-1.xlsx"] == "已导入"


def press_of(client: FlaskClient, page: TestResponse, name: str, button: str, **typed: str) -> TestResponse:
    html = BeautifulSoup(page.get_data(as_text=True), "html.parser")
    row = next(each for each in html.find_all(class_="attachment") if each.find("strong").get_text() == name)
    form = next(each for each in row.find_all("form") if button in each.get_text())
    fields = {each["name"]: each.get("value", "") for each in form.find_all("input")}
    return client.post(str(form["action"]), data=fields | typed)


def stored(app: Flask) -> list[tuple[str, str, str]]:
    with app.extensions["huitoukan"].engine.connect() as connection:
        found = connection.execute(select(issue.c.unit_code, issue.c.content, issue.c.state))
        return [tuple(row) for row in found]


def test_a_unit_is_chosen_and_what_the_office_imported_is_the_units(app: Flask, office: FlaskClient) -> None:
    done = send(office, ("谁的.xlsx", ledger("西岭镇", "石桥村")))
    page = office.get(done.location)
    page = office.get(press_of(office, page, "谁的.xlsx", "就是它的", unit=WEST).location)
    assert rows_of(page) == {"谁的.xlsx": "可以导入"}
    press(office, page, "导入没有疑问的")
    assert stored(app) == [(WEST, "西岭镇西屋漏雨", "rectified")]
    with app.extensions["huitoukan"].engine.connect() as connection:
        by, unit = connection.execute(select(import_batch.c.created_by, import_batch.c.unit_code)).one()
        authors = set(connection.scalars(select(audit.c.account_id).where(audit.c.subject == "issue")))
    assert (authors, unit) == ({by}, WEST), "the audit names who imported, the record is the unit's"


def test_a_file_whose_import_was_undone_can_be_imported_again(app: Flask, office: FlaskClient) -> None:
    sent = "谁的.xlsx", ledger("西岭镇", "石桥村")
    page = office.get(send(office, sent).location)
    page = office.get(press_of(office, page, sent[0], "就是它的", unit=WEST).location)
    press(office, page, "导入没有疑问的")
    page = office.get(send(office, sent).location)
    assert rows_of(page) == {sent[0]: "已导入"}, "sent again, its unit is remembered"
    with app.extensions["huitoukan"].engine.connect() as connection:
        batch_id = connection.scalar(select(import_batch.c.id))
    assert post(office, f"/imports/{batch_id}/undo").status_code == 303
    page = office.get(press(office, page, "全部重新核对", again="1").location)
    page = office.get(press_of(office, page, sent[0], "就是它的", unit=WEST).location)
    assert rows_of(page) == {sent[0]: "可以导入"}


def test_nobody_but_the_office_and_nobody_elses_files(app: Flask, office: FlaskClient, signed_in: SignedIn):
    address = send(office, ("东河镇.xlsx", ledger("东河镇", "柳林村"))).location
    assert signed_in(EAST, Role.REPORTER).get("/attachments/").status_code == 403
    other = signed_in(OFFICE, Role.OFFICE, name="另一人")
    assert other.get(address).status_code == 404
    assert press(other, office.get(address), "导入没有疑问的").status_code in {400, 404}
    assert stored(app) == []


def test_a_reporter_cannot_name_another_unit_in_an_answer(
    app: Flask, office: FlaskClient, signed_in: SignedIn
):
    east = signed_in(EAST, Role.REPORTER)
    fields = {
        "csrf_token": token(east, "/ledgers/"),
        "file": (io.BytesIO(ledger("东河镇", "柳林村")), "a.xlsx"),
    }
    page = east.post("/ledgers/check", data=fields, content_type="multipart/form-data")
    press(east, page, "导入", **{"answer-unit": WEST})
    assert {unit for unit, _, _ in stored(app)} <= {EAST}


def test_a_file_that_nobody_can_look_through_is_named_and_the_others_are_taken_in(office: FlaskClient):
    locked = bytearray(ledger("东河镇", "柳林村"))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + flags] |= 1
    page = office.get(
        send(office, ("东河镇.xlsx", bytes(locked)), ("西岭镇.xlsx", ledger("西岭镇", "石桥村"))).location
    )
    assert "文件设了打开密码，读不了" in text_of(page)
    assert "西岭镇.xlsx" in rows_of(page)
