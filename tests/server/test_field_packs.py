"""Field packs: whose households they hold, what comes of a sheet that was filled in from one, and who takes them back."""

import json
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook
from sqlalchemy import update

from forms_server.access import Role
from forms_server.clock import Clock
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.packs.pack_standing import DAYS
from forms_server.packs.pack_workbook import SHEET
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, OFFICE, WATER, WEST, WEST_BRIDGE
from tests.server.conftest import NOW
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file, stored
from tests.server.test_late_entries import disable, hand_in
from tests.server.visiting import FINE, WRONG, begin, list_households, row, send
from tests.visits.builders import household_id
from tests.whole import vouch

FIELD = "/field/"
EVERYWHERE = {"village": [EAST_WILLOW, EAST_DAM, WEST_BRIDGE]}


@pytest.fixture
def roster(app):
    """赵某1 and 赵某3 live in a village of the east, 赵某2 in another one, 赵某4 in the west."""
    list_households(app, (EAST_WILLOW, EAST), (EAST_DAM, EAST), (EAST_WILLOW, EAST), (WEST_BRIDGE, WEST))


def take(client, pack_id=None, **sent):
    return post(client, "/field/pack", FIELD, **{"pack-id": pack_id or str(uuid4()), **(sent or EVERYWHERE)})


def names(response):
    return {each["name"] for each in response.json["households"]}


def tell(client, pack_id, waiting="0", ended=""):
    headers = {"X-CSRF-Token": client.get("/outbox/session").json["token"]}
    sent = {"pack-id": pack_id, "waiting": waiting, "ended": ended}
    return client.post("/field/contact", data=sent, headers=headers).json["held"]


def later(app, **by):
    object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW + timedelta(**by)))


def house(response, name):
    (found,) = [each for each in response.json["households"] if each["name"] == name]
    return found


def sheet_of(response, name):
    """What the browser makes of a household: its action, and what is sent with what is typed."""
    each = house(response, name)
    kept = each["stored"] or {"version": 1, "seen": ""}
    fields = {"base-version": str(kept["version"]), "seen": kept["seen"]}
    if not each["stored"]:
        fields |= {"begun-household": each["id"], "begun-on": str(NOW.date())}
    return each["action"], fields


@pytest.mark.usefixtures("roster")
def test_a_pack_holds_the_households_of_the_account_and_no_others(signed_in):
    clerk, cadre = signed_in(EAST, Role.REPORTER), signed_in(EAST, Role.REPORTER, EAST_WILLOW)
    assert names(take(clerk)) == {"赵某1", "赵某2", "赵某3"}
    assert names(take(clerk, village=[EAST_DAM])) == {"赵某2"}
    assert names(take(cadre)) == {"赵某1", "赵某3"}
    assert names(take(signed_in(WEST, Role.PRINCIPAL))) == {"赵某4"}
    assert names(take(clerk, village=[WEST_BRIDGE])) == set()
    whole = json.dumps(take(cadre).json, ensure_ascii=False)
    assert "赵某2" not in whole
    assert "赵某4" not in whole


@pytest.mark.usefixtures("roster")
def test_a_pack_carries_the_units_own_work_which_keeps_its_day(app, signed_in):
    cadre, clerk = signed_in(EAST, Role.REPORTER, EAST_WILLOW), signed_in(EAST, Role.REPORTER)
    (work,) = take(cadre).json["own_work"]
    visit_id, day = str(uuid4()), NOW.date() - timedelta(days=3)
    head = {"visit-id": visit_id, "begun-on": str(day), "level": "village", "village": EAST_WILLOW}
    assert post(cadre, work["action"], FIELD, **head).status_code == 303
    sheet = work["fill"].replace("00000000-0000-4000-8000-000000000000", visit_id)
    sent = {"base-version": "1", "seen": "", "do-what": "save", "guarantees-clear.is": "fine"}
    assert post(cadre, sheet, FIELD, **sent).status_code == 303
    visit = row(app)
    assert (visit["id"], visit["visited_on"], visit["answered"]) == (visit_id, day, 1)

    (own,) = take(cadre).json["own_visits"]
    assert (own["visit"], own["stored"]["answers"]) == (visit_id, {"guarantees-clear": "fine"})
    assert [each["visit"] for each in take(clerk).json["own_visits"]] == [visit_id]
    assert take(signed_in(WEST, Role.PRINCIPAL)).json["own_visits"] == []
    assert take(signed_in(EAST, Role.REPORTER, EAST_DAM), village=[EAST_DAM]).json["own_visits"] == []


@pytest.mark.usefixtures("roster")
def test_county_units_and_offices_take_none_along(app, signed_in):
    county_unit = signed_in(WATER, Role.REPORTER)
    assert "县直单位按姓名找户" in text_of(county_unit.get(FIELD))
    assert take(county_unit).status_code == 422
    for unit, role in ((OFFICE, Role.OFFICE), (WATER, Role.DEPARTMENT)):
        client = signed_in(unit, role)
        assert client.get(FIELD).status_code == 403
        assert post(client, "/field/pack", "/", **{"pack-id": str(uuid4()), **EVERYWHERE}).status_code == 403
    assert stored(app, "field_pack") == []


@pytest.mark.usefixtures("roster")
def test_a_pack_carries_answers_issues_and_blank_pages_but_no_numbers(app, signed_in):
    cadre = signed_in(EAST, Role.REPORTER, EAST_WILLOW)
    sheet = begin(cadre, householder="赵某1", household_type="tuopin", people="3")
    send(cadre, sheet, **{**FINE, **WRONG})
    with transaction(app.extensions["huitoukan"].engine) as connection:
        connection.execute(
            update(tables.household).where(tables.household.c.id == household_id(1)).values(number="H-777")
        )
        vouch(connection, NOW)
    packed = take(cadre)
    one = house(packed, "赵某1")
    assert one["stored"]["answers"]["house-safe"] == "problem"
    assert one["stored"]["answers"]["water-enough"] == "fine"
    assert "西屋山墙有裂缝" in one["stored"]["issues"]["house-safe"]
    assert one["fields"]["household-issues"]["householder"] == "赵某1"
    (blank,) = [packed.json["sheets"][key] for key in {one["sheet"]}]
    assert "赵某" not in blank
    assert BeautifulSoup(blank, "html.parser").select_one("main form[data-visit] fieldset#house-safe")
    (issue,) = packed.json["issues"]
    assert issue["action"].endswith("/report")
    assert BeautifulSoup(issue["html"], "html.parser").select_one("main form[data-send] [name=base-version]")
    assert "H-777" not in packed.text
    assert packed.headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("roster")
def test_where_no_pack_can_be_kept_ones_own_workbook_is_offered(signed_in):
    cadre = signed_in(EAST, Role.REPORTER, EAST_WILLOW)
    assert "/field/workbook.xlsx" in cadre.get(FIELD).text
    book = load_workbook(BytesIO(cadre.get("/field/workbook.xlsx").data))
    assert [row[0].value for row in book[SHEET].iter_rows(min_row=2)] == ["赵某1", "赵某3"]
    assert (
        SHEET
        not in load_workbook(
            BytesIO(signed_in(WATER, Role.REPORTER).get("/field/workbook.xlsx").data)
        ).sheetnames
    )


@pytest.mark.usefixtures("roster")
def test_a_sheet_from_a_pack_begins_its_visit_once(app, signed_in):
    cadre = signed_in(EAST, Role.REPORTER, EAST_WILLOW)
    action, fields = sheet_of(take(cadre), "赵某1")
    later(app, days=2)
    cadre = signed_in(EAST, Role.REPORTER, EAST_WILLOW)
    sent = {**fields, **FINE, **WRONG, "do-what": "finish"}
    first = post(cadre, action, FIELD, **sent)
    again = post(cadre, action, FIELD, **sent)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    visit = row(app)
    assert (visit["householder"], visit["state"]) == ("赵某1", "finished")
    assert visit["visited_on"] == NOW.date()
    assert [each["content"] for each in stored(app)] == ["西屋山墙有裂缝。"]


@pytest.mark.usefixtures("roster")
def test_a_sheet_of_an_account_that_is_disabled_by_then_is_taken_in_by_the_office(app, client, signed_in):
    cadre, office = signed_in(EAST, Role.REPORTER, EAST_WILLOW), signed_in(OFFICE, Role.OFFICE)
    action, fields = sheet_of(take(cadre), "赵某1")
    left = cadre.get("/outbox/session").json
    disable(app, left["account"])
    entry_id = str(uuid4())
    hand_in(client, left, entry_id, action, **{**fields, **FINE, **WRONG, "do-what": "finish"})
    post(office, f"/late/{entry_id}/take", page="/late/")
    assert (row(app)["householder"], row(app)["state"]) == ("赵某1", "finished")
    assert [each["created_by"] for each in stored(app)] == [left["account"]]


@pytest.mark.usefixtures("roster")
@pytest.mark.parametrize("do", ["save", "finish"])
def test_what_a_colleague_answered_meanwhile_is_shown_for_merging(app, signed_in, do):
    cadre, clerk = signed_in(EAST, Role.REPORTER, EAST_WILLOW), signed_in(EAST, Role.REPORTER)
    action, fields = sheet_of(take(cadre), "赵某1")
    theirs = post(
        clerk, f"/visits/household-issues/households/{household_id(1)}", "/visits/household-issues/",
        **{"visit-id": str(uuid4())},
    ).location  # fmt: skip
    send(clerk, theirs, do, **{**FINE, "house-safe.is": "not_applicable"})
    answer = post(cadre, action, FIELD, **{**fields, **FINE, "do-what": "save"})
    assert answer.status_code == 409
    page = BeautifulSoup(answer.text, "html.parser")
    assert "对方勾的是不适用" in text_of(answer)
    assert page.select_one("form[data-visit]")["action"] == theirs
    merged = send(cadre, theirs, **FINE)
    assert merged.status_code == 303
    assert len(stored(app, "visit")) == 1


@pytest.mark.usefixtures("roster")
def test_a_sheet_from_a_pack_begins_no_visit_outside_the_accounts_villages(app, signed_in):
    cadre = signed_in(EAST, Role.REPORTER, EAST_WILLOW)
    for number in (2, 4):
        sent = {"base-version": "1", "seen": "", "begun-household": household_id(number), **FINE}
        answer = post(cadre, f"/visit/{uuid4()}/fill", FIELD, **sent)
        assert answer.status_code == 404
    assert stored(app, "visit") == []


@pytest.mark.usefixtures("roster")
def test_an_issue_is_filed_and_reported_from_a_pack(app, signed_in):
    cadre = signed_in(EAST, Role.REPORTER, EAST_WILLOW)
    file(cadre, HOUSEHOLD, **{**ISSUE, "householder": "赵某3", "household_type": "tuopin", "people": "3"})
    packed = take(cadre)
    one, (issue,) = house(packed, "赵某1"), packed.json["issues"]
    (form,) = [each for each in packed.json["forms"] if each["id"] == "household-issues"]
    typed = {
        **ISSUE,
        **one["fields"]["household-issues"],
        "household-id": one["id"],
        "record-id": str(uuid4()),
    }
    assert post(cadre, form["action"], FIELD, **typed).status_code == 303
    filed = next(each for each in stored(app) if each["householder"] == "赵某1")
    assert filed["household_id"] == household_id(1)
    told = {"base-version": "1", "outcome": "已换瓦。", "rectified_on": "2022-08-19"}
    assert post(cadre, issue["action"], FIELD, **told).status_code == 303


@pytest.mark.usefixtures("roster")
def test_a_pack_is_given_up_when_it_is_old_revoked_or_its_account_disabled(app, signed_in, client):
    cadre, office = signed_in(EAST, Role.REPORTER, EAST_WILLOW, name="金某"), signed_in(OFFICE, Role.OFFICE)
    packs = [str(uuid4()) for _ in range(3)]
    for pack_id in packs[:2]:
        take(cadre, pack_id)
    assert tell(cadre, packs[0], waiting="3")
    assert not tell(cadre, str(uuid4()))
    assert tell(client, packs[0], waiting="")  # of a phone that was signed out
    assert {each["waiting"] for each in stored(app, "field_pack")} == {0, 3}

    account_id = stored(app, "field_pack")[0]["account_id"]
    assert "收回外带包" in office.get("/accounts/").text
    post(office, f"/accounts/{account_id}/revoke-packs", "/accounts/")
    assert not tell(client, packs[0])
    assert "收回外带包" not in office.get("/accounts/").text
    assert take(cadre, packs[0]).status_code == 403

    take(cadre, packs[2])
    assert tell(cadre, packs[2])
    post(office, f"/accounts/{account_id}/disable", "/accounts/")
    assert not tell(client, packs[2])
    post(office, f"/accounts/{account_id}/enable", "/accounts/")
    assert tell(client, packs[2])
    later(app, days=DAYS)
    assert not tell(client, packs[2])


@pytest.mark.usefixtures("roster")
def test_supervisors_see_which_phones_have_not_sent(app, signed_in):
    cadre, clerk = signed_in(EAST, Role.REPORTER, EAST_WILLOW, name="金某"), signed_in(WEST, Role.REPORTER)
    pack_id = str(uuid4())
    take(cadre, pack_id)
    take(clerk)
    tell(cadre, pack_id, waiting="4")
    east = signed_in(EAST, Role.PRINCIPAL)
    shown = text_of(east.get("/field/phones"))
    assert ("金某" in shown, "西山" in shown) == (True, False)
    assert "当时待发送 4 份" in " ".join(shown.split())
    assert "超过一天没有连上" not in shown.replace("超过一天没有连上的请打电话", "")
    assert clerk.get("/field/phones").status_code == 403
    later(app, days=1)
    office = signed_in(OFFICE, Role.OFFICE)
    assert office.get("/field/phones").text.count('state-overdue">超过一天没有连上') == 2
    tell(cadre, pack_id, waiting="4", ended="wrong-pin")
    later(app, days=DAYS + 1)
    office = signed_in(OFFICE, Role.OFFICE)
    shown = text_of(office.get("/field/phones"))
    assert "口令错了" in shown  # it went with four entries
    assert shown.count("带走") == 1


def test_a_guessed_pack_is_answered_without_the_write_lock(app):
    with transaction(app.extensions["huitoukan"].engine):
        assert tell(app.test_client(), str(uuid4())) is False
