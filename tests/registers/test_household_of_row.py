"""A row knows the household that it names, under whatever id its register has the field."""

from checklist.model import Field, FieldType
from forms_server.households import roster
from forms_server.registers import row_store
from forms_server.registers.register_row import where
from forms_server.registers.row_content import RowFiling
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
            RowFiling(record_id(number), register, "2022-09", EAST, values(village))
            for number, village in enumerate((EAST_WILLOW, EAST_DAM), 1)
        ]
        found = [row_store.create(desk, filing).household_id for filing in filings]
        unlisted = roster.get(desk, str(found[1]))
    assert found[0] == known
    assert (unlisted.listed, unlisted.village_code) == (False, EAST_DAM)  # 不在名册


def test_names_go_with_the_texts_when_they_are_erased():
    for kind in (FieldType.HOUSEHOLD, FieldType.PERSON):
        assert where(Field(id="who", label="谁", type=kind)) == "texts"
