import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.kangxi_radicals import RADICALS
from checklist.reading.person_names import fold_name, holds_several

UNSEEN = st.sampled_from(
    [
        " ",
        "\u3000",
        "\xa0",
        "\u200b",
        "\ufeff",
        "\ue000",
        "\ufe00",
        "\U000e0100",
        "\u3164",
        "\t",
        "\u2800",
        "\n",
    ]
)
NAME = st.text(st.sampled_from("张三李四欧阳买提·𠮷㐂䶮大小户主:()"), min_size=1, max_size=6)


@pytest.mark.parametrize(
    "typed",
    ["张　三", "张 三", "张三", "张三 ", "张\xa0三", "张\u200b三", "\ufeff张三", "张三\ue123", "张三\u3164"],
)
def test_one_name_in_many_spellings(typed):
    assert fold_name(typed) == "张三"


@pytest.mark.parametrize(
    "typed", ["张三户", "张 三 户", "张三（户主）", "张三(户主)", "张三（户主本人）", "张三（户）", "户主：张三", "户主张三", "张三(⼾主)"]
)  # fmt: skip
def test_words_for_the_householder_are_no_part_of_the_name(typed):
    assert fold_name(typed) == "张三"


@pytest.mark.parametrize("name", ["李户", "户主", "张三户口", "张三（户主之子）", "张三(大)"])
def test_other_words_stay_in_the_name(name):
    assert fold_name(name) == unicodedata.normalize("NFKC", name)


@pytest.mark.parametrize("dot", "·•・．‧･.")
def test_middle_dots_are_one(dot):
    assert fold_name(f"买买提{dot}艾力") == "买买提·艾力"


@pytest.mark.parametrize(
    ("radical", "character"),
    [("⼾", "户"), ("⼈", "人"), ("⻢", "马"), ("⻩", "黄"), ("⻰", "龙"), ("⽅", "方"), ("⻄", "西")],
)
def test_radicals_are_characters(radical, character):
    assert fold_name(radical) == character


def test_every_radical_has_its_character():
    known = [code for code in range(0x2E80, 0x2FE0) if unicodedata.name(chr(code), "")]
    assert [chr(code) for code in known if RADICALS[code] == chr(code)] == ["⺀"]
    assert all(unicodedata.normalize("NFKC", each) == each for code in known for each in [RADICALS[code]])


@pytest.mark.parametrize("other", ["张三（大）", "张三（小）", "张三（大）户", "张叁", "张三三"])
def test_another_name_stays_another(other):
    assert fold_name(other) != "张三"


@pytest.mark.parametrize("name", ["𠮷田", "㐂某", "䶮某", "张某𬎆"])
def test_rare_characters_stay(name):
    assert fold_name(name) == name


@given(text=st.text() | NAME)
def test_folding_again_changes_nothing(text):
    assert fold_name(fold_name(text)) == fold_name(text)


@given(name=NAME, unseen=st.lists(UNSEEN, max_size=3), at=st.integers(0, 6))
def test_nothing_unseen_makes_another_name(name, unseen, at):
    assert fold_name(name[:at] + "".join(unseen) + name[at:]) == fold_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "张三 李四",
        "张三，李四",
        "张三和李四",
        "张三\n李四",
        "张三、李四",
        "张三　李某某",
        "张三/李四",
        "张三（大）李四，王五",
        "张三与李四及王五",
    ],
)
def test_two_persons_are_two(text):
    assert holds_several(text)


@pytest.mark.parametrize(
    "text",
    [
        "张三",
        "张 三",
        "张　三",
        "张\n三",
        "欧阳 建国",
        "张和平",
        "马永和",
        "张三（大）",
        "张三 （李四之父）",
        "买买提·艾力",
        "张三 ",
        "",
    ],
)
def test_one_person_is_one(text):
    assert not holds_several(text)
