"""Photographs in forms and registers: where they may not stand is told with its place."""

from pathlib import Path

import pytest

from checklist.loading.form_rules import form_problems
from checklist.loading.loader import InvalidCampaign, load_campaign
from checklist.loading.register_rules import register_problems
from checklist.loading.strictyaml import parse
from checklist.model import Field, FieldType
from tests.builders import small_campaign
from tests.checklist.test_register_files import folder
from tests.small_registers import asset_register

__all__ = ["folder"]

PHOTO = Field(id="pictures", label="照片", type=FieldType.PHOTO)
FORM = "forms/hazards.yml"
LAST = "  - id: outcome\n"


@pytest.mark.parametrize(
    ("keys", "column", "told"),
    [
        ("type: photo, stage: rectified", 41, "整改后的照片不用另设栏目"),
        ("type: photo, required_if: people > 1", 41, "不用 required_if"),
        ("type: photo, most_photos: 21", 54, "20"),
        ("type: photo, together: true", 41, "不用 together"),
        ("type: text, max_length: 9, most_photos: 2", 55, "不用 most_photos"),
    ],
)
def test_what_photographs_do_not_take(folder: Path, keys: str, column: int, told: str) -> None:
    file = folder / FORM
    text = file.read_text(encoding="utf-8")
    line = text[: text.index(LAST)].count("\n") + 1
    file.write_text(text.replace(LAST, f"  - {{id: shots, label: 照片, {keys}}}\n{LAST}"), encoding="utf-8")
    with pytest.raises(InvalidCampaign) as caught:
        load_campaign(folder)
    (problem,) = caught.value.problems
    assert problem.place == f"{FORM}:{line}:{column}"
    assert told in problem.message


def test_an_issue_form_may_have_them_and_proposed_households_may_not() -> None:
    campaign = small_campaign()
    forms = tuple(
        each.model_copy(update={"fields": (*each.fields, PHOTO)}) if each in campaign.record_forms else each
        for each in campaign.forms
    )
    campaign = campaign.model_copy(update={"forms": forms})
    documents = [parse(b"id: x\n", f"{form.id}.yml") for form in forms]
    told = [problem for problem in form_problems(campaign, documents) if problem.code.startswith("photo")]
    assert [problem.place.partition(":")[0] for problem in told] == ["proposed-household.yml"]


def test_a_survey_has_none() -> None:
    survey = {"strata": "kind_of_asset", "households": {}, "rates": ()}
    register = asset_register(survey=survey, period="month", minimum_cell=5)
    register = register.model_copy(update={"fields": (*register.fields, PHOTO)})
    document = parse(b"id: x\n", "registers/asset.yml")
    told = [problem.code for problem in register_problems(small_campaign(), register, document)]
    assert "photo-form" in told
