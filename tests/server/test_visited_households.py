"""Visits around the sheet: the household chosen from the roster, the head, who may see them, and the progress."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from forms_server.access import Role
from forms_server.db.tables import draft, issue
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, OFFICE, WATER, WEST
from tests.server.pages import post, text_of, token
from tests.server.records import HOUSEHOLD, ISSUE, file, page, stored, value_of
from tests.server.visiting import FINE, HEAD, LIST, WRONG, begin, list_households, row, send
from tests.visits.builders import household_id


def test_a_household_of_the_roster_is_chosen_and_gone_on_with(app, cadre):
    list_households(app, (EAST_WILLOW, EAST), (EAST_DAM, EAST), (EAST_WILLOW, EAST))
    shown = text_of(cadre.get(LIST))
    assert ("赵某1" in shown, "赵某2" in shown, "共 2 户" in shown) == (True, False, True)
    assert "共 1 户" in text_of(cadre.get(LIST + "?name=某3"))
    address = f"{LIST}households/{household_id(1)}"
    first = post(cadre, address, page=LIST, **{"visit-id": str(uuid4())})
    again = post(cadre, address, page=LIST, **{"visit-id": str(uuid4())})
    assert first.location == again.location
    assert row(app)["householder"] == "赵某1"
    assert "接着填" in text_of(cadre.get(LIST))
    send(cadre, first.location, "finish", **FINE)
    assert "共 1 户" in text_of(cadre.get(LIST + "?left=1"))
    outside = post(cadre, f"{LIST}households/{household_id(2)}", page=LIST, **{"visit-id": str(uuid4())})
    assert outside.status_code == 404


def test_a_problem_under_a_type_that_was_ticked_as_without_any_is_reported_at_once(app, cadre, signed_in):
    told = "本单位“住房安全”勾选过经排查无问题，与新登记的问题前后矛盾"
    clerk = signed_in(EAST, Role.REPORTER)
    sheet = begin(cadre)
    post(clerk, "/zero/", ticked=["housing", "water"])
    send(cadre, sheet, **WRONG)
    bar = page(cadre.get(sheet)).select_one(".visit-bar").text
    assert told in bar
    assert "饮水安全" not in bar
    send(cadre, sheet)
    assert told not in text_of(cadre.get(sheet))  # once, as it is filed
    finished = send(cadre, begin(cadre, householder="李某某"), "finish", **{**FINE, **WRONG})
    assert told in text_of(cadre.get(finished.location))
    filed = file(clerk, HOUSEHOLD, **{**ISSUE, "householder": "陈某某"})
    assert told in text_of(clerk.get(filed.location))
    post(clerk, "/zero/", shown=["housing", "water"], ticked=["water"])
    filed = file(clerk, HOUSEHOLD, **{**ISSUE, "householder": "周某某"})
    assert "前后矛盾" not in text_of(clerk.get(filed.location))


def test_a_county_unit_begins_with_its_own_work_and_owes_no_household_a_visit(app, signed_in):
    list_households(app, (EAST_WILLOW, EAST))
    township, county_unit = signed_in(EAST, Role.REPORTER), signed_in(WATER, Role.REPORTER)
    assert township.get("/visits/").location == LIST
    assert "名册上还有 1 户没有去排查" in text_of(township.get("/"))
    assert county_unit.get("/visits/").location == "/visits/general-issues/"
    assert "名册上" not in text_of(county_unit.get("/"))
    for criteria in ("", f"?village={EAST_WILLOW}", "?left=1"):
        shown = text_of(county_unit.get(f"{LIST}{criteria}"))
        assert ("请写户主姓名" in shown, "赵某1" in shown) == (True, False)
    assert "赵某1" in text_of(county_unit.get(f"{LIST}?name=赵某"))
    assert "赵某1" not in text_of(county_unit.get(f"{LIST}?name=赵"))


def test_a_form_is_filled_in_with_a_household_that_is_chosen(app, signed_in):
    list_households(app, (EAST_WILLOW, EAST))
    clerk = signed_in(EAST, Role.REPORTER)
    for form_id in ("household-issues", "proposed-household"):
        assert f"/roster/choose/{form_id}" in clerk.get(f"/records/{form_id}/new").get_data(as_text=True)
        found = page(clerk.get(f"/roster/choose/{form_id}?village={EAST_WILLOW}&name=赵"))
        html = page(clerk.get(found.select_one(".row-link")["href"]))
        assert [value_of(html, name) for name in ("village", "householder", "household_type", "people")] == [
            EAST_WILLOW, "赵某1", "tuopin", "3",
        ]  # fmt: skip
    assert (
        "roster" not in clerk.get("/records/general-issues/new").get_data(as_text=True).split("main-nav")[0]
    )
    other = signed_in(WEST, Role.REPORTER)
    assert other.get(f"/records/household-issues/new?household={household_id(1)}").status_code == 404


def test_without_a_roster_nothing_speaks_of_one(cadre):
    assert "名册" not in page(cadre.get("/records/household-issues/new")).main.text
    assert "名册" not in page(cadre.get(LIST)).main.text


def test_a_general_check_of_a_units_own_work(app, signed_in):
    clerk = signed_in(WATER, Role.REPORTER)
    answer = post(clerk, "/visits/general-issues/new", **{"visit-id": str(uuid4()), "level": "county"})
    typed = {"guarantees-clear.is": "problem", "guarantees-clear.content": "清单没有更新。",
             "guarantees-clear.responsible_person": "周某某", "guarantees-clear.deadline": "立行立改"}  # fmt: skip
    first = send(clerk, answer.location, **typed)
    assert "“问题类型”没有填写" in text_of(first)
    kinds = page(first).find("select", {"name": "guarantees-clear.problem_type"}).find_all("option")
    assert [kind["value"] for kind in kinds] == ["", "housing", "water"]
    forged = send(clerk, answer.location, **{**typed, "guarantees-clear.problem_type": "income"})
    assert (forged.status_code, stored(app, "issue")) == (422, [])
    send(clerk, answer.location, **{**typed, "guarantees-clear.problem_type": "water"})
    assert (row(app, issue)["level"], row(app, issue)["problem_type_id"]) == ("county", "water")


def test_the_head_of_a_visit_is_corrected(app, cadre):
    sheet = begin(cadre)
    head = sheet.replace("/fill", "/head")
    assert value_of(page(cadre.get(head)), "householder") == "张某某"
    assert post(cadre, head, **{**HEAD, "householder": "", "base-version": "1"}).status_code == 422
    assert post(cadre, head, **{**HEAD, "householder": "张某甲", "base-version": "1"}).status_code == 303
    assert row(app)["householder"] == "张某甲"
    assert post(cadre, head, **{**HEAD, "householder": "张某乙", "base-version": "1"}).status_code == 409


def test_a_head_that_is_wrong_is_reported_beside_its_field(cadre):
    response = post(
        cadre, LIST + "new", **{"visit-id": str(uuid4()), **HEAD, "people": "四五口", "householder": ""}
    )
    assert response.status_code == 422
    assert "“户主姓名”没有填写" in text_of(response)
    elsewhere = post(cadre, LIST + "new", **{"visit-id": str(uuid4()), **HEAD, "village": EAST_DAM})
    assert elsewhere.status_code == 403


@pytest.mark.parametrize(
    ("unit", "role"), [(WEST, Role.REPORTER), (WEST, Role.PRINCIPAL), (WATER, Role.REPORTER)]
)
def test_another_units_visit_is_not_there(app, cadre, signed_in, unit, role):
    sheet = begin(cadre)
    other = signed_in(unit, role)
    for end in ("", "/fill", "/head"):
        assert other.get(sheet.replace("/fill", end)).status_code == 404
    data = {"csrf_token": token(other, LIST), "base-version": "1", "seen": "", **FINE}
    for end in ("/fill", "/draft/discard"):
        assert other.post(sheet.replace("/fill", end), data=data).status_code == 404
    headers = {"X-CSRF-Token": token(other, LIST)}
    assert other.post(sheet.replace("/fill", "/draft"), json={}, headers=headers).status_code == 404
    assert row(app)["answered"] == 0


def test_the_office_reads_and_does_not_write(cadre, signed_in):
    sheet = begin(cadre)
    office = signed_in(OFFICE, Role.OFFICE)
    shown = text_of(office.get(sheet.removesuffix("/fill")))
    assert "张某某" in shown
    assert "接着填" not in shown
    assert office.get(sheet).status_code == 403


def test_progress_is_shown_to_village_township_and_office(app, cadre, signed_in):
    list_households(app, (EAST_WILLOW, EAST), (EAST_DAM, EAST), (EAST_WILLOW, EAST))
    sheet = post(
        cadre, f"{LIST}households/{household_id(1)}", page=LIST, **{"visit-id": str(uuid4())}
    ).location
    send(cadre, sheet, **WRONG)
    assert "名册上 2 户，已排查 1 户（其中填完 0 户），还有 1 户没有去" in text_of(
        cadre.get("/visits/progress")
    )
    clerk = signed_in(EAST, Role.REPORTER)
    table = text_of(clerk.get("/visits/progress"))
    assert "柳林村 2 1 1 50% 4 1 上坝村 1 0 1 0% 0 0 合计 3 1 2 33% 4 1" in table
    office = signed_in(OFFICE, Role.OFFICE)
    assert "东河镇 3 1 2 33% 4 1" in text_of(office.get("/visits/progress"))
    assert "柳林村" in text_of(office.get(f"/visits/progress?township={EAST}"))
    assert "还没有名册" in text_of(signed_in(WEST, Role.REPORTER).get("/visits/progress"))


def test_what_makes_no_sense_is_refused_or_left_alone(app, cadre):
    sheet = begin(cadre)
    assert post(cadre, LIST + "new", **{"visit-id": "x", **HEAD}).status_code == 400
    assert cadre.get("/visits/no-such-form/").status_code == 404
    assert cadre.get(f"/visit/{UUID(int=1)}").status_code == 404
    send(cadre, sheet, **{"income-stable.is": "maybe", "no-such-item.is": "fine", "income-drop.is": "fine"})
    assert row(app)["answered"] == 1
    hostile = {**WRONG, "house-safe.content": "<script>alert(1)</script>"}
    send(cadre, sheet, **hostile)
    assert "<script>alert" not in cadre.get(sheet).get_data(as_text=True)
    with app.extensions["huitoukan"].engine.connect() as connection:
        assert connection.execute(select(draft)).all() == []


@pytest.mark.parametrize("household_type", [None, "防止返贫致贫对象"])
def test_what_the_roster_does_not_know_and_every_issue_needs_is_asked_before(app, cadre, household_type):
    list_households(app, (EAST_WILLOW, EAST), household_type=household_type)
    begun = post(cadre, f"{LIST}households/{household_id(1)}", page=LIST, **{"visit-id": str(uuid4())})
    asked = cadre.get(begun.location)
    assert asked.status_code == 303
    assert "名册里没有写户类型" in text_of(cadre.get(asked.location))
    filled = {"village": EAST_WILLOW, "householder": "赵某1", "people": "3", "base-version": "1"}
    unasked = cadre.post(
        begun.location, data={"csrf_token": token(cadre, LIST), "base-version": "1", **WRONG}
    )
    assert unasked.status_code == 409
    assert post(cadre, asked.location, **filled).status_code == 422
    assert post(cadre, asked.location, **filled, household_type="yiban").location == begun.location
    send(cadre, begun.location, **WRONG)
    assert row(app, issue)["household_type"] == "yiban"


def test_a_visit_that_is_not_finished_is_hinted_at_before_the_signature(cadre, signed_in):
    sheet = begin(cadre)
    principal = signed_in(EAST, Role.PRINCIPAL)
    returned = f"/returns/units/{EAST}"
    hint = page(principal.get(returned)).find("a", string=lambda text: text and "没有填完" in text)
    assert "有 1 份没有填完" in hint.text
    assert sheet.rstrip("/").rpartition("/visit/")[2] in principal.get(hint["href"]).text
    send(cadre, sheet, "finish", **FINE)
    assert "没有填完" not in text_of(principal.get(returned))


def test_a_problem_that_is_none_of_those_chosen_any_more_is_asked_about_again(app, cadre):
    gone = str(file(cadre, HOUSEHOLD, **ISSUE).location)
    file(cadre, HOUSEHOLD, **{**ISSUE, "content": "电线老化。"})
    sheet = begin(cadre)
    assert send(cadre, sheet, **WRONG).status_code == 422
    post(cadre, f"{gone}/withdraw", **{"base-version": "1", "reason": "登记有误"})
    same = {"house-safe.same": gone.rpartition("/")[2]}
    asked = send(cadre, sheet, **WRONG, **same)
    assert asked.status_code == 422
    assert "电线老化。" in text_of(asked)
    assert len(stored(app)) == 2
