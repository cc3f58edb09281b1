"""Formulas and conditions over rows: blanks, fen, order, and the same for one row as for a file."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_scripts.rules.expression_fault import ExpressionFault
from build_scripts.rules.row_rules import RowRules
from tests.rules.ruled import COLUMNS, rules

DAY = date(2026, 3, 1)


def holds(condition: str, today: date = DAY, **row: object) -> bool:
    (found,) = rules(it=condition).evaluate([row], today)
    return "it" in found.holds


def computed(formula: str, **row: object) -> object:
    (found,) = rules({"left_over": formula}).evaluate([row], DAY)
    return found.computed["left_over"]


def test_what_is_blank_makes_no_condition_hold() -> None:
    assert not holds("value < 100")
    assert not holds("not value < 100")
    assert holds("value is null")
    assert not holds("kind <> 'operating'")
    assert holds("kind is distinct from 'operating'")
    assert not holds("place = ''", place="")
    assert holds("place is null", place="")
    assert holds("funds is null", funds=())


def test_what_is_computed_from_something_blank_is_blank_unless_it_says_otherwise() -> None:
    assert computed("value - rent", value=Decimal(5)) is None
    assert computed("value - coalesce(rent, 0)", value=Decimal(5)) == Decimal("5.00")
    assert computed("value / people", value=Decimal(5), people=0) is None
    assert computed("value / people", value=Decimal(1), people=3) == Decimal("0.33")


def test_halves_of_a_fen_are_rounded_up() -> None:
    """500.005 as a binary fraction lies just below."""
    assert computed("value / 2", value=Decimal("1000.01")) == Decimal("500.01")
    assert computed("value * 0.5", value=Decimal("1000.01")) == Decimal("500.01")
    assert computed("-value / 2", value=Decimal("1000.01")) == Decimal("-500.01")
    assert computed("value * 7 / 22", value=Decimal(3000)) == Decimal("954.55")


def test_a_year_of_a_station() -> None:
    year = rules(
        {"left_over": "value - rent", "energy": "rent / value"},
        low="energy < 0.6",
        over="left_over < 0",
        fine="energy >= 0.6 and left_over >= 0",
    )
    (found,) = year.evaluate([{"value": Decimal("345500.00"), "rent": Decimal("267400.00")}], DAY)
    assert found.computed == {"left_over": Decimal("78100.00"), "energy": Decimal("0.773951")}
    assert found.holds == {"fine"}


def test_today_is_given() -> None:
    assert holds("until < today", until=date(2026, 2, 28))
    assert not holds("until < today", until=date(2026, 3, 1))
    assert holds("until < today", date(2026, 3, 2), until=date(2026, 3, 1))


def test_several_choices() -> None:
    assert holds("list_contains(funds, 'gift')", funds=("link", "gift"))
    assert not holds("list_contains(funds, 'gift')", funds=("link",))
    assert holds("len(funds) = 2", funds=("link", "gift"))


def test_formulas_may_read_one_another_but_not_in_a_circle() -> None:
    made = rules({"left_over": "rent - 1", "rent": "value * 2"}).evaluate([{"value": Decimal(3)}], DAY)
    assert made[0].computed == {"left_over": Decimal(5), "rent": Decimal(6)}
    with pytest.raises(ExpressionFault, match="rule-circle"):
        rules({"left_over": "rent - 1", "rent": "left_over + 1"})


def test_what_was_typed_into_a_computed_field_is_not_read() -> None:
    made = rules({"left_over": "value * 2"}, it="left_over > 100")
    (found,) = made.evaluate([{"value": Decimal(3), "left_over": Decimal(1000)}], DAY)
    assert (found.computed, found.holds) == ({"left_over": Decimal(6)}, frozenset())


def test_rules_that_read_nothing_hold_for_every_row() -> None:
    assert [len(found.holds) for found in rules(it="true").evaluate([{}] * 30, DAY)] == [1] * 30
    assert rules().evaluate([{}] * 2, DAY)[1].holds == frozenset()
    assert rules(it="true").evaluate([], DAY) == []


def test_a_column_that_is_blank_for_thousands_of_rows_is_still_text() -> None:
    rows = [{}] * 25_000 + [{"place": "江苏省", "funds": ("gift",)}]
    found = rules(it="place = '江苏省' and list_contains(funds, 'gift')").evaluate(rows, DAY)
    assert [index for index, row in enumerate(found) if row.holds] == [25_000]


_MONEY = st.none() | st.decimals("-99999999", "99999999", places=2)
_ROWS = st.fixed_dictionaries(
    {
        "value": _MONEY,
        "rent": _MONEY,
        "people": st.none() | st.integers(-(10**12), 10**12),
        "energy": st.none() | st.decimals("-9999", "9999", places=3),
        "kind": st.sampled_from([None, "operating", "welfare"]),
        "funds": st.sampled_from([(), ("link",), ("link", "gift")]),
        "place": st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8),
        "until": st.none() | st.dates(date(1990, 1, 1), date(2090, 1, 1)),
        "confirmed": st.sampled_from([None, True, False]),
    }
)


@pytest.fixture(scope="module")
def many() -> RowRules:
    return rules(
        {"left_over": "value - coalesce(rent, 0) * people / 7", "station.capacity": "energy / people"},
        cheap="value < 100 or value is null",
        late="until + interval 3 month < today",
        place="length(place) > 3 or place like '%''%'",
        several="list_has_any(funds, ['gift'])",
        mixed="confirmed is true and kind = 'operating' or left_over < 0",
    )


@settings(deadline=None, max_examples=40)
@given(rows=st.lists(_ROWS, min_size=11, max_size=16), later=st.integers(0, 4000))
def test_one_row_is_judged_as_a_file_of_them(
    many: RowRules, rows: list[dict[str, object]], later: int
) -> None:
    """More than ten rows go as a table, fewer by a prepared statement."""
    today = DAY + timedelta(days=later)
    assert many.evaluate(rows, today) == [many.evaluate([row], today)[0] for row in rows]


def test_every_kind_of_column_stands_in_these_tests() -> None:
    assert {column.kind for column in COLUMNS.values()} == set(type(COLUMNS["value"].kind))
