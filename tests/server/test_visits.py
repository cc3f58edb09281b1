"""The sheet of a visit: filled in and taken up again, its problems issues at once."""

from uuid import uuid4

from forms_server.access import Role
from forms_server.db.tables import issue
from tests.builders import EAST, EAST_WILLOW
from tests.server.conftest import PASSWORD
from tests.server.pages import post, text_of, token
from tests.server.records import page, stored, value_of
from tests.server.visiting import FINE, WRONG, begin, row, send


def test_a_visit_from_the_first_tick_to_the_last(app, cadre):
    sheet = begin(cadre)
    assert "已填 0 /5 项" in text_of(cadre.get(sheet))
    first = send(cadre, sheet, **{"income-stable.is": "fine", "income-drop.is": "not_applicable"})
    # On with the first item that has no answer; the outcome of the rest is in the sticky bar.
    assert first.location == f"{sheet}#guarantees-clear"
    told = page(cadre.get(sheet))
    assert "已保存 2/5 项，可以接着填" in told.select_one(".visit-bar").text
    assert not told.select(".alert:not([hidden])")
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


def filled_items(app):
    return {
        each["item_id"] for each in stored(app, "visit_answer") if each["filled_by"] and each["filled_at"]
    }


def test_the_rest_of_an_area_has_no_problem_with_one_button_and_that_is_kept(app, cadre):
    sheet = begin(cadre)
    assert send(cadre, sheet, "rest.guarantees", **WRONG).location == f"{sheet}#income-stable"
    assert (row(app)["answered"], row(app)["problems"]) == (3, 1)
    assert filled_items(app) == {"guarantees-clear", "water-enough"}
    [by] = {each["filled_by"] for each in stored(app, "visit_answer") if each["filled_by"]}
    assert by == row(app)["created_by"]
    assert send(cadre, sheet, "rest.income", **{"income-drop.is": "fine"}).location == sheet
    assert "都填了，请点“完成”" in page(cadre.get(sheet)).select_one(".visit-bar").text
    shown = text_of(cadre.get(send(cadre, sheet, "finish").location))
    assert f"：2 项一次选了“无问题” {EAST}-reporter-{EAST_WILLOW} 2022年8月20日 09:00" in shown
    assert "：1 项一次选了“无问题”" in shown


def test_what_a_script_filled_in_at_once_is_kept_as_such_unless_it_is_a_problem(app, cadre):
    sheet = begin(cadre)
    filled = {
        "income.filled": "income-stable house-safe no-such",
        "guarantees.filled": "house-safe water-enough",
    }
    send(cadre, sheet, **FINE, **filled)
    assert filled_items(app) == {"income-stable", "house-safe", "water-enough"}
    send(cadre, sheet, **WRONG, **{"water-enough.is": "not_applicable"})
    assert filled_items(app) == {"income-stable"}
    other = begin(cadre, householder="李某某")
    send(cadre, other, **WRONG, **filled)
    assert "house-safe" not in filled_items(app)


def test_nothing_fills_in_the_whole_sheet_at_once(app, cadre):
    sheet = begin(cadre)
    html = page(cadre.get(sheet))
    buttons = {button["value"] for button in html.select("button[name=do-what]")}
    assert buttons == {"save", "finish", "rest.income", "none.income", "rest.guarantees", "none.guarantees"}
    for value in ("rest", "rest.", "rest.no-such", "none."):
        assert send(cadre, sheet, value).status_code == 303
    assert row(app)["answered"] == 0


def test_areas_say_what_is_left_in_them_and_the_first_such_is_open(app, cadre):
    sheet = begin(cadre)

    def areas():
        folds = page(cadre.get(sheet)).select("details.area")
        said = [
            " ".join(part.get_text() for part in fold.select(".area-count > :not([hidden])"))
            for fold in folds
        ]
        return said, [fold.has_attr("open") for fold in folds]

    assert areas() == (["还剩 2 项", "还剩 3 项"], [True, False])
    send(cadre, sheet, "none.income", **WRONG)
    assert areas() == (["已填完", "问题 1 还剩 2 项"], [False, True])
    wrong = send(cadre, sheet, **{"house-safe.is": "fine"})
    assert [fold.has_attr("open") for fold in page(wrong).select("details.area")] == [False, True]


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
