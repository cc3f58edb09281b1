"""A campaign of another kind, end to end: handbook, workbooks, web forms and summary from its folder alone."""

import csv
from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient

from build_scripts.build_commands import COMMANDS
from build_scripts.lazy_group import load
from forms_server.access import Role
from tests.campaigns.serving import served
from tests.server.conftest import signed_in
from tests.server.pages import post, text_of
from tests.server.records import file

__all__ = ["signed_in"]

SignedIn = Callable[..., FlaskClient]
FIRE = Path(__file__).parent / "2023-autumn-fire"
HAZARD = {
    "village": "999001001201", "premises": "某某超市", "premises_kind": "shop", "storeys": "2", "problem_type": "blocked",
    "content": "后门被货架挡住。", "responsible_person": "张某某", "deadline": "2023-10-31",
}  # fmt: skip


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The form server over the second campaign."""
    with served(FIRE, tmp_path, url(tmp_path), datetime(2023, 10, 9, 9)) as app:
        yield app


def url(home: Path) -> str:
    return f"sqlite:///{home}/fire.sqlite3"


def run(home: Path, *arguments: str) -> Result:
    command = load(COMMANDS[arguments[0]])
    environment = {
        "HUITOUKAN_HOME": str(home),
        "HUITOUKAN_DATABASE": url(home),
        "HUITOUKAN_CHECKLIST": str(FIRE),
    }
    result = CliRunner().invoke(command, arguments[1:], env=environment)
    assert result.exit_code == 0, result.output
    return result


def soup_of(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def test_an_item_of_its_handbook_leads_to_its_own_form_and_into_its_own_table(
    tmp_path: Path, signed_in: SignedIn
) -> None:
    run(tmp_path, "handbook", "build")
    button = soup_of(tmp_path / "site" / "areas" / "01-escape.html").select_one(
        "a.to-server[href$='item=escape-01']"
    )
    assert button is not None
    address = str(button["href"]).removeprefix("../..")

    reporter = signed_in("999001001", Role.REPORTER)
    form = BeautifulSoup(reporter.get(address).get_data(as_text=True), "html.parser")
    assert CLAUSE in form.get_text()
    assert [option["value"] for option in form.select("#premises_kind option") if option["value"]] == [
        "shop",
        "house",
        "works",
    ]
    assert file(reporter, address, **{**HAZARD, "storeys": "41"}).status_code == 422
    filed = file(reporter, address, **HAZARD)
    assert filed.status_code == 303, text_of(filed)
    assert "沿街店铺" in text_of(reporter.get(filed.location))

    run(tmp_path, "summary", "--interim", "--out", str(tmp_path / "summary"))
    with next((tmp_path / "summary").glob("summary-*.csv")).open(encoding="utf-8", newline="") as lines:
        found = {(row["unit"], row["problem_type"]): row["found"] for row in csv.DictReader(lines)}
    assert found[("东河镇", "通道堵塞")] == "1"
    assert sum(map(int, found.values())) == 1

    run(tmp_path, "handbook", "build")
    table = soup_of(tmp_path / "site" / "summary" / "999001001.html").select_one("table.figures")
    assert table is not None
    assert [cell.get_text() for cell in table.select("thead th")][1:] == ["隐患数", "已整改", "正在整改"]
    assert "某某超市" not in "".join(
        path.read_text(encoding="utf-8") for path in (tmp_path / "site").rglob("*.html")
    )


CLAUSE = "疏散通道是否堆放杂物"


def test_its_blank_workbooks_have_its_own_columns(tmp_path: Path) -> None:
    run(tmp_path, "template", "hazards", "--out", str(tmp_path / "hazards.xlsx"))
    run(tmp_path, "handbook", "build")
    blank = (tmp_path / "hazards.xlsx").read_bytes()
    assert blank == (tmp_path / "site" / "downloads" / "hazards.xlsx").read_bytes()
    sheet = openpyxl.load_workbook(BytesIO(blank)).active
    words = {str(cell.value) for row in sheet.iter_rows(max_row=8) for cell in row if cell.value}
    assert {"场所名称", "场所类别", "隐患类别", "整改责任"} <= words
    assert not {"户主姓名", "户类型"} & words


def test_nothing_of_the_first_campaign_is_on_its_pages(tmp_path: Path) -> None:
    run(tmp_path, "handbook", "build")
    text = "".join(soup_of(path).get_text() for path in (tmp_path / "site").rglob("*.html"))
    assert [word for word in ("回头看", "萧县", "脱贫", "十查十看", "附件 1-1") if word in text] == []
    assert "镇排查组" in text


def test_its_visits_ask_its_own_fields_and_need_no_roster(tmp_path: Path, signed_in: SignedIn) -> None:
    reporter = signed_in("999001001", Role.REPORTER)
    head = BeautifulSoup(reporter.get("/visits/hazards/new").get_data(as_text=True), "html.parser")
    asked = [str(field["name"]) for field in head.select("[data-record-form] .field [name]")]
    assert asked == ["village", "premises", "premises_kind", "storeys"]
    typed = {"visit-id": str(uuid4()), **{name: HAZARD[name] for name in asked if name in HAZARD}}
    begun = post(reporter, "/visits/hazards/new", **typed)
    assert begun.status_code == 303, text_of(begun)
    sheet = text_of(reporter.get(begun.location))
    assert HAZARD["premises"] in sheet
    assert CLAUSE in sheet
    wrong = {
        "is": "problem",
        "content": "楼道堆放纸箱。",
        "responsible_person": "王某某",
        "deadline": "2023-10-31",
    }
    saved = post(
        reporter, begun.location, **{f"escape-01.{name}": text for name, text in wrong.items()},
        **{"escape-01.problem_type": "blocked", "base-version": "1", "do-what": "rest.escape"},
    )  # fmt: skip
    assert saved.status_code == 303, text_of(saved)
    assert "楼道堆放纸箱。" in text_of(reporter.get("/records/hazards/"))
    assert "农户名册" not in text_of(reporter.get("/"))
    run(tmp_path, "summary", "--interim", "--out", str(tmp_path / "summary"))
    with next((tmp_path / "summary").glob("summary-*.csv")).open(encoding="utf-8", newline="") as lines:
        assert sum(int(row["found"]) for row in csv.DictReader(lines)) == 1
