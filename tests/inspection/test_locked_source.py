"""The source of findings is theirs alone: no unit chooses it, on a form, by a workbook or by a bare post."""

from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook
from sqlalchemy import update

from forms_server.db import tables
from forms_server.db.engine import transaction
from tests.builders import EAST
from tests.inspection.county import County, edited, quiet_county, sent_out
from tests.inspection.test_draws import opened
from tests.inspection.test_spot_photos import WORDS, send, sheet_of
from tests.ledgers.books import workbook
from tests.ledgers.test_pages import confirm, upload
from tests.server.conftest import NOW
from tests.server.pages import text_of
from tests.server.records import HOUSEHOLD, ISSUE, file
from tests.whole import vouch

__all__ = ["quiet_county"]


@pytest.fixture
def county(quiet_county: County) -> County:
    return quiet_county


MINE = {**ISSUE, "householder": "钱某", "people": "3"}
ROWS = """村|户主姓名|户类型|问题类型|具体内容|整改措施|责任人|责任单位|整改时限|整改成效|问题来源|排查人
柳林村|钱某|一般农户|住房安全|屋漏|换瓦|李某|东河镇|2022.8.25||{source}|李某"""


def offered(client, address: str) -> dict[str, str]:
    page = BeautifulSoup(client.get(address).text, "html.parser")
    return {str(each["value"]): each.text for each in page.select("select[name=source] option")}


def test_a_unit_does_not_choose_the_source_of_findings(county: County):
    east = county.units[EAST]
    assert offered(east, HOUSEHOLD) == {"": "请选择", "self": "自查"}
    refused = file(east, HOUSEHOLD, **MINE, source="supervision")
    assert (refused.status_code, "只用于督导组反馈的问题" in text_of(refused)) == (422, True)
    own = file(east, HOUSEHOLD, **MINE, source="self")
    assert own.status_code == 303
    changed = edited(east, str(own.location), None, source="supervision", deadline="8月底前")
    assert (changed.status_code, "只用于督导组反馈的问题" in text_of(changed)) == (422, True), text_of(
        changed
    )
    assert {each.source for each in county.rows("issue")} == {"self"}


def test_what_has_the_source_keeps_it(county: County):
    """Rows from before the lock are edited like others, and a finding shows its source by name."""
    east = county.units[EAST]
    own = str(file(east, HOUSEHOLD, **MINE, source="self").location)
    with transaction(county.app.extensions["huitoukan"].engine) as connection:
        issue = tables.issue
        connection.execute(update(issue).where(issue.c.id == own[-36:]).values(source="supervision"))
        vouch(connection, NOW)
    assert offered(east, f"{own}/edit") == {"": "请选择", "self": "自查", "supervision": "督导"}
    assert edited(east, own, None, content="屋顶漏雨。", deadline="8月底前").status_code == 303
    (row,) = [each for each in county.rows("issue") if each.id == own[-36:]]
    assert (row.source, row.content) == ("supervision", "屋顶漏雨。")


def test_a_workbook_does_not_give_it_either(county: County):
    east, before = county.units[EAST], len(county.rows("issue"))
    page = upload(east, workbook({"户内": ROWS.format(source="督导")}))
    said = text_of(page)
    assert "只用于督导组反馈的问题" in said
    assert "户内!K2" in said
    assert len(county.rows("issue")) == before
    assert confirm(east, upload(east, workbook({"户内": ROWS.format(source="自查")}))).status_code == 303
    assert len(county.rows("issue")) == before + 1
    again = text_of(upload(east, workbook({"户内": ROWS.format(source="督导")})))
    assert "只用于督导组反馈的问题" in again


def test_an_export_with_findings_is_imported_again_and_leaves_them_as_they_are(county: County):
    sent_out(county)
    opened(county.office)
    assert send(county.inspector, *sheet_of(county, 0)).status_code == 303
    (finding,) = county.rows("inspection_finding")
    east = county.units[EAST]
    book = load_workbook(BytesIO(east.get("/ledgers/export.xlsx").data))
    said = text_of(upload(east, saved(book)))
    assert "完全一致，没有要导入的" in said, said

    cells = {cell.value: cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}
    cells[WORDS].value = "没有问题。"
    line = {cells[WORDS].parent.cell(cells[WORDS].row, column).value for column in range(1, 20)}
    assert "督导" in line
    said = text_of(upload(east, saved(book)))
    assert "“具体内容”不能改" in said
    (issue,) = [each for each in county.rows("issue") if each.id == finding.issue_id]
    assert issue.content == WORDS


def saved(book) -> bytes:
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()
