"""Spellings of names, places, types and numbers in which figures went wrong: each read or asked about, never refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.ledgers.books import workbook
from tests.ledgers.test_commands import SHIPPED, Run, run

__all__ = ["run"]

HEAD, ROW = (line.strip() for line in SHIPPED.strip("\n").splitlines()[:2])
VILLAGE, NAME, TYPE, PROBLEM, CONTENT = 2, 3, 4, 5, 6


def imported(run: Run, folder: Path, *rows: str) -> dict[str, Any]:
    """What an import of these rows would do."""
    source = folder / "in.xlsx"
    source.write_bytes(workbook({"户内": "\n".join([HEAD, *rows])}))
    result = run("ledger", "import", str(source), "--unit", "丁里镇", "--dry-run", "--json")
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def row(number: int, column: int, text: str) -> str:
    cells = ROW.split("|")
    cells[0], cells[NAME] = str(number), f"张某{'甲乙丙丁戊己庚辛壬癸'[number % 10]}{number}"
    cells[column] = text
    return "|".join(cells)


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (VILLAGE, ["河头村村委会", "河头村委会", "河头", "丁里镇河头村", "（1）河头村"]),
        (
            PROBLEM,
            [
                "三保障-住房安全", "“三保障”和饮水安全方面（住房安全）", "住房", "防返贫监测帮扶", "环境整治",
                "三保障（住房安全）", "饮水安全-饮水安全",
            ],
        ),
        (TYPE, ["脱贫户（低保）", "监测对象（脱贫不稳定户）"]),
        (
            CONTENT,
            [
                "项目编号34132220220800123456没有公示", "补贴 12345678901.50 元没有到账",
                "萧巩固办〔2022〕1号没有传达", "合同 HT-2022-08-25-0001 没有签",
            ],
        ),
    ],
    ids=["villages", "problem types", "household types", "numbers of nobody"],
)  # fmt: skip
def test_what_officials_write_is_understood(run: Run, tmp_path: Path, column: int, texts: list[str]) -> None:
    rows = [row(number, column, text) for number, text in enumerate(texts, 1)]
    document = imported(run, tmp_path, *rows)
    told = [each for each in (*document["problems"], *document["questions"]) if not each.get("warning")]
    assert (document["new"], told) == (len(texts), [])


@pytest.mark.parametrize("name", ["张三 李四", "张三，李四", "张三和李四", "张三、李四"])
def test_two_people_in_a_cell_are_asked_about(run: Run, tmp_path: Path, name: str) -> None:
    (question,) = imported(run, tmp_path, row(1, NAME, name))["questions"]
    assert (question["kind"], question["answer"]) == ("question-name", "")


def _identity_number() -> str:
    """One of nobody, with its right check digit."""
    body = "341322190001010" + "01"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


@pytest.mark.parametrize("column", [NAME, CONTENT, 7, 8, 11])
def test_an_identity_number_is_refused_in_every_text_without_repeating_it(
    run: Run, tmp_path: Path, column: int
) -> None:
    number = _identity_number()
    document = imported(run, tmp_path, row(1, column, f"张某{number}"))
    refused = [each for each in document["problems"] if each["code"] == "personal-number"]
    assert [each["place"][-1] for each in refused] == ["2"]
    assert number not in json.dumps(document, ensure_ascii=False)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("三保障", "住房安全", {"住房安全"}),
        ("三保障和饮水", "饮水安全", {"安全饮水"}),
        ("", "住房安全", {"住房安全"}),
        ("住房安全", "", {"住房安全"}),
        ("住房安全", "住房", {"住房安全"}),
        ("住房安全", "低保", {"住房安全"}),
        ("住房安全", "饮水安全", {"question-value 住房安全-饮水安全"}),
    ],
)
@pytest.mark.parametrize("order", [("问题类型", "保障类别"), ("保障类别", "问题类型")])
def test_a_second_column_of_the_type_refines_the_first(
    run: Run, tmp_path: Path, first: str, second: str, told: set[str], order: tuple[str, str]
) -> None:
    cells = {"问题类型": first, "保障类别": second}
    values = dict(zip(HEAD.split("|"), row(1, PROBLEM, "").split("|"), strict=True))
    heads = [*HEAD.split("|")]
    heads[PROBLEM : PROBLEM + 1] = order
    line = "|".join({**values, **cells}[head] for head in heads)
    source = tmp_path / "in.xlsx"
    source.write_bytes(workbook({"户内": "|".join(heads) + "\n" + line}))
    result = run("ledger", "import", str(source), "--unit", "丁里镇", "--dry-run", "--json")
    document = json.loads(result.stdout)
    asked = {f"{each['kind']} {each['typed']}" for each in document["questions"]}
    errors = [each for each in document["problems"] if not each.get("warning") and not each.get("question")]
    found = {name for name, figures in document["figures"].items() if name != "合计" and figures["found"]}
    assert (asked or found, errors if not asked else []) == (told, [])
