"""What was built on an import keeps it from being undone, and is named."""

from typing import Any

import pytest
from sqlalchemy import Column, Engine, insert, update

from checklist.model import Campaign
from checklist.values.judge import Context
from forms_server.audit import record
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.imports.batch_undo import NotUndoable
from forms_server.records import record_rows
from forms_server.records import record_store as records
from forms_server.records.doubles import join
from tests.builders import EAST, EAST_DAM, WEST
from tests.ledgers.undoing import (
    BOOK,
    LATER,
    east,
    reasons,
    state,
    take_back,
    take_in,
    the_issue,
)
from tests.records import builders as moves
from tests.records.builders import ACCOUNTS, MORNING, NOON, form_of, household_issue, record_id
from tests.records.conftest import At, at, engine, postgres, postgres_url

__all__ = ["at", "east", "engine", "postgres", "postgres_url"]


def _edit(engine: Engine, campaign: Campaign, at: At) -> None:
    with at("east") as desk:
        row = the_issue(engine, "张某某")
        current = record_rows.get(desk, form_of(campaign, "household-issues"), row["id"])
        records.edit(desk, current, 1, {**current.values, "measures": "重建"})


def _move(engine: Engine, campaign: Campaign, at: At) -> None:
    with at("east") as desk:
        current = record_rows.get(
            desk, form_of(campaign, "household-issues"), the_issue(engine, "张某某")["id"]
        )
        moves.report(desk, current, 1, {"outcome": "已修好"}, NOON.date())


def _photograph(engine: Engine, campaign: Campaign, at: At) -> None:
    row = {
        "id": record_id(7), "issue_id": the_issue(engine, "张某某")["id"], "side": "before", "upload_sha256": "a",
        "sha256": "b", "width": 1, "height": 1, "created_by": ACCOUNTS["east"].id, "created_at": NOON,
    }  # fmt: skip
    with at("east") as desk:
        desk.connection.execute(insert(tables.photo).values(row))


def _find_again(engine: Engine, campaign: Campaign, at: At) -> None:
    with at("east") as desk:
        form = form_of(campaign, "household-issues")
        current = record_rows.get(desk, form, the_issue(engine, "张某某")["id"])
        join(desk, household_issue(campaign, 9), current, "form")


def _tell_apart(engine: Engine, campaign: Campaign, at: At) -> None:
    with at("east", LATER) as desk:
        records.create(
            desk, household_issue(campaign, 9, village=EAST_DAM, householder="张某某", content="墙裂")
        )


def _draft(engine: Engine, campaign: Campaign, at: At) -> None:
    row = {
        "account_id": ACCOUNTS["east"].id, "page": "edit", "record_id": the_issue(engine, "张某某")["id"],
        "campaign_id": campaign.id, "form_id": "household-issues", "typed": {"content": "漏"}, "saved_at": NOON,
    }  # fmt: skip
    with at("east") as desk:
        desk.connection.execute(insert(tables.draft).values(row))


def _visit(engine: Engine, campaign: Campaign, at: At) -> None:
    shared = {"created_by": ACCOUNTS["east"].id, "created_at": NOON, "changed_at": NOON}
    visit = {
        "id": record_id(8), "campaign_id": campaign.id, "form_id": "household-issues", "unit_code": EAST,
        "visited_on": NOON.date(), "state": "open", "items": 1, "answered": 1, "problems": 1, **shared,
    }  # fmt: skip
    answer = {"visit_id": record_id(8), "item_id": "leak", "answer": "problem"}
    with at("east") as desk:
        desk.connection.execute(insert(tables.visit).values(visit))
        made = {**answer, "issue_id": the_issue(engine, "张某某")["id"]}
        desk.connection.execute(insert(tables.visit_answer).values(made))


def _check_on_the_spot(engine: Engine, campaign: Campaign, at: At) -> None:
    row = {
        "id": record_id(6), "campaign_id": campaign.id, "issue_id": the_issue(engine, "张某某")["id"],
        "unit_code": EAST, "verdict": "confirmed", "begun_at": NOON, "created_by": ACCOUNTS["east"].id,
        "created_at": NOON,
    }  # fmt: skip
    with at("east") as desk:
        desk.connection.execute(insert(tables.spot_check).values(row))


def _find_as_a_team(engine: Engine, campaign: Campaign, at: At) -> None:
    row = {
        "id": record_id(6), "campaign_id": campaign.id, "number": 1, "unit_code": EAST, "way": "linked",
        "issue_id": the_issue(engine, "张某某")["id"], "content": "墙裂", "state": "open",
        "claim_due": NOON.date(), "created_by": ACCOUNTS["east"].id, "created_at": NOON,
    }  # fmt: skip
    with at("east") as desk:
        desk.connection.execute(insert(tables.inspection_finding).values(row))


def _draw(engine: Engine, campaign: Campaign, at: At) -> None:
    draw = {
        "id": record_id(6), "campaign_id": campaign.id, "number": 1, "seed_sha256": "-",
        "sealed_by": ACCOUNTS["east"].id, "sealed_at": NOON,
    }  # fmt: skip
    row = {
        "draw_id": record_id(6), "kind": "issue", "subject_id": the_issue(engine, "张某某")["id"],
        "group_code": EAST, "stratum": "", "marks": "", "rank": 1, "why": "",
    }  # fmt: skip
    with at("east") as desk:
        desk.connection.execute(insert(tables.draw).values(draw))
        desk.connection.execute(insert(tables.draw_row).values(row))


BUILDING = {
    "changed": (_edit, _move),
    "photo": (_photograph,),
    "found_again": (_find_again,),
    "double": (_tell_apart,),
    "draft": (_draft,),
    "visit": (_visit,),
    "inspected": (_check_on_the_spot, _find_as_a_team),
    "drawn": (_draw,),
}


@pytest.mark.parametrize(
    ("reason", "build"), [(reason, build) for reason, some in BUILDING.items() for build in some]
)
def test_what_was_built_on_an_import_keeps_it(
    engine: Engine, campaign: Campaign, east: Context, at: At, reason: str, build: Any
) -> None:
    batch_id = take_in(engine, BOOK, east)
    identity = the_issue(engine, "张某某")["id"]
    build(engine, campaign, at)
    after = state(engine)
    with pytest.raises(NotUndoable) as refused:
        take_back(engine, east, batch_id)
    assert [(each.reasons, each.subject_id) for each in refused.value.found] == [((reason,), identity)]
    assert state(engine) == after


def _signed(engine: Engine, campaign: Campaign, unit: str, sent_back: bool = False) -> None:
    row = {
        "id": record_id(3), "campaign_id": campaign.id, "unit_code": unit, "number": 1, "content": "{}",
        "sha256": "-", "seal": "-", "signed_by": ACCOUNTS["east"].id, "signed_name": "李", "signed_at": MORNING,
        "late": False, "state": "sent_back" if sent_back else "signed",
    }  # fmt: skip
    with transaction(engine) as connection:
        connection.execute(insert(tables.signed_return).values(row))
        record(connection, MORNING, ACCOUNTS["east-principal"], "signed_return", row["id"], "sign")


def test_what_was_signed_stays_until_it_is_sent_back(
    engine: Engine, campaign: Campaign, east: Context
) -> None:
    batch_id = take_in(engine, BOOK, east)
    _signed(engine, campaign, EAST)
    with pytest.raises(NotUndoable) as refused:
        take_back(engine, east, batch_id)
    assert reasons(refused) == ["signed"]
    with transaction(engine) as connection:
        connection.execute(update(tables.signed_return).values(state="sent_back"))
    take_back(engine, east, batch_id)


@pytest.mark.parametrize("unit", [EAST, WEST])
def test_a_return_signed_before_the_import_or_by_another_unit_keeps_nothing(
    engine: Engine, campaign: Campaign, east: Context, unit: str
) -> None:
    if unit == EAST:
        _signed(engine, campaign, unit)
    batch_id = take_in(engine, BOOK, east)
    if unit == WEST:
        _signed(engine, campaign, unit)
    take_back(engine, east, batch_id)


WATCHED = {
    "person.household_id",  # goes with the last row that names the person
    "register_row.household_id",
    "register_row.issue_id",
    "photo.issue_id",
    "extension.issue_id",
    "extension_request.issue_id",
    "transfer.issue_id",
    "visit_answer.issue_id",
    "finding.record_id",
    "possible_double.first_id",
    "possible_double.second_id",
    "draft.record_id",
    "issue_unit.issue_id",
    "issue_look.issue_id",
    "alike_issue.issue_id",
    "issue.household_id",
    "proposed_household.household_id",
    "visit.household_id",
    "spot_visit.household_id",
    "spot_check.issue_id",
    "inspection_finding.issue_id",
    "draw_row.subject_id",
    "given_reason.subject_id",  # given with a change of the record, which is looked at
    "draw_replacement.subject_id",  # a row of the same draw's list, which is looked at
}
"""Columns that hold the id of a record or household, each looked at by ``undo_obstacles`` or removed with it."""

_OF_NO_RECORD = {"audit.subject_id", "import_change.subject_id"}


def test_whatever_refers_to_a_record_or_household_is_looked_at_before_an_undo() -> None:
    targets = {"issue", "proposed_household", "household"}

    def refers(column: Column[Any]) -> bool:
        keys = {key.column.table.name for key in column.foreign_keys}
        named = column.name in {
            "issue_id",
            "record_id",
            "household_id",
            "subject_id",
            "first_id",
            "second_id",
        }
        return bool(keys & targets) or named

    found = {
        f"{table.name}.{column.name}"
        for table in tables.metadata.tables.values()
        for column in table.c
        if refers(column)
    }
    assert found == WATCHED | _OF_NO_RECORD


def test_a_record_on_which_two_things_were_built_is_listed_once(
    engine: Engine, campaign: Campaign, east: Context, at: At
) -> None:
    batch_id = take_in(engine, BOOK, east)
    identity = the_issue(engine, "张某某")["id"]
    _photograph(engine, campaign, at)
    _edit(engine, campaign, at)
    with pytest.raises(NotUndoable) as refused:
        take_back(engine, east, batch_id)
    (only,) = refused.value.found
    assert (only.subject_id, only.reasons) == (identity, ("changed", "photo"))
    assert only.words == "导入以后又修改、办理或并入过，已经添加了照片"
    assert "有 1 处" in str(refused.value)
