"""One problem at one household reaches the system eleven ways, over HTTP and in workbooks, and is counted once."""

import io
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from build_scripts.reconciliation.live_reconciliation import reconcile
from checklist.states import is_counted
from forms_server.access import Role
from forms_server.db.tables import issue, tally
from forms_server.records.live_record_source import live_records
from tests.builders import EAST, EAST_WILLOW, OFFICE, WATER, WEST, small_campaign
from tests.ledgers.books import workbook
from tests.ledgers.test_pages import confirm, upload
from tests.ledgers.test_resent_pages import answer
from tests.server.conftest import SignedIn, app, signed_in
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file, page, value_of
from tests.server.visiting import HEAD, WRONG, begin, send

__all__ = ["app", "signed_in"]

LEDGER = "/records/household-issues/"
HEADER = "序号|镇|村|户主姓名|户类型|问题类型|具体内容|整改措施|责任人|责任单位|整改时限|整改成效"
ROW = "1|东河镇|柳林村|张某某|一般农户|住房安全|西屋山墙有裂缝。|请人鉴定。|王某某|河长办|8月底前|"
TEXT, REWORDED = "西屋山墙有裂缝。", "西边那间屋子墙裂了"


def book(row: str) -> bytes:
    return workbook({"户内": f"{HEADER}\n{row}"})


@dataclass
class County:
    """Everyone who meets the household, and what their accounts must say after each step."""

    app: Flask
    village: FlaskClient
    township: FlaskClient
    water: FlaskClient
    west: FlaskClient
    office: FlaskClient
    record: str = ""
    """The address of the issue."""
    counted: dict[str, int] = field(default_factory=lambda: {EAST: 1, WATER: 0, WEST: 0})
    """Issues of housing by unit."""
    doubts: int = 0
    """Pairs that wait for the office."""
    findings: int = 0
    """Times that the issue was found again."""

    def check(self) -> None:
        """Compare annex 2, tallies, reconciliation, ledgers and the page of doubles with what is right."""
        self._check_figures()
        self._check_pages()
        shown = page(self.township.get(self.record))
        assert shown.get_text().count("又有人发现") == (self.findings > 0)

    def _check_figures(self) -> None:
        with self.app.extensions["huitoukan"].engine.connect() as connection:
            found = reconcile(live_records(connection), small_campaign())
            tallied = dict.fromkeys(self.counted, 0)
            for row in connection.execute(select(tally)):
                tallied[row.unit_code] += row.records * is_counted(row.state)
            states = connection.execute(select(issue.c.unit_code, issue.c.state)).all()
        annexes = {
            table.unit_code: {line.problem_type_id: line.found for line in table.lines}
            for table in found.summary.units
        }
        assert annexes == {
            unit: {"income": 0, "housing": number, "water": 0} for unit, number in self.counted.items()
        }
        assert found.summary.county.total.found == sum(self.counted.values())
        assert tallied == self.counted
        assert {unit: sum(is_counted(s) for u, s in states if u == unit) for unit in self.counted} == tallied
        assert found.refused == ()
        assert [each.kind for each in found.unsettled] == ["double"] * self.doubts
        assert not [each for each in found.doubts if each.kind == "double"]

    def _check_pages(self) -> None:
        said = text_of(self.office.get("/reconciliation/"))
        assert ("还没有核定" in said) == (self.doubts > 0)
        doubles = page(self.office.get("/doubles/"))
        assert len(doubles.select("section.card-box")) == self.doubts
        for client, unit in ((self.township, EAST), (self.water, WATER), (self.west, WEST)):
            ledger = page(client.get(f"{LEDGER}?whose=own&state=rectifying"))
            assert len(ledger.select("a.stretched-link")) == self.counted[unit], unit

    def join_the_only_pair(self, other: str) -> None:
        """The office joins the pair that waits; the other unit's record counts no longer."""
        shown = page(self.office.get("/doubles/"))
        pair = {name: value_of(shown, name) for name in ("first", "second")}
        assert post(self.office, "/doubles/", **pair, decision="same").status_code == 303
        self.counted[other], self.doubts = 0, 0
        self.findings += 1
        self.check()


@pytest.fixture
def county(app: Flask, signed_in: SignedIn) -> County:
    return County(
        app,
        signed_in(EAST, Role.REPORTER, EAST_WILLOW),
        signed_in(EAST, Role.REPORTER),
        signed_in(WATER, Role.REPORTER),
        signed_in(WEST, Role.REPORTER),
        signed_in(OFFICE, Role.OFFICE),
    )


def test_one_problem_that_arrives_eleven_ways_is_counted_once(county: County) -> None:
    file_from_two_tabs(county)
    retype_with_blanks_and_a_full_stop_more(county)
    visit_twice(county)
    let_the_department_file_it_too(county)
    send_the_workbook_again(county)
    send_it_reworded(county)
    send_it_under_another_type(county)
    put_an_old_export_back(county)
    let_the_department_send_a_workbook(county)
    assert county.counted == {EAST: 1, WATER: 0, WEST: 0}
    assert "没有待核定的" in text_of(county.office.get("/doubles/"))


def join(county: County, client: FlaskClient, **typed: str) -> None:
    """File, be asked, and answer that it is the same."""
    asked = file(client, HOUSEHOLD, asks=True, **{**ISSUE, **typed})
    assert asked.status_code == 409
    assert "是同一个问题吗" in text_of(asked)
    same = {"same-as": value_of_button(asked)}
    joined = file(client, HOUSEHOLD, asks=True, **{**ISSUE, **typed}, **same)
    assert joined.location == county.record
    county.findings += 1
    county.check()


def value_of_button(asked: TestResponse) -> str:
    button = page(asked).find("button", attrs={"name": "same-as"})
    assert button is not None
    return str(button["value"])


def file_from_two_tabs(county: County) -> None:
    tabs = str(uuid4()), str(uuid4())
    first = file(county.village, HOUSEHOLD, tabs[0], asks=True, **ISSUE)
    assert file(county.village, HOUSEHOLD, tabs[0], asks=True, **ISSUE).location == first.location
    county.record = str(first.location)
    county.check()
    assert file(county.village, HOUSEHOLD, tabs[1], asks=True, **ISSUE).status_code == 409
    county.check()
    join(county, county.village)


def retype_with_blanks_and_a_full_stop_more(county: County) -> None:
    join(county, county.township, householder="张　某某", content=REWORDED)
    join(county, county.township, householder="张某某 ", content=TEXT.rstrip("。"))


def visit_twice(county: County) -> None:
    typed = {**HEAD, "householder": "张 某某"}
    sheet = begin(county.village, **typed)
    asked = send(county.village, sheet, **WRONG)
    assert asked.status_code == 422
    assert "是同一个问题吗" in text_of(asked)
    county.check()
    same = page(asked).select_one("input[type=radio][name='house-safe.same']")
    assert same is not None
    answered = send(county.village, sheet, **WRONG, **{"house-safe.same": str(same["value"])})
    assert answered.status_code == 303
    county.findings += 1
    county.check()
    assert begin(county.township, **{**HEAD, "householder": "张某某"}) == sheet
    county.check()


def let_the_department_file_it_too(county: County) -> None:
    filed = file(county.water, HOUSEHOLD, asks=True, **{**ISSUE, "content": REWORDED})
    assert filed.status_code == 303
    told = text_of(county.water.get(str(filed.location)))
    assert "由办公室核定" in told
    assert TEXT not in told
    county.counted[WATER], county.doubts = 1, 1
    county.check()
    county.join_the_only_pair(WATER)


def send_the_workbook_again(county: County) -> None:
    for _ in range(2):
        assert "没有要导入的" in text_of(upload(county.township, book(ROW)))
        county.check()
    shown = upload(county.township, book(ROW.replace(TEXT, "西屋山墙有裂缝！")))
    assert "0 新增" in text_of(shown) or "1 修改" in text_of(shown)
    county.check()


def send_it_reworded(county: County) -> None:
    shown = upload(county.township, book(ROW.replace(TEXT, REWORDED)))
    assert shown.status_code == 422
    county.check()
    again = answer(county.township, shown, "again")
    assert answer(county.township, again, "again").status_code == 303
    county.findings += 1
    county.check()


def send_it_under_another_type(county: County) -> None:
    shown = upload(county.township, book(ROW.replace("住房安全", "饮水安全")))
    assert "0 新增" in text_of(shown) or shown.status_code == 422
    county.check()
    again = answer(county.township, shown, "again")
    assert answer(county.township, again, "again").status_code == 303
    county.check()


def put_an_old_export_back(county: County) -> None:
    old = county.township.get("/ledgers/export.xlsx").data
    assert TEXT in str(
        [cell.value for row in load_workbook(io.BytesIO(old)).active.iter_rows() for cell in row]
    )
    edit = f"{county.record}/edit"
    html = page(county.township.get(edit))
    typed = {
        str(each["name"]): value_of(html, str(each["name"]))
        for each in html.select("[data-record-form] [name]")
        if each.get("type") not in {"submit", "checkbox", "radio"} and each.name != "button"
    }
    saved = county.township.post(edit, data={**typed, "measures": "已请县住建局鉴定。"})
    assert saved.status_code == 303
    county.check()
    shown = upload(county.township, old)
    said = text_of(shown)
    assert "已请县住建局鉴定。" in said
    if page(shown).select_one('form[action$="/import"]'):
        confirm(county.township, shown)
    county.check()
    assert "已请县住建局鉴定。" in text_of(county.township.get(county.record))


def let_the_department_send_a_workbook(county: County) -> None:
    shown = upload(county.water, book(ROW.replace(TEXT, REWORDED)))
    assert page(shown).select_one('form[action$="/import"]') is None, "what was joined is not filed again"
    county.check()
    shown = upload(county.water, book(ROW.replace(TEXT, "山墙西侧开裂")))
    assert TEXT not in text_of(shown)
    assert confirm(county.water, shown).status_code == 303
    county.counted[WATER], county.doubts = 1, 1
    county.check()
    county.join_the_only_pair(WATER)
