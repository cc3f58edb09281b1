"""Identity numbers as lists have them: one number however it is written, and each fault by its name."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.read_result import Refusal
from checklist.reading.identity_numbers import IdentityNumber, read_identity
from checklist.reading.personal_numbers import identity_check
from tests.identity_numbers import NOWHERE, identity_number

NUMBER = identity_number()
WITH_X = next(each for order in range(1000) if (each := identity_number(order=order)).endswith("X"))


@pytest.mark.parametrize(
    "typed",
    [
        f" {NUMBER}\n",
        f"'{NUMBER}",
        f"{NUMBER}’",
        f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}",
        f"{NUMBER[:6]}-{NUMBER[6:14]}-{NUMBER[14:]}",
        "".join(chr(ord(each) + 0xFEE0) for each in NUMBER),
        f"\u200b{NUMBER}\ufeff",
        f"G{NUMBER}",  # a pupil's
        f"{NUMBER}43",  # a disability card's
        f"{NOWHERE}{NUMBER[8:17]}",  # 15 digits
    ],
)
def test_one_number_is_one_however_it_is_written(typed):
    assert read_identity(typed) == IdentityNumber(NUMBER, date(1990, 3, 7))


@pytest.mark.parametrize("sign", ["x", "X", "ｘ", "Х", "×", " x "])
def test_the_last_sign_may_be_any_x(sign):
    read = read_identity(WITH_X[:17] + sign)
    assert isinstance(read, IdentityNumber)
    assert read.figures == WITH_X


LOST = next(
    each
    for order in range(0, 1000, 10)
    if (each := identity_number(order=order)[:15] + "000")[17] != identity_check(each[:17])
)
OTHER_CHECK = NUMBER[:17] + ("1" if NUMBER[17] != "1" else "2")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (float(NUMBER[:17] + "0"), "identity-as-number"),
        ("3.49901E+17", "identity-as-number"),
        ("３．４９９０１Ｅ＋１７", "identity-as-number"),
        (LOST, "identity-as-number"),
        (NUMBER[:17], "identity-length"),
        (NUMBER + "1234", "identity-length"),
        (NUMBER[1:14], "identity-length"),
        ("999999" + NUMBER[6:], "identity-placeholder"),
        ("00" + NUMBER[2:], "identity-region"),
        (NUMBER[:10] + "1399" + NUMBER[14:], "identity-day"),
        (OTHER_CHECK, "identity-check"),
        ("无", "identity-other"),
        ("349901********1234", "identity-other"),
        ("E12345678", "identity-other"),
    ],
)
def test_a_fault_is_named_and_tells_no_digit(cell, code):
    read = read_identity(cell)
    assert isinstance(read, Refusal)
    assert read.code == code
    assert not any(isinstance(each, str) for each in read.params.values())


@pytest.mark.parametrize("cell", ["", "  ", "'", "\u3000"])
def test_nothing_is_no_number(cell):
    assert read_identity(cell) is None


@given(
    st.dates(date(1920, 1, 1), date(2022, 1, 1)), st.integers(0, 999), st.integers(0, 17), st.integers(1, 9)
)
def test_one_wrong_digit_is_never_taken(born, order, place, more):
    number = identity_number(f"{born:%Y%m%d}", order)
    assert isinstance(read_identity(number), IdentityNumber)
    digit = 10 if number[place] == "X" else int(number[place])
    wrong = number[:place] + str((digit + more) % 10) + number[place + 1 :]
    if wrong != number:
        assert isinstance(read_identity(wrong), Refusal)


def test_ages_are_completed_years():
    number = IdentityNumber(NUMBER, date(1990, 3, 7))
    assert [number.age_on(day) for day in (date(2022, 3, 6), date(2022, 3, 7))] == [31, 32]
    assert NUMBER not in repr(number)
