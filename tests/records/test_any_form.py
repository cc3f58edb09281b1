"""A form of one's own kind is YAML alone: issues and households with every type of field, computed and referring."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from build_scripts.handbook.field_help import how_to_fill
from checklist.model import Campaign, Field, FieldType, RecordForm
from checklist.values.record_schema import as_json, record_schema
from forms_server.access import Role
from forms_server.db.record_columns import to_values
from tests.builders import EAST
from tests.ledgers.test_field_type_pages import as_of_another_household
from tests.ledgers.test_pages import confirm, upload
from tests.registers.test_register_pages import asset
from tests.registers.test_register_pages import file as file_row
from tests.server.conftest import application, client_of
from tests.server.pages import post, text_of, token
from tests.server.pictures import jpeg
from tests.server.records import FAMILY, HOUSEHOLD, ISSUE, PROPOSED, file, page, stored
from tests.server.test_photos import upload_files
from tests.small_forms import OF_EACH_TYPE
from tests.small_registers import campaign_with_registers

TYPED = {
    "cost": "1.2万元", "power": "60.5", "grade": "4", "score": "87", "since": "2022-08", "public": "no",
    "needs": "band、post", "family": "张某某", "member": "张某甲", "asset": "2019-1",
}  # fmt: skip
EACH = Field(
    id="each",
    label="每户金额（元）",
    type=FieldType.COMPUTED,
    result=FieldType.MONEY,
    column=False,
    formula="round(cost / people, 2)",
)
WANTED = Field(
    id="reason_of_cost",
    label="金额说明",
    type=FieldType.TEXT,
    max_length=40,
    column=False,
    required_if="cost > 10000",
)
BY_KIND = {"issue": (HOUSEHOLD, ISSUE, "issue"), "household": (PROPOSED, FAMILY, "proposed_household")}


@st.composite
def campaigns(draw: st.DrawFn, kind: str) -> tuple[Campaign, RecordForm]:
    """A county whose issues, or households, have fields of further types in any order, among them rules."""
    left_out = {FieldType.COMPUTED} if kind == "issue" else {FieldType.COMPUTED, FieldType.PHOTO}
    plain = [field for field in OF_EACH_TYPE if field.type not in left_out]
    more = draw(st.permutations([*plain, EACH, WANTED]))
    campaign = campaign_with_registers()
    old = next(form for form in campaign.forms if isinstance(form, RecordForm) and form.kind == kind)
    form = old.model_copy(update={"fields": (*old.fields, *more)})
    forms = tuple(form if each.id == form.id else each for each in campaign.forms)
    return campaign.model_copy(update={"forms": forms}), form


def kept(app: Flask, form: RecordForm, table: str) -> list[dict[str, Any]]:
    return [to_values(form, row) for row in stored(app, table)]


@pytest.mark.parametrize("kind", BY_KIND)
@given(data=st.data())
@settings(max_examples=2, deadline=None, phases=[Phase.generate])
def test_a_form_at_random_has_everything_and_comes_back(
    kind: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    campaign, form = data.draw(campaigns(kind))
    address, typed, table = BY_KIND[kind]
    typed = {**typed, **TYPED, "reason_of_cost": "两户合用"}
    people = int(typed["people"].replace("４", "4"))
    for field in form.fields:
        assert how_to_fill(campaign, field)
    with application(tmp_path_factory.mktemp("any"), campaign) as app:
        east = client_of(app, EAST, Role.REPORTER)
        assert file_row(east, "asset", **asset(1)).status_code == 303
        answer = file(east, address, **typed)
        assert answer.status_code == 303, text_of(answer)
        (values,) = kept(app, form, table)
        assert values["each"] == 1_200_000 // people
        plain = json.loads(json.dumps({name: as_json(value) for name, value in values.items()}))
        Draft202012Validator(record_schema(form, campaign)).validate(plain)
        shown = text_of(east.get(answer.location))
        assert all(words in shown for words in ("12,000.00", "60.5千瓦", "2022-08", "2019-1", "两户合用"))
        _edited(app, east, form, (answer.location, typed, table))
        if kind == "issue":
            _pictured(app, east, form, answer.location)
        exported = east.get("/ledgers/export.xlsx").data
        assert "1 没有变化" in text_of(upload(east, exported))
        if kind == "issue":
            (before,) = kept(app, form, table)
            confirm(east, upload(east, as_of_another_household(exported)))
            first, second = kept(app, form, table)
            assert first == before
            assert first["each"] == second["each"]
            assert "pictures" not in second  # no workbook carries any


def _pictured(app: Flask, east: FlaskClient, form: RecordForm, address: str) -> None:
    """Photographs of a field are counted, beside those that every issue has; the rest stays as it is."""
    (before,) = kept(app, form, "issue")
    typed = {"csrf_token": token(east, "/password"), "field": "pictures"}
    sent = upload_files(east, f"{address}/photos", typed, {"pictures.photos": [jpeg("red"), jpeg("blue")]})
    assert sent.status_code == 303
    assert kept(app, form, "issue") == [before | {"pictures": 2}]
    assert "2 张" in text_of(east.get(address))


def _edited(app: Flask, east: FlaskClient, form: RecordForm, filed: tuple[str, dict[str, str], str]) -> None:
    """What is computed follows what is changed, and what the rules want is asked for."""
    address, typed, table = filed
    edit = f"{address.rstrip('/')}/edit"
    hidden = {
        box["name"]: box["value"]
        for box in page(east.get(edit)).select("form input[type=hidden]")
        if box.get("name") and box.get("value") is not None
    }
    refused = post(east, edit, **{**hidden, **typed, "reason_of_cost": ""})
    assert refused.status_code == 422
    assert "“金额说明”没有填写" in text_of(refused)
    named = post(east, edit, **{**hidden, **typed, "asset": "2019-9"})
    assert "“资产编号”写的“2019-9”，在您能看到的资产登记台账里没有" in text_of(named)
    less = {**typed, "cost": "5000", "people": "2", "reason_of_cost": ""}
    answer = post(east, edit, **{**hidden, **less, "is-different": "yes"})
    assert answer.status_code == 303, text_of(answer)
    assert kept(app, form, table)[0]["each"] == 250_000
    assert "2,500.00" in text_of(east.get(address))
