"""New records in the browser: the form of the YAML, every input checked, everything typed kept, nothing twice."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forms_server.access import Role
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, WATER, WEST, WEST_WILLOW
from tests.server.pages import post, text_of
from tests.server.records import FAMILY, GENERAL, HOUSEHOLD, ISSUE, PROPOSED, file, page, stored, value_of

SignedIn = Callable[..., FlaskClient]


def test_fields_stand_in_the_forms_order_with_marks_help_and_examples(reporter: FlaskClient):
    html = page(reporter.get(HOUSEHOLD))
    labels = [label.get_text(" ", strip=True) for label in html.select("[data-record-form] label")]
    assert labels[:3] == ["村 必填", "户主姓名 必填", "户类型 必填"]
    assert "整改措施 可不填" in labels
    assert "整改成效" not in " ".join(labels)
    assert html.find(id="householder")["placeholder"] == "如：张某某"


def test_a_record_is_filed_and_shown(app: Flask, reporter: FlaskClient):
    response = file(reporter, HOUSEHOLD, **ISSUE)
    assert response.status_code == 303
    shown = reporter.get(response.location)
    words = text_of(shown)
    assert "已登记。" in words
    assert "再登记一条" in words
    assert all(
        expected in words
        for expected in ("东河镇", "柳林村委会", "张某某", "住房安全", "8月底前", "正在整改")
    )
    [row] = stored(app)
    assert (row["unit_code"], row["township_code"], row["people"]) == (EAST, EAST, 4)
    assert str(row["deadline"]) == "2022-08-31"


def test_an_item_chooses_its_problem_type_and_is_kept(app: Flask, reporter: FlaskClient):
    address = f"{HOUSEHOLD}?item=house-safe"
    html = page(reporter.get(address))
    assert value_of(html, "problem_type") == "housing"
    card = html.select_one(".item-card")
    assert "房屋是否安全" in card.text
    assert card.a["href"] == "/handbook/areas/02-guarantees.html#house-safe"
    assert file(reporter, address, **ISSUE).status_code == 303
    assert [(row["item_id"], row["area_id"]) for row in stored(app)] == [("house-safe", "guarantees")]


def test_an_item_that_is_not_known_leaves_an_ordinary_form(reporter: FlaskClient):
    html = page(reporter.get(f"{HOUSEHOLD}?item=nonsense"))
    assert html.select_one(".item-card") is None


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_stored(app: Flask, reporter: FlaskClient):
    wrong = {**ISSUE, "content": "", "people": "很多", "deadline": "已完成"}
    response = file(reporter, HOUSEHOLD, **wrong)
    assert response.status_code == 422
    html = page(response)
    assert {name: value_of(html, name) for name in wrong} == wrong
    for name in ("content", "people", "deadline"):
        field = html.find(id=name)
        assert field["aria-invalid"] == "true"
        assert html.find(id=f"error-{name}").text.strip()
        assert f"error-{name}" in field["aria-describedby"]
    assert [link["href"] for link in html.select("[role=alert] a")] == ["#content", "#deadline", "#people"]
    assert html.find(id="householder").get("aria-invalid") is None
    assert stored(app) == []


def test_the_pages_id_survives_an_error(app: Flask, reporter: FlaskClient):
    response = file(reporter, HOUSEHOLD, "0f8fad5b-d9cb-469f-a165-70867728950e", **{**ISSUE, "content": ""})
    assert value_of(page(response), "record-id") == "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.mark.parametrize("wrong", [{}, {"record-id": "nonsense"}])
def test_a_form_without_the_pages_id_is_not_ours(app: Flask, reporter: FlaskClient, wrong: dict[str, str]):
    assert post(reporter, HOUSEHOLD, **ISSUE, **wrong).status_code == 400
    assert stored(app) == []


def test_hostile_text_is_refused_or_shown_as_text(app: Flask, reporter: FlaskClient):
    for hidden in ("张\x00某", "张\ufffd某", "张\u2800某"):
        assert file(reporter, HOUSEHOLD, **{**ISSUE, "householder": hidden}).status_code == 422
    assert stored(app) == []
    shown = reporter.get(
        file(reporter, HOUSEHOLD, **{**ISSUE, "content": "<script>alert(1)</script>"}).location
    )
    assert "&lt;script&gt;" in shown.get_data(as_text=True)


def test_what_else_is_posted_changes_nothing(app: Flask, reporter: FlaskClient):
    more = {
        "unit": WEST,
        "unit_code": WEST,
        "state": "closed",
        "version": "9",
        "role": "office",
        "created_by": "x",
        "outcome": "已修好",
    }
    assert file(reporter, HOUSEHOLD, **ISSUE, **more).status_code == 303
    [row] = stored(app)
    assert (row["unit_code"], row["state"], row["version"], row["outcome"]) == (EAST, "rectifying", 1, None)
    assert not set(more) & set(row["extra"])


def test_a_village_of_another_township_is_refused(app: Flask, reporter: FlaskClient):
    assert file(reporter, HOUSEHOLD, **{**ISSUE, "village": WEST_WILLOW}).status_code == 422
    assert stored(app) == []


def test_a_resend_is_the_same_record(app: Flask, reporter: FlaskClient):
    record_id = str(uuid4())
    first = file(reporter, HOUSEHOLD, record_id, **ISSUE)
    again = file(reporter, HOUSEHOLD, record_id, **ISSUE)
    assert (again.status_code, again.location) == (303, first.location)
    assert len(stored(app)) == 1


def test_the_same_id_with_other_content_shows_both(app: Flask, reporter: FlaskClient):
    record_id = str(uuid4())
    file(reporter, HOUSEHOLD, record_id, **ISSUE)
    response = file(reporter, HOUSEHOLD, record_id, **{**ISSUE, "content": "屋顶漏雨。"})
    assert response.status_code == 409
    html = page(response)
    assert "西屋山墙有裂缝。" in html.select_one(".both-versions").text
    assert value_of(html, "content") == "屋顶漏雨。"
    new_id = value_of(html, "record-id")
    assert new_id != record_id
    assert file(reporter, HOUSEHOLD, new_id, **{**ISSUE, "content": "屋顶漏雨。"}).status_code == 303
    assert [row["content"] for row in stored(app)] == ["西屋山墙有裂缝。", "屋顶漏雨。"]


def test_fields_under_a_condition_say_when(reporter: FlaskClient):
    html = page(reporter.get(GENERAL))
    block = html.find(id="village").find_parent(class_="field")
    assert (block["data-when"], block["data-among"]) == ("level", "village")
    assert "仅“面上问题层级”为村级层面时填写" in block.text
    assert html.find("script", src=re.compile("records.js"))


@pytest.mark.parametrize(
    ("answers", "status", "village"),
    [
        ({"level": "village", "village": EAST_WILLOW}, 303, EAST_WILLOW),
        ({"level": "village"}, 422, None),
        ({"level": "township"}, 303, None),
        ({"level": "township", "village": EAST_WILLOW}, 422, None),
    ],
)
def test_conditions_hold_without_scripts(
    app: Flask, reporter: FlaskClient, answers: dict[str, str], status: int, village: str | None
):
    general = {name: ISSUE[name] for name in ("problem_type", "content", "responsible_person", "deadline")}
    assert file(reporter, GENERAL, **general, **answers).status_code == status
    assert [row["village_code"] for row in stored(app)] == ([village] if status == 303 else [])


def test_a_county_unit_files_for_any_village(app: Flask, signed_in: SignedIn):
    water = signed_in(WATER, Role.REPORTER)
    assert file(water, HOUSEHOLD, **{**ISSUE, "village": WEST_WILLOW}).status_code == 303
    assert [(row["unit_code"], row["township_code"]) for row in stored(app)] == [(WATER, WEST)]


def test_someone_bound_to_a_village_files_only_there(app: Flask, signed_in: SignedIn):
    bound = signed_in(EAST, Role.REPORTER, EAST_WILLOW)
    assert value_of(page(bound.get(HOUSEHOLD)), "village") == EAST_WILLOW
    response = file(bound, HOUSEHOLD, **{**ISSUE, "village": EAST_DAM})
    assert response.status_code == 403
    assert value_of(page(response), "content") == ISSUE["content"]
    assert file(bound, HOUSEHOLD, **ISSUE).status_code == 303
    assert [row["village_code"] for row in stored(app)] == [EAST_WILLOW]


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ADMIN, Role.DEPARTMENT, Role.INSPECTOR])
def test_other_roles_do_not_file(app: Flask, signed_in: SignedIn, role: Role):
    client = signed_in(EAST, role)
    assert client.get(HOUSEHOLD).status_code == 403
    assert post(client, HOUSEHOLD, page="/password", **ISSUE).status_code == 403
    assert stored(app) == []


@pytest.mark.parametrize("address", ["/records/nonsense/new", "/records/summary/new", "/records/report/new"])
def test_there_is_a_page_only_for_record_forms(reporter: FlaskClient, address: str):
    assert reporter.get(address).status_code == 404


def test_the_same_name_in_the_village_asks_and_shows_the_other(app: Flask, reporter: FlaskClient):
    file(reporter, PROPOSED, **FAMILY)
    again = {**FAMILY, "reason": "别的理由。"}
    response = file(reporter, PROPOSED, **again)
    assert response.status_code == 409
    assert "是同一户吗" in text_of(response)
    assert "户主住院。" in page(response).select_one(".other-household").text
    assert len(stored(app, "proposed_household")) == 1
    assert file(reporter, PROPOSED, **again, **{"is-different": "yes"}).status_code == 303
    assert len(stored(app, "proposed_household")) == 2


def test_the_second_proposal_joins_the_first_and_counts_once(app: Flask, reporter: FlaskClient):
    file(reporter, PROPOSED, **FAMILY)
    first = stored(app, "proposed_household")[0]
    response = file(
        reporter, PROPOSED, **{**FAMILY, "householder": "刘 某某"}, **{"same-as": str(first["id"])}
    )
    assert response.status_code == 303
    assert len(stored(app, "proposed_household")) == 1
    shown = text_of(reporter.get(str(response.location)))
    assert "又有人发现" in shown
    assert "又一次发现" in shown


def test_how_a_doubtful_deadline_was_understood_is_told(reporter: FlaskClient):
    response = file(reporter, HOUSEHOLD, **{**ISSUE, "deadline": "8.25"})
    assert "2022-08-25" in text_of(reporter.get(response.location))


def test_invisible_characters_are_left_out_as_of_an_import(app: Flask, reporter: FlaskClient):
    typed = {"householder": "张\u200b某某", "content": "屋\u202e漏\ufeff"}
    assert file(reporter, HOUSEHOLD, **{**ISSUE, **typed}).status_code == 303
    (row,) = stored(app)
    assert (row["householder"], row["content"]) == ("张某某", "屋漏")
    assert "看不见的字符，已经去掉" in text_of(reporter.get("/"))
