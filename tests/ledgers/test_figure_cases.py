"""Small ledgers in which figures can go wrong, each with the right value: uploaded over HTTP, and by the command."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from werkzeug.test import TestResponse

from forms_server.access import Role
from tests.builders import EAST
from tests.ledgers.books import HOUSEHOLD, workbook
from tests.ledgers.test_asking import answer
from tests.ledgers.test_commands import SHIPPED, Run, run
from tests.ledgers.test_pages import upload
from tests.server.conftest import SignedIn, app, signed_in
from tests.server.pages import text_of

__all__ = ["app", "run", "signed_in"]


def book_of(table: str, change: object = None) -> bytes:
    """The table as openpyxl writes it, after a change to its sheet."""
    book = load_workbook(io.BytesIO(workbook({"户内": table})))
    if callable(change):
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def percent(book: Workbook) -> None:
    for row, value in ((2, 1), (3, 0.5), (4, "100%")):
        cell = book["户内"].cell(row, 12, value)
        cell.number_format = "0%" if row < 4 else "General"


def not_available(book: Workbook) -> None:
    book["户内"]["C2"] = "#N/A"
    book["户内"]["C2"].data_type = "e"


def not_calculated(book: Workbook) -> None:
    book["户内"]["D2"] = "=名册!B2"


def picture(book: Workbook) -> None:
    book["户内"]["G2"].data_type = "s"
    book["户内"]["G2"].value = '_xlfn.DISPIMG("ID_1",1)'


def hidden_row(book: Workbook) -> None:
    book["户内"].row_dimensions[3].hidden = True


def filtered_row(book: Workbook) -> None:
    book["户内"].auto_filter.ref = "A1:L4"
    book["户内"].row_dimensions[3].hidden = True


def struck_row(book: Workbook) -> None:
    for cell in book["户内"][3]:
        cell.font = Font(strike=True)


def hidden_column(book: Workbook) -> None:
    book["户内"].column_dimensions["L"].hidden = True


def hidden_empty_column(book: Workbook) -> None:
    hidden_column(book)
    for row in (2, 3, 4):
        book["户内"].cell(row, 12, "")


def since_1904(book: Workbook) -> None:
    book.epoch = CALENDAR_MAC_1904
    book["户内"]["K2"].value = 43336
    book["户内"]["K2"].number_format = "General"


def backslashes(data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.infolist():
            named = zipfile.ZipInfo(part.filename)
            named.filename = part.filename.replace("/", "\\")
            new.writestr(named, old.read(part))
    return stream.getvalue()


ZWSP = (
    HOUSEHOLD.replace("张某某", "张\u200b三")
    .replace("柳林村|王某", "\u200b柳林村|王某")
    .replace("停水", "停\ufeff水")
)
KANGXI = HOUSEHOLD.replace("户主姓名", "⼾主姓名").replace("户类型", "⼾类型").replace("责任人", "责任⼈")
TWO_HOUSES = HOUSEHOLD.replace("张某某", "张三 李四")

EXCEL_97 = (Path(__file__).parent / "data" / "marked.xls").read_bytes()
"""As LibreOffice saved it."""

CASES: dict[str, tuple[bytes, list[str]]] = {
    "100 % and 50 % as numbers": (book_of(HOUSEHOLD, percent), ["3 新增", "合计 3 2 1"]),
    "a formula's error": (book_of(HOUSEHOLD, not_available), ["“村”里是公式的错误值 #N/A"]),
    "a formula without a result": (book_of(HOUSEHOLD, not_calculated), ["“户主姓名”里是没有算出结果的公式"]),
    "a picture in a cell": (book_of(HOUSEHOLD, picture), ["“具体内容”里是嵌入的图片"]),
    "a hidden row": (book_of(HOUSEHOLD, hidden_row), ["2 新增", "1 处要您回答", "隐藏的行 户内，1 行（户内!A3）"]),
    "a filtered row": (book_of(HOUSEHOLD, filtered_row), ["2 新增", "筛选掉的行 户内，1 行（户内!A3）"]),
    "a struck row": (book_of(HOUSEHOLD, struck_row), ["2 新增", "划掉的 1 行（第 3 行）", "先替您选好了"]),
    "a hidden column": (
        book_of(HOUSEHOLD, hidden_column), ["1 处要您回答", "有 1 栏是隐藏的", "整改成效 户内，1 栏（户内!L1）", "照常读"],
    ),
    "a hidden column without content": (book_of(HOUSEHOLD, hidden_empty_column), ["3 新增", "合计 3 0 3"]),
    "percent, a hidden row and column, a struck row, an error in the format of Excel 97": (
        EXCEL_97, ["隐藏的行 户内，1 行（户内!A6）", "责任人 户内，1 栏（户内!I1）", "划掉的 1 行（第 7 行）",
                   "“责任单位”里是公式的错误值 #DIV/0!", "合计 4 3 1"],
    ),
    "a hidden sheet": (
        workbook({"户内": HOUSEHOLD, "Sheet1 (2)": HOUSEHOLD.replace("张某某", "旧某某")}, hidden=("Sheet1 (2)",)),
        ["3 新增", "隐藏的工作表里的行 Sheet1 (2)，3 行"],
    ),
    "days from 1904": (book_of(HOUSEHOLD, since_1904), ["3 新增", "2022-08-25"]),
    "invisible characters": (workbook({"户内": ZWSP}), ["3 新增", "“村”里有看不见的字符，已经去掉，读作“柳林村”"]),
    "radicals in the header": (workbook({"户内": KANGXI}), ["3 新增"]),
    "two names in one cell": (workbook({"户内": TWO_HOUSES}), ["1 处要您回答", "张三 李四 户主姓名，1 行", "是一户，照此登记"]),
    "a year before the campaign": (
        workbook({"户内": HOUSEHOLD.replace("2022.8.25", "2021-08-25")}), ["应为 2022-08-25", "就是 2021-08-25"],
    ),
    "a year long after it": (
        workbook({"户内": HOUSEHOLD.replace("2022.8.25", "2052-08-25")}), ["应为 2022-08-25", "就是 2052-08-25"],
    ),
    "a number that lost its zero": (
        workbook({"户内": HOUSEHOLD.replace("2022.8.25", "=8.3")}), ["8.3 整改时限，1 行（户内!K2）", "8月3日", "8月30日"],
    ),
    "part names with backslashes": (backslashes(workbook({"户内": HOUSEHOLD})), ["没有读“台账.xlsx”", "另存为"]),
    "a village as the sheet's name": (
        workbook({"（1）上坝村": "\n".join(
            "|".join(cell for at, cell in enumerate(line.strip().split("|")) if at != 2)
            for line in HOUSEHOLD.strip("\n").splitlines()[:2]
        )}), ["1 新增", "上坝村委会", "都按工作表或者标题里写的“（1）上坝村”登记"],
    ),
}  # fmt: skip


@pytest.fixture
def east(signed_in: SignedIn) -> FlaskClient:
    return signed_in(EAST, Role.REPORTER)


@pytest.mark.parametrize(("data", "said"), CASES.values(), ids=CASES.keys())
def test_the_preview_says_what_is_the_matter(east: FlaskClient, data: bytes, said: list[str]) -> None:
    page = text_of(upload(east, data))
    assert [words for words in said if words not in page] == []


def test_hidden_rows_are_taken_or_left_as_answered(east: FlaskClient) -> None:
    page = upload(east, book_of(HOUSEHOLD, hidden_row))
    taken = answer(east, page, 隐藏的行="take")
    assert "3 新增" in text_of(taken)
    left = answer(east, taken, 隐藏的行="leave")
    assert "2 新增" in text_of(left)
    assert answer(east, left).status_code == 303


def test_a_hidden_column_is_read_or_not_as_answered(east: FlaskClient) -> None:
    page = upload(east, book_of(HOUSEHOLD, hidden_column))
    assert "合计 3 1 2" in text_of(page)
    left = answer(east, page, 整改成效="leave")
    assert "合计 3 0 3" in text_of(left)
    taken = answer(east, left, 整改成效="take")
    assert "合计 3 1 2" in text_of(taken)
    assert answer(east, taken).status_code == 303


OUTCOMES = {
    "未能按期完成整改": False, "未全部整改到位": False, "还没有全部完成": False, "8月30日前整改到位": False, "应于9月整改完毕": False,
    "完成整改50%": False, "整改到位前做好临时安置": False, "申请销号中": False, "预期8月底整改完毕": False, "待天晴后整改到位": False,
    "制定措施，限期整改到位": False, "已整改到位": True, "已全部缴费，问题已解决": True, "整改完毕": True, "已全部整改到位，无反弹": True,
    "已整改，将持续关注": True, "已整改到位，正在公示": True, "已整改到位（原计划8月底）": True, "整改完成率100%": True,
    "8月12日已完成整改，预计9月公示": True, "已解决到位": True, "未发现新问题，已整改": True, "已对剩余3户完成签约，全部整改到位": True,
    "原未落实的政策已落实到位": True,
}  # fmt: skip


def test_no_outcome_is_read_as_its_contrary_and_few_are_asked(run: Run, tmp_path: Path) -> None:
    head, row = SHIPPED.strip("\n").splitlines()[:2]
    rows = [row.strip().replace("张某某", f"张某{n}") + text for n, text in enumerate(OUTCOMES)]
    source = tmp_path / "in.xlsx"
    source.write_bytes(workbook({"户内": "\n".join([head, *rows])}))
    document = json.loads(
        run("ledger", "import", str(source), "--unit", "丁里镇", "--dry-run", "--json").stdout
    )
    asked = {each["typed"] for each in document["questions"] if each["kind"] == "question-outcome"}
    assert len(asked) * 3 <= len(OUTCOMES)
    done = sum(rectified for text, rectified in OUTCOMES.items() if text not in asked)
    assert document["figures"]["合计"]["rectified"] == done
    assert document["figures"]["合计"]["found"] == len(OUTCOMES)


def test_the_command_names_sheets_and_rows_that_are_no_records(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "in.xlsx"
    table = SHIPPED.strip() + "\n||河头村小计|||||||||\n制表人：张某|||审核人：李某||||||||"
    source.write_bytes(workbook({"户内": table, "封面": "丁里镇"}))
    result = run("ledger", "import", str(source), "--unit", "丁里镇", "--dry-run")
    assert result.exit_code == 0
    assert [line for line in result.stderr.splitlines() if "已理解为" not in line] == [
        "户内: 合计、小计 1 行（第 5 行），没有登记",
        "户内: 制表、审核等签名 1 行（第 6 行），没有登记",
        "封面: 没有台账的表头，没有读",
    ]
    document = json.loads(
        run("ledger", "import", str(source), "--unit", "丁里镇", "--dry-run", "--json").stdout
    )
    assert document["sheets"][0]["left_out"] == {"total": 1, "signature": 1}
    assert (document["figures"]["合计"]["found"], document["after"]["合计"]["found"]) == (3, 3)


UNDERSTOOD = [
    "15个工作日内",
    "一个星期内",
    "10个工作日",
    "下月底前",
    "限8月25日前",
    "于8月25日前完成",
    "截至8月25日",
    "25日前",
    "8月25日星期四",
]


def test_deadlines_are_understood_and_shown(run: Run, tmp_path: Path) -> None:
    head, row = SHIPPED.strip("\n").splitlines()[:2]
    rows = [
        row.strip().replace("2022.8.25", text).replace("张某某", f"张某{n}")
        for n, text in enumerate(UNDERSTOOD)
    ]
    source = tmp_path / "in.xlsx"
    source.write_bytes(workbook({"户内": "\n".join([head, *rows])}))
    result = run("ledger", "import", str(source), "--unit", "丁里镇", "--dry-run")
    assert result.stdout.splitlines()[-1].endswith(f"新增 {len(UNDERSTOOD)} 条，修改 0 条，没有变化 0 条")
    told = set(re.findall(r"填的“(.*?)”已理解为 \d{4}-\d{2}-\d{2}", result.stderr))
    assert {"15个工作日内", "一个星期内", "10个工作日", "下月底前", "25日前"} <= told


def test_a_page_of_questions_has_no_script_and_each_choice_a_name(east: FlaskClient) -> None:
    page: TestResponse = upload(east, workbook({"户内": HOUSEHOLD.replace("脱贫户", "<b>低保户</b>")}))
    html = page.get_data(as_text=True)
    assert "<b>低保户" not in html
    assert "&lt;b&gt;低保户" in html


def test_a_row_of_examples_under_the_header_is_no_record_and_blocks_nothing(run: Run, tmp_path: Path) -> None:
    head, row = SHIPPED.strip("\n").splitlines()[:2]
    shown = "|".join(
        f"如：{cell.strip() or '已整改'}" if at else "说明" for at, cell in enumerate(row.split("|"))
    )
    source = tmp_path / "in.xlsx"
    source.write_bytes(workbook({"户内": "\n".join([head, shown, row.strip()])}))
    result = run("ledger", "import", str(source), "--unit", "丁里镇", "--dry-run")
    assert result.exit_code == 0, result.stderr
    assert result.stderr.splitlines() == ["户内: 填表说明 1 行（第 2 行），没有登记"]
