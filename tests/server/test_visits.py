"""The pages of visits: a household is chosen, its sheet filled in and taken up again, its problems issues at once."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from forms_server.access import Role
from forms_server.db.engine import transaction
from forms_server.db.tables import draft, household, issue, visit
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, OFFICE, WATER, WEST
from tests.server.conftest import NOW, PASSWORD
from tests.server.pages import post, text_of, token
from tests.server.records import HOUSEHOLD, ISSUE, file, page, stored, value_of
from tests.visits.builders import household_id

LIST = "/visits/household-issues/"
HEAD = {"village": EAST_WILLOW, "householder": "张某某", "household_type": "yiban", "people": "4"}
ALL = ("income-stable", "income-drop", "guarantees-clear", "house-safe", "water-enough")
FINE = {f"{item}.is": "fine" for item in ALL}
WRONG = {
    "house-safe.is": "problem",
    "house-safe.content": "西屋山墙有裂缝。",
    "house-safe.measures": "请人鉴定。",
    "house-safe.responsible_person": "王某某",
    "house-safe.responsible_unit": "东河镇",
    "house-safe.deadline": "8月底前",
}


@pytest.fixture
def cadre(signed_in):
    return signed_in(EAST, Role.REPORTER, EAST_WILLOW)


def begin(client, **other):
    """Begin a visit with what is typed; the address of its sheet."""
    response = post(client, LIST + "new", **{"visit-id": str(uuid4()), **HEAD, **other})
    assert response.status_code == 303, text_of(response)
    return response.location


def send(client, sheet, do="save", **typed):
    """Send a sheet as the page has it, with more ticked and typed."""
    html = page(client.get(sheet))
    hidden = {name: value_of(html, name) for name in ("base-version", "seen")}
    return client.post(sheet, data={"csrf_token": token(client, sheet), "do-what": do, **hidden, **typed})


def row(app, table=visit):
    [only] = stored(app, table.name)
    return only


def list_households(app, *villages, household_type="tuopin"):
    with transaction(app.extensions["huitoukan"].engine) as connection:
        for number, (village, township) in enumerate(villages, start=1):
            connection.execute(household.insert().values(
                id=household_id(number), campaign_id="small", township_code=township, village_code=village,
                householder=f"赵某{number}", household_type=household_type, people=3, active=True, created_at=NOW,
                changed_at=NOW))  # fmt: skip


def test_a_visit_from_the_first_tick_to_the_last(app, cadre):
    sheet = begin(cadre)
    assert "已填 0 /5 项" in text_of(cadre.get(sheet))
    first = send(cadre, sheet, **{"income-stable.is": "fine", "income-drop.is": "not_applicable"})
    # On with the first item that has no answer; the outcome of the rest is in the sticky bar.
    assert first.location == f"{sheet}#guarantees-clear"
    told = page(cadre.get(sheet))
    assert "已保存 2/5 项，可以接着填" in told.select_one(".visit-bar").text
    assert not told.select(".alert")
    assert "已填 2 /5 项" in text_of(cadre.get(sheet))
    last = send(cadre, sheet, "finish", **{**FINE, **WRONG})
    shown = text_of(cadre.get(last.location))
    assert "已排查完" in shown
    assert "西屋山墙有裂缝。" in shown
    filed = row(app, issue)
    assert (filed["householder"], filed["people"], filed["problem_type_id"]) == ("张某某", 4, "housing")
    assert (filed["item_id"], filed["village_code"], filed["deadline_text"]) == (
        "house-safe",
        EAST_WILLOW,
        "8月底前",
    )
    assert row(app)["state"] == "finished"
    of_issue = page(cadre.get(f"/records/household-issues/{filed['id']}"))
    assert of_issue.select_one(".way a")["href"] == last.location


def test_a_problem_that_is_not_complete_keeps_the_rest_and_itself(app, cadre):
    sheet = begin(cadre)
    half = {**WRONG, "house-safe.deadline": ""}
    response = send(cadre, sheet, **{"income-stable.is": "fine", **half})
    assert response.status_code == 422
    assert "有 1 个问题还没有填全" in text_of(response)
    assert "“整改时限”没有填写" in text_of(response)
    assert (row(app)["answered"], stored(app, "issue")) == (1, [])
    again = page(cadre.get(sheet))
    assert value_of(again, "house-safe.content") == "西屋山墙有裂缝。"
    send(cadre, sheet, **WRONG)
    assert row(app, issue)["content"] == "西屋山墙有裂缝。"
    assert stored(app, "draft") == []


def test_finishing_lists_what_is_not_answered_and_keeps_what_is(app, cadre):
    sheet = begin(cadre)
    response = send(cadre, sheet, "finish", **{"income-stable.is": "fine", **WRONG})
    assert response.status_code == 422
    told = page(response).find(class_="alert-danger")
    assert "还有 3 项没有勾选" in told.text
    assert [link["href"] for link in told.find_all("a")] == [
        "#income-drop",
        "#guarantees-clear",
        "#water-enough",
    ]
    assert (row(app)["answered"], row(app)["state"]) == (2, "open")
    assert len(stored(app, "issue")) == 1


def test_the_rest_has_no_problem_with_one_button(app, cadre):
    sheet = begin(cadre)
    assert send(cadre, sheet, "rest", **WRONG).location == sheet
    assert "都填了，请点“完成”" in page(cadre.get(sheet)).select_one(".visit-bar").text
    assert (row(app)["answered"], row(app)["problems"]) == (5, 1)
    assert send(cadre, sheet, "finish").location.endswith(row(app)["id"])


def test_the_rest_of_an_area_does_not_apply_with_one_button(app, cadre):
    sheet = begin(cadre)
    assert send(cadre, sheet, "none.income", **{"income-drop.is": "fine"}).status_code == 303
    html = page(cadre.get(sheet))
    ticked = {box["name"]: box["value"] for box in html.select("input[type=radio][checked]")}
    assert ticked == {"income-stable.is": "not_applicable", "income-drop.is": "fine"}


def test_a_draft_on_its_way_while_the_sheet_was_saved_does_not_come_back(app, cadre):
    sheet = begin(cadre)
    headers, typed = {"X-CSRF-Token": token(cadre, sheet)}, {"income-stable.is": "fine", **WRONG}
    send(cadre, sheet, **typed)
    late = cadre.post(sheet.replace("/fill", "/draft"), json={**typed, "base-version": "1"}, headers=headers)
    assert (late.status_code, stored(app, "draft")) == (200, [])


def test_a_double_click_makes_one_visit_and_one_issue(app, cadre):
    visit_id = str(uuid4())
    for _ in range(2):
        sheet = begin(cadre, **{"visit-id": visit_id})
    sent = {"csrf_token": token(cadre, sheet), "base-version": "1", "seen": "", **WRONG}
    codes = [cadre.post(sheet, data=sent).status_code for _ in range(2)]
    assert (codes, len(stored(app, "issue")), row(app)["version"]) == ([303, 303], 1, 2)


def test_of_two_who_save_at_once_the_second_sees_what_the_first_said_and_loses_nothing(app, cadre, signed_in):
    sheet = begin(cadre)
    clerk = signed_in(EAST, Role.REPORTER)
    html = page(clerk.get(sheet))
    mine = {name: value_of(html, name) for name in ("base-version", "seen")}
    send(cadre, sheet, **{"income-stable.is": "not_applicable", **WRONG})
    typed = {"income-drop.is": "fine", **WRONG, "house-safe.content": "东屋漏雨。"}
    response = clerk.post(sheet, data={"csrf_token": token(clerk, sheet), **mine, **typed})
    assert response.status_code == 409
    shown = text_of(response)
    assert "对方勾的是 不适用" in shown.replace("勾的是不", "勾的是 不")
    assert "东屋漏雨。" in shown
    html = page(response)
    assert html.find("input", {"name": "income-stable.is", "checked": True})["value"] == "not_applicable"
    assert html.find("input", {"name": "income-drop.is", "checked": True})["value"] == "fine"
    assert row(app)["answered"] == 2
    again = {name: value_of(html, name) for name in ("base-version", "seen")}
    clerk.post(sheet, data={"csrf_token": token(clerk, sheet), **again, "income-drop.is": "fine"})
    assert (row(app)["answered"], len(stored(app, "issue"))) == (3, 1)


def test_an_answer_that_changes_asks_what_becomes_of_the_issue(app, cadre):
    sheet = begin(cadre)
    send(cadre, sheet, **WRONG)
    changed = send(cadre, sheet, **{"house-safe.is": "fine"})
    assert changed.status_code == 422
    assert "这一条已经登记为问题" in text_of(changed)
    assert row(app, issue)["state"] == "rectifying"
    without = send(cadre, sheet, **{"house-safe.is": "fine", "house-safe.issue": "withdraw"})
    assert "“撤销理由”没有填写" in text_of(without)
    unseen = {"house-safe.issue": "withdraw", "house-safe.reason": "看\u202e错\x07了"}
    assert send(cadre, sheet, **{"house-safe.is": "fine", **unseen}).status_code == 422
    assert row(app, issue)["state"] == "rectifying"
    reason = {"house-safe.issue": "withdraw", "house-safe.reason": "看错了"}
    assert send(cadre, sheet, **{"house-safe.is": "fine", **reason}).status_code == 303
    assert (row(app, issue)["state"], row(app, issue)["state_reason"]) == ("withdrawn", "看错了")


def test_an_issue_may_be_kept_although_the_answer_changes(app, cadre):
    sheet = begin(cadre)
    send(cadre, sheet, **WRONG)
    send(cadre, sheet, **{"house-safe.is": "fine", "house-safe.issue": "keep"})
    assert (row(app, issue)["state"], row(app)["problems"]) == ("rectifying", 0)
    assert send(cadre, sheet, **{"house-safe.is": "fine"}).status_code == 303


def test_what_is_ticked_is_kept_as_one_goes_and_stands_again_on_another_day(app, cadre):
    sheet = begin(cadre)
    headers = {"X-CSRF-Token": token(cadre, sheet)}
    typed = {"income-stable.is": "fine", **WRONG, "base-version": "1"}
    kept = cadre.post(sheet.replace("/fill", "/draft"), json=typed, headers=headers)
    assert kept.get_json() == {"saved": "09:00"}
    html = page(cadre.get(sheet))
    assert "已经放回来了" in html.text
    assert value_of(html, "house-safe.content") == "西屋山墙有裂缝。"
    assert html.find("input", {"name": "income-stable.is", "checked": True})["value"] == "fine"
    send(cadre, sheet, **typed)
    assert stored(app, "draft") == []
    cadre.post(sheet.replace("/fill", "/draft"), json={"income-drop.is": "fine"}, headers=headers)
    post(cadre, sheet.replace("/fill", "/draft/discard"), page=sheet)
    assert stored(app, "draft") == []


def test_what_was_typed_comes_back_after_the_session_was_lost(app, cadre):
    sheet = begin(cadre)
    html = page(cadre.get(sheet))
    sent = {
        "base-version": value_of(html, "base-version"),
        "seen": value_of(html, "seen"),
        "do-what": "save",
        **WRONG,
    }
    csrf = token(cadre, sheet)
    cadre.delete_cookie("huitoukan")
    lost = cadre.post(sheet, data={"csrf_token": csrf, **sent})
    assert lost.status_code == 401
    waiting = {
        field["name"]: field["value"] for field in page(lost).select("form.card-box input[type=hidden]")
    }
    name = f"{EAST}-reporter-{EAST_WILLOW}"
    back = cadre.post("/sign-in", data={**waiting, "name": name, "password": PASSWORD})
    form = page(back).select_one("form[action*=visit]")
    again = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
    assert cadre.post(form["action"], data=again).status_code == 303
    assert row(app, issue)["content"] == "西屋山墙有裂缝。"


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
    assert "赵某1" in text_of(county_unit.get(LIST))


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
    assert "柳林村委会 2 1 1 50% 4 1 上坝村委会 1 0 1 0% 0 0 合计 3 1 2 33% 4 1" in table
    office = signed_in(OFFICE, Role.OFFICE)
    assert "东河镇 3 1 2 33% 4 1" in text_of(office.get("/visits/progress"))
    assert "柳林村委会" in text_of(office.get(f"/visits/progress?township={EAST}"))
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
