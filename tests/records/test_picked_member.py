"""Household and member of an issue: picked from the roster, namesakes told apart by it, in and out of workbooks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from checklist.model import Campaign, Field, FieldType, RecordForm
from forms_server.account import Role
from forms_server.db.engine import transaction
from forms_server.db.tables import household, person
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, WEST, small_campaign
from tests.ledgers.test_pages import upload
from tests.server.conftest import NOW, SignedIn, application, signed_in
from tests.server.pages import text_of
from tests.server.records import HOUSEHOLD, ISSUE, file, page, stored
from tests.visits.builders import household_id

__all__ = ["signed_in"]

MEMBER = Field(id="member", label="成员姓名", type=FieldType.PERSON, column=False)
NEVER_TYPED = "王某丙"


def with_members() -> Campaign:
    """The small campaign, whose household issues name a household and one of its members."""
    campaign = small_campaign()
    old = next(form for form in campaign.forms if form.id == "household-issues")
    assert isinstance(old, RecordForm)
    fields = tuple(
        Field(id=each.id, label=each.label, type=FieldType.HOUSEHOLD, required=True)
        if each.id == "householder"
        else each
        for each in old.fields
    )
    form = old.model_copy(update={"fields": (*fields, MEMBER)})
    forms = tuple(form if each is old else each for each in campaign.forms)
    return campaign.model_copy(update={"forms": forms})


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    campaign = with_members()
    same = {"campaign_id": campaign.id, "created_at": NOW, "changed_at": NOW}
    names = [("张某", EAST_WILLOW), ("张某", EAST_WILLOW), ("王某", EAST_DAM)]
    with application(tmp_path, campaign, checked=False) as app:
        with transaction(app.extensions["huitoukan"].engine) as connection:
            for number, (name, village) in enumerate(names, 1):
                place = {"township_code": EAST, "village_code": village, "householder": name, "active": True}
                connection.execute(insert(household).values(**same, **place, id=household_id(number)))
            known = {"name": NEVER_TYPED, "folded_name": NEVER_TYPED, "household_id": household_id(3)}
            connection.execute(insert(person).values(**same, **known, id=household_id(9)))
        yield app


@pytest.fixture
def east(signed_in: SignedIn) -> FlaskClient:
    return signed_in(EAST, Role.REPORTER)


def offered(client: FlaskClient, address: str) -> list[str]:
    return [str(each["value"]) for each in page(client.get(address)).select("datalist option")]


def test_the_picked_household_is_linked_without_a_question_and_its_members_are_offered(
    app: Flask, east: FlaskClient
) -> None:
    rows = page(east.get("/roster/choose/household-issues?name=张")).select("a.row-link")
    form = page(east.get(str(rows[1]["href"])))
    hidden = {
        str(each["name"]): str(each.get("value", "")) for each in form.select("form[data-record-form] input")
    }
    assert (hidden["householder"], hidden["household-id"]) == ("张某", household_id(2))
    answer = file(
        east,
        HOUSEHOLD,
        **ISSUE | {"householder": "张某", "household-id": household_id(2), "member": "张某丁"},
    )
    assert answer.status_code == 303, text_of(answer)
    (record,) = stored(app)
    assert record["household_id"] == household_id(2)
    assert record["householder"] == "张某"
    assert record["extra"]["member"] == "张某丁"  # type: ignore[index]
    assert "张某丁" in text_of(east.get(answer.location))
    assert offered(east, f"{HOUSEHOLD}?household={household_id(3)}") == [NEVER_TYPED]


def test_members_are_offered_again_where_something_is_wrong_and_on_the_edit_page(east: FlaskClient) -> None:
    of_third = {
        "householder": "王某",
        "village": EAST_DAM,
        "household-id": household_id(3),
        "member": NEVER_TYPED,
    }
    wrong = page(file(east, HOUSEHOLD, **ISSUE | of_third | {"content": ""}))
    assert [each["value"] for each in wrong.select("datalist option")] == [NEVER_TYPED]
    filed = file(east, HOUSEHOLD, **ISSUE | of_third)
    assert offered(east, f"{filed.location}/edit") == [NEVER_TYPED]


def test_nobody_learns_the_members_of_a_household_that_he_does_not_see(signed_in: SignedIn) -> None:
    west = signed_in(WEST, Role.REPORTER)
    answer = file(west, HOUSEHOLD, **ISSUE | {"content": "", "household-id": household_id(3)})
    assert answer.status_code == 422
    assert NEVER_TYPED not in answer.get_data(as_text=True)
    assert west.get(f"{HOUSEHOLD}?household={household_id(3)}").status_code == 404


def test_that_it_is_none_of_the_namesakes_holds_for_that_name_alone(app: Flask, east: FlaskClient) -> None:
    wrong = file(east, HOUSEHOLD, **ISSUE | {"householder": "张某", "content": "", "household-id": "another"})
    assert page(wrong).select("input[name=household-id]") == []


def test_several_members_in_one_field_are_refused_and_the_workbook_has_the_name(east: FlaskClient) -> None:
    of_third = {"householder": "王某", "village": EAST_DAM}
    refused = file(east, HOUSEHOLD, **ISSUE | of_third | {"member": "王某丙、王某丁"})
    assert refused.status_code == 422
    file(east, HOUSEHOLD, **ISSUE | of_third | {"member": NEVER_TYPED})
    assert "1 没有变化" in text_of(upload(east, east.get("/ledgers/export.xlsx").data))
