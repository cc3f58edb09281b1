"""``registers/*.yml``: every slip is told with its place and what was meant."""

import shutil
from pathlib import Path

import pytest

from build_scripts.settings import PROJECT
from checklist.loading.loader import InvalidCampaign, load_campaign

FOLDER = PROJECT / "tests" / "campaigns" / "2023-autumn-fire"

GOOD = """\
id: pump
version: 1
kind: register
name: 水泵台账
title: "{unit}{period}水泵台账"
purpose: 一台一行。
owner: firebrigade
filled_by: [all-towns]
period: month
one_row_per: [number]
public: [number]
totals: [litres]
fields:
  - {id: serial, label: 序号, type: serial}
  - {id: number, label: 编号, type: text, required: true, max_length: 20}
  - {id: litres, label: 每分钟升数, type: integer}
"""


COUNT = "{id: all, label: 总数, formula: count(*)}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = Path(shutil.copytree(FOLDER, tmp_path / FOLDER.name))
    (copy / "registers").mkdir()
    (copy / "registers" / "pump.yml").write_text(GOOD, encoding="utf-8")
    return copy


def test_a_register_is_a_file(folder: Path) -> None:
    (register,) = load_campaign(folder).registers
    assert (register.first_state.label, [state.ends for state in register.states]) == ("在册", [False, True])
    assert register.period.repeats


@pytest.mark.parametrize(
    ("old", "new", "place", "told"),
    [
        ("owner: firebrigade", "owner: firebrigad", "7:8", "是不是 firebrigade"),
        ("filled_by: [all-towns]", "filled_by: [all-town]", "8:13", "是不是 all-towns"),
        ("period: month", "period: monthly", "9:9", "monthly"),
        ("one_row_per: [number]", "one_row_per: [nummer]", "10:15", "是不是 number"),
        ("public: [number]", "public: [serial]", "11:10", "栏目的编号"),
        ("totals: [litres]", "totals: [number]", "12:10", "不是数，不能合计"),
        ("totals: [litres]", "totls: [litres]", "12:1", "totals"),
        ("type: integer}", "type: integer, together: true}", "16:47", "长期台账的栏目不用 together"),
        ("text, required: true, max_length: 20", "text, required: true, max_length: 20}\n"
         "  - {id: shots, label: 照片, type: photo, required_if: litres > 1", "16:41", "不用 required_if"),
        ("type: integer}", "type: photo}", "12:10", "是照片，不能写在 totals 里"),
        ("type: integer}", "type: integer, most_photos: 3}", "16:47", "不用 most_photos"),
        ("{unit}{period}", "{unit}{month}", "5:8", "{month}"),
        ("period: month", "period: month\nstates: [{id: on, label: 在用}]", "10:9", "ends"),
        ("period: month", "period: month\nprefill: {litres: 'register:pumpe'}", "10:19", "是不是 pump"),
        ("period: month", "period: month\nprefill: {number: 'register:pump.litres'}", "10:19", "不是同一种栏目"),
        ("  - {id: litres", "  - {id: period, label: 期数, type: integer}\n  - {id: litres", "16:10", "系统自己要用"),
        ("period: month", f"period: month\ncounts: [{COUNT}, {COUNT}]", "10:56", "已经用过"),
        ("period: month", "period: month\nitem: no-such-item", "10:7", "检查项的编号"),
    ],
)  # fmt: skip
def test_each_slip_has_its_place(folder: Path, old: str, new: str, place: str, told: str) -> None:
    file = folder / "registers" / "pump.yml"
    assert old in GOOD
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(InvalidCampaign) as caught:
        load_campaign(folder)
    (problem,) = caught.value.problems
    assert problem.place == f"registers/pump.yml:{place}"
    assert told in problem.message


def test_a_register_has_an_id_of_its_own(folder: Path) -> None:
    form = next((folder / "forms").glob("*.yml"))
    text = GOOD.replace("id: pump", f"id: {form.stem}", 1)
    (folder / "registers" / f"{form.stem}.yml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidCampaign) as caught:
        load_campaign(folder)
    assert [problem.code for problem in caught.value.problems] == ["id-repeated"]
