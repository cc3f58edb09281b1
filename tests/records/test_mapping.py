"""Values become columns and come back the same, whatever the form asks for."""

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from checklist.model import Field, FieldType, RecordForm
from checklist.reading.deadlines import Deadline, DeadlineKind
from forms_server.db.record_columns import CODECS, TABLES, column_of, to_columns, to_values
from tests.builders import small_campaign

WORDS = st.text(min_size=1, max_size=20)
DEADLINES = st.builds(Deadline, st.sampled_from(DeadlineKind), st.none() | st.dates(), WORDS)

VALUES: dict[FieldType, st.SearchStrategy[object]] = {
    FieldType.TOWNSHIP: WORDS,
    FieldType.VILLAGE: WORDS,
    FieldType.PROBLEM_TYPE: WORDS,
    FieldType.CHOICE: WORDS,
    FieldType.TEXT: WORDS,
    FieldType.PARAGRAPH: WORDS,
    FieldType.INTEGER: st.integers(0, 10**6),
    FieldType.DATE: st.dates(),
    FieldType.DEADLINE: DEADLINES,
}

KINDS = [form for form in small_campaign().forms if isinstance(form, RecordForm)]


def _with_own_fields(form: RecordForm) -> RecordForm:
    """The form with one more field of every type that no table has a column for."""
    own = [Field(id=f"own_{name.value}", label="自定", type=name) for name in FieldType]
    return form.model_copy(update={"fields": (*form.fields, *own)})


FORMS = [_with_own_fields(form) for form in KINDS]


@st.composite
def filled(draw: st.DrawFn) -> tuple[RecordForm, dict[str, object]]:
    form = draw(st.sampled_from(FORMS))
    fields = [field for field in form.fields if field.type in VALUES and draw(st.booleans())]
    return form, {field.id: draw(VALUES[field.type]) for field in fields}


@given(filled())
def test_values_come_back_from_columns(case: tuple[RecordForm, dict[str, object]]):
    form, values = case
    columns = to_columns(form, values)
    columns["extra"] = json.loads(json.dumps(columns["extra"]))
    assert to_values(form, columns) == values


@given(filled())
def test_only_the_forms_own_columns_are_written(case: tuple[RecordForm, dict[str, object]]):
    form, values = case
    named = {column_of(form, field) for field in form.fields} - {None}
    deadline = {"deadline_text"} if "deadline" in named else set()
    assert set(to_columns(form, values)) == named | deadline | {"extra"}


def test_what_a_person_left_out_is_emptied():
    form = KINDS[0]
    assert to_columns(form, {})["content"] is None
    assert to_columns(form, {})["extra"] == {}


def test_fields_with_a_column_are_stored_there_and_not_in_extra():
    form = KINDS[0]
    due = Deadline(DeadlineKind.DATE, date(2022, 8, 25), "8月25日")
    columns = to_columns(form, {"village": "999001001200", "problem_type": "water", "deadline": due})
    assert columns["village_code"] == "999001001200"
    assert columns["problem_type_id"] == "water"
    assert (columns["deadline"], columns["deadline_text"]) == (date(2022, 8, 25), "8月25日")


def test_a_field_named_like_a_column_of_the_server_does_not_reach_it():
    system = ("id", "state", "version", "unit_code", "created_by")
    fields = tuple(Field(id=name, label="冒名", type=FieldType.TEXT) for name in system)
    form = KINDS[0].model_copy(update={"fields": fields})
    columns = to_columns(form, dict.fromkeys(system, "x"))
    assert columns == {"extra": dict.fromkeys(system, "x")}


def test_every_type_has_an_entry():
    assert set(CODECS) == set(FieldType)
    assert set(TABLES) == {form.kind for form in KINDS}
