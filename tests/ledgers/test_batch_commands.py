"""``huitoukan ledger imports`` and ``undo``, and the same of rosters."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from tests.ledgers.books import workbook
from tests.ledgers.test_commands import SHIPPED, Run, run

__all__ = ["run"]


def identity(output: str) -> str:
    found = re.search("编号是 ([0-9a-f]{8})，", output)
    assert found
    return found[1]


@pytest.fixture(autouse=True)
def _clock_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exports say when they were made."""
    monkeypatch.setattr("forms_server.clock.wall_clock", lambda: datetime(2022, 8, 20, 9))


def test_a_ledger_is_imported_listed_undone_and_imported_again(run: Run, tmp_path: Path) -> None:
    source, before, after = (tmp_path / name for name in ("八月.xlsx", "before.xlsx", "after.xlsx"))
    source.write_bytes(workbook({"户内": SHIPPED}))
    assert run("ledger", "imports").output == "还没有导入过文件\n"
    run("ledger", "export", "--out", str(before))
    batch = identity(run("ledger", "import", str(source), "--unit", "丁里镇").output)
    assert "丁里镇 八月.xlsx：新增 3，修改 0，没有变化 0" in run("ledger", "imports").output
    undone = run("ledger", "undo", batch)
    assert (undone.exit_code, "（已撤回）" in undone.output) == (0, True)
    run("ledger", "export", "--out", str(after))
    assert after.read_bytes() == before.read_bytes()
    again = run("ledger", "undo", batch)
    assert (again.exit_code, "已经撤回过了" in again.stderr) == (1, True)
    assert "新增 3 条" in run("ledger", "import", str(source), "--unit", "丁里镇").output
    assert run("audit", "verify").exit_code == 0


def test_what_was_built_on_an_import_is_named(run: Run, tmp_path: Path) -> None:
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    first.write_bytes(workbook({"户内": SHIPPED}))
    second.write_bytes(workbook({"户内": SHIPPED.replace("换瓦", "翻修")}))
    batch = identity(run("ledger", "import", str(first), "--unit", "丁里镇").output)
    identity(run("ledger", "import", str(second), "--unit", "丁里镇").output)
    refused = run("ledger", "undo", batch)
    assert refused.exit_code == 1
    assert "导入以后又修改、办理或并入过" in refused.stderr
    assert "有 1 处又有了改动或者办理" in refused.stderr


@pytest.mark.parametrize("typed", ["", "ffffffff", "%"])
def test_an_unknown_id_is_refused(run: Run, typed: str) -> None:
    refused = run("ledger", "undo", typed)
    assert (refused.exit_code, "没有这个编号的导入" in refused.stderr) == (1, True)


def test_a_roster_is_undone_by_its_own_command(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "名册.xlsx"
    source.write_bytes(workbook({"名册": "户编号|村|户主姓名|户类型|人口\nH1|河头村|张某甲|脱贫户|4\n"}))
    batch = identity(run("roster", "import", str(source), "--unit", "丁里镇").output)
    assert "没有这个编号的导入" in run("ledger", "undo", batch).stderr
    assert "新增 1" in run("roster", "imports").output
    assert run("roster", "undo", batch).exit_code == 0
    assert "新增 1 户" in run("roster", "import", str(source), "--unit", "丁里镇").output
