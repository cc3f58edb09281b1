"""From a workbook to the database and back, as the commands do it."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import Engine, func, select

from build_scripts.workbooks.xlsx_writer import to_xlsx
from checklist.model import Campaign
from checklist.values.judge import Context
from forms_server.db.engine import transaction
from forms_server.db.tables import audit, household, issue
from forms_server.imports.import_storage import store
from forms_server.imports.importer import Importer
from forms_server.imports.ledger_exporting import export
from forms_server.imports.ledger_import import LedgerImport, plan_import, read_ledgers
from forms_server.records import record_rows
from forms_server.records import record_store as records
from forms_server.records.record import EditConflict
from tests.builders import EAST
from tests.ledgers.books import GENERAL, HOUSEHOLD, workbook
from tests.records import builders as moves
from tests.records.builders import ACCOUNTS, MORNING, NOON, form_of, household_issue
from tests.records.conftest import At, at, engine, postgres, postgres_url
from tests.whole import faults_of

__all__ = ["at", "engine", "postgres", "postgres_url"]


@pytest.fixture
def east(campaign: Campaign) -> Context:
    return Context(campaign, campaign.unit_by_code[EAST], MORNING.date())


@contextmanager
def planned(
    engine: Engine, data: bytes, context: Context, who: str = "east"
) -> Iterator[tuple[LedgerImport, Importer]]:
    """What an import would do, in a transaction in which it can be done."""
    account = ACCOUNTS[who]
    book = read_ledgers(data, context, account.shown_name)
    with transaction(engine) as connection:
        found = plan_import(connection, book, context, account)
        yield found, Importer(connection, context.campaign, context.unit, account, MORNING)


def imported(
    engine: Engine, data: bytes, context: Context, who: str = "east"
) -> tuple[int, int, int, list[str]]:
    """New, changed, unchanged and what is wrong; stored where nothing is."""
    with planned(engine, data, context, who) as (found, importer):
        if not found.errors:
            store(found.plan, importer)
    plan = found.plan
    return (
        len(plan.new),
        len(plan.changed),
        plan.unchanged,
        [f"{error.place} {error.code}" for error in found.errors],
    )


def exported(engine: Engine, context: Context) -> bytes:
    with engine.connect() as connection:
        return to_xlsx(export(connection, context.campaign, context.unit, None))


def test_records_and_households_are_as_their_audit_rows_say(engine: Engine, east: Context) -> None:
    imported(engine, workbook({"户内": HOUSEHOLD, "面上": GENERAL}), east)
    names = {issue.name, household.name}
    assert [fault for fault in faults_of(engine) if fault.subject in names] == []
    with engine.connect() as connection:
        query = select(func.count()).where(audit.c.subject.in_(names), audit.c.digest.is_not(None))
        assert connection.scalar(query) == 9, "six issues, three households"


def edited(data: bytes, edits: dict[str, dict[str, Any]]) -> bytes:
    """The workbook with some cells changed: by sheet, then by ``column header@row of records``."""
    book = load_workbook(io.BytesIO(data))
    for name, cells in edits.items():
        sheet = book[name]
        first, columns = _table(sheet)
        for where, value in cells.items():
            header, _, row = where.partition("@")
            sheet.cell(first + int(row), columns[header]).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _table(sheet: Worksheet) -> tuple[int, dict[str, int]]:
    """The first row of records, and the column of each header."""
    top = next(row for row in range(1, 20) if sheet.cell(row, 1).value in {"序号"})
    columns = {
        str(sheet.cell(row, column).value): column
        for row in (top, top + 1)
        for column in range(1, sheet.max_column + 1)
        if sheet.cell(row, column).value
    }
    return top + 1 + ("责任人" in {sheet.cell(top + 1, column).value for column in range(1, 20)}), columns


def count(engine: Engine, table: Any) -> int:
    with engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_rows_become_records_with_their_audit(engine: Engine, campaign: Campaign, east: Context) -> None:
    assert imported(engine, workbook({"户内": HOUSEHOLD, "面上": GENERAL}), east) == (6, 0, 0, [])
    with engine.connect() as connection:
        found = list(connection.execute(select(issue).order_by(issue.c.id)).mappings())
        said = list(connection.execute(select(audit).order_by(audit.c.id)))
    first, second = found[:2]
    assert [row["householder"] for row in found[:3]] == ["张某某", "王某", "赵某某"]
    assert (first["village_code"], first["state"], first["rectified_on"]) == (
        "999001001201",
        "rectifying",
        None,
    )
    assert (second["state"], second["rectified_on"], second["outcome"]) == (
        "rectified",
        MORNING.date(),
        "已整改，通水",
    )
    assert {row["created_by"] for row in found} == {ACCOUNTS["east"].id}
    assert {row["area_id"] for row in found} == {"income", "guarantees"}
    assert len({re.sub(r"-.*", "", row["id"]) for row in found}) == 1
    households = {row["household_id"] for row in found if row["householder"]}
    written = [(row.subject, row.subject_id, row.action) for row in said]
    assert sorted(written[:3]) == sorted(("household", each, "make") for each in households)
    assert written[3:] == [("issue", row["id"], "file") for row in found]


def test_the_same_file_again_and_its_rows_in_another_order(engine: Engine, east: Context) -> None:
    data = workbook({"户内": HOUSEHOLD})
    assert imported(engine, data, east) == (3, 0, 0, [])
    assert imported(engine, data, east) == (0, 0, 3, [])
    lines = HOUSEHOLD.strip("\n").splitlines()
    assert imported(engine, workbook({"户内": "\n".join([lines[0], *lines[:0:-1]])}), east) == (0, 0, 3, [])
    assert count(engine, issue) == 3


def test_one_wrong_cell_and_nothing_is_stored(engine: Engine, east: Context) -> None:
    wrong = HOUSEHOLD.replace("长期坚持", "2022.2.30")
    assert imported(engine, workbook({"户内": wrong, "面上": GENERAL}), east) == (
        5,
        0,
        0,
        ["户内!K4 no-such-date"],
    )
    assert count(engine, issue) == count(engine, audit) == 0


def test_an_export_that_nobody_edited_changes_nothing(engine: Engine, east: Context) -> None:
    imported(engine, workbook({"户内": HOUSEHOLD, "面上": GENERAL}), east)
    assert imported(engine, exported(engine, east), east) == (0, 0, 6, [])
    assert exported(engine, east) == exported(engine, east)


def test_three_edited_cells_are_three_changes(engine: Engine, east: Context) -> None:
    imported(engine, workbook({"户内": HOUSEHOLD, "面上": GENERAL}), east)
    written = count(engine, audit)
    edits = {
        "户内问题": {"具体内容@0": "堂屋漏雨", "整改成效@2": "已完成，已上岗"},
        "面上问题": {"整改时限@1": "8月25日"},
    }
    data = edited(exported(engine, east), edits)
    with planned(engine, data, east) as (found, importer):
        changes = [(list(change.fields), change.reports) for change in found.plan.changed]
        assert changes == [(["content"], False), (["outcome"], True), (["deadline"], False)]
        store(found.plan, importer)
    with engine.connect() as connection:
        found_rows = list(connection.execute(select(issue).order_by(issue.c.id)))
        said = list(connection.execute(select(audit.c.action, audit.c.change).order_by(audit.c.id)))[written:]
    assert found_rows[0].content == "堂屋漏雨"
    assert (found_rows[2].state, found_rows[2].version, found_rows[2].content) == ("rectified", 2, "=SUM(A1)")
    assert [tuple(row) for row in said] == [
        ("edit", {"fields": ["content"]}),
        ("report", {"fields": ["outcome"], "from": "rectifying", "to": "rectified"}),
        ("edit", {"fields": ["deadline"]}),
    ]
    assert imported(engine, data, east) == (0, 0, 6, [])


def test_a_row_that_was_added_to_an_export_is_new(engine: Engine, east: Context) -> None:
    imported(engine, workbook({"户内": HOUSEHOLD}), east)
    new = {"村": "湖滨社区", "户主姓名": "孙某", "户类型": "一般农户", "问题类型": "住房安全", "具体内容": "墙裂",
           "整改措施": "鉴定", "责任人": "李某", "责任单位": "东河镇", "整改时限": "8月底"}  # fmt: skip
    data = edited(
        exported(engine, east), {"户内问题": {f"{header}@3": value for header, value in new.items()}}
    )
    assert imported(engine, data, east) == (1, 0, 3, [])


def test_records_of_the_web_form_are_known_again(
    engine: Engine, campaign: Campaign, east: Context, at: At
) -> None:
    with at("east") as desk:
        record = records.create(desk, household_issue(campaign, people=4))
        moves.report(desk, record, 1, {"outcome": "已修好"}, NOON.date())
    assert imported(engine, exported(engine, east), east) == (0, 0, 1, [])


def test_an_outcome_that_was_reported_is_not_doubted_when_it_comes_back(
    engine: Engine, campaign: Campaign, east: Context, at: At
) -> None:
    with at("east") as desk:
        record = records.create(desk, household_issue(campaign))
        moves.report(desk, record, 1, {"outcome": "参保凭证已存入户档。"}, NOON.date())
        open_one = records.create(desk, household_issue(campaign, 2, householder="李某某"))
    data = exported(engine, east)
    with planned(engine, data, east) as (found, _):
        assert [problem.code for problem in found.problems] == []
    data = edited(data, {"户内问题": {"整改成效@1": "参保凭证已存入户档。"}})
    with planned(engine, data, east) as (found, _):
        assert [change.recorded.id for change in found.plan.changed] == [open_one.id]
        assert [problem.code for problem in found.problems] == ["outcome-unclear"]


def test_what_was_doubted_once_is_not_doubted_again_as_long_as_it_stays(
    engine: Engine, east: Context
) -> None:
    doubtful = HOUSEHOLD.replace("2022.8.25|", "8.25|已开会研究")
    data = workbook({"户内": doubtful})
    doubts = ["date-assumed", "outcome-unclear"]
    with planned(engine, data, east) as (found, importer):
        assert [problem.code for problem in found.problems] == doubts
        store(found.plan, importer)
    with planned(engine, data, east) as (found, _):
        assert [problem.code for problem in found.problems] == []
    with planned(engine, workbook({"户内": doubtful.replace("换瓦", "翻修")}), east) as (found, _):
        assert len(found.plan.changed) == 1
        assert [problem.code for problem in found.problems] == []
    with planned(engine, workbook({"户内": doubtful.replace("|8.25|", "|8.26|")}), east) as (found, _):
        assert [problem.code for problem in found.problems] == ["deadline-kept"]


def test_a_deadline_that_a_file_moves_stays_and_is_reported(engine: Engine, east: Context) -> None:
    imported(engine, workbook({"户内": HOUSEHOLD}), east)
    moved = HOUSEHOLD.replace("2022.8.25", "2022.8.30")
    with planned(engine, workbook({"户内": moved}), east) as (found, _):
        assert (len(found.plan.changed), found.plan.unchanged, found.errors) == (0, 3, [])
        assert [problem.message for problem in found.problems] == [
            "“整改时限”已定为2022年8月25日，表里写的是“2022.8.30”，没有照改；"
            "要延期的，由登记单位的主要负责人或者办公室在网页上打开这一条点“延期”，写明原因。"
        ]
    with planned(engine, workbook({"户内": moved.replace("换瓦", "翻修")}), east) as (found, importer):
        assert [list(change.fields) for change in found.plan.changed] == [["measures"]]
        store(found.plan, importer)
    with engine.connect() as connection:
        days = connection.execute(select(issue.c.deadline).order_by(issue.c.id)).scalars()
        assert str(next(iter(days))) == "2022-08-25"


def test_concurrent_changes_are_not_overwritten(
    engine: Engine, campaign: Campaign, east: Context, at: At
) -> None:
    with at("east") as desk:
        records.create(desk, household_issue(campaign))
    data = edited(exported(engine, east), {"户内问题": {"具体内容@0": "东墙裂"}})
    book = read_ledgers(data, east, "李某")
    with engine.connect() as connection:
        plan = plan_import(connection, book, east, ACCOUNTS["east"]).plan
    with at("east-principal") as desk:
        form = form_of(campaign, "household-issues")
        current = record_rows.get(desk, form, plan.changed[0].recorded.id)
        records.edit(desk, current, 1, {**current.values, "content": "北墙裂"})
    with pytest.raises(EditConflict), transaction(engine) as connection:
        store(plan, Importer(connection, campaign, east.unit, ACCOUNTS["east"], MORNING))


@pytest.mark.parametrize(
    ("who", "wrong"),
    [
        ("willow", ["户内!C2 village-not-yours"]),
        ("west", [f"户内!C{row} unit-not-yours" for row in (2, 3, 4)]),
        ("office", [f"户内!C{row} unit-not-yours" for row in (2, 3, 4)]),
    ],
)
def test_the_gate_is_asked_about_every_row(engine: Engine, east: Context, who: str, wrong: list[str]) -> None:
    assert imported(engine, workbook({"户内": HOUSEHOLD}), east, who)[3] == wrong


def test_a_reporter_of_one_village_sees_and_sends_its_rows(engine: Engine, east: Context) -> None:
    imported(engine, workbook({"户内": HOUSEHOLD}), east)
    with engine.connect() as connection:
        data = to_xlsx(export(connection, east.campaign, east.unit, ACCOUNTS["willow"]))
    names = {cell.value for row in load_workbook(io.BytesIO(data))["户内问题"].iter_rows() for cell in row}
    assert {"王某", "赵某某"} <= names
    assert "张某某" not in names
    assert imported(engine, data, east, "willow") == (0, 0, 2, [])


def test_withdrawn_records_are_not_exported(
    engine: Engine, campaign: Campaign, east: Context, at: At
) -> None:
    with at("east") as desk:
        record = records.create(desk, household_issue(campaign))
        moves.withdraw(desk, record, 1, "登记错了")
    sheet = load_workbook(io.BytesIO(exported(engine, east)))["户内问题"]
    assert all(cell.value != "张某某" for row in sheet.iter_rows() for cell in row)


def test_the_county_has_a_column_for_the_unit(engine: Engine, campaign: Campaign, at: At) -> None:
    with at("east") as desk:
        records.create(desk, household_issue(campaign))
    with engine.connect() as connection:
        data = to_xlsx(export(connection, campaign, None, None))
    sheet = load_workbook(io.BytesIO(data))["户内问题"]
    first, columns = _table(sheet)
    assert sheet.cell(first, columns["填报单位"]).value == "东河镇"
    assert sheet.cell(first, columns["状态"]).value == "正在整改"
