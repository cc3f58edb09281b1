"""Responsible units of an issue: a department sees exactly these issues, of any filer."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, and_, insert, or_, select

from checklist.loading.loader import load_campaign
from checklist.model import Campaign
from forms_server.account import Account, Role
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.db.record_columns import TABLES
from forms_server.desk import NotFound
from forms_server.records import record_rows, record_store
from forms_server.records.record import Record
from forms_server.responsibility import answering
from forms_server.scope import tallied_ranges, visible_record_ranges, visible_records
from tests.builders import EAST, WATER, WEST, WEST_WILLOW, small_campaign
from tests.records.builders import ACCOUNTS, MORNING, form_of, household_issue, proposed
from tests.records.conftest import At

SHIPPED = Path(__file__).parents[2] / "checklist" / "2022-huitoukan"


def with_own_units() -> Campaign:
    """The small campaign, where the item of houses is the east's alone."""
    campaign = small_campaign()
    income, guarantees = campaign.areas
    house, water = guarantees.items
    own = guarantees.model_copy(update={"items": (house.model_copy(update={"responsible": (EAST,)}), water)})
    return campaign.model_copy(update={"areas": (income, own)})


class TestAnswering:
    def test_the_area_answers_where_its_items_have_no_units_of_their_own(self, campaign: Campaign):
        assert answering(campaign, "housing", "house-safe") == {WATER, EAST, WEST}
        assert answering(campaign, "income", None) == {EAST, WEST}

    def test_an_item_of_its_own_units_answers_alone(self):
        assert answering(with_own_units(), "housing", "house-safe") == {EAST}

    def test_found_at_no_item_the_problem_types_items_say_who_answers(self):
        changed = with_own_units()
        assert answering(changed, "housing", None) == {EAST}
        assert answering(changed, "water", None) == {WATER, EAST, WEST}

    def test_an_item_of_another_problem_type_says_nothing(self):
        assert answering(with_own_units(), "water", "house-safe") == {WATER, EAST, WEST}

    def test_for_a_problem_type_that_is_gone_nobody_answers(self, campaign: Campaign):
        assert answering(campaign, "gone", None) == frozenset()


def _department(unit_code: str) -> Account:
    return Account("d", "d", "", unit_code, None, Role.DEPARTMENT, must_change_password=False)


def test_a_department_sees_what_its_unit_answers_for_and_what_it_filed(engine: Engine):
    """Each problem type with each item of its area, filed by a township, for every unit of the county."""
    campaign = load_campaign(SHIPPED)
    form, township = campaign.record_forms[0], campaign.units.townships[0]
    combinations = [
        (problem_type.id, item_id)
        for area in campaign.areas
        for problem_type in area.problem_types
        for item_id in (None, *(item.id for item in area.all_items))
    ]
    common = {
        "campaign_id": campaign.id, "form_id": form.id, "form_version": 1, "unit_code": township.code, "extra": {},
        "state": "rectified", "version": 1, "created_by": ACCOUNTS["east"].id, "created_at": MORNING, "changed_at": MORNING,
    }  # fmt: skip
    filed = [
        common | {"id": f"{number}", "problem_type_id": type_id, "area_id": "-", "item_id": item_id}
        for number, (type_id, item_id) in enumerate(combinations)
    ]
    table, found = tables.issue, (tables.issue.c.problem_type_id, tables.issue.c.item_id)
    with transaction(engine) as connection:
        connection.execute(insert(table), filed)
        for unit in campaign.units.county_units:
            seen = connection.execute(
                select(*found).where(visible_records(form, campaign, _department(unit.code)))
            ).all()
            expected = [pair for pair in combinations if unit.code in answering(campaign, *pair)]
            assert sorted(map(str, seen)) == sorted(map(str, expected)), unit.name
            of_unit = visible_record_ranges(form, campaign, _department(unit.code))
            both = [and_(one, other) for number, one in enumerate(of_unit) for other in of_unit[:number]]
            assert connection.execute(select(*found).where(or_(False, *both))).all() == []


class TestSeeing:
    @pytest.fixture
    def records(self, at: At, campaign: Campaign) -> dict[str, Record]:
        """An issue of water and one of income of the west, and an issue of income of the county unit itself."""
        west = {"village": WEST_WILLOW, "township": WEST}
        filings = {
            "water": ("west", household_issue(campaign, 1, WEST, problem_type="water", **west)),
            "income": ("west", household_issue(campaign, 2, WEST, problem_type="income", **west)),
            "own": ("water", household_issue(campaign, 3, WATER, problem_type="income")),
            "household": ("east", proposed(campaign, 4, problem_type="water")),
        }
        made = {}
        for name, (who, filing) in filings.items():
            with at(who) as desk:
                made[name] = record_store.create(desk, filing)
        return made

    @pytest.mark.parametrize(
        ("who", "seen"),
        [
            ("department", {"water", "own"}),
            ("inspector", {"water", "income"}),
            ("inspector-of-none", set()),
            ("office", {"water", "income", "own", "household"}),
            ("west", {"water", "income"}),
            ("water", {"own"}),
            ("admin", set()),
        ],
    )
    def test_each_role_sees_its_own(self, at: At, records: dict[str, Record], who: str, seen: set[str]):
        found = set()
        with at(who) as desk:
            for name, record in records.items():
                try:
                    record_rows.get(desk, record.form, record.id)
                except NotFound:
                    continue
                found.add(name)
        assert found == seen

    def test_nobody_answers_for_a_household(self, campaign: Campaign):
        form = form_of(campaign, "proposed-household")
        own_only = tallied_ranges(form, campaign, ACCOUNTS["department"], TABLES[form.kind])
        assert len(own_only) == 1
