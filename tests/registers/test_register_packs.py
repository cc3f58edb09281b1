"""Registers in field packs: whose rows they hold, and what comes of rows that are filled in from one."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from forms_server.account import Role
from forms_server.packs import packed_registers
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, WATER, WEST, WEST_BRIDGE
from tests.registers.test_register_pages import asset, file, post, stored, worker
from tests.server.conftest import application, signed_in
from tests.server.pages import post as posted
from tests.server.records import stored as stored_in
from tests.small_registers import campaign_with_registers

__all__ = ["signed_in"]

FIELD = "/field/"
AUGUST = {"period": "2022-08"}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with application(tmp_path, campaign_with_registers()) as app:
        yield app


def take(client, *registers, villages=(EAST_WILLOW, EAST_DAM, WEST_BRIDGE)):
    sent = {
        "pack-id": str(uuid4()),
        "village": list(villages),
        "register": list(registers or ("work", "asset")),
    }
    return posted(client, "/field/pack", FIELD, **sent)


def packed(response, name="work"):
    (found,) = [each for each in response.json["registers"] if each["id"] == name]
    return found


def named(response):
    """Numbers of the workers whose names stand anywhere in the pack's registers."""
    whole = json.dumps(response.json["registers"], ensure_ascii=False)
    return {number for number in range(1, 10) if f"李某{number}" in whole}


def sent_of(row, **typed):
    """What the browser sends of an edited row: all of its fields, and what it was based on."""
    return {"base-version": str(row["version"]), "seen": row["seen"], **row["fields"], **typed}


@pytest.fixture
def workers(app, signed_in):
    """One in each of two villages of the east, one in the west; another of the month before."""
    east, west = signed_in(EAST, Role.REPORTER), signed_in(WEST, Role.REPORTER)
    file(east, "work", **AUGUST, **worker(1))
    file(east, "work", **AUGUST, **worker(2, village=EAST_DAM))
    file(west, "work", **AUGUST, **worker(3, village=WEST_BRIDGE))
    file(east, "work", period="2022-07", **worker(4))
    return east


@pytest.mark.usefixtures("workers")
def test_a_pack_holds_the_rows_of_ones_villages_in_this_period_and_no_others(signed_in):
    clerk, cadre = signed_in(EAST, Role.REPORTER), signed_in(EAST, Role.REPORTER, EAST_WILLOW)
    assert named(take(clerk)) == {1, 2}
    assert named(take(clerk, villages=[EAST_DAM])) == {2}
    assert named(take(clerk, villages=[WEST_BRIDGE])) == set()
    assert named(take(cadre)) == {1}
    assert named(take(signed_in(WEST, Role.PRINCIPAL))) == {3}
    assert packed(take(cadre))["to_carry"] == 1  # last month's is told about, and not taken along


@pytest.mark.usefixtures("workers")
def test_only_chosen_registers_that_the_account_fills_are_taken_along(app, signed_in):
    clerk = signed_in(EAST, Role.REPORTER)
    shown = BeautifulSoup(clerk.get(FIELD).text, "html.parser")
    assert [each["value"] for each in shown.select("[name=register]")] == ["asset", "work", "upkeep"]
    taken = take(clerk, "asset", "no-such-register").json["registers"]
    assert [each["id"] for each in taken] == ["asset"]
    assert named(take(clerk, "asset")) == set()
    assert take(signed_in(WATER, Role.REPORTER)).status_code == 422  # its owner works in no village


def test_more_rows_than_a_pack_holds_are_refused_in_words(workers, monkeypatch):
    monkeypatch.setattr(packed_registers, "MOST_ROWS", 1)
    refused = take(workers)
    assert refused.status_code == 422
    assert "请少选几本台账或者几个村" in refused.json["error"]
    assert named(take(workers, villages=[EAST_DAM])) == {2}


def test_ended_rows_stay_at_home_and_blank_pages_name_nobody(app, signed_in):
    clerk = signed_in(EAST, Role.REPORTER)
    for number in (1, 2):
        file(clerk, "asset", **asset(number))
    gone = stored(app)[0]
    post(
        clerk,
        f"/registers/asset/{gone['id']}/state",
        **{"base-version": "1", "state": "disposed", "reason": "拆除"},
    )
    taken = packed(take(clerk), "asset")
    (row,) = taken["rows"]
    assert row["fields"] == asset(2)
    for page in (taken["html"], taken["edit"]):
        form = BeautifulSoup(page, "html.parser").select_one("main form[data-send]")
        assert form.select_one("[name=code]").get("value", "") == ""
        assert "大棚" not in page


def test_a_row_filled_in_from_a_pack_is_stored_once(app, workers):
    taken, row_id = packed(take(workers)), str(uuid4())
    blank = BeautifulSoup(taken["html"], "html.parser").select_one("main form")
    sent = {"record-id": row_id, "period": blank.select_one("[name=period]")["value"], **worker(9)}
    first, again = (posted(workers, taken["action"], FIELD, **sent) for _ in range(2))
    assert (first.status_code, again.location) == (303, first.location)
    assert [each["id"] for each in stored(app, "2022-08")].count(row_id) == 1


def test_an_edit_from_a_pack_is_made_once_and_named_by_its_number(app, workers):
    row = packed(take(workers))["rows"][0]
    headers = {"X-CSRF-Token": workers.get("/outbox/session").json["token"], "X-Outbox": "later"}
    for _ in range(2):
        answer = workers.post(row["action"], data=sent_of(row, income="5100"), headers=headers)
        assert (answer.json["done"], answer.json["number"]) == (True, "务工台账第 1 行")
    changed = stored(app, "2022-08")[0]
    assert (changed["version"], changed["extra"]["income"]) == (2, 5100)


def test_what_another_one_changed_meanwhile_is_shown_with_both_versions(app, workers, signed_in):
    row = packed(take(workers))["rows"][0]
    colleague = signed_in(EAST, Role.PRINCIPAL)
    post(colleague, row["action"], **sent_of(row, income="3000", place="浙江省义乌市"))
    answer = posted(workers, row["action"], FIELD, **sent_of(row, income="5100"))
    assert answer.status_code == 409
    page = BeautifulSoup(answer.text, "html.parser")
    form = page.select_one("form[data-merge][data-send]")
    assert form.select_one("[name=income]")["value"] == "5100"
    assert form.select_one("[name='theirs.income']")["value"] == "3000"
    assert stored(app, "2022-08")[0]["extra"]["income"] == 3000


def test_the_audit_says_how_many_rows_were_taken_along(app, workers):
    take(workers)
    entries = [each for each in stored_in(app, "audit") if each["action"] == "take_along"]
    assert entries[-1]["change"]["rows"] == 2
