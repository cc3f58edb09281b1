"""``huitoukan ledger`` from file to file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from forms_server.cli import main
from tests.ledgers.books import HOUSEHOLD, workbook

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command over the shipped campaign and an empty database in a folder of its own."""
    monkeypatch.setenv("HUITOUKAN_HOME", str(tmp_path))
    monkeypatch.delenv("HUITOUKAN_DATABASE", raising=False)

    def running(*words: str) -> Result:
        return CliRunner().invoke(main, words)

    assert running("init").exit_code == 0
    assert running("user", "add", "丁里", "--unit", "丁里镇", "--role", "reporter").exit_code == 0
    return running


SHIPPED = HOUSEHOLD.replace("东河镇", "丁里镇").replace("上坝村", "河头村").replace("柳林村", "河头村")


def test_the_commands_from_file_to_file(run: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "in.xlsx", tmp_path / "out.xlsx"
    source.write_bytes(workbook({"户内": SHIPPED}))
    checked = run("ledger", "import", str(source), "--unit", "丁里镇", "--dry-run")
    assert (
        checked.output.splitlines()[-1] == "核对完毕，没有导入：丁里镇，新增 3 条，修改 0 条，没有变化 0 条"
    )
    assert run("ledger", "import", str(source), "--unit", "341322110").exit_code == 0
    assert run("ledger", "export", "--unit", "丁里镇", "--out", str(target)).exit_code == 0
    again = run("ledger", "import", str(target), "--unit", "丁里镇")
    assert again.output.splitlines()[-1] == "已导入：丁里镇，新增 0 条，修改 0 条，没有变化 3 条"


def test_the_command_names_the_columns_that_nobody_reads(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "in.xlsx"
    head, *rows = [line.strip() for line in SHIPPED.strip("\n").splitlines()]
    table = "\n".join([f"{head}|备注|电话", *(f"{row}|急|1" for row in rows)])
    source.write_bytes(workbook({"户内": table}))
    result = run("ledger", "import", str(source), "--unit", "丁里镇", "--dry-run")
    read, unread = result.stderr.splitlines()
    assert read.startswith("户内!K3: （请留意）“整改时限”填的“8月底”已理解为 2022-08-31")
    assert unread == "户内: 没有读的栏或行：备注、电话"


def test_the_command_names_every_wrong_cell(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "in.xlsx"
    source.write_bytes(
        workbook({"户内": SHIPPED.replace("2022.8.25", "2022.2.30").replace("脱贫户|收入", "低保户|收入")})
    )
    result = run("ledger", "import", str(source), "--unit", "丁里镇")
    assert result.exit_code == 1
    *named, noted = result.stderr.splitlines()[:-1]
    assert [line.split(":")[0] for line in named] == ["户内!E4", "户内!K2"]
    assert noted.startswith("户内!K3: （请留意）")
    copy = tmp_path / "in-标出问题.xlsx"
    assert result.stderr.splitlines()[-1] == (
        f"错误：有 1 处不对，没有导入；标出问题的副本在 {copy}，在里面改好可以再导入；"
        "有 1 处要回答：加 --dry-run --json 得到所问的，填好 answer，再用 --answers 交回来"
    )


def test_the_commands_marked_copy_can_be_corrected_and_imported(run: Run, tmp_path: Path) -> None:
    source, copy = tmp_path / "in.xlsx", tmp_path / "改.xlsx"
    source.write_bytes(workbook({"户内": SHIPPED.replace("2022.8.25", "2022.2.30")}))
    refused = run("ledger", "import", str(source), "--unit", "丁里镇", "--marked", str(copy))
    assert refused.exit_code == 1
    assert run("ledger", "import", str(source), "--unit", "丁里镇").exit_code == 1
    assert run("ledger", "import", str(source), "--unit", "丁里镇").exit_code == 1
    assert {path.name for path in tmp_path.glob("in-*.xlsx")} == {"in-标出问题.xlsx", "in-标出问题2.xlsx"}
    marked = load_workbook(copy)
    cell, understood = (cell for cell in marked["户内"]["K"] if cell.comment)
    assert (understood.coordinate, understood.value) == ("K3", "8月底")
    assert "已理解为 2022-08-31" in understood.comment.text
    assert (cell.coordinate, cell.value) == ("K2", "2022.2.30")
    assert "2022.2.30”没有这一天" in cell.comment.text
    cell.value = "2022.8.25"
    marked.save(copy)
    again = run("ledger", "import", str(copy), "--unit", "丁里镇")
    assert again.output.splitlines()[-1] == "已导入：丁里镇，新增 3 条，修改 0 条，没有变化 0 条"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--unit", "某某镇"), "没有填报单位“某某镇”"),
        (("--unit", "龙城镇"), "龙城镇还没有能填报全单位的账号"),
        (("--unit", "丁里镇"), "这是文本文件"),
    ],
)
def test_what_the_command_refuses(run: Run, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    source = tmp_path / "in.xlsx"
    source.write_text("序号,村\n")
    result = run("ledger", "import", str(source), *words)
    assert result.exit_code == 1
    assert said in result.stderr
