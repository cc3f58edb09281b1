"""A form with a field of each type: typed on the page, kept, shown, taken away as a workbook, imported again."""

import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from forms_server.access import Role
from forms_server.db.record_columns import to_values
from tests.builders import EAST, with_each_type
from tests.ledgers.test_pages import confirm, upload
from tests.server.conftest import SignedIn, application, signed_in
from tests.server.pages import post, text_of, token
from tests.server.records import HOUSEHOLD, ISSUE, file, page, stored
from tests.small_forms import OF_EACH_TYPE
from tests.small_registers import asset_register

__all__ = ["signed_in"]

TYPED = {
    "cost": "1.2万元",
    "power": "0.0605兆瓦",
    "grade": "4",
    "score": "87分",
    "since": "8月份",
    "public": "no",
    "needs": "band、post",
}
KEPT = {
    "cost": 1_200_000,
    "power": Decimal("60.5"),
    "grade": 4,
    "score": 87,
    "since": "2022-08",
    "public": False,
    "needs": ("post", "band"),
}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    campaign = with_each_type().model_copy(update={"registers": (asset_register(),)})
    with application(tmp_path, campaign) as app:
        yield app


@pytest.fixture
def east(signed_in: SignedIn) -> FlaskClient:
    return signed_in(EAST, Role.REPORTER)


def kept(app: Flask, index: int = 0) -> dict[str, object]:
    form = with_each_type().form_by_id["household-issues"]
    row = stored(app)[index]
    values = to_values(form, row)  # type: ignore[arg-type] # it is a form of records
    return {name: values.get(name) for name in KEPT}


def test_each_type_goes_from_the_page_to_a_workbook_and_back(app: Flask, east: FlaskClient) -> None:
    address = file(east, HOUSEHOLD, **ISSUE, **TYPED).location
    assert kept(app) == KEPT
    shown = text_of(east.get(address))
    for words in ("12,000.00", "60.5千瓦", "岗位推荐、1—1.5倍", "2022-08"):
        assert words in shown
    exported = east.get("/ledgers/export.xlsx").data
    assert "1 没有变化" in text_of(upload(east, exported))
    confirm(east, upload(east, as_of_another_household(exported)))
    first, second = (kept(app, index) for index in range(2))
    assert first == second == KEPT


def as_of_another_household(exported: bytes) -> bytes:
    """The same row once more, of a household of another name and without the record's id."""
    book = load_workbook(io.BytesIO(exported))
    for row in book["户内问题"].iter_rows():
        for cell in row:
            if cell.value == ISSUE["householder"]:
                cell.value = "赵某某"
                row[-2].value = row[-1].value = None
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_refused_page_keeps_what_was_typed_and_ticked(app: Flask, east: FlaskClient) -> None:
    wrong = {**TYPED, "cost": "约3万", "since": "去年", "needs": "post、养猪"}
    answer = file(east, HOUSEHOLD, **ISSUE, **wrong)
    assert answer.status_code == 422
    typed = page(answer)
    assert typed.find("input", id="cost")["value"] == "约3万"  # type: ignore[index]
    assert typed.find("input", id="since")["type"] == "text"  # type: ignore[index]
    ticked = [box["value"] for box in typed.select("#needs input[type=checkbox]") if "checked" in box.attrs]
    assert ticked == ["post", "养猪"]
    assert "养猪" in typed.select_one("#error-needs").text  # type: ignore[union-attr]


def test_inputs_suit_a_phone_and_what_is_computed_has_none(east: FlaskClient) -> None:
    html = BeautifulSoup(east.get(HOUSEHOLD).get_data(as_text=True), "html.parser")
    inputs = {name: html.find(id=name) for name in (field.id for field in OF_EACH_TYPE)}
    assert inputs["cost"]["inputmode"] == "decimal"  # type: ignore[index]
    assert inputs["score"]["inputmode"] == "numeric"  # type: ignore[index]
    assert inputs["since"]["type"] == "month"  # type: ignore[index]
    assert [option["value"] for option in inputs["grade"].find_all("option")] == ["", *"012345"]  # type: ignore[union-attr]
    assert inputs["needs"]["role"] == "group"  # type: ignore[index]
    assert inputs["each"] is None


def test_choices_can_be_unticked_again(app: Flask, east: FlaskClient) -> None:
    address = file(east, HOUSEHOLD, **ISSUE, **TYPED).location
    edit = f"{address}/edit"
    html = page(east.get(edit))
    ticked = [box["value"] for box in html.select("#needs input[type=checkbox]") if "checked" in box.attrs]
    assert ticked == ["post", "band"]
    hidden = {box["name"]: box["value"] for box in html.select("form input[type=hidden]") if box.get("name")}
    answer = post(east, edit, **{**hidden, **ISSUE, **TYPED, "needs": ""})
    assert answer.status_code == 303
    assert kept(app)["needs"] is None
    assert kept(app)["power"] == Decimal("60.5")


def test_several_ticked_boxes_come_as_one_answer(app: Flask, east: FlaskClient) -> None:
    fields = {"csrf_token": token(east, HOUSEHOLD), "record-id": "0198a1b2-0000-7000-8000-000000000001"}
    sent = {**fields, **ISSUE, **TYPED, "is-different": "yes", "needs": ["", "post", "course"]}
    assert east.post(HOUSEHOLD, data=sent).status_code == 303
    assert kept(app)["needs"] == ("post", "course")
