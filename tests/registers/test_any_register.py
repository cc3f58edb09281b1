"""A register of one's own kind is YAML alone: one at random has page, workbook, handbook entry, schema, and comes back."""

import json
import random
import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openpyxl import Workbook

from build_scripts.handbook.field_help import how_to_fill
from build_scripts.handbook.register_pages import register_page
from checklist.loading.register_rules import reference_problems, register_problems
from checklist.loading.strictyaml import parse
from checklist.model import Campaign, FieldType, Register
from checklist.values.judge import Context, check_record
from checklist.values.record_schema import as_json, record_schema
from forms_server.access import Role
from forms_server.demo.demo_answers import ANSWERS, Scene
from forms_server.registers.register_row import to_values
from forms_server.web.records.record_words import full_value
from tests.builders import EAST, WATER
from tests.registers.test_register_pages import asset, file, stored
from tests.registers.test_register_workbooks import cells, confirmed, exported, sent
from tests.server.conftest import NOW, application, client_of
from tests.server.pages import text_of, token
from tests.server.pictures import jpeg
from tests.server.records import page
from tests.server.test_photos import upload_files
from tests.small_registers import campaign_with_registers

TYPES = sorted(set(FieldType) - {FieldType.SERIAL, FieldType.TOWNSHIP, FieldType.VILLAGE})
ORDER = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳"
NEEDED: dict[FieldType, dict[str, Any]] = {
    FieldType.TEXT: {"max_length": 60},
    FieldType.PARAGRAPH: {"max_length": 300},
    FieldType.DEADLINE: {"max_length": 60},
    FieldType.RATING: {"min_value": 0, "max_value": 5},
    FieldType.REFERENCE: {"refers_to": "asset"},
    FieldType.COMPUTED: {"result": "money"},
    FieldType.PHOTO: {"most_photos": 2},
    FieldType.DECIMAL: {"unit": "千瓦", "digits": 3, "min_value": 0.5},
}
"""Keys that a type needs."""
CHOICES = [{"id": f"c{number}", "label": f"选项{mark}"} for number, mark in enumerate("ABCD")]


@st.composite
def registers(draw: st.DrawFn) -> str:
    """The YAML of a register with some types of fields, in any order."""
    kinds = draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=len(ORDER)))
    fields: list[dict[str, Any]] = [
        {"id": "serial", "label": "序号", "type": "serial"},
        {"id": "village", "label": "行政村", "type": "village", "required": True},
        {"id": "code", "label": "本行编号", "type": "text", "max_length": 20, "required": True},
    ]
    for number, (kind, mark) in enumerate(zip(kinds, ORDER, strict=False)):
        more = dict(NEEDED.get(kind, {}))
        if kind in {FieldType.CHOICE, FieldType.CHOICES}:
            more["choices"] = deepcopy(CHOICES)  # YAML would write an alias
        if kind is not FieldType.COMPUTED:
            more["required"] = draw(st.booleans())
        fields.append({"id": f"f{number}_{kind}", "label": f"{mark}栏目", "type": str(kind), **more})
    return yaml.safe_dump(
        {
            "id": "own",
            "version": 1,
            "kind": "register",
            "name": "自定台账",
            "title": "{unit}自定台账",
            "purpose": "一行一件事。",
            "owner": WATER,
            "filled_by": ["townships"],
            "one_row_per": ["code"],
            "period": draw(st.sampled_from(["none", "event"])),
            "fields": fields,
        },
        allow_unicode=True,
        sort_keys=False,
    )


def loaded(text: str) -> tuple[Campaign, Register]:
    """The small county with the register beside its own two."""
    document = parse(text.encode(), "registers/own.yml")
    assert document.problems == ()
    register = Register.model_validate(document.data)
    campaign = campaign_with_registers()
    campaign = campaign.model_copy(update={"registers": (*campaign.registers, register)})
    assert [*register_problems(campaign, register, document)] == []
    assert [*reference_problems(campaign, register, document)] == []
    return campaign, register


def answers(campaign: Campaign, register: Register, seed: int) -> dict[str, str]:
    """What somebody types into each field."""
    east = campaign.unit_by_code[EAST]
    scene = Scene(campaign, east, east, NOW.date(), random.Random(seed))  # noqa: S311
    typed = {field.id: ANSWERS[field.type](scene, field) for field in register.fields}
    return {name: text for name, text in typed.items() if text} | {"code": "2022-1"}


@given(text=registers(), seed=st.integers(0, 10**6))
@settings(max_examples=4, deadline=None, phases=[Phase.generate])
def test_a_register_at_random_has_everything_and_comes_back(text: str, seed: int) -> None:
    campaign, register = loaded(text)
    typed = answers(campaign, register, seed)
    context = Context(campaign, campaign.unit_by_code[EAST], NOW.date())
    checked = check_record(register, typed, context)  # type: ignore[arg-type] # the fields are all it asks for
    assert checked.errors == ()
    values = {name: value for name, value in checked.values.items() if value is not None}
    counted = values | {field.id: 1 for field in register.photo_fields}
    plain = json.loads(json.dumps({name: as_json(value) for name, value in counted.items()}))
    Draft202012Validator(record_schema(register, campaign)).validate(plain)
    entry = register_page(campaign, register)
    for field in register.fields:
        assert field.label in entry
        assert how_to_fill(campaign, field) in entry
    with tempfile.TemporaryDirectory() as home, application(Path(home), campaign) as app:
        east = client_of(app, EAST, Role.REPORTER)
        blank = page(east.get("/registers/own/new"))
        asked = {field.id for field in register.fields if blank.find(id=field.id)}
        never = {FieldType.SERIAL, FieldType.COMPUTED}
        assert asked == {field.id for field in register.fields if field.type not in never}
        for code in {typed[field.id] for field in register.fields if field.type is FieldType.REFERENCE}:
            file(east, "asset", **asset(1, code=code))
        form = {"csrf_token": token(east, "/registers/"), "record-id": str(uuid4()), **typed}
        pictures = {field.id: 1 + seed % field.most_photos for field in register.photo_fields}
        files = {f"{name}.photos": [jpeg("red", (count, 9)) for count in range(8, 8 + some)]
                 for name, some in pictures.items()}  # fmt: skip
        answer = upload_files(east, "/registers/own/new", form, files)
        assert answer.status_code == 303, text_of(answer)
        values |= pictures
        shown = text_of(east.get(answer.location))
        for name, value in values.items():
            words = full_value(register.field(name), value, campaign).split()
            assert all(word in shown for word in words), (name, words)
        assert "2022-1" in text_of(east.get("/registers/own/"))

        def kept() -> list[dict[str, Any]]:
            rows = [row for row in stored(app) if row["register_id"] == "own"]
            return [to_values(register, row) for row in rows]

        assert kept() == [values]
        book = exported(east, "/registers/own/export.xlsx")
        assert "与系统里的完全一致" in sent(east, book, "own").text
        preview = sent(east, as_another_row(book), "own")
        assert confirmed(east, preview).status_code == 303
        second = {name: value for name, value in values.items() if name not in pictures}
        assert kept() == [values, second | {"code": "2022-2"}]


def as_another_row(book: Workbook) -> Workbook:
    """The row once more under another code, as somebody types it who has no record's id."""
    sheet, columns = book.worksheets[0], cells(book)
    sheet.cell(3, columns["本行编号"]).value = "2022-2"
    for ours in ("记录编号", "版本"):
        sheet.cell(3, columns[ours]).value = None
    return book
