import html

import markdown
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.handbook.markdown import heading, page, plain, short, table

EXTENSIONS = ["attr_list", "md_in_html", "tables", "toc"]

hostile = st.text(
    alphabet=st.sampled_from(list("<>&|*_`[](){}#+-.:~^=!\\\"'$ \t\n1a汉“，")), min_size=1
).filter(lambda words: words.strip() != "")


def rendered(text: str) -> BeautifulSoup:
    return BeautifulSoup(markdown.markdown(text, extensions=EXTENSIONS), "html.parser")


def words(text: str) -> str:
    """What a reader sees of a text: white space counts for nothing."""
    return "".join(text.split())


@given(hostile)
def test_plain_words_are_read_as_they_stand_and_make_no_element(text: str) -> None:
    soup = rendered(plain(text))
    assert [tag.name for tag in soup.find_all()] == ["p"]
    assert words(soup.get_text()) == words(text)


@given(hostile)
def test_plain_words_make_no_element_in_a_cell(text: str) -> None:
    soup = rendered(table(("栏目", "怎么填"), [(plain(text), "末格")]))
    cells = [cell.get_text() for cell in soup.find_all("td")]
    assert len(cells) == 2
    assert words(cells[0]) == words(text)


@given(hostile)
def test_plain_words_make_no_element_in_a_heading(text: str) -> None:
    soup = rendered(heading(2, plain(text), "there"))
    assert [tag.name for tag in soup.find_all()] == ["h2"]
    assert soup.h2
    assert soup.h2["id"] == "there"
    assert words(soup.h2.get_text()) == words(text)


@given(hostile)
def test_plain_words_can_stand_inside_a_tag(text: str) -> None:
    soup = BeautifulSoup(f'<a title="{plain(text)}">x</a>', "html.parser")
    assert soup.a
    assert words(str(soup.a["title"])) == words(text)


def test_a_line_end_between_chinese_letters_leaves_no_space() -> None:
    assert plain("奖励\n  补助") == "奖励补助"
    assert html.unescape(plain("第 1\n项")) == "第 1 项"


@pytest.mark.parametrize(
    ("clause", "title"),
    [
        ("资产是否闲置或低效", "资产是否闲置或低效"),
        (
            "房前屋后是否平整干净，户内生产生活用具摆放是否整齐",
            "房前屋后是否平整干净，户内生产生活用具摆放…",
        ),
        ("是否建立健全“四项机制、五项制度”并且长期坚持下去的工作办法", "是否建立健全“四项机制、五项制度”…"),
        ("是否建立健全相关工作机制（控辍保学、因病返贫致贫风险防范）", "是否建立健全相关工作机制…"),
        ("一" * 30, "一" * 24 + "…"),
    ],
)
def test_a_long_clause_is_cut_at_a_natural_stop(clause: str, title: str) -> None:
    assert short(clause) == title


@given(st.text(alphabet="是否和、，“”（）《》甲乙", min_size=1))
def test_a_cut_leaves_nothing_open_and_is_never_longer(clause: str) -> None:
    cut = short(clause)
    assert len(cut) <= 25
    assert cut
    assert clause.startswith(cut.removesuffix("…"))


def test_a_page_names_the_side_columns_that_it_goes_without() -> None:
    assert page("甲", "", "乙", hide=("toc",)) == "---\nhide:\n  - toc\n---\n\n甲\n\n乙\n"
