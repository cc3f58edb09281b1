"""Level and place in one cell, in every spelling that was seen."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from build_scripts.intake.issue_levels import LevelReader
from checklist.loading.loader import load_campaign
from checklist.model import Campaign, RecordForm
from checklist.values.judge import Context, RecordJudge, display
from tests.checklist.reading.examples import examples

SHIPPED = Path(__file__).parents[2] / "checklist" / "2022-huitoukan"
TOWNSHIP, COUNTY = "341322110", "jiaotiju"


@pytest.fixture(scope="module")
def shipped() -> Campaign:
    return load_campaign(SHIPPED)


@pytest.mark.parametrize("unit", [TOWNSHIP, COUNTY], ids=["township", "county"])
@pytest.mark.parametrize("row", examples("levels"))
def test_levels_that_were_seen(shipped: Campaign, row: dict[str, Any], unit: str) -> None:
    form = shipped.form_by_id["annex-1-2"]
    assert isinstance(form, RecordForm)
    fields = [form.field(name) for name in ("level", "township", "village")]
    context = Context(shipped, shipped.unit_by_code[unit], date(2022, 8, 19))
    raw = {"level": str(row["typed"])}
    problems = LevelReader(form, context).split(raw)
    checked = RecordJudge(form.model_copy(update={"fields": tuple(fields)}), context).check(raw)
    said = [f"{problem.code}{'?' * problem.warning}" for problem in (*problems, *checked.problems)]
    read = [display(field, checked.values[field.id], shipped) for field in fields]
    whose = "township" if unit == TOWNSHIP else "county"
    assert "、".join(filter(None, read)) == row[whose]
    assert said == row.get(f"{whose}_said", [])
