"""``huitoukan check`` names every rule that can't be evaluated by file, line and column, with a hint."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from build_scripts.check_command import check
from build_scripts.rules.field_columns import FIELD_COLUMNS, first_day
from build_scripts.rules.form_rulebook import rulebook
from build_scripts.rules.rule_problems import load_ruled_campaign
from checklist.loading.loader import InvalidCampaign
from checklist.model import FieldType

SHIPPED = Path(__file__).parents[2] / "checklist" / "2022-huitoukan"

REGISTER = """\
id: trees
version: 1
kind: register
name: 树木台账
title: "{unit}树木台账"
purpose: 一棵一行。
owner: nongyenongcunju
filled_by: [all-townships]
fields:
  - {id: serial, label: 序号, type: serial, help: 不用填。, example: "1"}
  - {id: name, label: 树名, type: text, max_length: 20, required: true, help: 写树名。, example: 银杏}
  - {id: planted, label: 栽种日期, type: date, help: 写日期。, example: 2022-03-01}
  - {id: height, label: 高（厘米）, type: integer, help: 写整数。, example: "120", required_if: "planted < today"}
  - id: state
    label: 长势
    type: choice
    help: 选一项。
    example: 好
    choices:
      - {id: good, label: 好}
      - {id: bad, label: 差}
checks:
  - {id: too-high, level: doubt, say: 比十米还高, when: "height > 1000"}
  - {id: bad-no-height, level: error, say: 差的要量高, when: state = 'bad' and height is null}
counts:
  - {id: trees, label: 棵数, formula: count(*)}
  - {id: share-bad, label: 差的占比, formula: count(*) filter (where state = 'bad') / count(*), share: true}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = Path(shutil.copytree(SHIPPED, tmp_path / SHIPPED.name))
    _write(copied, REGISTER)
    return copied


def _write(folder: Path, text: str) -> None:
    (folder / "registers" / "trees.yml").write_text(text, encoding="utf-8")


def _lines(folder: Path, old: str, new: str) -> list[str]:
    assert old in REGISTER
    _write(folder, REGISTER.replace(old, new))
    result = CliRunner().invoke(check, ["--checklist", str(folder)])
    return [line.partition("registers/")[2] for line in result.stdout.splitlines() if "registers/" in line]


def test_rules_that_are_right_pass(folder: Path) -> None:
    assert load_ruled_campaign(folder).register_by_id["trees"].checks[0].id == "too-high"


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ('"height > 1000"', '"heigth > 1000"', "heigth", "没有 heigth 这一栏，是不是 height"),
        ("state = 'bad' and", "name = '银杏' and state = 'bda' and", "'bda'", "是不是 bad"),
        ('"planted < today"', '"planted < current_date"', "current_date", "请写 today"),
        (
            '"height > 1000"',
            '"height + 1"',
            "height + 1",
            "这里要的是一个条件（是或者不是），算式给出的是整数",
        ),
        ('"height > 1000"', '"height > name"', "height > name", "name 是文字、height 是整数"),
        ('"planted < today"', "\"planted < '2022-13-01'\"", "planted < '", "算式算不出来"),
        ("formula: count(*)}", "formula: max(name)}", "max(name)", "这里要的是一个数，算式给出的是文字"),
        ("formula: count(*)}", "formula: sum(heights)}", "heights", "是不是 height"),
    ],
)
def test_a_rule_that_is_wrong_is_named_with_its_place(
    folder: Path, old: str, new: str, at: str, said: str
) -> None:
    (line,) = _lines(folder, old, new)
    before = REGISTER.replace(old, new).partition(at)[0]
    row, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert line.startswith(f"trees.yml:{row}:{column}: ")
    assert said in line


def test_all_wrong_rules_are_named_at_once(folder: Path) -> None:
    text = REGISTER.replace("height > 1000", "high > 1000").replace("count(*)", "counts(*)")
    _write(folder, text)
    with pytest.raises(InvalidCampaign) as invalid:
        load_ruled_campaign(folder)
    assert [problem.code for problem in invalid.value.problems] == [
        "rule-column", "rule-function", "rule-function"
    ]  # fmt: skip


def test_a_rule_over_several_lines_is_named_where_it_begins(folder: Path) -> None:
    (line,) = _lines(folder, '"height > 1000"}', '"height > 1000 and\n      heigth < 2000"}')
    before = REGISTER.partition('"height > 1000"')[0]
    assert line.startswith(f"trees.yml:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}: ")


def test_verdicts_on_stored_values(folder: Path) -> None:
    campaign = load_ruled_campaign(folder)
    book = rulebook(campaign, campaign.register_by_id["trees"])
    assert book is rulebook(campaign, campaign.register_by_id["trees"])
    day = date(2022, 3, 2)
    rows = [
        {"name": "银杏", "planted": date(2022, 3, 1), "state": "bad"},
        {"name": "槐", "planted": date(2022, 3, 2), "height": 1001, "state": "good"},
    ]
    first, second = book.evaluate(rows, day)
    assert (first.required, [check.id for check in first.checks]) == ({"height"}, ["bad-no-height"])
    assert (second.required, [check.id for check in second.checks]) == (frozenset(), ["too-high"])
    assert book.read_by("bad-no-height") == {"state", "height"}


def test_every_field_type_has_a_column_or_is_known_to_have_none() -> None:
    assert set(FIELD_COLUMNS) == set(FieldType)
    assert {kind for kind, column in FIELD_COLUMNS.items() if column is None} == {
        FieldType.SERIAL,
        FieldType.COMPUTED,
    }


@pytest.mark.parametrize(
    ("period", "first"),
    [("", None), ("2026", date(2026, 1, 1)), ("2026-Q3", date(2026, 7, 1)), ("2026-03", date(2026, 3, 1))],
)
def test_the_first_day_of_a_period(period: str, first: date | None) -> None:
    assert first_day(period) == first


COUNTED = """\
  - {{id: times_seen, label: 走访, type: computed, result: integer, help: 由系统数。, example: "1", counted: {{{counted}}}}}
  - id: state
"""


@pytest.mark.parametrize(
    ("counted", "code"),
    [
        ("of: visit", "没有 visit 这种可以数的"),
        ("of: households, sum: household_type", "“household_type”不是数字，不能加起来"),
        ("of: visits, where: visitd_on = today", "没有 visitd_on 这一栏"),
        ("of: visits", "只有有村一栏（village）的登记台账"),
    ],
)
def test_counts_that_cannot_be_made_are_named(folder: Path, counted: str, code: str) -> None:
    line = "  - id: state\n"
    assert any(code in said for said in _lines(folder, line, COUNTED.format(counted=counted)))
