"""Sheets of first passwords, and the units that an inspector reads."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from forms_server.account import Role
from forms_server.accounts import password_slips
from forms_server.accounts.account_store import all_accounts, find_by_name
from tests.builders import EAST, EAST_DAM, OFFICE, WATER, WEST, small_campaign
from tests.server.pages import post, sign_in, text_of, token

SHEET = f"/accounts/sheets?unit={EAST}"


@pytest.fixture
def office(signed_in):
    return signed_in(OFFICE, "office", name="office")


def accounts(app, unit=EAST):
    with app.extensions["huitoukan"].engine.connect() as connection:
        return {each.name: each for each in all_accounts(connection) if each.unit_code == unit}


def page(answer):
    return BeautifulSoup(answer.text, "html.parser")


def values(answer, name):
    return [box["value"] for box in page(answer).find_all("input", attrs={"name": name})]


def slips(answer):
    """Name to password, as the slips print them."""
    found = {}
    for slip in page(answer).select(".slips li"):
        cells = [cell.text.strip() for cell in slip.find_all("dd")]
        found[cells[2]] = cells[3]
    return found


def test_a_township_gets_an_account_for_each_village_and_each_role_in_one_go(app, office):
    names = values(office.get(SHEET), "new")
    assert names == ["东河镇主要负责人", "东河镇填报人", "东河镇湖滨", "东河镇柳林", "东河镇上坝"]
    made = slips(post(office, SHEET, new=names))
    assert set(made) == set(names)
    assert len(set(made.values())) == len(names)
    dam = accounts(app)["东河镇上坝"]
    assert (dam.role, dam.village_code, dam.must_change_password) == (Role.REPORTER, EAST_DAM, True)
    assert sign_in(app.test_client(), "东河镇上坝", made["东河镇上坝"]).headers["Location"] == "/"
    assert values(office.get(SHEET), "new") == []


def test_passwords_stand_on_the_sheet_and_nowhere_else(app, office):
    made = post(office, SHEET, new=["东河镇填报人"])
    assert made.headers["Cache-Control"] == "no-store"
    [password] = slips(made).values()
    assert password not in office.get(SHEET).text + office.get("/accounts/").text


def test_only_what_was_ticked_and_offered_is_made(app, office):
    post(office, SHEET, new=["东河镇柳林", "西岭镇填报人", "admin"], unit=WEST, role="office")
    assert {name: each.role for name, each in accounts(app).items()} == {"东河镇柳林": Role.REPORTER}
    assert not accounts(app, WEST)


def test_nothing_ticked_is_reported(app, office):
    answer = post(office, SHEET)
    assert answer.status_code == 422
    assert "请至少勾选一个账号" in text_of(answer)


def test_a_lost_slip_is_reissued_until_the_first_sign_in(app, office):
    old = slips(post(office, SHEET, new=["东河镇柳林", "东河镇湖滨"]))
    account = accounts(app)["东河镇柳林"]
    new = slips(post(office, SHEET, again=account.id))
    assert set(new) == {"东河镇柳林"}
    assert sign_in(app.test_client(), "东河镇柳林", old["东河镇柳林"]).status_code == 422
    browser = app.test_client()
    sign_in(browser, "东河镇柳林", new["东河镇柳林"])
    chosen = {
        "display_name": "周某某",
        "new_password": "liu-lin-2022-ok",
        "again_password": "liu-lin-2022-ok",
    }
    post(browser, "/password", current_password=new["东河镇柳林"], **chosen)
    assert values(office.get(SHEET), "again") == [accounts(app)["东河镇湖滨"].id]
    assert post(office, SHEET, again=account.id).status_code == 422


def test_a_refreshed_page_makes_nothing_twice(app, office):
    fields = {"csrf_token": token(office, SHEET), "new": ["东河镇柳林"]}
    assert office.post(SHEET, data=fields).status_code == 200
    assert office.post(SHEET, data=fields).status_code == 422
    assert len(accounts(app)) == 1


def test_a_name_taken_concurrently_is_reported(app, office):
    campaign, used = small_campaign(), app.extensions["huitoukan"]
    lacking = password_slips.lacking(campaign, campaign.unit_by_code[EAST], [])
    with used.engine.connect() as connection:
        by = find_by_name(connection, "office")
    first = password_slips.issue(used.engine, used.clock.now(), by, lacking[:1], [])
    again = password_slips.issue(used.engine, used.clock.now(), by, lacking[:2], [])
    assert [slip.account.name for slip in first.slips] == ["东河镇主要负责人"]
    assert again.taken == ("东河镇主要负责人",)
    assert [slip.account.name for slip in again.slips] == ["东河镇填报人"]


def test_a_county_unit_gets_its_department(app, office):
    assert values(office.get(f"/accounts/sheets?unit={WATER}"), "new") == [
        "县水利局主要负责人", "县水利局填报人", "县水利局行业部门",
    ]  # fmt: skip


def test_the_slip_names_the_address_that_the_office_set(app, office):
    def address():
        names = values(office.get(SHEET), "new")[:1]
        return page(post(office, SHEET, new=names)).select(".slips dd")[1].text

    assert address() == ""
    used = app.extensions["huitoukan"]
    object.__setattr__(used, "config", replace(used.config, address="http://10.1.2.3:8000"))
    assert address() == "http://10.1.2.3:8000"


def test_the_next_unit_without_accounts_is_one_tap_away(office):
    answer = post(
        office,
        f"/accounts/sheets?unit={EAST}",
        new=values(office.get(f"/accounts/sheets?unit={EAST}"), "new"),
    )
    link = page(answer).select_one("main .no-print a[href*='unit=']:not(.btn)")
    assert link
    follows = office.get(link["href"])
    assert f"{link.text}" in page(follows).select_one("option[selected]").text
    assert values(follows, "new")


def test_a_missing_address_is_reported_before_printing(app, office):
    hint = "纸条上的“网址”会空着"
    assert hint in office.get(f"/accounts/sheets?unit={EAST}").text
    used = app.extensions["huitoukan"]
    app.extensions["huitoukan"] = replace(used, config=replace(used.config, address="https://a.example.cn"))
    assert hint not in office.get(f"/accounts/sheets?unit={EAST}").text
