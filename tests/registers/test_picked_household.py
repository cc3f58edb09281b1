"""The household of a row: picked from the roster without a script, asked about, or typed where no roster has it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import insert, select

from checklist.model import Campaign, Field, FieldType
from forms_server.account import Role
from forms_server.db.engine import transaction
from forms_server.db.tables import household, person, register_row
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, WEST
from tests.registers.test_register_pages import page, post
from tests.registers.test_register_workbooks import cells, confirmed, exported
from tests.registers.test_register_workbooks import sent as sent_book
from tests.server.conftest import NOW, application, signed_in
from tests.small_registers import campaign_with_registers, work_register
from tests.visits.builders import household_id

__all__ = ["signed_in"]

NEW = "/registers/work/new"
WORK = {"person": "张某二", "state": "away", "place": "江苏省昆山市"}


def with_picked_household() -> Campaign:
    """The small campaign, whose workers are persons of households."""
    types = {"householder": FieldType.HOUSEHOLD, "person": FieldType.PERSON}
    register = work_register()
    fields = tuple(
        Field(id=each.id, label=each.label, type=types[each.id], required=True) if each.id in types else each
        for each in register.fields
    )
    campaign = campaign_with_registers()
    changed = register.model_copy(update={"fields": fields})
    others = tuple(changed if each.id == "work" else each for each in campaign.registers)
    return campaign.model_copy(update={"registers": others})


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    campaign = with_picked_household()
    with application(tmp_path, campaign, checked=False) as app:
        known = {
            "campaign_id": campaign.id,
            "township_code": EAST,
            "active": True,
            "created_at": NOW,
            "changed_at": NOW,
        }
        rows = [
            known
            | {"id": household_id(1), "village_code": EAST_WILLOW, "householder": "张某", "number": "1001"},
            known
            | {"id": household_id(2), "village_code": EAST_WILLOW, "householder": "张 某", "number": "1002"},
            known
            | {"id": household_id(3), "village_code": EAST_DAM, "householder": "王某某", "number": "1003"},
        ]
        with transaction(app.extensions["huitoukan"].engine) as connection:
            for row in rows:
                connection.execute(insert(household).values(row))
        yield app


@pytest.fixture
def client(signed_in) -> FlaskClient:
    return signed_in(EAST, Role.REPORTER)


def stored(app: Flask) -> list[tuple[str, str]]:
    with app.extensions["huitoukan"].engine.connect() as connection:
        row = register_row.c
        return [
            tuple(each)
            for each in connection.execute(select(row.household_id, row.person_id).order_by(row.number))
        ]


def sent(client: FlaskClient, **fields: str):
    return post(client, NEW, **{"record-id": str(uuid4()), "period": "2022-08", **WORK, **fields})


def test_a_household_is_found_and_chosen_without_typing_its_name(app, client):
    assert page(client.get(NEW)).select_one("a[href*='/registers/work/household']").text == "从名册选户"
    found = page(client.get("/registers/work/household?name=王&period=2022-08"))
    (link,) = found.select("a.row-link")
    assert link.text == "王某某"
    form = page(client.get(link["href"]))
    chosen = {each["name"]: each.get("value", "") for each in form.select("form[data-record-form] input")}
    assert chosen["household-id"] == household_id(3)
    assert chosen["householder"] == "王某某"
    assert form.select_one("select[name=village] option[selected]")["value"] == EAST_DAM
    fields = {"household-id": household_id(3), "village": EAST_DAM, "householder": "王某某"}
    assert sent(client, **fields).status_code == 303
    ((kept, who),) = stored(app)
    assert (kept, bool(who)) == (household_id(3), True)
    again = page(client.get(link["href"]))
    assert [each["value"] for each in again.select("datalist option")] == ["张某二"]  # a member by now


def test_namesakes_are_asked_about_and_none_is_guessed(app, client):
    typed = {"village": EAST_WILLOW, "householder": "张某"}
    asked = sent(client, **typed)
    assert asked.status_code == 409
    buttons = [each["value"] for each in page(asked).select("button[name=household-id]")]
    assert buttons == [household_id(1), household_id(2), "another"]
    assert stored(app) == []
    for answer in (household_id(2), "another"):
        assert (
            sent(client, **typed, **{"household-id": answer, "person": f"张某{len(answer)}"}).status_code
            == 303
        )
    (first, _), (other, _) = stored(app)
    assert first == household_id(2)
    assert other not in {household_id(1), household_id(2), None}


def test_the_search_shows_no_other_township_and_chooses_none_there(app, client, signed_in):
    west = signed_in(WEST, Role.REPORTER)
    assert page(west.get("/registers/work/household?name=王")).select("a.row-link") == []
    assert west.get(f"{NEW}?household={household_id(3)}").status_code == 404


def test_who_moves_to_another_household_is_another_person_without_a_number(app, client):
    fields = {"village": EAST_DAM, "householder": "王某某"}
    assert sent(client, **fields).status_code == 303
    assert sent(client, village=EAST_DAM, householder="赵某某").status_code == 303
    with app.extensions["huitoukan"].engine.connect() as connection:
        assert len(connection.execute(select(person)).all()) == 2


def listed(*rows: tuple[str | None, ...]) -> Workbook:
    """A list with the numbers of households."""
    book = Workbook()
    book.active.append(["行政村", "户主姓名", "姓名", "务工状态", "户编号"])
    for number, row in enumerate(rows, 1):
        book.active.append(["柳林村", row[0], f"张某{number}", "在外务工", *row[1:]])
    return book


def test_a_list_tells_namesakes_by_the_number_of_the_household_and_has_it_when_it_goes_out(app, client):
    preview = sent_book(
        client, listed(("张某", "1002"), ("张某", None), ("李某某", "9999")), "work", period="2022-08"
    )
    assert "这个村有几户的户主叫“张某”" in preview.text
    assert "名册里没有这个户编号" in preview.text
    assert confirmed(client, preview).status_code == 303
    (first, _), (second, _), (third, _) = stored(app)
    assert (first, second) == (household_id(2), None)
    assert third not in {None, *map(household_id, (1, 2, 3))}  # 不在名册
    book = exported(client, "/registers/work/export.xlsx?period=2022-08")
    column = cells(book)["户编号"]
    assert [book.worksheets[0].cell(row, column).value for row in (3, 4, 5)] == ["1002", None, None]
    book.worksheets[0].cell(4, column).value = "1001"
    preview = sent_book(client, book, "work", period="2022-08")
    assert [item.text for item in preview.select(".tally strong")] == ["0", "1", "2", "0"]
    assert confirmed(client, preview).status_code == 303
    assert stored(app)[1][0] == household_id(1)


def test_a_number_of_another_household_is_refused(app, client):
    preview = sent_book(client, listed(("张某", "1003")), "work", period="2022-08")
    assert "这个户编号在名册里不是这个村的“张某”" in preview.text
    assert preview.select("form.confirm") == []
