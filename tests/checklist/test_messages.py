import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.messages import catalogue, say
from checklist.problems import Problem


def _params(code: str) -> dict[str, str]:
    """Something for every param that a code's templates name."""
    names = (
        name for words in catalogue()[code].values() for _, name, _, _ in string.Formatter().parse(words)
    )
    return {name: "某某" for name in names if name}


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_every_message_says_what_is_wrong_and_what_to_write(code):
    assert set(catalogue()[code]) == {"text", "remedy"}
    assert all(words.strip() == words and words[-1] not in "。；" for words in catalogue()[code].values())
    sentence = say(code, **_params(code))
    assert "；" in sentence
    assert sentence.endswith("。")
    assert "{" not in sentence or "{unit}" in sentence


PACKAGES = [Path(__file__).parents[2] / name for name in ("checklist", "build_scripts", "forms_server")]
PROGRAM = "\n".join(
    path.read_text(encoding="utf-8")
    for package in PACKAGES
    for pattern in ("*.py", "*.html")
    for path in sorted(package.rglob(pattern))
)


def test_every_message_that_the_program_says_is_in_the_catalogue() -> None:
    said = set(re.findall(r"""\bsay\(\s*["']([a-z][a-z0-9-]*)["']""", PROGRAM))
    assert said
    assert said - set(catalogue()) == set()


def test_every_message_of_the_catalogue_is_said_somewhere() -> None:
    """``near-{kind}`` and the like say several."""
    quoted = set(re.findall(r"""["']([a-z0-9]+(?:-[a-z0-9{}]+)*)["']""", PROGRAM))
    several = [re.compile(re.sub(r"\{[a-z]+\}", "[a-z0-9-]+", code)) for code in quoted if "{" in code]
    unsaid = [
        code for code in catalogue() if code not in quoted and not any(one.fullmatch(code) for one in several)
    ]
    assert unsaid == []


def test_an_unknown_code_raises():
    with pytest.raises(KeyError, match="no-such-code"):
        say("no-such-code")


def test_a_missing_param_raises():
    with pytest.raises(KeyError, match="label"):
        say("required")


def test_the_sentence():
    assert (
        say("too-long", label="责任人", length=70, limit=60)
        == "“责任人”有 70 个字，超过了 60 个字；请删减到 60 个字以内。"
    )


def test_every_choice_of_the_shipped_forms_is_named(shipped):
    counts = [len(field.choices) for form in shipped.record_forms for field in form.fields]
    choices = [f"甲{number}" for number in range(max(len(shipped.problem_types), *counts))]
    assert say("not-a-choice", label="问题类型", typed="x", choices=choices).endswith(f"{choices[-1]}。")


def test_a_list_is_joined_and_cut():
    choices = [f"甲{number}" for number in range(31)]
    sentence = say("not-a-choice", label="户类型", typed="x", choices=choices)
    assert "甲0、甲1、" in sentence
    assert sentence.endswith("甲29等。")


def test_what_was_typed_is_never_a_template():
    assert "{label}" in say("not-a-date", label="日期", typed="{label}", example="2022-08-25")


@given(typed=st.text(st.characters(), max_size=200))
def test_what_was_typed_stays_short_printable_and_in_one_line(typed):
    sentence = say("not-a-date", label="日期", typed=typed, example="2022-08-25")
    assert len(sentence) < 120
    assert sentence.replace("\u3000", "").isprintable()


def test_problems_sort_by_place_with_figures_as_figures():
    places = ["户内!B10", "户内!B9", "面上!A1", "a.yml:10:1", "a.yml:9:12", "a.yml:9:2"]
    ordered = [problem.place for problem in sorted(Problem(place, "x", "y") for place in places)]
    assert ordered == ["a.yml:9:2", "a.yml:9:12", "a.yml:10:1", "户内!B9", "户内!B10", "面上!A1"]


def test_a_problem_prints_its_place():
    assert str(Problem("户内!B9", "required", "没有填写")) == "户内!B9: 没有填写"


@given(places=st.lists(st.text("a01!:²٣村", max_size=6), max_size=6))
def test_any_places_can_be_sorted(places):
    problems = [Problem(place, "x", "y") for place in places]
    backwards = problems[::-1]
    assert sorted(problems) == sorted(backwards)
