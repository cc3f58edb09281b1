"""The registers of the notice: each takes its own examples, and says of published figures what was published."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from build_scripts.rules.judged_rows import judged_rows
from build_scripts.rules.money_trails import TrailRow, share_lines, step_sums, trail_lines
from build_scripts.rules.rule_problems import load_ruled_campaign
from build_scripts.rules.village_counts import village_count
from checklist.loading.loader import load_campaign
from checklist.model import Campaign, FieldType, Register
from checklist.register_periods import period_of
from checklist.values.judge import Context, check_record

SHIPPED = Path(__file__).parents[2] / "checklist" / "2022-huitoukan"
DAY = date(2022, 8, 12)
REGISTERS = sorted(path.stem for path in (SHIPPED / "registers").glob("*.yml"))
NAMED = {
    "asset", "asset-income", "asset-upkeep", "asset-disposal", "work", "travel-subsidy", "posts", "post-holders",
    "post-month", "pv-station", "pv-income", "pv-use", "pv-upkeep", "village-accounts", "alert", "month-round",
}  # fmt: skip
"""What the notice orders to be kept, areas three to six."""


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return load_campaign(SHIPPED)


def example(campaign: Campaign, register: Register) -> dict[str, Any]:
    """The row that the examples of a register make, as the judge reads them."""
    unit = campaign.units.townships[0]
    typed = {field.id: field.example for field in register.fields}
    typed |= {field.id: unit.villages[0].name for field in register.fields if field.type is FieldType.VILLAGE}
    typed |= {field.id: "" for field in register.fields if field.type is FieldType.TOWNSHIP}
    checked = check_record(register, typed, Context(campaign, unit, DAY))
    assert checked.errors == ()
    return {name: value for name, value in checked.values.items() if value is not None}


def test_the_ledgers_that_the_notice_names_are_there(campaign: Campaign) -> None:
    assert set(campaign.register_by_id) >= NAMED
    assert set(campaign.register_by_id) == set(REGISTERS)


def test_their_rules_can_be_evaluated() -> None:
    assert load_ruled_campaign(SHIPPED).trails.trails


@pytest.mark.parametrize("name", REGISTERS)
def test_a_register_takes_its_own_examples(campaign: Campaign, name: str) -> None:
    register = campaign.register_by_id[name]
    row = example(campaign, register) | {"row_state": register.first_state.id}
    row["period"] = period_of(register.period, date(2022, 7, 1))
    for field_id, other in register.links.items():
        values = example(campaign, campaign.register_by_id[other])
        row |= {f"{field_id}.{key}": value for key, value in values.items()}
    (judged,) = judged_rows(campaign, register, [row], DAY)
    assert [problem.message for problem in judged.problems if not problem.warning] == []


@pytest.mark.parametrize("name", REGISTERS)
def test_every_field_is_explained(campaign: Campaign, name: str) -> None:
    for field in campaign.register_by_id[name].fields:
        assert field.help, field.id


def test_the_monthly_round_counts_who_works_and_not_who_came_back(campaign: Campaign) -> None:
    counted = campaign.register_by_id["month-round"].field("working").counted
    assert counted is not None
    states = ("away", "near", "returned", "idle", None)
    listed = [{"state": state, "row_state": "current", "period": "2022-07"} for state in states]
    listed.append({"state": "away", "row_state": "ended", "period": "2022-07"})
    assert village_count(campaign, counted).count(listed, "2022-07", DAY) == 2


def rows(*made: tuple[str, str, dict[str, Any]]) -> list[TrailRow]:
    """Rows of village, period and values."""
    return [
        TrailRow(f"row-{number}", number, village, {**values, "period": period})
        for number, (village, period, values) in enumerate(made, 1)
    ]


class Money:
    """A year of a village's solar power, from bill to platform; what a test says differs."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign, self.village = campaign, campaign.units.townships[0].villages[0].code
        self.income = 345_500_00
        self.sheets = [22_283_33] * 11 + [267_400_00 - 11 * 22_283_33]

    def sums(self, **differs: int) -> dict[str, Any]:
        month = [f"2021-{number:02}" for number in range(1, 13)]
        bills = [self.income // 12] * 11 + [self.income - 11 * (self.income // 12)]
        read = {
            "pv-income": [(m, {"total": fen, "to_village": fen}) for m, fen in zip(month, bills, strict=True)],
            "post-month": [(m, {"pay_source": "pv", "paid": fen}) for m, fen in zip(month, self.sheets, strict=True)],
            "pv-use": [
                ("2021", {"purpose": "wages", "wage_month": m, "amount": fen, "platform_amount": fen})
                for m, fen in zip(month, self.sheets, strict=True)
            ],
            "village-accounts": [
                (f"2021-Q{(index + 3) // 3}", values)
                for index, (m, bill, wage) in enumerate(zip(month, bills, self.sheets, strict=True))
                for values in (
                    {"way": "in", "item": "pv", "month_of": m, "amount": bill},
                    {"way": "out", "item": "wages", "month_of": m, "amount": wage},
                )
            ],
        }  # fmt: skip
        for name, fen in differs.items():
            register, _, key = name.partition("__")
            read[register.replace("_", "-")][4][1][key] += fen
        made = {
            name: rows(*((self.village, period, values) for period, values in lines))
            for name, lines in read.items()
        }
        steps = self.campaign.trails.steps
        return {step.id: step_sums(self.campaign, step, made[step.rows_of], DAY) for step in steps}


def test_a_year_of_solar_power_as_it_was_published(campaign: Campaign) -> None:
    """345,500 yuan, of which 267,400 to wages: 77.4 %, 78,100 left; every step agrees."""
    sums = Money(campaign).sums()
    (line,) = share_lines(campaign.trails.shares[0], sums, 2021)
    assert (line.whole, line.part, line.balance) == (345_500_00, 267_400_00, 78_100_00)
    assert line.share is not None
    assert f"{line.share:.1%}" == "77.4%"
    assert not line.short
    for trail in campaign.trails.trails:
        lines = trail_lines(trail, sums, 2021)
        assert len(lines) == 12
        assert [each.breaks for each in lines] == [()] * 12
    assert trail_lines(campaign.trails.trails[0], sums, 2022) == []


@pytest.mark.parametrize(
    ("differs", "trail", "broken"),
    [
        ("pv-income__to_village", "pv-income", (1, 2)),
        ("pv-use__amount", "pv-wages", (1, 2)),
        ("pv-use__platform_amount", "pv-wages", (3,)),
        ("post-month__paid", "pv-wages", (1,)),
        ("village-accounts__amount", "pv-income", (2,)),
    ],
)
def test_a_break_of_one_fen_is_found_with_its_rows(
    campaign: Campaign, differs: str, trail: str, broken: tuple[int, ...]
) -> None:
    sums = Money(campaign).sums(**{differs: 1})
    lines = {
        each.id: [line for line in trail_lines(each, sums, 2021) if line.breaks]
        for each in campaign.trails.trails
    }
    assert {name for name, found in lines.items() if found} == {trail}
    (line,) = lines[trail]
    assert line.breaks == broken
    assert line.month == ("2021-03" if differs.startswith("village") else "2021-05")
    before, after = line.sums[broken[0] - 1], line.sums[broken[0]]
    assert abs(after.fen - before.fen) == 1
    assert before.rows
    assert after.rows


def test_too_little_for_wages_is_told(campaign: Campaign) -> None:
    money = Money(campaign)
    money.sheets = [17_274_99] * 12
    (line,) = share_lines(campaign.trails.shares[0], money.sums(), 2021)
    assert f"{line.share:.4f}" == "0.6000"  # rounded, it would do
    assert line.short
