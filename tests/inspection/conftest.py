"""The invented county with supervision on the spot, and its people."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from checklist.model import Campaign, Choice, Field, FieldType, Inspection, RecordForm
from tests.builders import small_campaign
from tests.server.conftest import application, client, office, principal, reporter, signed_in

__all__ = ["client", "office", "principal", "reporter", "signed_in"]

SOURCE = Field(
    id="source",
    label="问题来源",
    type=FieldType.CHOICE,
    column=False,
    default="self",
    choices=(Choice(id="self", label="自查"), Choice(id="supervision", label="督导")),
)
FOUND_BY = Field(id="found_by", label="排查人", type=FieldType.TEXT, column=False, max_length=60)

INSPECTION = Inspection.model_validate(
    {
        "phase": "supervision",
        "source": "supervision",
        "claimed": ("measures", "responsible_person", "responsible_unit", "deadline"),
        "claim_days": 3,
        "decided_days": 2,
        "draw": {
            "villages": {"per_township": 3, "always": ({"mark": "nothing-found", "take": 1},)},
            "households": {
                "always": ({"mark": "told", "take": 1},),
                "strata": (
                    {"id": "watched", "name": "监测对象", "household_types": ("bianyuan",), "take": 1},
                    {"id": "others", "name": "其他户", "take": 20},
                ),
            },
            "issues": {"per_unit": 4},
        },
    }
)


def supervised_campaign() -> Campaign:
    """The small campaign, whose problems have a source and a finder, with supervision."""
    small = small_campaign()
    forms = tuple(
        form.model_copy(update={"fields": (*form.fields, SOURCE, FOUND_BY)})
        if isinstance(form, RecordForm) and form.kind == "issue"
        else form
        for form in small.forms
    )
    parts = {name: getattr(small, name) for name in Campaign.model_fields}
    deadlines = small.reading.deadlines.model_copy(update={"immediate_days": 7})
    reading = small.reading.model_copy(update={"deadlines": deadlines})
    return Campaign(**{**parts, "forms": forms, "inspection": INSPECTION, "reading": reading})


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The application with supervision on the spot."""
    with application(tmp_path, supervised_campaign()) as app:
        yield app
