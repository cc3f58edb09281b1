"""Money, decimals, scores, months, yes or no, several choices: what is typed, what is kept, what is shown."""

import json
import random
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from checklist.model import Campaign, Field, FieldType
from checklist.values.amount_types import yuan
from checklist.values.display import display
from checklist.values.judge import Context, check_value
from checklist.values.judge_results import Value
from checklist.values.record_schema import SCHEMAS
from checklist.values.type_families import FAMILIES
from tests.builders import EAST, small_campaign
from tests.small_forms import OF_EACH_TYPE

SMALL = small_campaign()
CONTEXT = Context(SMALL, SMALL.unit_by_code[EAST], date(2022, 8, 9))
FIELDS = {field.id: field for field in OF_EACH_TYPE}


def read(field_id: str, typed: str, context: Context = CONTEXT, **changed: object) -> Value:
    checked = check_value(FIELDS[field_id].model_copy(update=changed), typed, context)
    assert checked.problems == (), checked.problems
    return checked.value


def codes(field_id: str, typed: str, **changed: object) -> list[str]:
    checked = check_value(FIELDS[field_id].model_copy(update=changed), typed, CONTEXT)
    return [problem.code for problem in checked.problems]


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("3400.5", 340_050),
        ("3,400.50元", 340_050),
        ("３，４００．５０", 340_050),
        ("3 400", 340_000),
        ("￥1200", 120_000),
        ("人民币1200元整", 120_000),
        ("1.2万", 1_200_000),
        ("1.2万元", 1_200_000),
        ("30862.6147万元", 30_862_614_700),
        ("3.0862亿", 30_862_000_000),
        ("5千元", 500_000),
        ("1万2千元", 1_200_000),
        ("3元5角", 350),
        ("3元5角2分", 352),
        ("8分", 8),
        ("五百元", 50_000),
        ("伍佰元整", 50_000),
        ("一万二千元", 1_200_000),
        ("一万零五百元", 1_050_000),
        ("-300", -30_000),
        ("0", 0),
        ("138626147.55", 13_862_614_755),
        ("1e-02", 1),
    ],
)
def test_amounts_of_money(typed: str, fen: int) -> None:
    assert read("cost", typed) == fen


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("约3万", "approximate-number"),
        ("3万多", "number-with-note"),
        ("300（含补贴50）", "number-with-note"),
        ("300-500", "number-with-note"),
        ("1万2", "number-with-note"),
        ("3 4", "number-with-note"),
        ("1,23", "number-with-note"),
        ("3.400,50", "number-with-note"),
        ("元", "not-an-amount"),
        ("五六百", "not-an-amount"),
        ("=A1*2", "formula"),
        ("13812345678", "personal-number"),
        ("10000000000", "too-large"),
        ("100美元", "number-with-note"),
    ],
)
def test_what_is_no_exact_amount_is_refused(typed: str, code: str) -> None:
    assert codes("cost", typed) == [code]


def test_what_is_finer_than_a_fen_is_rounded_and_told() -> None:
    checked = check_value(FIELDS["cost"], "33.335", CONTEXT)
    assert checked.value == 3_334
    assert [(problem.code, problem.warning) for problem in checked.problems] == [("money-rounded", True)]
    assert "33.34" in checked.problems[0].message


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("60", "60"),
        ("60千瓦", "60"),
        ("0.5", "0.5"),
        ("1.25兆瓦", "1250"),
        ("60.100", "60.1"),
        ("１２．５", "12.5"),
    ],
)
def test_decimals_are_exact_and_in_the_fields_own_unit(typed: str, number: str) -> None:
    assert read("power", typed) == Decimal(number)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0.1", "too-small"),
        ("6兆瓦", "too-large"),
        ("1.2345", "too-many-decimals"),
        ("60平方米", "number-with-note"),
        ("约60", "approximate-number"),
        ("六十左右", "approximate-number"),
    ],
)
def test_decimals_that_are_refused(typed: str, code: str) -> None:
    words = SMALL.reading.numbers.model_copy(update={"approximate": ("约", "左右")})
    campaign = SMALL.model_copy(update={"reading": SMALL.reading.model_copy(update={"numbers": words})})
    checked = check_value(FIELDS["power"], typed, Context(campaign, CONTEXT.unit, CONTEXT.today))
    assert [problem.code for problem in checked.problems] == [code]


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        ("2022-08", "2022-08"),
        ("2022年8月", "2022-08"),
        ("2022.8", "2022-08"),
        ("2022/8", "2022-08"),
        ("202208", "2022-08"),
        ("22年8月", "2022-08"),
        ("二〇二二年八月", "2022-08"),
        ("8月份", "2022-08"),
        ("8月", "2022-08"),
        ("2022-08-01", "2022-08"),
        ("2022-08-01 00:00:00", "2022-08"),
        ("44774", "2022-08"),
        ("1998年12月", "1998-12"),
    ],
)
def test_months(typed: str, month: str) -> None:
    assert read("since", typed) == month


@pytest.mark.parametrize(
    ("typed", "codes_"),
    [
        ("2022年13月", ["no-such-date"]),
        ("8", ["not-a-month"]),
        ("去年", ["not-a-month"]),
        ("8.3", ["not-a-month"]),
        ("2022年8月15日", ["month-of-day"]),
        ("9月", ["date-assumed"]),
    ],
)
def test_months_that_are_refused_or_doubted(typed: str, codes_: list[str]) -> None:
    assert codes("since", typed) == codes_


def test_a_month_without_a_year_is_the_campaigns_whenever_it_is_read() -> None:
    later = Context(SMALL, CONTEXT.unit, date(2023, 1, 5))
    assert check_value(FIELDS["since"], "8月", later).value == "2022-08"


def test_a_month_ahead_is_refused_where_it_must_not_be() -> None:
    assert codes("since", "2022-09", not_future=True) == ["month-in-future"]
    assert read("since", "2022-08", not_future=True) == "2022-08"


@pytest.mark.parametrize(
    ("typed", "said"),
    [("是", True), ("√", True), ("有", True), ("否", False), ("×", False), ("无", False), ("no", False)],
)
def test_answers_of_yes_or_no(typed: str, said: bool) -> None:
    assert read("public", typed) is said


def test_under_a_label_that_denies_only_plain_answers_are_taken() -> None:
    """“无” under 无新情况 means that there is nothing new: read as 否, it would say the opposite."""
    for typed in ("无", "有", "没有", "没"):
        assert codes("public", typed, label="无新情况") == ["not-yes-no"]
    for typed, said in (("是", True), ("√", True), ("否", False), ("×", False)):
        assert read("public", typed, label="无新情况") is said


def test_a_mark_for_nothing_is_no_answer_and_a_choice_of_that_name_is_one() -> None:
    assert codes("public", "/") == ["taken-as-empty"]
    assert codes("public", "可能") == ["not-yes-no"]
    nothing = SMALL.reading.marks.model_copy(update={"nothing": ("/", "无")})
    campaign = SMALL.model_copy(update={"reading": SMALL.reading.model_copy(update={"marks": nothing})})
    context = Context(campaign, CONTEXT.unit, CONTEXT.today)
    assert read("public", "无", context) is False
    assert read("needs", "无", context) == ("none",)
    one = FIELDS["needs"].model_copy(update={"type": FieldType.CHOICE})
    assert check_value(one, "无", context).value == "none"


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ("技能培训、岗位推荐", ("post", "course")),
        ("培训，推荐岗位", ("post", "course")),
        ("培训;培训", ("course",)),
        ("1.岗位推荐 2.技能培训", ("post", "course")),
        ("1—1.5倍", ("band",)),
        ("岗位推荐、1—1.5倍", ("post", "band")),
        ("post、band", ("post", "band")),
        ("岗位推荐\n技能培训", ("post", "course")),
    ],
)
def test_several_choices_are_kept_in_the_lists_order(typed: str, chosen: tuple[str, ...]) -> None:
    assert read("needs", typed) == chosen


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ("培训、养猪", "part-not-a-choice", "养猪"),
        ("岗位推存", "part-near-choice", "岗位推荐"),
        ("、", "part-not-a-choice", "、"),
    ],
)
def test_one_unknown_among_several_is_named(typed: str, code: str, words: str) -> None:
    checked = check_value(FIELDS["needs"], typed, CONTEXT)
    assert [problem.code for problem in checked.problems] == [code]
    assert words in checked.problems[0].message


@pytest.mark.parametrize(
    ("field_id", "typed", "code"),
    [
        ("member", "张三 李四", "several-persons"),
        ("member", "张三、李四", "several-persons"),
        ("member", "某" * 31, "too-long"),
        ("member", "张某甲11010519491231002X", "personal-number"),
        ("family", "某" * 31, "too-long"),
        ("family", "张三 李四", "several-households"),
        ("asset", "2019-" * 20, "too-long"),
    ],
)
def test_names_that_are_refused_or_doubted(field_id: str, typed: str, code: str) -> None:
    assert codes(field_id, typed) == [code]


def test_a_key_is_half_width() -> None:
    assert read("asset", "２０１９－丁里－０１２") == "2019-丁里-012"


def test_a_score_has_its_limits() -> None:
    assert read("grade", "5分") == 5
    assert codes("grade", "6") == ["too-large"]
    assert codes("score", "101") == ["too-large"]
    assert codes("score", "-1") == ["too-small"]


VALUES: dict[FieldType, st.SearchStrategy[Value]] = {
    FieldType.MONEY: st.integers(-(10**12) + 1, 10**12 - 1),
    FieldType.DECIMAL: st.integers(500, 5_000_000).map(lambda number: Decimal(f"{Decimal(number) / 1000:f}")),
    FieldType.RATING: st.integers(0, 5),
    FieldType.MONTH: st.dates(date(1950, 1, 1), date(2099, 12, 31)).map(lambda day: f"{day:%Y-%m}"),
    FieldType.YESNO: st.booleans(),
    FieldType.HOUSEHOLD: st.sampled_from(["张某某", "阿依古丽·买买提", "欧阳某"]),
    FieldType.PERSON: st.sampled_from(["张某某", "阿依古丽·买买提", "欧阳某", "李 某"]),
    FieldType.REFERENCE: st.from_regex(r"[0-9]{4}-[a-z]{1,5}-[0-9]{3}", fullmatch=True),
    FieldType.CHOICES: st.sets(
        st.sampled_from([choice.id for choice in FIELDS["needs"].choices]), min_size=1
    ).map(lambda ids: tuple(choice.id for choice in FIELDS["needs"].choices if choice.id in ids)),
}
"""Any value of each type, as far as the fields of ``OF_EACH_TYPE`` take it."""


TYPED = [each for each in OF_EACH_TYPE if each.type in VALUES]


def test_every_family_is_tried_here() -> None:
    assert set(VALUES) == {kind for kind, each in FAMILIES.items() if each.typed}


@given(data=st.data())
def test_what_is_shown_written_or_stored_reads_back_as_the_same_value(data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(TYPED))
    value, kind = data.draw(VALUES[field.type]), FAMILIES[field.type]
    for text in (display(field, value, SMALL), kind.write(value)):
        if field.type is FieldType.MONTH:
            found = check_value(field, text, CONTEXT).value
        else:
            found = read(field.id, text)
        assert (found, type(found)) == (value, type(value))
    assert kind.load(json.loads(json.dumps(kind.dump(value)))) == value
    Draft202012Validator(SCHEMAS[field.type](field, SMALL)).validate(json.loads(json.dumps(kind.dump(value))))


@given(fen=st.integers(-(10**12) + 1, 10**12 - 1))
def test_no_fen_is_lost_in_a_spreadsheets_number(fen: int) -> None:
    cell = FAMILIES[FieldType.MONEY].to_cell
    assert cell
    number = cell(fen)
    assert isinstance(number, Decimal)
    assert read("cost", f"{float(number):.15g}") == fen


@given(parts=st.lists(st.integers(0, 10**9), max_size=30))
def test_sums_of_money_are_right_to_the_fen(parts: list[int]) -> None:
    typed = [yuan(part) for part in parts]
    assert sum(int(str(read("cost", each))) for each in typed) == sum(parts)


@given(seed=st.integers(0, 10**6), data=st.data())
def test_samples_are_taken_without_a_word(seed: int, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(TYPED))
    assert read(field.id, FAMILIES[field.type].sample(field, random.Random(seed))) is not None  # noqa: S311


def test_the_words_of_values(small: Campaign) -> None:
    shown = {
        "cost": (30_862_614_700, "308,626,147.00"),
        "power": (Decimal("60.5"), "60.5千瓦"),
        "since": ("2022-08", "2022-08"),
        "public": (False, "否"),
        "needs": (("post", "gone"), "岗位推荐、gone"),
        "each": (-350, "-3.50"),
        "grade": (0, "0"),
        "pictures": (3, "3 张"),
    }
    for field_id, (value, words) in shown.items():
        assert display(FIELDS[field_id], value, small) == words


def test_the_unit_stands_beside_a_number_only_where_its_label_lacks_it(small: Campaign) -> None:
    labelled: Field = FIELDS["power"].model_copy(update={"label": "装机容量（千瓦）"})
    assert display(labelled, Decimal(60), small) == "60"
