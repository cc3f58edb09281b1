"""``huitoukan pack``: a person's workbook, which comes back through the import of ledgers."""

from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter as letter
from openpyxl.worksheet.worksheet import Worksheet

from forms_server.packs.pack_workbook import SHEET
from tests.ledgers.books import workbook
from tests.ledgers.test_commands import SHIPPED, Run, run

__all__ = ["run"]


def filed(sheet: Worksheet) -> tuple[dict[str, int], list[int]]:
    """Each header's column, and the numbers of the rows with a record."""
    columns = {
        str(cell.value): cell.column for row in sheet.iter_rows(max_row=8) for cell in row if cell.value
    }
    identity = columns["记录编号"]
    rows = [row for row in range(1, sheet.max_row + 1) if len(str(sheet.cell(row, identity).value)) == 36]
    return columns, rows


def take(run: Run, name: str, target: Path) -> None:
    result = run("pack", "--user", name, "--xlsx", str(target))
    assert result.exit_code == 0, result.output


def test_what_is_changed_and_added_in_it_comes_back_through_the_preview(run: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "in.xlsx", tmp_path / "我的.xlsx"
    source.write_bytes(workbook({"户内": SHIPPED}))
    assert run("ledger", "import", str(source), "--unit", "丁里镇").exit_code == 0
    take(run, "丁里", target)
    book = load_workbook(target)
    households = [[cell.value for cell in row] for row in book[SHEET].iter_rows(min_row=2)]
    assert [row[1:2] + row[-1:] for row in households] == [["河头村委会", "未去"]] * len(households)
    assert {row[0] for row in households} >= {"张某某"}

    sheet = book["户内问题"]
    columns, rows = filed(sheet)
    assert len(rows) == 3
    first, fresh = rows[0], rows[-1] + 1
    hidden = {column for column in columns.values() if sheet.column_dimensions[letter(column)].hidden}
    assert hidden == {columns["记录编号"], columns["版本"]}
    sheet.cell(first, columns["整改措施"]).value = "请县住建局再鉴定一次。"
    for column in range(2, columns["记录编号"]):
        sheet.cell(fresh, column).value = sheet.cell(first, column).value
    for name, text in {"户主姓名": "卫某某", "具体内容": "院墙倒了一截。", "状态": None}.items():
        sheet.cell(fresh, columns[name]).value = text
    book.save(target)
    looked = run("ledger", "import", str(target), "--unit", "丁里镇", "--dry-run")
    assert looked.output.splitlines()[-1] == "核对完毕，没有导入：丁里镇，新增 1 条，修改 1 条，没有变化 2 条"
    assert looked.stderr == f"{SHEET}: 没有台账的表头，没有读\n"
    done = run("ledger", "import", str(target), "--unit", "丁里镇")
    assert done.output.splitlines()[-1] == "已导入：丁里镇，新增 1 条，修改 1 条，没有变化 2 条"


def test_it_holds_what_the_account_files_and_nothing_else(run: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "in.xlsx", tmp_path / "我的.xlsx"
    source.write_bytes(workbook({"户内": SHIPPED}))
    assert run("ledger", "import", str(source), "--unit", "丁里镇").exit_code == 0
    for name, unit, more in (
        ("武寺", "丁里镇", ("--village", "武寺村委会")),
        ("龙城", "龙城镇", ()),
    ):
        assert run("user", "add", name, "--unit", unit, "--role", "reporter", *more).exit_code == 0
        take(run, name, target)
        book = load_workbook(target)
        assert filed(book["户内问题"])[1] == []
        assert SHEET not in book.sheetnames
    assert target.stat().st_mode & 0o077 == 0
    assert run("user", "add", "水利", "--unit", "县水利局", "--role", "department").exit_code == 0
    for name in ("水利", "没有的"):
        assert run("pack", "--user", name, "--xlsx", str(target)).exit_code == 1
