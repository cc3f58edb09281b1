"""Computed fields: what is typed for them is never taken, and told where it differs."""

from datetime import date

import pytest

from checklist.model import RecordForm
from checklist.values.judge import Context, RecordJudge
from checklist.values.judge_results import CheckedRecord, Value
from tests.builders import EAST, small_campaign
from tests.small_forms import OF_EACH_TYPE

SMALL = small_campaign()
FIELDS = {field.id: field for field in OF_EACH_TYPE}
FORM = SMALL.record_forms[1]


def _with_computed(value: Value) -> RecordJudge:
    form: RecordForm = FORM.model_copy(update={"fields": (FIELDS["cost"], FIELDS["each"])})
    found = CheckedRecord({"each": value}, ())
    context = Context(SMALL, SMALL.unit_by_code[EAST], date(2022, 8, 9), compute=lambda form, values: found)
    return RecordJudge(form, context)


@pytest.mark.parametrize(
    ("typed", "said"), [("", []), ("12.5", []), ("12.50元", []), ("13", ["computed-differs"])]
)
def test_a_computed_value_is_never_taken_from_what_is_typed(typed: str, said: list[str]) -> None:
    checked = _with_computed(1250).check({"cost": "100", "each": typed})
    assert checked.values == {"cost": 10_000, "each": 1250}
    assert [problem.code for problem in checked.problems] == said
    assert not checked.errors


def test_what_is_typed_for_a_computed_value_that_is_not_known_is_told() -> None:
    checked = _with_computed(None).check({"each": "13"})
    assert checked.values["each"] is None
    assert [problem.code for problem in checked.problems] == ["computed-unknown"]


def test_a_persons_number_in_a_computed_cell_is_not_repeated() -> None:
    checked = _with_computed(1250).check({"each": "张某甲11010519491231002X"})
    assert "personal-number" in [problem.code for problem in checked.problems]
    assert all("1949" not in problem.message for problem in checked.problems)
