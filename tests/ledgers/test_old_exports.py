"""An old export put back: what changed since stays, unless a person chooses the row's text; both are shown."""

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, select, update

from checklist.model import Campaign
from checklist.questions import Answers, QuestionKind
from checklist.values.judge import Context
from forms_server.db.engine import transaction
from forms_server.db.tables import issue
from forms_server.records import record_rows
from forms_server.records import record_store as records
from tests.builders import EAST
from tests.ledgers.test_importing import edited
from tests.ledgers.test_resent import ROWS, asked, book, plan
from tests.ledgers.undoing import exported, take_in
from tests.records import builders as moves
from tests.records.builders import MORNING, NOON, form_of
from tests.records.conftest import At, at, engine, postgres, postgres_url

__all__ = ["at", "engine", "postgres", "postgres_url"]


@pytest.fixture
def east(campaign: Campaign) -> Context:
    return Context(campaign, campaign.unit_by_code[EAST], MORNING.date())


def change(engine: Engine, campaign: Campaign, at: At, **values: Any) -> None:
    """Edit the first issue on the web."""
    with at("east", NOON) as desk:
        row = the_issue(engine)
        current = record_rows.get(desk, form_of(campaign, "household-issues"), row["id"])
        records.edit(desk, current, current.version, {**current.values, **values})


def the_issue(engine: Engine) -> Any:
    with engine.connect() as connection:
        query = select(issue).where(issue.c.householder == "张某某")
        return connection.execute(query).mappings().one()


def test_what_was_changed_on_the_web_stays_and_both_texts_are_shown(
    engine: Engine, campaign: Campaign, east: Context, at: At
) -> None:
    take_in(engine, book(*ROWS), east)
    old = exported(engine, east)
    change(engine, campaign, at, measures="重建")
    found = plan(engine, old, east)
    (said,) = (each.message for each in found.problems if each.code == "cell-older")
    assert "重建" in said
    assert "换瓦" in said
    assert (found.plan.changed, found.plan.unchanged, found.errors) == ([], 5, [])
    assert take_in(engine, old, east) is None
    assert the_issue(engine)["measures"] == "重建"


def test_another_field_of_the_same_row_is_changed(
    engine: Engine, campaign: Campaign, east: Context, at: At
) -> None:
    take_in(engine, book(*ROWS), east)
    old = edited(exported(engine, east), {"户内问题": {"具体内容@0": "堂屋漏雨"}})
    change(engine, campaign, at, measures="重建")
    take_in(engine, old, east)
    row = the_issue(engine)
    assert (row["content"], row["measures"]) == ("堂屋漏雨", "重建")


def test_what_both_sides_changed_is_asked_about(
    engine: Engine, campaign: Campaign, east: Context, at: At
) -> None:
    take_in(engine, book(*ROWS), east)
    old = edited(exported(engine, east), {"户内问题": {"整改措施@0": "翻修"}})
    change(engine, campaign, at, measures="重建")
    found = plan(engine, old, east)
    assert asked(found) == [(QuestionKind.NEWER, "kept")]
    assert take_in(engine, old, east) is None
    assert the_issue(engine)["measures"] == "重建"
    chosen = Answers({found.questions[0].question.key: "taken"})
    assert take_in(engine, old, replace(east, answers=chosen))
    assert the_issue(engine)["measures"] == "翻修"


def test_an_issue_that_was_sent_back_is_not_reported_by_an_old_export(
    engine: Engine, campaign: Campaign, east: Context, at: At
) -> None:
    take_in(engine, book(ROWS[0] + "已整改", *ROWS[1:]), east)
    old = exported(engine, east)
    with at("office", NOON) as desk:
        current = record_rows.get(desk, form_of(campaign, "household-issues"), the_issue(engine)["id"])
        moves.send_back(desk, current, current.version, "没有修好")
    assert take_in(engine, old, east) is None
    assert the_issue(engine)["state"] == "rectifying"


def test_an_export_carries_extensions_and_its_import_moves_no_deadline(
    engine: Engine, campaign: Campaign, east: Context
) -> None:
    take_in(engine, book(*ROWS), east)
    old = exported(engine, east)
    moved = {"deadline": date(2022, 9, 10), "deadline_text": "2022.9.10", "extensions": 1}
    with transaction(engine) as connection:
        extended = update(issue).where(issue.c.householder == "张某某")
        connection.execute(extended.values(moved | {"first_deadline": date(2022, 8, 25)}))
    new = exported(engine, east)
    sheet = load_workbook(io.BytesIO(new))["户内问题"]
    rows = list(sheet.iter_rows(values_only=True))
    head = next(row for row in rows if "延期次数" in row)
    told = [
        (row[head.index("原定时限")], row[head.index("延期次数")]) for row in rows if row[0] in range(1, 6)
    ]
    assert sorted(told, key=str) == [("2022-08-25", 1), *[(None, None)] * 4]
    found = plan(engine, new, east)
    assert (found.plan.unchanged, found.problems) == (5, [])
    assert not any(each.unread for each in found.book.sheets)
    typed = plan(engine, edited(new, {"户内问题": {"整改时限@0": "2022.9.30"}}), east)
    assert [each.code for each in typed.problems] == ["deadline-kept"]
    assert "点“延期”，写明原因" in typed.problems[0].message
    assert [each.code for each in plan(engine, old, east).problems] == ["cell-older"]
    assert take_in(engine, old, east) is None
    assert the_issue(engine)["deadline"] == date(2022, 9, 10)


def test_a_version_survives_a_spreadsheet_program(
    engine: Engine, campaign: Campaign, east: Context, at: At, tmp_path: Path
) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    take_in(engine, book(*ROWS), east)
    old = exported(engine, east)
    if office:
        (tmp_path / "old.xlsx").write_bytes(old)
        words = [
            office,
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(tmp_path / "new"),
            str(tmp_path / "old.xlsx"),
        ]
        subprocess.run(words, check=True, capture_output=True, timeout=120)
        old = (tmp_path / "new" / "old.xlsx").read_bytes()
    else:
        stream = io.BytesIO()
        load_workbook(io.BytesIO(old)).save(stream)
        old = stream.getvalue()
    change(engine, campaign, at, measures="重建")
    assert take_in(engine, old, east) is None
    assert the_issue(engine)["measures"] == "重建"
