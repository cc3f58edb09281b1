import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.model.reading import NameWords
from checklist.reading.name_index import NameIndex
from checklist.reading.names import (
    choice_key,
    key,
    place_key,
    short_village,
    township_spellings,
    village_spellings,
)


@pytest.fixture(scope="module")
def words(phrases) -> NameWords:
    return phrases.names


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("瓦房村委会", ["瓦房村委会", "瓦房村", "瓦房", "瓦房行政村", "瓦房村民委员会", "瓦 房 村", "瓦房村（居）", "萧县瓦房村"]),
        ("胜利社区居民委员会", ["胜利社区居民委员会", "胜利社区居委会", "胜利居委会", "胜利社区", "胜利"]),
        ("城南社区居委会", ["城南社区居民委员会", "城南社区", "城南"]),
        ("姬村村委会", ["姬村", "姬村村", "姬村村委会", "姬村委会"]),
        ("朱圩子村委会", ["朱圩孜村", "朱圩子"]),
    ],
)  # fmt: skip
def test_spellings_of_a_village(name, typed, words):
    for spelling in typed:
        assert place_key(spelling, words) in village_spellings(name, words), spelling


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        (
            "瓦房村委会",
            ["瓦房社区", "瓦房居委会", "大瓦房村", "瓦房村东组", "瓦房自然村", "瓦房村(东组)", "瓦"],
        ),
        ("姬村村委会", ["姬"]),
    ],
)
def test_what_is_no_spelling_of_a_village(name, typed, words):
    for spelling in typed:
        assert place_key(spelling, words) not in village_spellings(name, words), spelling


@pytest.mark.parametrize(
    "typed",
    [
        "丁里镇",
        "丁里",
        "丁里乡",
        "萧县丁里镇",
        "丁里镇人民政府",
        "丁里鎮",
        "丁里镇（盖章）",
        "丁里镇党委、政府",
    ],
)
def test_spellings_of_a_township(typed, words):
    assert place_key(typed, words) in township_spellings("丁里镇", words)


@pytest.mark.parametrize(
    "typed",
    ["住房安全", "一、住房安全", "1.住房安全", "（二）住房安全", "3、住房安全方面", "其中：住房安全", "其中:住房安全", "“住房”安全", "住房 安全", "住房安全（已消除）"],
)  # fmt: skip
def test_spellings_of_a_choice(typed, words):
    assert choice_key(typed, words) == choice_key("住房安全", words)


@pytest.mark.parametrize("typed", ["方面", "其中", "1", "一、", "（一）"])
def test_a_choice_of_nothing_but_trimmings_keeps_a_key(typed, words):
    assert choice_key(typed, words)


def test_an_index_finds_one_none_or_several():
    index = NameIndex([("a", {"柳林村", "柳林"}), ("b", {"柳林", "上坝"})])
    assert index.find("柳林村") == ("a",)
    assert index.find("柳林") == ("a", "b")
    assert index.find("石桥") == ()


def test_near_names_are_those_that_hold_it_are_held_or_differ_in_one_character():
    index = NameIndex([("a", {"柳林村"}), ("b", {"上坝村"}), ("c", {"大石桥村"}), ("d", {"柳河村"})])
    assert index.near("柳木村") == ("a", "d")
    assert index.near("石桥村") == ("c",)
    assert index.near("上坝村小组") == ("b",)
    assert index.near("湖滨社区") == ()
    assert index.near("村") == ()


def test_what_means_several_things_is_near_only_where_it_is_wanted():
    index = NameIndex([("a", {"柳林村", "柳林"}), ("b", {"柳林", "上坝"})])
    assert index.near("柳林庄") == ("a", "b")
    assert index.near("柳林庄", alone=True) == ("a",)


@given(text=st.text("柳林上坝村委会社区一、.（）其中方面问题", max_size=12) | st.text(max_size=20))
def test_keys_are_stable(text, words):
    assert key(key(text, words), words) == key(text, words)
    assert choice_key(text, words) is not None


@given(text=st.text("柳林上坝石桥村大小", max_size=6))
def test_what_is_near_is_known(text):
    index = NameIndex([("a", {"柳林村"}), ("b", {"上坝村"}), ("c", {"大石桥村"})])
    assert set(index.near(text)) <= {"a", "b", "c"}


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("姬村村委会", "姬村"),
        ("赵腰村民委员会", "赵腰村"),
        ("岱湖社区居民委员会", "岱湖社区"),
        ("凤城居委会", "凤城社区"),
        ("河头村", "河头村"),
        ("林场", "林场"),
    ],
)
def test_a_village_is_called_shortly_in_lists(name, short, words):
    assert short_village(name, words) == short
