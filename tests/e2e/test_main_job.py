"""The main job over HTTP: two townships and a county unit file, rectify and report zero; the summary is compiled."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.e2e.server import Office, new_office
from tests.e2e.visitor import Visitor

DINGLI, HUANGKOU, MEDICAL = "341322110", "341322101", "yibaoju"
HETOU, WAFANG = "341322110207", "341322101205"

HOUSEHOLD = {
    "household_type": "yiban",
    "measures": "立即入户核实，按月跟踪。",
    "responsible_person": "王某某（村书记）",
    "responsible_unit": "丁里镇",
    "deadline": "长期坚持",
    "source": "self",
    "found_by": "李某某",
}
GENERAL = {name: HOUSEHOLD[name] for name in ("measures", "responsible_person", "responsible_unit", "deadline",
                                              "source", "found_by")}  # fmt: skip

# unit, problem type: found, rectified, rectifying, households, people, reported. All others: nothing, or ticked zero.
EXPECTED = {
    (DINGLI, "housing"): (2, 1, 1, 0, 0, "yes"),
    (DINGLI, "income"): (1, 0, 1, 1, 4, "yes"),
    (DINGLI, "environment"): (1, 1, 0, 0, 0, "yes"),
    (DINGLI, "education"): (0, 0, 0, 0, 0, "zero"),
    (DINGLI, "water"): (0, 0, 0, 0, 0, "zero"),
    (HUANGKOU, "medical"): (1, 0, 1, 1, 2, "yes"),
    (HUANGKOU, "housing"): (1, 1, 0, 0, 0, "yes"),
    (HUANGKOU, "funds"): (0, 0, 0, 0, 0, "zero"),
    (MEDICAL, "medical"): (2, 1, 1, 0, 0, "yes"),
    (MEDICAL, "rectification"): (0, 0, 0, 0, 0, "zero"),
}
NOTHING = (0, 0, 0, 0, 0, "no")
FIGURES = ("found", "rectified", "rectifying", "proposed_households", "proposed_people")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = new_office(tmp_path_factory.mktemp("office"))
    for name, unit in (("丁里填报", DINGLI), ("黄口填报", HUANGKOU), ("医保填报", MEDICAL)):
        office.add_account(name, unit, "reporter")
    return office


@pytest.fixture(scope="module")
def compiled(office: Office) -> Iterator[Path]:
    """The folder with the summary of what the three units did."""
    with office.serving() as address:
        dingli_files(Visitor(address).first_sign_in("丁里填报"))
        huangkou_files(Visitor(address).first_sign_in("黄口填报"))
        medical_files(Visitor(address).first_sign_in("医保填报"))
        out = office.home / "compiled"
        office.run("summary", "--interim", "--out", str(out))
        yield out


def file(visitor: Visitor, form: str, **typed: str) -> str:
    """Files a record; returns the address of its page."""
    visitor.open(f"/records/{form}/new").submit(**typed)
    assert visitor.status == 200, visitor.text
    return newest(visitor, form)


def newest(visitor: Visitor, form: str) -> str:
    """The page of the record that was filed last."""
    links = visitor.open(f"/records/{form}/").page.select(f"main a[href^='/records/{form}/']")
    return next(str(a["href"]) for a in links if str(a["href"]).count("-") > 4)


def rectify(visitor: Visitor, record: str, outcome: str) -> None:
    """Reports an issue rectified."""
    visitor.open(f"{record}/report").submit(outcome=outcome)
    assert "已整改" in visitor.text


def tick(visitor: Visitor, *problem_types: str) -> None:
    """Reports that nothing was found."""
    visitor.open("/zero/").submit(ticked=list(problem_types))
    assert visitor.status == 200, visitor.text


def dingli_files(visitor: Visitor) -> None:
    household = {**HOUSEHOLD, "village": HETOU}
    record = file(
        visitor, "annex-1-1", **household, householder="张某某", problem_type="housing", content="堂屋漏雨。"
    )
    rectify(visitor, record, "已换瓦，雨后查看没有再漏。")
    file(
        visitor,
        "annex-1-1",
        **household,
        householder="陈某某",
        problem_type="housing",
        content="西屋山墙有裂缝。",
    )
    file(
        visitor,
        "annex-1-1",
        **household,
        householder="张某某",
        problem_type="income",
        content="羊死了大半，收入减少。",
    )
    mistake = file(
        visitor, "annex-1-1", **household, householder="杨某某", problem_type="basics", content="登记错了。"
    )
    visitor.open(f"{mistake}/withdraw").submit(reason="重复登记")
    record = file(visitor, "annex-1-2", **GENERAL, level="village", village=HETOU,
                  problem_type="environment", content="村口沟塘污水发黑。")  # fmt: skip
    rectify(visitor, record, "已清淤。")
    file(visitor, "proposed-household", village=HETOU, householder="张某某", household_type="yiban", people="4",
         problem_type="income", reason="收入骤减，支出骤增。", identified_on="2022-08-15", found_by="李某某")  # fmt: skip
    tick(visitor, "education", "water")


def huangkou_files(visitor: Visitor) -> None:
    household = {**HOUSEHOLD, "village": WAFANG, "responsible_unit": "黄口镇"}
    file(
        visitor,
        "annex-1-1",
        **household,
        householder="赵某某",
        problem_type="medical",
        content="没有参保凭证。",
    )
    record = file(
        visitor, "annex-1-1", **household, householder="周某某", problem_type="housing", content="电线老化。"
    )
    rectify(visitor, record, "线路已更换。")
    file(visitor, "proposed-household", village=WAFANG, householder="赵某某", household_type="tufa", people="2",
         problem_type="medical", reason="住院自付较多。", identified_on="2022-08-16", found_by="吴某某")  # fmt: skip
    tick(visitor, "funds")


def medical_files(visitor: Visitor) -> None:
    general = {**GENERAL, "responsible_unit": "县医保局", "problem_type": "medical"}
    file(visitor, "annex-1-2", **general, level="county", content="部门比对信息下发不及时。")
    record = file(
        visitor,
        "annex-1-2",
        **general,
        level="township",
        township=HUANGKOU,
        content="参保台账与系统相差23人。",
    )
    rectify(visitor, record, "已逐人核对，账实相符。")
    tick(visitor, "rectification")


def rows_of(folder: Path) -> list[dict[str, str]]:
    with next(folder.glob("summary-*.csv")).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_figure_is_the_one_worked_out_by_hand(compiled: Path) -> None:
    rows = rows_of(compiled)
    assert len(rows) == 44 * 13
    for row in rows:
        expected = EXPECTED.get((row["unit_code"], row["problem_type_id"]), NOTHING)
        found = (*(int(row[figure]) for figure in FIGURES), row["reported"])
        assert found == expected, (row["unit"], row["problem_type"])


def test_found_is_rectified_and_rectifying_everywhere(compiled: Path) -> None:
    rows = rows_of(compiled)
    totals: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in rows:
        figures = [int(row[figure]) for figure in FIGURES[:3]]
        for key in (("unit", row["unit_code"]), ("type", row["problem_type_id"]), ("county", "")):
            totals[key] = [total + figure for total, figure in zip(totals[key], figures, strict=True)]
        assert figures[0] == figures[1] + figures[2]
    assert all(found == rectified + rectifying for found, rectified, rectifying in totals.values())
    assert totals["county", ""] == [8, 4, 4]


def test_county_workbook_is_the_sum_of_the_units(compiled: Path) -> None:
    sheet = load_workbook(next(compiled.glob("county-*.xlsx"))).active
    last = [cell.value for row in sheet.iter_rows() for cell in row if row[0].value == "合计"]
    assert [value for value in last if value not in (None, "合计")] == [8, 4, 4, 2, 6]


def test_one_workbook_for_each_unit(compiled: Path) -> None:
    assert len(list((compiled / "units").glob("*.xlsx"))) == 44


def test_no_householder_leaves_for_the_handbook(office: Office, compiled: Path) -> None:
    site = office.home / "site"
    office.run("summary", "--interim")
    office.run("handbook", "build", "--out", str(site))
    for page in site.rglob("*"):
        if page.is_file():
            content = page.read_bytes()
            assert "周某某".encode() not in content, page
            assert "陈某某".encode() not in content, page
    assert "4" in (site / "summary" / f"{DINGLI}.html").read_text(encoding="utf-8")


def test_a_unit_sees_nothing_of_another(office: Office, compiled: Path) -> None:
    with office.serving() as address:
        dingli, huangkou = (Visitor(address).sign_in(name) for name in ("丁里填报", "黄口填报"))
        record = newest(dingli, "annex-1-1")
        assert dingli.open(record).status == 200
        for page in (record, f"{record}/edit", f"{record}/report", f"{record}/withdraw"):
            assert huangkou.open(page).status == 404
        assert "堂屋漏雨" not in huangkou.open("/records/annex-1-1/").text
