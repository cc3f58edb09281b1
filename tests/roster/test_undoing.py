"""Undo of rosters: households come and go with their list, unless something names them."""

import pytest
from sqlalchemy import insert, select

from forms_server.db.tables import draw, draw_row, household, import_batch, spot_visit
from forms_server.desk import Desk
from forms_server.imports.batch_undo import BatchDesk, NotUndoable, undo
from forms_server.imports.import_batches import SourceFile
from forms_server.imports.roster_import import plan_import, store
from forms_server.records import record_store as records
from tests.builders import EAST
from tests.records.builders import ACCOUNTS, MORNING, household_issue, record_id
from tests.roster.lists import context, county, lists
from tests.roster.test_importing import FIRST, SECOND


@pytest.fixture
def campaign():
    return county()


def take_in(desk: Desk, table: str) -> str | None:
    found = plan_import(desk.connection, lists(table, EAST), context(EAST))
    assert not found.errors
    return store(
        desk.connection, context(EAST), found, ACCOUNTS["east"], MORNING, SourceFile("名册.xlsx", b"x")
    )


def take_back(desk: Desk, batch_id: str | None) -> None:
    undo(BatchDesk(desk.connection, desk.campaign, desk.account, MORNING), str(batch_id))


def rows(desk):
    query = select(household).order_by(household.c.id)
    return [
        {name: cell for name, cell in row.items() if name != "changed_at"}
        for row in desk.connection.execute(query).mappings()
    ]


def test_lists_are_undone_in_turn(at):
    with at("east") as desk:
        first = take_in(desk, FIRST)
        before = rows(desk)
        second = take_in(desk, SECOND)
        assert rows(desk) != before
        with pytest.raises(NotUndoable) as refused:
            take_back(desk, first)
        assert {each.reasons for each in refused.value.found} == {("changed",)}
        take_back(desk, second)
        assert rows(desk) == before
        take_back(desk, first)
        assert rows(desk) == []
        assert take_in(desk, FIRST)


def test_a_household_that_a_record_names_keeps_its_list(at, campaign):
    with at("east") as desk:
        batch_id = take_in(desk, FIRST)
        records.create(desk, household_issue(campaign, householder="张某甲"))
        with pytest.raises(NotUndoable) as refused:
            take_back(desk, batch_id)
        assert [each.reasons for each in refused.value.found] == [("named",)]


def test_a_household_that_a_team_looked_at_keeps_its_list(at, campaign):
    with at("east") as desk:
        batch_id = take_in(desk, FIRST)
        seen = rows(desk)[0]
        row = {
            "id": record_id(6), "campaign_id": desk.campaign.id, "household_id": seen["id"], "unit_code": EAST,
            "village_code": seen["village_code"], "answers": {}, "begun_at": MORNING,
            "created_by": ACCOUNTS["east"].id, "created_at": MORNING,
        }  # fmt: skip
        desk.connection.execute(insert(spot_visit).values(row))
        with pytest.raises(NotUndoable) as refused:
            take_back(desk, batch_id)
        (only,) = refused.value.found
        assert (only.subject_id, only.reasons) == (seen["id"], ("inspected",))


def test_a_household_on_the_list_of_a_draw_keeps_its_list(at, campaign):
    with at("east") as desk:
        batch_id = take_in(desk, FIRST)
        listed = rows(desk)[0]["id"]
        sealed = {
            "id": record_id(6), "campaign_id": desk.campaign.id, "number": 1, "seed_sha256": "-",
            "sealed_by": ACCOUNTS["east"].id, "sealed_at": MORNING,
        }  # fmt: skip
        row = {
            "draw_id": record_id(6), "kind": "household", "subject_id": listed, "group_code": EAST,
            "stratum": "", "marks": "", "rank": 1, "why": "",
        }  # fmt: skip
        desk.connection.execute(insert(draw).values(sealed))
        desk.connection.execute(insert(draw_row).values(row))
        with pytest.raises(NotUndoable) as refused:
            take_back(desk, batch_id)
        (only,) = refused.value.found
        assert (only.subject_id, only.reasons) == (listed, ("drawn",))


def test_a_household_that_a_record_made_is_as_before_its_list(at, campaign):
    with at("east") as desk:
        records.create(desk, household_issue(campaign, householder="张某甲"))
        before = rows(desk)
        take_back(desk, take_in(desk, FIRST))
        assert rows(desk) == before


def test_a_rosters_file_is_never_kept(at):
    with at("east") as desk:
        take_in(desk, FIRST)
        kept = desk.connection.execute(select(import_batch.c.content, import_batch.c.kind)).all()
        assert [tuple(row) for row in kept] == [(None, "roster")]
