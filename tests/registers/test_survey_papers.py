"""A survey's papers: nothing that is kept says whose they are, and figures come once the period is over."""

import os
import re
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import insert, select, text

from build_scripts.counting.record_source import Source, opened
from build_scripts.counting.survey_rates import Paper, paper_weights, survey_share
from build_scripts.summary.parquet_export import export
from checklist.model import Campaign, Register, Survey
from forms_server.account import Role
from forms_server.db import tables
from forms_server.db.engine import transaction
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, OFFICE, WATER, WEST_BRIDGE, small_campaign
from tests.server.conftest import application, client_of
from tests.server.pages import post

HOUSEHOLD = "6f1c1c0e-6a51-4d0e-9b8e-aaaaaaaaaaaa"
NAME = "欧阳不可见"
IN_AUGUST, IN_SEPTEMBER = datetime(2022, 8, 20, 9, 0), datetime(2022, 9, 2, 9, 0)

YES_NO = ({"id": "yes", "label": "知道"}, {"id": "no", "label": "不知道"}, {"id": "none", "label": "不涉及"})
KINDS = ({"id": "listed", "label": "监测户"}, {"id": "other", "label": "一般户"})
SURVEY = {
    "sample": 3,
    "strata": "kind",
    "households": {"listed": ("脱贫户",)},
    "asked": "household",
    "rates": (
        {"id": "aware", "label": "知晓率", "question": "knows", "hits": ("yes",), "leave_out": ("none",)},
    ),
}


def survey_register() -> Register:
    fields = (
        {"id": "serial", "label": "序号", "type": "serial"},
        {"id": "village", "label": "村", "type": "village", "required": True},
        {"id": "household", "label": "受访户", "type": "household"},
        {"id": "kind", "label": "户类型", "type": "choice", "choices": KINDS, "required_if": "true"},
        {"id": "knows", "label": "知道吗", "type": "choice", "choices": YES_NO, "required": True},
        {"id": "wish", "label": "最希望", "type": "text", "max_length": 60},
    )
    about = {
        "id": "survey",
        "version": 1,
        "kind": "register",
        "name": "问卷",
        "title": "{unit}问卷",
        "purpose": "一份一行。",
    }
    kept = {"owner": WATER, "filled_by": ("townships",), "period": "month", "minimum_cell": 5}
    return Register.model_validate({**about, **kept, "survey": SURVEY, "fields": fields})


def surveyed() -> Campaign:
    campaign = small_campaign()
    groups = ({"id": "townships", "name": "各镇", "members": ("townships",)},)
    units = campaign.units.model_validate({**campaign.units.model_dump(), "groups": groups})
    return campaign.model_copy(update={"units": units, "registers": (survey_register(),)})


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with application(tmp_path, surveyed(), checked=False) as app:
        yield app


@pytest.fixture
def east(app: Flask) -> FlaskClient:
    """Who asks, with a household of the roster."""
    client = client_of(app, EAST, Role.REPORTER)
    with transaction(app.extensions["huitoukan"].engine) as connection:
        moment = {"created_at": IN_AUGUST, "changed_at": IN_AUGUST}
        known = {column.name for column in tables.household.c}
        row = {
            "id": HOUSEHOLD, "campaign_id": "small", "township_code": EAST, "village_code": EAST_WILLOW,
            "householder": NAME, "folded_name": NAME, "household_type": "脱贫户", "active": True, "listed": True,
            "version": 1, **moment,
        }  # fmt: skip
        connection.execute(insert(tables.household).values({key: row[key] for key in row if key in known}))
    return client


def paper(client: FlaskClient, **other: str) -> Any:
    given = {"record-id": str(uuid4()), "village": EAST_WILLOW, "period": "2022-08", "knows": "yes"} | other
    return post(client, "/registers/survey/new", "/registers/survey/new", **given)


def bytes_kept(home: Path) -> int:
    """How often the household stands in any file of the home, as text or as JSON writes it."""
    spelled = {NAME, HOUSEHOLD, NAME.encode("unicode_escape").decode()}
    patterns = [re.compile(re.escape(each.encode())) for each in spelled]
    files = [Path(folder) / name for folder, _, names in os.walk(home) for name in names]
    return sum(len(pattern.findall(file.read_bytes())) for file in files for pattern in patterns)


def checkpoint(app: Flask) -> None:
    with app.extensions["huitoukan"].engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def test_no_byte_that_is_kept_ties_a_paper_to_a_household_an_account_or_an_hour(
    app: Flask, east: FlaskClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    checkpoint(app)
    before = bytes_kept(tmp_path)
    draft = post(east, f"/registers/survey/{uuid4()}/drafts/new", "/registers/survey/new", household=NAME)
    assert draft.status_code == 404
    refused = paper(east, household=NAME, knows="")
    assert refused.status_code == 422
    assert NAME in refused.get_data(as_text=True)  # whoever typed it still has it
    assert paper(east, household=NAME, wish="修路").status_code == 303
    unknown = paper(east, household=f"{NAME}不在册", wish="修路")
    assert "“户类型”没有填写" in unknown.get_data(as_text=True)
    engine = app.extensions["huitoukan"].engine
    checkpoint(app)
    assert bytes_kept(tmp_path) == before
    assert NAME not in caplog.text
    assert HOUSEHOLD not in caplog.text
    with engine.connect() as connection:
        (row,) = connection.execute(select(tables.register_row)).mappings().all()
        assert row["extra"] == {
            "knows": "yes"
        }  # a kind that the village has one household of would tell which
        assert (row["household_id"], row["created_by"], row["texts"]) == (None, None, {"wish": "修路"})
        assert row["created_at"] == row["changed_at"] == datetime(2022, 8, 1)
        noted = select(tables.audit).where(tables.audit.c.subject == "register_row")
        (entry,) = connection.execute(noted).mappings().all()
        assert (entry["account_id"], entry["unit_code"], entry["address"]) == (None, None, None)
        assert entry["at"] == datetime(2022, 8, 20)
        assert connection.execute(select(tables.draft)).all() == []
        assert connection.execute(select(tables.late_entry)).all() == []


def test_no_paper_leaves_with_the_export(app: Flask, east: FlaskClient, tmp_path: Path) -> None:
    """A row of a file that says village and answers is a cell of one, whoever may read the file."""
    assert paper(east, kind="other").status_code == 303
    with opened(Source(app.extensions["huitoukan"].engine.url.render_as_string(), "database")) as records:
        written = export(records, surveyed(), tmp_path / "out")
    assert "issue" in written
    assert not [name for name in written if name.startswith("register")]
    assert not [*(tmp_path / "out").rglob("register*")]


def test_the_kind_of_household_comes_from_the_roster_where_there_are_enough(
    app: Flask, east: FlaskClient
) -> None:
    with transaction(app.extensions["huitoukan"].engine) as connection:
        (row,) = connection.execute(select(tables.household)).mappings().all()
        for number in range(4):
            other = {"id": str(uuid4()), "householder": f"另一户{number}", "folded_name": f"另一户{number}"}
            connection.execute(insert(tables.household).values({**row, **other}))
    assert paper(east, household=NAME).status_code == 303
    with app.extensions["huitoukan"].engine.connect() as connection:
        assert connection.execute(select(tables.register_row.c.extra)).scalar_one() == {
            "kind": "listed",
            "knows": "yes",
        }


def test_whom_to_ask_is_drawn_once_for_a_period_and_no_paper_marks_it(app: Flask, east: FlaskClient) -> None:
    with transaction(app.extensions["huitoukan"].engine) as connection:
        (row,) = connection.execute(select(tables.household)).mappings().all()
        for number in range(9):
            other = {"id": str(uuid4()), "householder": f"另一户{number}", "folded_name": f"另一户{number}"}
            connection.execute(insert(tables.household).values({**row, **other}))
    first = east.get("/registers/survey/sample").get_data(as_text=True)
    page = BeautifulSoup(first, "html.parser")
    drawn, spare = (each.get_text(strip=True).split("、") for each in page.select("main h2 ~ p")[:2])
    assert (len(drawn), len(spare)) == (3, 5)
    assert len({*drawn, *(each.removeprefix("替补：") for each in spare)}) == 8
    assert paper(east, household=drawn[0]).status_code == 303
    again = BeautifulSoup(east.get("/registers/survey/sample").get_data(as_text=True), "html.parser")
    assert [each.text for each in again.select("main p")] == [each.text for each in page.select("main p")]


def test_the_page_of_a_paper_sends_and_keeps_nothing_besides(app: Flask, east: FlaskClient) -> None:
    page = BeautifulSoup(east.get("/registers/survey/new").get_data(as_text=True), "html.parser")
    form = page.select_one("form[data-record-form]")
    assert form is not None
    assert not {"data-send", "data-draft"} & set(form.attrs)
    assert post(east, "/registers/survey/check", "/registers/survey/new").status_code == 404
    assert "导入" not in east.get("/registers/survey/workbook").get_data(as_text=True)


def test_a_name_in_a_text_is_refused_and_a_paper_is_never_changed(app: Flask, east: FlaskClient) -> None:
    answer = paper(east, kind="other", wish=f"{NAME}家门口的路")
    assert "有本村户主的姓名" in answer.get_data(as_text=True)
    assert paper(east, kind="other").status_code == 303
    owner = client_of(app, WATER, Role.REPORTER)
    listed = BeautifulSoup(
        owner.get("/registers/survey/?period=2022-08").get_data(as_text=True), "html.parser"
    )
    address = str(listed.select_one("table.ledger tbody a")["href"])
    assert owner.get(f"{address}edit").status_code == 403
    assert "问卷只能填本期的" in paper(east, kind="other", period="2022-07").get_data(as_text=True)


def test_who_knows_the_households_that_are_asked_reads_no_paper(app: Flask, east: FlaskClient) -> None:
    """The one monitored household among ten that were drawn is the one whose paper says so."""
    row_id = str(uuid4())
    for _ in range(2):  # sent again, it is the same paper
        assert paper(east, **{"record-id": row_id}, kind="other", wish="修路").status_code == 303
    listed = east.get("/registers/survey/?period=2022-08&words=修路").get_data(as_text=True)
    assert "答卷不逐份列出" in listed
    assert "<tbody>" not in listed
    book = load_workbook(BytesIO(east.get("/registers/survey/export.xlsx?period=2022-08").data))
    assert "修路" not in {cell.value for row in book.worksheets[0] for cell in row}
    for page in (f"{row_id}/", f"{row_id}/edit", "doubts"):
        assert east.get(f"/registers/survey/{page}").status_code == 404
    for unit, role in ((OFFICE, Role.OFFICE), (WATER, Role.REPORTER)):
        assert "修路" in client_of(app, unit, role).get(f"/registers/survey/{row_id}/").get_data(as_text=True)


def test_figures_come_once_the_period_is_over_and_hide_what_is_small(tmp_path: Path) -> None:
    with application(tmp_path, surveyed(), checked=False) as app:
        east = client_of(app, EAST, Role.REPORTER)
        # 9 and 7 papers of two villages of the east; 4 do not know: hidden with those who do
        for number in range(16):
            village = EAST_WILLOW if number < 9 else EAST_DAM
            assert (
                paper(east, village=village, kind="other", knows="no" if number < 4 else "yes").status_code
                == 303
            )
        office = client_of(app, OFFICE, Role.OFFICE)
        assert "还没有结束，不能出数" in office.get("/registers/survey/totals?period=2022-08").get_data(
            as_text=True
        )
        from dataclasses import replace

        services = app.extensions["huitoukan"]
        later = replace(services, clock=type(services.clock)(IN_SEPTEMBER))
        app.extensions["huitoukan"] = later
        page = BeautifulSoup(
            client_of(app, OFFICE, Role.OFFICE)
            .get("/registers/survey/totals?period=2022-08")
            .get_data(as_text=True),
            "html.parser",
        )
        book = client_of(app, OFFICE, Role.OFFICE).get("/registers/survey/totals.xlsx?period=2022-08").data
        estimates = [
            [cell.value for cell in row]
            for row in load_workbook(BytesIO(book))["估计值"].iter_rows(min_row=4)
        ]
        assert estimates[0][:3] == ["知晓率", "全县", "不显示"]
        titles = [title.get_text(strip=True) for title in page.select("main h2")]
        assert titles[0] == "知晓率"
        lines = {
            row.th.get_text(strip=True): [td.get_text() for td in row.select("td")]
            for row in page.select("tbody tr")
        }
        assert lines["知道"] == lines["不知道"] == ["不显示"]
        assert lines["全县"] == ["不显示"]
        assert lines["一般户"][0] == "16"


def test_each_paper_stands_for_the_households_of_its_village_and_kind() -> None:
    survey = Survey.model_validate(SURVEY)
    rate = survey.rates[0]
    told = [("listed", "yes"), ("listed", "no"), ("other", "no"), ("other", "none")]
    papers = [Paper(EAST, EAST_WILLOW, {"kind": kind, "knows": answer}) for kind, answer in told]
    weights = paper_weights(survey, papers, {(EAST_WILLOW, "脱贫户"): 30, (WEST_BRIDGE, "脱贫户"): 99})
    assert weights == [15, 15, 1, 1]
    share = survey_share(rate, papers, weights)
    assert share.rate.share == pytest.approx(15 / 31)
    assert (share.rate.hits, share.misses, share.left_out) == (1, 2, 1)
    low, high = share.rate.interval
    assert low < 15 / 31 < high
