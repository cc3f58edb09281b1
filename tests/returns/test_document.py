"""The canonical text: any change of any record changes its hash, and the order in which they were read does not."""

import copy
import json
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms_server.returns.return_document import LISTS, alike, digest, freeze, plain, thaw
from tests.returns.documents import document, issue, line, part, zero

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.none() | st.integers() | TEXTS | st.dictionaries(TEXTS, TEXTS, max_size=2)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A return with any records, and any texts in them."""
    numbers = draw(st.lists(st.integers(0, 59), unique=True, max_size=6))
    issues = [
        issue(number, content=draw(TEXTS), people=draw(st.none() | st.integers())) for number in numbers
    ]
    types = draw(st.lists(st.sampled_from(["income", "housing", "water"]), unique=True))
    return document(
        issue=issues,
        zero_report=[zero(each) for each in types],
        figures=[line(each, 1, found=draw(st.integers(0, 9))) for each in types],
        report_text=[part("work", 1, draw(TEXTS)), part("next", 2, draw(TEXTS))],
    )


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value that is neither a list nor a mapping: what has no lines stays a list of lines."""
    if isinstance(value, dict):
        return [leaf for key, each in value.items() for leaf in leaves(each, (*path, key))]
    if isinstance(value, list):
        return [leaf for key, each in enumerate(value) for leaf in leaves(each, (*path, key))]
    return [path]


@given(documents(), st.data())
def test_any_other_value_anywhere_gives_another_hash(whole: dict[str, Any], data: st.DataObject):
    *way, last = data.draw(st.sampled_from(leaves(whole)))
    changed = copy.deepcopy(whole)
    place: Any = changed
    for step in way:
        place = place[step]
    place[last] = data.draw(VALUES.filter(lambda value: value != place[last]))
    assert digest(freeze(changed)) != digest(freeze(whole))


@given(documents(), st.randoms(use_true_random=False))
def test_no_order_of_lines_or_keys_gives_another_hash(whole: dict[str, Any], chance: Any):
    shuffled = {}
    for name in chance.sample(sorted(whole), len(whole)):
        value = copy.deepcopy(whole[name])
        if name in LISTS:
            chance.shuffle(value)
            value = [dict(chance.sample(sorted(each.items()), len(each))) for each in value]
        shuffled[name] = value
    assert freeze(shuffled) == freeze(whole)


@given(documents(), documents(), st.data())
def test_two_are_alike_where_their_texts_are_the_same(
    one: dict[str, Any], other: dict[str, Any], data: st.DataObject
):
    assert alike(one, thaw(freeze(one)))
    assert alike(one, other) == (freeze(one) == freeze(other))
    name = data.draw(st.sampled_from(sorted(LISTS)))
    assert alike(one, {**one, name: list(reversed(one[name]))})
    mixed = {**one, name: other[name]}
    assert alike(one, mixed) == (freeze(one) == freeze(mixed))
    assert not alike(one, {key: value for key, value in one.items() if key != name})


@given(documents(), st.data())
def test_a_record_more_or_less_gives_another_hash(whole: dict[str, Any], data: st.DataObject):
    more = {**whole, "issue": [*whole["issue"], issue(99)]}
    assert digest(freeze(more)) != digest(freeze(whole))


@given(documents())
def test_what_was_frozen_is_found_again(whole: dict[str, Any]):
    again = thaw(freeze(whole))
    assert freeze(again) == freeze(whole)
    assert {name: again[name] for name in again if name not in LISTS} == {
        name: whole[name] for name in whole if name not in LISTS
    }


def test_the_text_is_plain_json_with_the_characters_themselves():
    text = freeze(document())
    assert "张某某" in text
    assert json.loads(text)["unit"]["name"] == "东河镇"
    assert ": " not in text.replace("8月底前", "")


def test_days_and_moments_are_written_as_iso():
    assert plain(date(2022, 8, 31)) == "2022-08-31"
    assert plain(datetime(2022, 8, 31, 12)) == "2022-08-31T12:00:00"
    assert plain(4) == 4


def test_what_json_does_not_know_is_refused():
    with pytest.raises(TypeError):
        freeze(document(notice=object()))
    with pytest.raises(ValueError):
        freeze(document(notice=float("nan")))
