"""A campaign of schools, written from the guide alone: nothing in the server speaks of households or of annex 2."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from build_scripts.build_commands import COMMANDS
from build_scripts.lazy_group import load
from checklist.loading.loader import load_campaign
from forms_server.access import Role
from forms_server.commands.roster_command import roster
from forms_server.db.tables import household
from tests.campaigns.serving import served
from tests.server.conftest import signed_in
from tests.server.pages import post, text_of
from tests.server.records import file

__all__ = ["signed_in"]

SignedIn = Callable[..., FlaskClient]
SCHOOL = Path(__file__).parent / "2023-spring-school"
TOWN, OFFICE = "888101001", "zhuanban"
STRANGE = re.compile(
    "脱贫|入户|巩固|户主|农户|附件 ?[12]|回头看|拟识别|监测对象|自查报告|户类型|一户|这户|[0-9] 户|整改情况汇总|镇村干部"
)
"""Words of the shipped campaign, none of which this one has."""
PROBLEM = {
    "village": "888101001202", "householder": "柳塘小学", "household_type": "primary", "meals": "own",
    "problem_type": "canteen-sample", "checked_on": "2023-03-01", "content": "留样不足。", "measures": "留足。",
    "responsible_person": "王某某", "deadline": "2023-03-10", "finder": "李某某",
}  # fmt: skip


def url(home: Path) -> str:
    return f"sqlite:///{home}/school.sqlite3"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The form server over the campaign, two weeks after a problem was due."""
    with served(SCHOOL, tmp_path, url(tmp_path), datetime(2023, 3, 24, 9)) as app:
        yield app


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "HUITOUKAN_HOME": str(tmp_path),
        "HUITOUKAN_DATABASE": url(tmp_path),
        "HUITOUKAN_CHECKLIST": str(SCHOOL),
    }


def pages_of(client: FlaskClient) -> Iterator[tuple[str, str]]:
    """Address and text of every page that links lead to from the home page, each address once without its query."""
    waiting, seen = ["/"], set()
    while waiting:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code < 500, address
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        yield address, text_of(answer)
        html = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
        links = [str(link["href"]).partition("#")[0].partition("?")[0] for link in html.select("a[href]")]
        waiting += [link for link in links if re.match(r"/(?!handbook/|static/|documents/.*docx)", link)]


def test_no_page_speaks_of_another_campaign(
    app: Flask, signed_in: SignedIn, environment: dict[str, str], tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for row in [
        ("学校标识码", "乡镇", "所在社区", "学校名称", "学段"),
        ("S1", "上湾镇", "柳塘", "柳塘小学", "小学"),
    ]:
        book.active.append(row)
    book.save(tmp_path / "schools.xlsx")
    result = CliRunner().invoke(roster, ["import", str(tmp_path / "schools.xlsx")], env=environment)
    assert "新增 1 所" in result.output
    with app.extensions["huitoukan"].engine.begin() as connection:
        # As a form of before has left it: this one asks for no number of people.
        connection.execute(update(household).values(people=4))
        household_id = connection.execute(select(household.c.id)).scalar_one()
    reporter, office = signed_in(TOWN, Role.REPORTER), signed_in(OFFICE, Role.OFFICE)
    filed = file(reporter, "/records/canteen/new", **PROBLEM)
    assert filed.status_code == 303, text_of(filed)
    assert "学校名册" in text_of(reporter.get("/"))
    begin = f"/visits/canteen/households/{household_id}"
    begun = post(reporter, begin, page="/visits/canteen/", **{"visit-id": str(uuid4())})
    assert begun.status_code == 303, text_of(begun)
    for client in (reporter, signed_in(TOWN, Role.PRINCIPAL), office):
        pages = dict(pages_of(client))
        assert len(pages) > 10
        found = {address: STRANGE.findall(text) for address, text in pages.items()}
        assert {address: words for address, words in found.items() if words} == {}


def test_its_documents_and_its_summary_have_its_own_words(
    app: Flask, signed_in: SignedIn, environment: dict[str, str], tmp_path: Path
) -> None:
    reporter = signed_in(TOWN, Role.REPORTER)
    file(reporter, "/records/canteen/new", **PROBLEM)
    for kind in ("report", "circular", "reminder", "campaign-report"):
        out = tmp_path / f"{kind}.docx"
        arguments = [kind, "--unit", TOWN, "--out", str(out), "--date", "2023-03-24"]
        result = CliRunner().invoke(load(COMMANDS["document"]), arguments, env=environment)
        assert result.exit_code == 0, result.output
        written = Document(BytesIO(out.read_bytes()))
        cells = [cell.text for table in written.tables for row in table.rows for cell in row.cells]
        own = re.compile("附件[12]")  # the headings of a letter's own enclosures, not the notice's annexes
        lines = (line.text for line in written.paragraphs if not own.fullmatch(line.text))
        text = "\n".join([*lines, *cells, result.output])
        assert STRANGE.findall(text) == [], kind
    assert {"学校名称", "柳塘小学"} <= {
        cell.text for row in Document(str(tmp_path / "reminder.docx")).tables[0].rows for cell in row.cells
    }
    result = CliRunner().invoke(
        load(COMMANDS["summary"]), ["--interim", "--out", str(tmp_path / "summary")], env=environment
    )
    assert "共排查问题 1 个" in result.output
    assert STRANGE.findall(result.output) == []


def test_its_handbook_has_its_own_words(environment: dict[str, str], tmp_path: Path) -> None:
    result = CliRunner().invoke(load(COMMANDS["handbook"]), ["build"], env=environment)
    assert result.exit_code == 0, result.output
    for path in (tmp_path / "site").rglob("*.html"):
        text = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").get_text()
        assert STRANGE.findall(text) == [], path.name


def test_a_deadline_is_refused_with_the_words_that_it_knows(app: Flask, signed_in: SignedIn) -> None:
    reporter = signed_in(TOWN, Role.REPORTER)
    answer = file(reporter, "/records/canteen/new", **{**PROBLEM, "deadline": "下回"})
    assert answer.status_code == 422
    assert "或者写马上改" in text_of(answer)
    assert load_campaign(SCHOOL).counter == "所"
