import json
from datetime import date

from checklist.model import RecordForm
from checklist.values.judge import Context, check_record
from checklist.values.record_schema import as_json, record_schema
from tests.builders import EAST, WEST
from tests.checklist.test_records import HOUSEHOLD


def schema(campaign, form_id):
    form = campaign.form_by_id[form_id]
    assert isinstance(form, RecordForm)
    return record_schema(form, campaign)


def test_the_schema_has_the_fields_that_are_stored(small):
    properties = schema(small, "household-issues")["properties"]
    stored = [field.id for field in small.form_by_id["household-issues"].fields if field.id != "serial"]
    assert list(properties) == stored
    assert properties["householder"] == {
        "title": "户主姓名",
        "type": "string",
        "minLength": 1,
        "maxLength": 30,
    }
    assert properties["people"] == {
        "title": "人数",
        "anyOf": [{"type": "integer", "minimum": 1, "maximum": 30}, {"type": "null"}],
    }
    assert properties["household_type"]["enum"] == ["tuopin", "bianyuan", "yiban"]
    assert properties["township"]["anyOf"][0]["enum"] == [EAST, WEST]


def test_what_is_required_when_the_record_is_made(small):
    assert schema(small, "proposed-household")["required"] == [
        "village", "householder", "household_type", "people", "problem_type", "reason", "identified_on",
    ]  # fmt: skip
    assert "outcome" not in schema(small, "household-issues")["required"]


def test_conditions(small):
    township, village = schema(small, "general-issues")["allOf"]
    assert township["if"]["properties"] == {"level": {"enum": ["township", "village"]}}
    assert village["then"]["required"] == ["village"]
    # An empty allOf is no valid schema.
    assert "allOf" not in schema(small, "household-issues")
    assert village["else"] == {"properties": {"village": {"type": "null"}}}


def test_values_as_json_have_the_keys_of_the_schema(small):
    form = small.form_by_id["household-issues"]
    assert isinstance(form, RecordForm)
    values = check_record(form, HOUSEHOLD, Context(small, small.unit_by_code[EAST], date(2022, 8, 9))).values
    plain = {name: as_json(value) for name, value in values.items()}
    assert json.loads(json.dumps(plain)) == plain
    assert plain["deadline"] == {"kind": "date", "due": "2022-08-31", "text": "8月底前"}
    record = schema(small, "household-issues")
    assert set(record["required"]) <= set(plain) <= set(record["properties"])


def test_every_form_of_the_shipped_campaign_has_a_schema(shipped):
    for form in shipped.record_forms:
        assert json.dumps(record_schema(form, shipped), ensure_ascii=False)
