"""Texts that say the same, and pairs of them among many."""

from hypothesis import given
from hypothesis import strategies as st

from checklist.reading.similar_texts import ALIKE, VERY_ALIKE, alike_pairs, fold_text, likeness

TEXTS = st.lists(st.text("屋顶漏雨南墙裂缝，。 12１", max_size=12), max_size=8)


def test_punctuation_blanks_and_width_do_not_tell_texts_apart():
    assert fold_text("南屋漏雨，约 ３ 平方米。") == fold_text("南屋漏雨约3平方米")
    assert likeness("西屋山墙有裂缝", "西屋山墙有裂缝。") == 100


def test_rewording_is_alike_and_another_problem_is_not():
    assert likeness("重复登记试验，南屋漏雨", "南屋漏雨，重复登记试验") >= ALIKE
    assert likeness("鉴定台账没有更新到八月。", "危房改造资金拨付缓慢，群众有意见。") < ALIKE


@given(TEXTS)
def test_pairs_are_those_that_are_alike_one_by_one(texts: list[str]):
    expected = [
        (one, other)
        for one in range(len(texts))
        for other in range(one + 1, len(texts))
        if likeness(texts[one], texts[other]) >= VERY_ALIKE
    ]
    assert sorted(alike_pairs(texts)) == expected


def test_pairs_are_found_beyond_one_slice():
    texts = [f"{number:05}" * 8 for number in range(1_200)]
    texts[3] = texts[1_150]
    assert (3, 1_150) in set(alike_pairs(texts, 100))
