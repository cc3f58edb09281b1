from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checklist.messages import say
from checklist.reading.personal_numbers import (
    NumberKind,
    find_personal_numbers,
    identity_check,
    mask,
    masked,
    refuse_personal_numbers,
    take_out,
)

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
REGIONS = st.sampled_from(["110105", "341322", "320506", "650102", "820000"])
PROSE = st.text(st.sampled_from("户主张某甲的房屋漏雨，。没有参保："), max_size=8)
BETWEEN = st.sampled_from(["", " ", "-", "　", " - "])


@st.composite
def identities(draw):
    """Identity numbers of 18 figures with a right check digit."""
    born = draw(st.dates(date(1900, 1, 1), date(2022, 8, 25)))
    figures = f"{draw(REGIONS)}{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return figures + identity_check(figures)


@st.composite
def mobiles(draw):
    return f"1{draw(st.integers(3, 9))}{draw(st.integers(0, 999_999_999)):09}"


@st.composite
def bank_cards(draw):
    length = draw(st.integers(16, 19))
    figures = "62" + "".join(
        draw(st.lists(st.sampled_from("0123456789"), min_size=length - 3, max_size=length - 3))
    )
    total = sum(sum(divmod(int(each) * (2 - at % 2), 10)) for at, each in enumerate(reversed(figures)))
    return figures + str(-total % 10)


@given(number=identities(), before=PROSE, behind=PROSE, wide=st.booleans(), small=st.booleans())
def test_an_identity_number_is_found_in_any_text(number, before, behind, wide, small):
    number = number.translate(WIDE) if wide else number
    text = before + (number.lower() if small else number) + behind
    found = find_personal_numbers(text)
    assert [(each.kind, each.start, each.end) for each in found] == [
        (NumberKind.IDENTITY, len(before), len(before) + 18)
    ]


@given(number=identities(), between=BETWEEN)
def test_an_identity_number_is_found_however_it_is_parted(number, between):
    parts = between.join([number[:6], number[6:14], number[14:]])
    assert [each.kind for each in find_personal_numbers(parts)] == [NumberKind.IDENTITY]
    assert find_personal_numbers("".join(each + between for each in number))[0].kind is NumberKind.IDENTITY


@given(
    number=mobiles(),
    before=PROSE,
    behind=PROSE,
    between=BETWEEN,
    country=st.sampled_from(["", "+86", "+86 ", "86-"]),
)
def test_a_mobile_number_is_found_in_any_text(number, before, behind, between, country):
    text = before + country + between.join([number[:3], number[3:7], number[7:]]) + behind
    assert [each.kind for each in find_personal_numbers(text)] == [NumberKind.MOBILE]


@given(number=bank_cards(), before=PROSE, behind=PROSE, parted=st.booleans())
def test_a_bank_card_is_found_by_its_check_digit(number, before, behind, parted):
    shown = " ".join(number[at : at + 4] for at in range(0, len(number), 4)) if parted else number
    kinds = [each.kind for each in find_personal_numbers(before + shown + behind)]
    # Some are identity numbers of Xinjiang and Ningxia as well.
    assert len(kinds) == 1
    assert kinds[0] in (NumberKind.BANK_CARD, NumberKind.IDENTITY)
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert NumberKind.BANK_CARD not in [each.kind for each in find_personal_numbers(wrong)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("户主身份证341322196501011234没有参保", NumberKind.IDENTITY),  # mistyped: its check digit is wrong
        ("341322196501011264", NumberKind.IDENTITY),  # what a spreadsheet makes of it
        ("110105491231002", NumberKind.IDENTITY),
        ("王某某13900001111", NumberKind.MOBILE),
        ("1 3 9 0 0 0 0 1 1 1 1", NumberKind.MOBILE),
        ("139\u200b0000\u200b1111", NumberKind.MOBILE),
        ("2022年8月19日13900001111", NumberKind.MOBILE),
    ],
)
def test_numbers_as_they_stand_in_ledgers(text, kind):
    assert [each.kind for each in find_personal_numbers(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "项目编号20220341322000000123",
        "341322196501011234567",  # 21 figures
        "金额13900001111.50元，其中13800002222元",
        "117.13900001111",
        "〔2022〕1号",
        "341322001201",
        "3413220010001001",
        "2022-08-19至2022-08-25",
        "2022.8.19 15",
        "15 2022-08-19 1",
        "0557-2207626",
        "139000011115",
        "91341322MA2N0X1234",
        "110105491331002",  # no such month
        "110105091231002",  # cards of 15 digits were issued until 1999: nobody on one was born before 1910
        "991322196501011234",  # no such region
        "6217000000000000000",  # a wrong check digit
    ],
)
def test_codes_that_are_no_persons_numbers_pass(text):
    assert refuse_personal_numbers(text) is None


@given(first=st.dates(date(2000, 1, 1)), last=st.dates(date(2000, 1, 1)), sign=st.sampled_from("-./"))
def test_dates_pass(first, last, sign):
    assert refuse_personal_numbers(f"{first:%Y{sign}%m{sign}%d} {last:%Y{sign}%m{sign}%d}") is None


@given(code=st.text(st.sampled_from("0123456789"), min_size=20, max_size=30))
def test_longer_runs_of_figures_pass(code):
    assert refuse_personal_numbers(f"编号{code}号") is None


@given(number=identities() | mobiles() | bank_cards(), before=PROSE, behind=PROSE)
def test_the_sentence_says_the_kind_and_the_place_and_not_the_number(number, before, behind):
    refusal = refuse_personal_numbers(before + number + behind)
    assert refusal is not None
    sentence = say(refusal.code, label="具体内容", typed=number, **refusal.params)
    assert f"第 {len(before) + 1} 个字" in sentence
    assert number not in sentence
    assert refusal.params["kind"] in sentence


@given(
    numbers=st.lists(identities() | mobiles() | bank_cards(), max_size=3),
    sign=st.sampled_from(["，", "/", " 和 "]),
)
def test_nothing_is_left_of_a_masked_number(numbers, sign):
    text = sign.join(numbers)
    masked = mask(text)
    assert len(masked) == len(text)
    assert not any(each.isdigit() for each in masked)
    assert mask(masked) == masked


@given(text=st.text() | st.text(st.sampled_from("0123456789xX -.年８元")))
def test_any_text_can_be_masked(text):
    masked = mask(text)
    assert len(masked) == len(text)
    assert mask(masked) == masked


@pytest.mark.parametrize(
    "groups", [(4, 4, 4, 4), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3), (6, 10), (6, 13)]
)
def test_a_bank_card_is_found_in_every_grouping_that_is_printed(groups):
    figures = f"622202{'0' * (sum(groups) - 7)}"
    number = next(
        figures + check for check in "0123456789" if find_personal_numbers(figures + check)
    )  # the only one with a right check digit
    starts = [sum(groups[:at]) for at in range(len(groups))]
    shown = " ".join(number[start : start + size] for start, size in zip(starts, groups, strict=True))
    assert [each.kind for each in find_personal_numbers(shown)] == [NumberKind.BANK_CARD]


@example("22114e6c-afa6-4589-ac43-18116237656b")
@example("d1e13378914440c1" * 3)
@given(
    st.uuids(version=4).map(str)
    | st.binary(min_size=18, max_size=48).map(bytes.hex).filter(lambda text: not text.isdigit())
)
def test_ids_and_checksums_hold_no_number_but_what_stands_beside_them_is_found(text: str) -> None:
    assert take_out(text) == masked(text) == text
    assert take_out(f"1:{text}") == f"1:{text}"
    found = find_personal_numbers(f"记录{text}、电话13900001111")
    assert [each.kind for each in found] == [NumberKind.MOBILE]


def test_a_number_beside_letters_is_no_checksum() -> None:
    assert find_personal_numbers("abcdef13900001111")
    assert find_personal_numbers("d1e13378914440c")
