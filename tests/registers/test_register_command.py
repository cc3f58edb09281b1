"""``huitoukan register``: listed, taken out and in again on the command line."""

from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook
from sqlalchemy import insert, select

from build_scripts.settings import PROJECT
from checklist.loading.loader import load_campaign
from forms_server.cli import main
from forms_server.db import tables
from forms_server.db.engine import make_engine

DAY, NOON = date(2099, 1, 1), datetime(2022, 8, 20, 12, 0)
SHIPPED = PROJECT / "checklist" / "2022-huitoukan"


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("HUITOUKAN_HOME", str(tmp_path))
    monkeypatch.setenv("HUITOUKAN_CHECKLIST", str(SHIPPED))
    monkeypatch.delenv("HUITOUKAN_DATABASE", raising=False)
    runner = CliRunner()
    assert runner.invoke(main, ["init"]).exit_code == 0
    added = ["user", "add", "zhang", "--unit", "丁里镇", "--role", "reporter", "--password-stdin"]
    assert runner.invoke(main, added, input="qiu-shou-2022-ok\n").exit_code == 0
    return runner


def own_table(path: Path) -> Path:
    book = Workbook()
    book.active.append(["所在村", "资产编号", "资产名称", "项目名称", "项目年度", "资产类别", "资产原值（元）",
                        "所有权人", "所有权人名称", "管护主体", "管护责任人", "经营主体"])  # fmt: skip
    book.active.append(["河头村", "2019-1", "大棚", "大棚项目", 2019, "经营性资产", 480000, "村集体", "河头村合作社",
                        "河头村村委会", "李某某", "某某合作社"])  # fmt: skip
    book.save(path)
    return path


def test_a_table_goes_in_is_listed_goes_out_and_is_undone(runner, tmp_path):
    table, out = own_table(tmp_path / "assets.xlsx"), tmp_path / "out.xlsx"
    dry = runner.invoke(main, ["register", "import", "asset", str(table), "--unit", "丁里镇", "--dry-run"])
    assert (dry.exit_code, "核对完毕，没有导入" in dry.output) == (0, True), dry.output
    done = runner.invoke(main, ["register", "import", "asset", str(table), "--unit", "丁里镇"])
    assert (done.exit_code, "新增 1 行" in done.output) == (0, True), done.output
    listed = runner.invoke(main, ["register", "list"])
    assert "asset  资产登记台账（县农业农村局负责）：1 行" in listed.output
    assert runner.invoke(main, ["register", "export", "asset", "--out", str(out)]).exit_code == 0
    assert "大棚" in {cell.value for row in load_workbook(out).worksheets[0] for cell in row}
    batch = done.output.partition("编号是 ")[2][:8]
    assert runner.invoke(main, ["ledger", "undo", batch]).exit_code == 0
    assert "asset  资产登记台账（县农业农村局负责）：0 行" in runner.invoke(main, ["register", "list"]).output


def test_the_roll_up_is_written_as_the_page_shows_it(runner, tmp_path):
    table, out = own_table(tmp_path / "assets.xlsx"), tmp_path / "totals.xlsx"
    assert runner.invoke(main, ["register", "import", "asset", str(table), "--unit", "丁里镇"]).exit_code == 0
    done = runner.invoke(main, ["register", "totals", "asset", "--out", str(out)])
    assert (done.exit_code, done.output) == (0, f"资产登记台账汇总已写到 {out}\n")
    sheet = load_workbook(out)["汇总"]
    assert sheet["A1"].value == "萧县资产登记台账汇总"
    heads = [cell.value for cell in sheet[3]]
    lines = {str(row[0].value).strip(): dict(zip(heads, (cell.value for cell in row), strict=True))
             for row in sheet.iter_rows(min_row=4)}  # fmt: skip
    assert set(lines) == {"合计", "丁里镇", "河头村"}
    assert {(line["行数"], line["资产原值（元）"]) for line in lines.values()} == {(1, 480000)}
    survey = runner.invoke(main, ["register", "totals", "satisfaction", "--out", str(out)])
    assert (survey.exit_code, "还没有结束，不能出数" in survey.output) == (1, True)
    assert runner.invoke(main, ["register", "totals", "asset", "--out", "x.csv"]).exit_code == 1


def test_exemptions_are_listed_written_and_keep_an_import_from_being_undone(runner, tmp_path):
    table, out = own_table(tmp_path / "assets.xlsx"), tmp_path / "exemptions.xlsx"
    done = runner.invoke(main, ["register", "import", "asset", str(table), "--unit", "丁里镇"])
    campaign, engine = (
        load_campaign(SHIPPED),
        make_engine(f"sqlite:///{tmp_path}/huitoukan.sqlite3", b"k" * 32),
    )
    register = campaign.register_by_id["asset"]
    with engine.begin() as connection:
        (row,) = connection.execute(select(tables.register_row)).mappings().all()
        asker = connection.execute(
            select(tables.account.c.id).where(tables.account.c.name == "zhang")
        ).scalar()
        asked = {
            "id": "1" * 36, "campaign_id": campaign.id, "register_id": "asset", "row_id": row["id"], "until": DAY,
            "check_id": "value-small", "words": "已核对。", "rule_digest": "0", "read_digest": {}, "state": "pending",
            "asked_by": asker, "asked_at": NOON, "version": 1,
        }  # fmt: skip
        connection.execute(insert(tables.exemption).values(asked))
    engine.dispose()
    listed = runner.invoke(main, ["register", "exemptions"])
    doubt = next(check.say for check in register.checks if check.id == "value-small")
    assert listed.exit_code == 0, listed.output
    assert f"资产登记台账第1行  {doubt}  豁免已失效：核对规则改动" in listed.output
    assert "共 1 份，其中待批准 0 份" in listed.output
    assert runner.invoke(main, ["register", "exemptions", "asset", "--out", str(out)]).exit_code == 0
    cells = {cell.value for row in load_workbook(out).worksheets[0] for cell in row}
    assert {doubt, "已核对。", "已失效", "核对规则改动"} <= cells
    undone = runner.invoke(main, ["ledger", "undo", done.output.partition("编号是 ")[2][:8]])
    assert undone.exit_code == 1
    assert "已经有人申请豁免它的疑点" in undone.output


def test_what_is_not_there_is_named_with_what_is_meant(runner, tmp_path):
    table = own_table(tmp_path / "assets.xlsx")
    wrong = runner.invoke(main, ["register", "import", "aset", str(table), "--unit", "丁里镇"])
    assert (wrong.exit_code, "没有“aset”这本台账，是不是 asset" in wrong.output) == (1, True), wrong.output
    period = ["register", "export", "work", "--period", "2022-13", "--out", str(tmp_path / "x.xlsx")]
    assert "不是务工台账的一期" in runner.invoke(main, period).output
