"""Undo of imports: all is as before."""

import pytest
from sqlalchemy import Engine, func, insert, select

from checklist.model import Campaign
from checklist.values.judge import Context
from forms_server.audit import read_head, read_rows
from forms_server.audit_chain import first_fault
from forms_server.db import tables
from forms_server.db.tables import audit, household, import_batch, import_change, issue
from forms_server.desk import NotAllowed, NotFound
from forms_server.imports.batch_undo import NotUndoable, UndoneBefore
from forms_server.records import record_store as records
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, OFFICE
from tests.ledgers.books import HOUSEHOLD, workbook
from tests.ledgers.undoing import (
    ANNEX,
    BOOK,
    CHANGED,
    LATER,
    east,
    exported,
    reasons,
    state,
    take_back,
    take_in,
    the_issue,
)
from tests.records.builders import ACCOUNTS, AUDIT_KEY, NOON, household_issue, record_id
from tests.records.conftest import At, at, engine, postgres, postgres_url

__all__ = ["at", "east", "engine", "postgres", "postgres_url"]


def test_an_undone_import_leaves_everything_as_before_and_can_be_made_again(
    engine: Engine, campaign: Campaign, east: Context, at: At
) -> None:
    with at("east") as desk:
        records.create(desk, household_issue(campaign, householder="孙某", content="断电"))
    before, workbook_before = state(engine), exported(engine, east)
    batch_id = take_in(engine, BOOK, east)
    assert state(engine) != before
    undone = take_back(engine, east, batch_id)
    assert undone.undone_at == NOON
    assert state(engine) == before
    assert exported(engine, east) == workbook_before
    assert take_in(engine, BOOK, east)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(issue)) == 7
        assert first_fault(AUDIT_KEY, read_head(connection), read_rows(connection)) is None
        said = select(func.count()).select_from(audit).where(audit.c.action == "undo_import")
        assert connection.scalar(said) == 10  # six records, their three households and the batch


def test_what_an_import_changed_comes_back_under_a_new_version(engine: Engine, east: Context) -> None:
    take_in(engine, BOOK, east)
    before, workbook_before = state(engine), exported(engine, east)
    batch_id = take_in(engine, CHANGED, east, now=NOON)
    assert the_issue(engine, "赵某某")["state"] == "rectified"
    take_back(engine, east, batch_id)
    assert state(engine) == before
    assert exported(engine, east) == workbook_before
    assert the_issue(engine, "张某某")["version"] == 3


def test_imports_are_undone_one_after_the_other_and_not_the_first_one_first(
    engine: Engine, east: Context
) -> None:
    nothing = state(engine)
    first, second = take_in(engine, BOOK, east), take_in(engine, CHANGED, east)
    with pytest.raises(NotUndoable) as refused:
        take_back(engine, east, first)
    assert reasons(refused) == ["changed", "changed"]
    take_back(engine, east, second)
    third = take_in(engine, CHANGED, east)
    take_back(engine, east, third)
    take_back(engine, east, first)
    assert state(engine) == nothing


@pytest.mark.parametrize("how", ["visited", "drawn"])
def test_a_household_that_only_the_import_named_stays_where_a_team_needs_it(
    engine: Engine, east: Context, at: At, how: str
) -> None:
    batch_id = take_in(engine, BOOK, east)
    held = the_issue(engine, "张某某")["household_id"]
    moment = {"created_by": ACCOUNTS["east"].id, "created_at": NOON}
    visit = {
        "id": record_id(6), "campaign_id": "small", "household_id": held, "unit_code": EAST, "village_code": EAST_WILLOW,
        "answers": {}, "begun_at": NOON, **moment,
    }  # fmt: skip
    draw = {
        "id": record_id(5), "campaign_id": "small", "number": 1, "seed_sha256": "-",
        "sealed_by": ACCOUNTS["east"].id, "sealed_at": NOON,
    }  # fmt: skip
    row = {
        "draw_id": draw["id"], "kind": "household", "subject_id": held, "group_code": EAST, "stratum": "", "marks": "",
        "rank": 1, "why": "",
    }  # fmt: skip
    with at("east") as desk:
        if how == "visited":
            desk.connection.execute(insert(tables.spot_visit).values(visit))
        else:
            desk.connection.execute(insert(tables.draw).values(draw))
            desk.connection.execute(insert(tables.draw_row).values(row))
    take_back(engine, east, batch_id)
    with engine.connect() as connection:
        assert connection.execute(select(household.c.id)).scalars().all() == [held]


def test_an_import_that_changes_nothing_makes_no_batch(engine: Engine, east: Context) -> None:
    take_in(engine, BOOK, east)
    assert take_in(engine, BOOK, east) is None


def test_an_import_is_undone_once(engine: Engine, east: Context) -> None:
    batch_id = take_in(engine, BOOK, east)
    take_back(engine, east, batch_id)
    with pytest.raises(UndoneBefore):
        take_back(engine, east, batch_id)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("west", NotFound), ("office", NotAllowed), ("willow", NotFound), ("department", NotFound)],
)
def test_only_those_who_import_for_the_unit_undo(
    engine: Engine, east: Context, who: str, refusal: type[Exception]
) -> None:
    batch_id = take_in(engine, BOOK, east)
    with pytest.raises(refusal):
        take_back(engine, east, batch_id, who)
    take_back(engine, east, batch_id, "east-principal")


def test_somebody_of_one_village_undoes_his_own_imports_only(engine: Engine, east: Context) -> None:
    head, *rows = HOUSEHOLD.strip("\n").splitlines()
    own = take_in(engine, workbook({"户内": "\n".join([head, rows[1]])}), east, "willow")
    others = take_in(engine, BOOK, east)
    with pytest.raises(NotFound):
        take_back(engine, east, others, "willow")
    take_back(engine, east, own, "willow")


def test_an_open_question_about_a_record_goes_with_it(
    engine: Engine, campaign: Campaign, east: Context, at: At
) -> None:
    batch_id = take_in(engine, BOOK, east)
    with at("water") as desk:
        other = household_issue(
            campaign, 9, unit="shuiliju", village=EAST_DAM, householder="张某某", content="屋漏"
        )
        records.create(desk, other)
        assert desk.connection.scalar(select(func.count()).select_from(tables.possible_double)) == 1
    take_back(engine, east, batch_id)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.possible_double)) == 0
        # The household stays: another record names it.
        assert connection.scalars(select(household.c.householder)).all() == ["张某某"]
        assert connection.scalars(select(issue.c.unit_code)).all() == ["shuiliju"]


def test_the_units_own_annex_2_comes_back(engine: Engine, east: Context) -> None:
    books = [workbook({"户内": HOUSEHOLD, "汇总": ANNEX.format(number)}) for number in (1, 2, 3)]
    first = take_in(engine, books[0], east)
    before = state(engine)
    second = take_in(engine, books[1], east, now=NOON)
    third = take_in(engine, books[2], east, now=LATER)
    after = state(engine)
    assert before["handed_in_figure"] != after["handed_in_figure"]
    take_back(engine, east, second)
    assert state(engine) == after
    take_back(engine, east, third)
    assert state(engine) == before
    take_back(engine, east, first)
    assert state(engine)["handed_in_figure"] == []


def test_a_file_with_numbers_of_persons_is_not_kept(engine: Engine, east: Context) -> None:
    head, *rows = [line.strip() for line in HOUSEHOLD.strip("\n").splitlines()]
    table = "\n".join([f"{head}|电话", *(f"{row}|13800138000" for row in rows)])
    take_in(engine, workbook({"户内": table}), east)
    plain = workbook({"户内": HOUSEHOLD.replace("张某某", "吴某某").replace("屋漏", "墙裂")})
    take_in(engine, plain, east)
    with engine.connect() as connection:
        kept = connection.execute(select(import_batch.c.content, import_batch.c.sha256)).all()
    assert sorted((row.content for row in kept), key=bool) == [None, plain]
    assert all(len(row.sha256) == 64 for row in kept)


def test_what_a_batch_holds_is_written_down(engine: Engine, east: Context) -> None:
    batch_id = take_in(engine, BOOK, east)
    with engine.connect() as connection:
        batch = connection.execute(select(import_batch)).mappings().one()
        changes = connection.execute(select(import_change)).mappings().all()
    assert (batch["id"], batch["unit_code"], batch["file_name"]) == (batch_id, EAST, "台账.xlsx")
    assert (batch["created_by"], batch["content"]) == (ACCOUNTS["east"].id, BOOK)
    assert batch["counts"] == {"new": 6, "changed": 0, "unchanged": 0}
    assert sorted((row["subject"], row["effect"]) for row in changes) == [
        *[("household", "new")] * 3, *[("issue", "new")] * 6,
    ]  # fmt: skip
    assert OFFICE not in {row["subject_id"] for row in changes}
