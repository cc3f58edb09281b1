"""The office's page of what does not agree, and the annex 2 that a unit hands in beside its ledgers."""

from collections.abc import Callable
from io import BytesIO

import openpyxl
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from build_scripts.workbooks.summary_layout import blank_summary_book
from build_scripts.workbooks.xlsx_writer import to_xlsx
from forms_server.access import Role
from forms_server.db.engine import transaction
from forms_server.db.tables import handed_in_figure, issue, tally
from tests.builders import EAST, OFFICE, WATER, WEST, small_campaign
from tests.server.handing_in import complete, sign, write_report
from tests.server.pages import post, text_of, token
from tests.server.records import page

SignedIn = Callable[..., FlaskClient]


def row_of(client: FlaskClient, unit: str) -> list[str]:
    """A unit's cells in the table of all units."""
    rows = page(client.get("/reconciliation/")).select(".returns tbody tr")
    (found,) = [row for row in rows if row.th.text == unit]
    return [cell.text for cell in found.select("td")]


def annex(figures: dict[str, int]) -> bytes:
    """The east's own annex 2 with figures for one column, by the row's label."""
    campaign = small_campaign()
    data = to_xlsx(blank_summary_book(campaign, campaign.unit_by_code[EAST]))
    book = openpyxl.load_workbook(BytesIO(data))
    sheet = book.active
    assert sheet is not None
    (column,) = [cell.column for row in sheet.iter_rows() for cell in row if cell.value == "共排查问题数"]
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value in figures:
                sheet.cell(cell.row, column, figures[cell.value])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def hand_in(client: FlaskClient, data: bytes):
    """Upload a workbook, looks at the result and confirms it."""
    crumb = token(client, "/password")
    shown = client.post("/ledgers/check", data={"csrf_token": crumb, "file": (BytesIO(data), "附件2.xlsx")})
    form = page(shown).select_one('form[action$="/import"]')
    assert form is not None, text_of(shown)
    fields = {str(each["name"]): str(each["value"]) for each in form.select("input")}
    return shown, client.post(str(form["action"]), data=fields)


def test_a_new_system_does_not_say_that_accounts_agree(office: FlaskClient) -> None:
    words = text_of(office.get("/reconciliation/"))
    assert "还没有可以核对的" in words
    assert "相符" not in words.replace("账账相符）", "")
    assert row_of(office, "东河镇") == ["没有记录", "没有记录", "没有勾选", "没有报送", "没有交", "没有记录"]


def test_what_is_recorded_agrees_and_the_final_table_waits_for_the_rest(
    reporter: FlaskClient, office: FlaskClient, signed_in: SignedIn
) -> None:
    complete(reporter)
    sign(signed_in(EAST, Role.PRINCIPAL))
    words = text_of(office.get("/reconciliation/"))
    assert "已经登记的没有不一致；报送还没有收齐，已接收并且没有再改动的 0/3" in words
    assert "已签字，办公室还没有接收 1 个：东河镇" in words
    assert row_of(office, "东河镇") == ["一致", "没有记录", "一致", "一致", "没有交", "一致"]


def test_with_every_return_received_all_accounts_agree(
    app: Flask, reporter: FlaskClient, office: FlaskClient, signed_in: SignedIn
) -> None:
    complete(reporter)
    address = str(sign(signed_in(EAST, Role.PRINCIPAL)).location)
    post(office, f"{address}/receive", page="/password")
    for unit in (WEST, WATER):
        client = signed_in(unit, Role.REPORTER)
        post(client, "/zero/", ticked=["income", "housing", "water"])
        write_report(client, work="查过了。", next="继续。")
        signed = sign(signed_in(unit, Role.PRINCIPAL), page=f"/returns/units/{unit}/sign")
        post(office, f"{signed.location}/receive", page="/password")
    assert "3 个单位账账相符，报送全部接收，可以汇总上报" in text_of(office.get("/reconciliation/"))


def test_a_return_that_says_otherwise_is_shown_with_its_records(
    app: Flask, reporter: FlaskClient, office: FlaskClient, signed_in: SignedIn
) -> None:
    address = complete(reporter)
    sign(signed_in(EAST, Role.PRINCIPAL))
    assert row_of(office, "东河镇")[3] == "一致"
    with transaction(app.extensions["huitoukan"].engine) as connection:
        connection.execute(update(issue).values(state="rectified"))
    assert row_of(office, "东河镇")[3] == "2 处不一致"
    shown = page(office.get("/reconciliation/"))
    assert "核对好以前不出正式汇总" in shown.text
    links = shown.select(f"#unit-{EAST} a")
    assert {str(link["href"]) for link in links} == {address}
    assert office.get(str(links[0]["href"])).status_code == 200


def test_the_numbers_on_ledgers_pages_are_checked(
    app: Flask, reporter: FlaskClient, office: FlaskClient
) -> None:
    complete(reporter)
    with transaction(app.extensions["huitoukan"].engine) as connection:
        connection.execute(update(tally).values(records=7))
    assert row_of(office, "东河镇")[0] == "2 处不一致"


def test_a_units_own_annex_2_is_kept_and_compared(
    app: Flask, reporter: FlaskClient, office: FlaskClient
) -> None:
    complete(reporter)
    shown, done = hand_in(reporter, annex({"住房安全": 5, "合计": 5}))
    assert "交附件2" in text_of(shown)
    assert done.location == "/ledgers/"
    assert row_of(office, "东河镇")[4].endswith("处不一致")
    assert "交来的附件2里“住房安全”的共排查问题数填的是 5，台账里是" in text_of(
        office.get("/reconciliation/")
    )
    assert row_of(office, "西岭镇")[4] == "没有交"
    # Handed in again, it takes the place of what was there.
    hand_in(reporter, annex({"住房安全": 6}))
    with app.extensions["huitoukan"].engine.connect() as connection:
        query = select(handed_in_figure.c.number).where(
            handed_in_figure.c.column_id == "found", handed_in_figure.c.problem_type_id == "housing"
        )
        assert connection.execute(query).scalars().all() == [6]


def test_only_the_office_sees_it(reporter: FlaskClient, signed_in: SignedIn) -> None:
    for client in (reporter, signed_in(WEST, Role.PRINCIPAL), signed_in(OFFICE, Role.INSPECTOR)):
        assert client.get("/reconciliation/").status_code == 403
