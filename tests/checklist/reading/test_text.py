import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.model.reading import OutcomeWords
from checklist.read_result import Refusal
from checklist.reading.person_names import fold_name
from checklist.text_normalisation import clean_line, clean_paragraph, compact, fold
from forms_server.accounts.account_names import clean_name

ANYTHING = st.text(st.characters(), max_size=60) | st.text(
    " \t\r\n\u3000\u200b张。１a\u2028\ufeff", max_size=20
)


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("  张某某\u3000", "张某某"),
        ("卫\u3000 某", "卫 某"),
        ("张\r\n某\t某", "张 某 某"),
        ("\xa0李某", "李某"),
        ("e\u0301", "é"),
        ("１２号", "１２号"),
        ("\u3000\n ", ""),
        ("𠮷某", "𠮷某"),
    ],
)
def test_line(raw, line):
    assert clean_line(raw) == line


@pytest.mark.parametrize(
    ("raw", "paragraph"),
    [
        ("一\r\n二\r三\u2028四", "一\n二\n三\n四"),
        ("\u3000\u3000先换瓦；  \n\u3000后加固。\n\n", "先换瓦；\n\u3000后加固。"),
        ("a  b", "a  b"),
    ],
)
def test_paragraph(raw, paragraph):
    assert clean_paragraph(raw) == paragraph


@pytest.mark.parametrize(
    ("hidden", "name"),
    [
        ("\x00", "空字符 U+0000"),
        ("\x07", "控制字符 U+0007"),
        ("\x85", "控制字符 U+0085"),
        ("\u200b", "零宽字符 U+200B"),
        ("\u200d", "零宽字符 U+200D"),
        ("\u202e", "文字方向控制符 U+202E"),
        ("\u2066", "文字方向控制符 U+2066"),
        ("\ufeff", "看不见的字符 U+FEFF"),
        ("\u3164", "看不见的字符 U+3164"),
        ("\ud800", "残缺的字符 U+D800"),
        ("\uffff", "看不见的字符 U+FFFF"),
        ("\U0010fffe", "看不见的字符 U+10FFFE"),
    ],
)
@pytest.mark.parametrize("clean", [clean_line, clean_paragraph])
def test_hidden_character_is_refused_wherever_it_stands(clean, hidden, name):
    assert clean(f"张{hidden}某") == Refusal("control-character", {"position": 2, "name": name})
    assert isinstance(clean(hidden), Refusal)


@given(ANYTHING)
@pytest.mark.parametrize("clean", [clean_line, clean_paragraph])
def test_cleaning_twice_changes_nothing_more(clean, raw):
    once = clean(raw)
    if isinstance(once, Refusal):
        assert once.code == "control-character"
        return
    assert clean(once) == once
    assert once == once.strip()
    assert unicodedata.is_normalized("NFC", once)


@given(ANYTHING)
def test_a_line_has_no_line_break(raw):
    line = clean_line(raw)
    assert isinstance(line, Refusal) or not any(character in line for character in "\r\n\t\u2028")


def test_folding():
    assert fold("２０２２．８（ａ）\u3000") == "2022.8(a) "
    assert compact(" ８ 月\u3000底 ") == "8月底"


def test_phrases_are_folded_as_the_texts_are_that_they_are_looked_for_in():
    words = OutcomeWords(rectified=("１００％", "已 整改"))
    assert words.rectified == ("100%", "已整改")


@pytest.mark.parametrize("selector", ["\ufe00", "\ufe0f", "\U000e0100", "\U000e01ef"])
def test_variation_selectors_make_no_other_name(selector):
    assert clean_line(f"葛{selector}某某") == "葛某某"
    assert clean_paragraph(f"葛{selector}某某\n漏雨") == "葛某某\n漏雨"
    assert fold_name(f"葛{selector}某某") == fold_name("葛某某")
    assert clean_name(f"葛{selector}某某") == "葛某某"


@pytest.mark.parametrize("padding", ["\u115f", "\u1160", "\u3164", "\uffa0", "\u2800", "\u034f", "\u180e"])
def test_letters_that_nobody_sees_are_refused_in_names(padding):
    assert clean_name(f"li{padding}") is None
    assert isinstance(clean_line(f"金{padding}某"), Refusal)
