"""Conflicting edits: the second editor gets a three-way merge, and no input is lost."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builders import EAST_DAM, EAST_WILLOW
from tests.server.pages import post, text_of
from tests.server.records import ISSUE, page, stored, value_of

SignedIn = Callable[..., FlaskClient]


def opened(client: FlaskClient, record: str) -> dict[str, str]:
    """All that an edit page would send as it was opened."""
    html = page(client.get(f"{record}/edit"))
    return {name: value_of(html, name) for name in (*ISSUE, "base-version", "seen")}


def save(client: FlaskClient, record: str, fields: dict[str, str]) -> TestResponse:
    return post(client, f"{record}/edit", page="/password", **fields)


def proposed(html: BeautifulSoup) -> dict[str, str]:
    """What the merging page would send as it stands."""
    form = html.select_one("[data-merge]")
    assert form is not None
    fields = {field["name"]: value_of(html, field["name"]) for field in form.select("[name]")}
    return fields | {radio["name"]: radio["value"] for radio in form.select("[type=radio][checked]")}


def test_what_only_one_side_changed_is_merged(
    app: Flask, reporter: FlaskClient, principal: FlaskClient, record: str
):
    mine = opened(reporter, record)
    save(principal, record, {**opened(principal, record), "content": "屋顶漏雨。", "village": EAST_DAM})
    answer = save(reporter, record, {**mine, "measures": "翻修屋顶。", "people": "５"})
    assert answer.status_code == 409
    assert "只有一边改过的 4 栏已经合并好" in text_of(answer)
    assert "请选定" not in text_of(answer)
    # The other did not change this one: what stands beside it is what was there before.
    [mine_alone] = [each for each in page(answer).select(".merge-mine") if "整改措施" in each.legend.text]
    assert "用原来的" in mine_alone.text
    assert save(reporter, record, proposed(page(answer))).status_code == 303
    [row] = stored(app)
    assert (row["content"], row["village_code"]) == ("屋顶漏雨。", EAST_DAM)
    assert (row["measures"], row["people"], row["version"]) == ("翻修屋顶。", 5, 3)


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (("mine", "墙体开裂。"), "墙体开裂。"),
        (("mine", "两处都有。"), "两处都有。"),
        (("theirs", "墙体开裂。"), "屋顶\n漏雨。"),
    ],
)
def test_what_both_changed_is_for_the_second_to_choose(
    app: Flask,
    reporter: FlaskClient,
    principal: FlaskClient,
    record: str,
    choice: tuple[str, str],
    expected: str,
):
    mine = opened(reporter, record)
    save(principal, record, {**opened(principal, record), "content": "屋顶\n漏雨。"})
    answer = save(reporter, record, {**mine, "content": "墙体开裂。"})
    words = text_of(answer)
    assert "两边都改了，请选定" in words
    assert "屋顶\n漏雨。" in page(answer).select_one(".merge-both").text
    fields = proposed(page(answer))
    assert (fields["take.content"], fields["content"]) == ("mine", "墙体开裂。")
    assert (
        save(reporter, record, {**fields, "take.content": choice[0], "content": choice[1]}).status_code == 303
    )
    assert stored(app)[0]["content"] == expected


def test_a_field_that_i_emptied_proposes_the_others_words(
    reporter: FlaskClient, principal: FlaskClient, record: str
):
    mine = opened(reporter, record)
    save(principal, record, {**opened(principal, record), "measures": "翻修屋顶。"})
    answer = save(reporter, record, {**mine, "measures": ""})
    assert proposed(page(answer))["take.measures"] == "theirs"


def test_the_same_change_of_both_is_none(
    app: Flask, reporter: FlaskClient, principal: FlaskClient, record: str
):
    mine = opened(reporter, record)
    save(principal, record, {**opened(principal, record), "content": "屋顶漏雨。"})
    assert save(reporter, record, {**mine, "content": "屋顶漏雨。"}).status_code == 303
    assert stored(app)[0]["version"] == 2


def test_a_third_change_while_merging_is_merged_again(
    app: Flask, reporter: FlaskClient, principal: FlaskClient, record: str
):
    mine = opened(reporter, record)
    save(principal, record, {**opened(principal, record), "content": "屋顶漏雨。"})
    first = proposed(page(save(reporter, record, {**mine, "measures": "翻修屋顶。"})))
    save(principal, record, {**opened(principal, record), "responsible_person": "李某某"})
    again = save(reporter, record, first)
    assert again.status_code == 409
    assert save(reporter, record, proposed(page(again))).status_code == 303
    [row] = stored(app)
    assert (row["content"], row["measures"], row["responsible_person"]) == (
        "屋顶漏雨。",
        "翻修屋顶。",
        "李某某",
    )


def test_what_is_wrong_after_merging_is_shown_with_all_that_was_chosen(
    app: Flask, reporter: FlaskClient, principal: FlaskClient, record: str
):
    mine = opened(reporter, record)
    save(principal, record, {**opened(principal, record), "content": "屋顶漏雨。"})
    merged = proposed(page(save(reporter, record, {**mine, "measures": "翻修屋顶。"})))
    answer = save(reporter, record, {**merged, "people": "很多"})
    assert answer.status_code == 422
    html = page(answer)
    shown = {name: value_of(html, name) for name in ("content", "measures", "people", "village")}
    assert shown == {
        "content": "屋顶漏雨。",
        "measures": "翻修屋顶。",
        "people": "很多",
        "village": EAST_WILLOW,
    }
    fields = {name: value_of(html, name) for name in (*ISSUE, "base-version", "seen")}
    assert save(reporter, record, {**fields, "people": "4"}).status_code == 303


def test_hostile_words_stay_words(app: Flask, reporter: FlaskClient, principal: FlaskClient, record: str):
    mine = opened(reporter, record)
    hostile = '"><script>alert(1)</script>'
    save(principal, record, {**opened(principal, record), "content": hostile})
    answer = save(reporter, record, {**mine, "content": f"'{hostile}"})
    assert "<script>alert" not in answer.text
    fields = proposed(page(answer))
    assert fields["theirs.content"] == hostile
    fields |= {"take.content": "theirs", "take.state": "theirs", "theirs.state": "closed", "take.x": "theirs"}
    assert save(reporter, record, fields).status_code == 303
    assert (stored(app)[0]["content"], stored(app)[0]["state"]) == (hostile, "rectifying")
