from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.messages import say
from checklist.reading.outcomes import beside_state, read_outcome
from tests.checklist.reading.examples import examples

TODAY = date(2022, 8, 25)

DONE = [
    "已整改",
    "已整改到位",
    "整改完毕",
    "完成整改",
    "已完成",
    "已销号",
    "已全部整改到位",
    "问题已解决",
    "100%",
]
NEGATIONS = ["未", "尚未", "没有", "还没", "并未", "不能算", "未能", "没", "无法", "从未", "难以"]
INTENTIONS = [
    "预计", "计划", "拟", "将", "应", "待天晴后", "力争", "确保", "争取", "8月30日前", "9月", "明年", "12月底前", "限期", "尽快",
    "下周", "如果", "是否", "督促", "要求",
]  # fmt: skip
PARTS = ["部分", "基本", "大部分", "3户", "其中两户", "50%", "一半", "约", "除1户外", "多数"]
BEHIND = [
    "50%",
    "3户",
    "一部分",
    "前做好安置",
    "中",
    "后再报",
    "（部分）",
    "，剩2户",
    "，其余正在整改",
    "，还差1户",
    "的计划",
    "吗",
    "？",
]
AROUND = st.lists(
    st.sampled_from(["无反弹", "将持续关注", "正在公示", "群众满意", "目前", "已验收"]), max_size=2
)
SIGNS = st.sampled_from(["，", "。", "；", " ", "\n", "、", "（"])


@pytest.mark.parametrize("row", examples("outcomes"))
def test_examples(row, phrases):
    outcome = read_outcome(row["typed"], phrases)
    assert (outcome.rectified, bool(outcome.doubt)) == (row["rectified"], row["ask"])


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("不属实", "outcome-not-a-problem"),
        ("已入户核实，未发现问题", "outcome-not-a-problem"),
        ("待县级解决", "outcome-deferred"),
        ("逾期", "outcome-overdue"),
        ("长期坚持", "outcome-ongoing"),
        ("/", "outcome-empty"),
        ("同上", "outcome-empty"),
        ("修好了水泵", "outcome-unclear"),
    ],
)
def test_why_an_outcome_is_doubted(typed, code, phrases):
    outcome = read_outcome(typed, phrases)
    assert outcome.doubt is not None
    assert outcome.doubt.code == code
    assert typed in say(code, typed=typed) or code == "outcome-empty"


@given(share=st.integers(0, 100), before=st.sampled_from(["", "已完成", "整改完成率", "目前完成"]))
def test_only_the_whole_is_done(share, before, phrases):
    outcome = read_outcome(f"{before}{share}%", phrases)
    assert (outcome.rectified, outcome.doubt) == (share == 100, None)


@given(text=st.text(max_size=40))
def test_any_text_that_does_not_say_done_is_rectifying(text, phrases):
    outcome = read_outcome(text, phrases, TODAY)
    assert not (outcome.rectified and outcome.doubt)
    assert outcome.rectified or outcome.day is None


@st.composite
def not_done(draw):
    """A sentence with words for done, and a negation, an intention or a part that takes them back."""
    done = draw(st.sampled_from(DONE))
    if draw(st.booleans()):
        says = draw(st.sampled_from([*NEGATIONS, *INTENTIONS, *PARTS])) + done
    else:
        says = done + draw(st.sampled_from(BEHIND))
    around = draw(AROUND)
    return draw(SIGNS).join(draw(st.permutations([says, *around])))


@given(text=not_done(), reference=st.sampled_from([None, TODAY]))
def test_no_text_with_a_negation_an_intention_or_a_part_is_done(text, reference, phrases):
    assert not read_outcome(text, phrases, reference).rectified


@given(done=st.sampled_from(DONE), around=AROUND, sign=SIGNS)
def test_what_may_stand_beside_changes_nothing(done, around, sign, phrases):
    around = [words for words in around if words != "目前"]
    assert read_outcome(sign.join([done, *around]), phrases).rectified
    assert read_outcome(sign.join([*around, done]), phrases).rectified


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("8月12日已完成整改，预计9月公示", date(2022, 8, 12)),
        ("已整改（8.20）", date(2022, 8, 20)),
        ("√ 8.18", date(2022, 8, 18)),
        ("已于2022年8月20日整改到位", date(2022, 8, 20)),
        ("8月20日整改到位", date(2022, 8, 20)),
        ("已整改，原定8月12日", None),
        ("8月12日已整改，8月13日已销号", None),
        ("已整改", None),
    ],
)
def test_the_day_of_rectification_is_given_back(typed, day, phrases):
    outcome = read_outcome(typed, phrases, TODAY)
    assert (outcome.rectified, outcome.day) == (True, day)


@pytest.mark.parametrize(
    "typed", ["8月30日整改到位", "已整改，8月30日", "整改到位8月底", "8月12日前整改到位"]
)
def test_a_day_that_is_to_come_and_a_plan_for_a_day_that_is_past_are_asked_about(typed, phrases):
    outcome = read_outcome(typed, phrases, TODAY)
    assert not outcome.rectified
    assert outcome.doubt


@pytest.mark.parametrize(
    ("outcome", "state", "rectified", "code"),
    [
        ("屋面已修好", "已整改", True, None),
        ("屋面已修好", "正在整改", False, None),
        ("已整改", "正在整改", False, "outcome-contradicts"),
        ("正在整改", "是", False, "outcome-contradicts"),
        ("已整改", "", True, None),
        ("屋面已修好", "", False, "outcome-unclear"),
        ("", "是", True, None),
        ("已整改", "看情况", False, "outcome-contradicts"),
        ("正在整改", "看情况", False, None),
    ],
)
def test_a_column_of_states_decides_what_the_outcome_leaves_open(outcome, state, rectified, code, phrases):
    found = beside_state(read_outcome(outcome, phrases), read_outcome(state, phrases))
    assert (found.rectified, found.doubt and found.doubt.code) == (rectified, code)
