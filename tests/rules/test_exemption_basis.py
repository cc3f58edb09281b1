"""An exemption rests on what the rule read: any change of that lapses it, and no other change does."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from build_scripts.rules.exemption_basis import basis_of
from build_scripts.rules.form_rulebook import FormRulebook
from checklist.model import RegisterCheck
from tests.ruled_registers import campaign_with_rules

CAMPAIGN = campaign_with_rules()
STATION, INCOME = CAMPAIGN.registers

READ: dict[str, set[str]] = {
    "energy = 0": {"energy"},
    "total > 100": {"fee", "subsidy"},  # computed of both
    "hours < 40": {"energy", "station.capacity"},  # of another register's row
    "last.fee = fee": {"fee", "last.fee"},  # of the period before
    "passed_day > today": {"passed_day"},  # and of no clock
    "row_state <> 'ended'": {"row_state"},
    "period < date '2022-03-01'": {"period"},
    "village is null": {"village"},
}
"""A condition to the columns whose values decide it."""

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "village": st.none() | st.sampled_from(["甲村", "乙村"]),
    "energy": st.none() | st.integers(0, 3),
    "fee": st.none() | st.integers(0, 3),
    "subsidy": st.none() | st.integers(0, 3),
    "passed_on": st.none() | st.integers(0, 3),
    "passed_day": st.none() | st.dates(date(2022, 1, 1), date(2022, 1, 3)),
    "station.capacity": st.none() | st.integers(1, 3),
    "station.meter": st.none() | st.sampled_from(["甲1", "甲2"]),
    "last.fee": st.none() | st.integers(0, 3),
    "last.energy": st.none() | st.integers(0, 3),
    "row_state": st.sampled_from(["current", "ended"]),
    "period": st.sampled_from(["2022-01", "2022-02"]),
}

ROWS = st.fixed_dictionaries(VALUES)
BOOKS: dict[frozenset[str], FormRulebook] = {}


def book_of(conditions: frozenset[str], joint: str = " or ") -> FormRulebook:
    """The rules of the register with one check of these conditions, computed values among them."""
    if conditions not in BOOKS:
        when = joint.join(f"({each})" for each in sorted(conditions))
        check = RegisterCheck(id="asked", level="doubt", when=when, say="疑点。")
        other = RegisterCheck(id="other", level="doubt", when="passed_on > 0", say="别的。")
        BOOKS[conditions] = FormRulebook(CAMPAIGN, INCOME.model_copy(update={"checks": (check, other)}))
    return BOOKS[conditions]


@given(
    st.frozensets(st.sampled_from(sorted(READ)), min_size=1, max_size=3),
    ROWS,
    st.dictionaries(st.sampled_from(sorted(VALUES)), st.none(), max_size=3),
    st.data(),
)
def test_any_change_of_what_the_rule_read_and_no_other_lapses(
    conditions: frozenset[str], row: dict[str, Any], changed: dict[str, None], data: st.DataObject
) -> None:
    book = book_of(conditions)
    later = row | {name: data.draw(VALUES[name], label=name) for name in changed}
    before, now = (basis_of(book, "asked", each, "salt") for each in (row, later))
    read = {name for each in conditions for name in READ[each]}
    assert set(before.values) == read
    assert set(before.changed(now)) == {name for name in read if row[name] != later[name]}
    assert before.rule == now.rule


def test_another_rule_is_another_basis_and_another_way_to_write_it_is_not() -> None:
    row = {"energy": 0, "period": "2022-01", "row_state": "current"}

    def rule(when: str, total: str = "fee + coalesce(subsidy, 0)") -> str:
        fields = [
            field.model_copy(update={"formula": total}) if field.id == "total" else field
            for field in INCOME.fields
        ]
        check = RegisterCheck(id="asked", level="doubt", when=when, say="疑点。")
        register = INCOME.model_copy(update={"checks": (check,), "fields": tuple(fields)})
        return basis_of(FormRulebook(CAMPAIGN, register), "asked", row, "salt").rule

    assert rule("energy = 0") == rule("energy=0")
    assert rule("energy = 0") != rule("energy = 1")
    assert rule("energy = 0") != rule("energy is null")
    assert rule("total = 0") != rule("total = 0", "fee")  # the formula is part of the rule
    assert rule("energy = 0") == rule("energy = 0", "fee")


def test_what_is_kept_of_a_value_says_nothing_of_it_and_differs_from_exemption_to_exemption() -> None:
    book, row = book_of(frozenset({"village is null"})), {"village": "甲村", "period": "2022-01"}
    one, other = (basis_of(book, "asked", row, salt) for salt in ("one", "other"))
    assert "甲村" not in str(one)
    assert one.values != other.values
