"""A row knows the household that it names, under whatever id its register has the field."""

from datetime import date

import pytest
from sqlalchemy import select, update

from build_scripts.intake.person_marks import PersonMark
from checklist.model import Field, FieldType, Register
from forms_server.db.tables import register_row
from forms_server.households import roster
from forms_server.registers import row_periods, row_store
from forms_server.registers.register_row import where
from forms_server.registers.row_content import RowFiling
from forms_server.registers.row_store import RowExists
from forms_server.registers.row_subject import RowSubject
from tests.builders import EAST, EAST_DAM, EAST_WILLOW
from tests.records.builders import record_id
from tests.small_registers import work_register
from tests.visits.builders import add_household


def test_a_row_knows_its_household_by_the_field_of_that_type(at, campaign):
    register = work_register()
    fields = tuple(
        Field(id="family", label="户主姓名", type=FieldType.HOUSEHOLD) if each.id == "householder" else each
        for each in register.fields
    )
    register = register.model_copy(update={"fields": fields, "one_row_per": ("village", "family", "person")})

    def values(village: str) -> dict[str, str]:
        return {"village": village, "family": "张 某1", "person": "张某二", "state": "away"}

    with at("east") as desk:
        known = add_household(desk)
        filings = [
            RowFiling(record_id(number), register, "2022-08", EAST, values(village))
            for number, village in enumerate((EAST_WILLOW, EAST_DAM), 1)
        ]
        found = [row_store.create(desk, filing).household_id for filing in filings]
        unlisted = roster.get(desk, str(found[1]))
    assert found[0] == known
    assert (unlisted.listed, unlisted.village_code) == (False, EAST_DAM)  # 不在名册


def test_names_go_with_the_texts_when_they_are_erased():
    for kind in (FieldType.HOUSEHOLD, FieldType.PERSON):
        assert where(Field(id="who", label="谁", type=kind)) == "texts"


def work_of_persons() -> Register:
    """The register of work with the types of its names."""
    register = work_register()
    types = {"householder": FieldType.HOUSEHOLD, "person": FieldType.PERSON}
    fields = tuple(
        Field(id=each.id, label=each.label, type=types[each.id]) if each.id in types else each
        for each in register.fields
    )
    return register.model_copy(update={"fields": fields})


def test_two_rows_of_one_person_from_before_that_was_refused_can_be_edited(at):
    register = work_of_persons()

    def file(desk, number, name):
        values = {"village": EAST_WILLOW, "householder": "李某某", "person": name, "state": "away"}
        return row_store.create(desk, RowFiling(record_id(number), register, "2022-08", EAST, values))

    with at("east") as desk:
        first, second = file(desk, 1, "李某二"), file(desk, 2, "李某三")
        same = update(register_row).where(register_row.c.id == second.id).values(person_id=first.person_id)
        desk.connection.execute(same)
        row = row_store.reread(desk, second)
        row = row_store.edit(desk, row, row.version, {**row.values, "income": 4500})
        assert (row.values["income"], row.person_id) == (4500, first.person_id)
        with pytest.raises(RowExists):
            row_store.edit(desk, row, row.version, {**row.values, "person": "李某二"})


def test_who_has_a_row_already_under_another_name_is_not_carried_over_once_more(at, campaign):
    register = work_of_persons()
    known = RowSubject(person=PersonMark("a" * 64, 16, date(2022, 8, 1)))
    other = RowSubject(person=PersonMark("b" * 64, 16, date(2022, 8, 1)))

    def file(desk, number, period, name, about):
        values = {"village": EAST_WILLOW, "householder": f"{name}户主", "person": name, "state": "away"}
        return row_store.create(desk, RowFiling(record_id(number), register, period, EAST, values, about))

    with at("east") as desk:
        file(desk, 1, "2022-07", "张某二", known)
        file(desk, 2, "2022-07", "王某二", other)
        file(desk, 3, "2022-08", "张小二", known)
        with pytest.raises(RowExists) as error:
            file(desk, 4, "2022-08", "张大二", known)
        assert (error.value.current.number, error.value.same_person) == (3, True)
        assert row_periods.open_period(desk, register, "2022-08") == 1
        rows = desk.connection.execute(select(register_row).where(register_row.c.period == "2022-08"))
        assert {row["texts"]["person"] for row in rows.mappings()} == {"张小二", "王某二"}
