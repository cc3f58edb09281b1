"""Responsible units over HTTP, without script: several are picked beside the text, and the page says who was understood."""

from flask import Flask

from forms_server.account import Role
from tests.builders import EAST, WATER
from tests.server.conftest import SignedIn
from tests.server.pages import post, text_of
from tests.server.records import GENERAL, HOUSEHOLD, ISSUE, file, page, stored, value_of
from tests.server.visiting import WRONG, begin, send

LEDGER = "/records/household-issues/"


def test_picked_units_join_the_text_and_see_the_issue(app: Flask, signed_in: SignedIn):
    east = signed_in(EAST, Role.REPORTER)
    picked = {"responsible_unit": ["东河镇", "县水利局（牵头）", "西岭镇"]}
    assert file(east, HOUSEHOLD, **{**ISSUE, **picked}).status_code == 303
    [issue] = stored(app)
    assert issue["responsible_unit"] == "县水利局、东河镇、西岭镇"
    shown = text_of(east.get(f"{LEDGER}{issue['id']}"))
    assert "牵头 县水利局；一起负责 东河镇、西岭镇。" in shown
    assert str(issue["id"]) in signed_in(WATER, Role.REPORTER).get(f"{LEDGER}?whose=responsible").text


def test_an_edit_adds_a_unit_and_keeps_what_is_no_unit(app: Flask, signed_in: SignedIn):
    east = signed_in(EAST, Role.REPORTER)
    file(east, HOUSEHOLD, **ISSUE)
    address = f"{LEDGER}{stored(app)[0]['id']}/edit"
    typed = {**ISSUE, "responsible_unit": ["河长办", "县水利局"], "base-version": "1", "seen": ""}
    assert post(east, address, **typed).status_code == 303
    assert stored(app)[0]["responsible_unit"] == "河长办、县水利局"
    told = text_of(east.get(f"{LEDGER}{stored(app)[0]['id']}"))
    assert "责任单位认作县水利局。“河长办”不是名单里的单位，照写保留。" in told


def test_the_form_offers_every_unit_and_a_lead_and_a_refused_form_says_what_it_understood(
    signed_in: SignedIn,
):
    east = signed_in(EAST, Role.REPORTER)
    for address in (HOUSEHOLD, GENERAL):
        boxes = page(east.get(address)).select(".unit-picker fieldset input[name=responsible_unit]")
        assert [box["value"] for box in boxes] == ["东河镇", "西岭镇", "县水利局"]
    refused = file(
        east, HOUSEHOLD, **{**ISSUE, "content": "", "responsible_unit": ["东河镇民政所、各村", "县水利局"]}
    )
    assert refused.status_code == 422
    html = page(refused)
    assert value_of(html, "responsible_unit") == "东河镇民政所、各村、县水利局"
    assert "“东河镇民政所”“各村”不是名单里的单位，照写保留" in html.select_one("[data-understood]").text
    [offered] = html.select(".unit-offered")
    assert offered.text == "“东河镇民政所”像是东河镇的，加上东河镇"
    assert offered.input["value"] == "东河镇"


def test_a_station_of_a_township_gives_it_no_issue_until_somebody_says_so(app: Flask, signed_in: SignedIn):
    water = signed_in(WATER, Role.REPORTER)
    file(water, HOUSEHOLD, **{**ISSUE, "township": EAST, "responsible_unit": "西岭镇水管站"})
    [issue] = stored(app)
    told = text_of(water.get(f"{LEDGER}{issue['id']}"))
    assert "没有单位会因此看到这一条" in told
    assert "“西岭镇水管站”像是西岭镇的" in told
    with app.extensions["huitoukan"].engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM issue_unit").scalar_one() == 0


def test_a_visits_sheet_takes_several_units(app: Flask, cadre):
    sheet = begin(cadre)
    typed = {
        **WRONG,
        "house-safe.responsible_unit": ["东河镇", "县水利局（牵头）"],
        "house-safe.deadline": "",
    }
    refused = send(cadre, sheet, **typed)
    assert refused.status_code == 422
    html = page(refused)
    assert value_of(html, "house-safe.responsible_unit") == "县水利局、东河镇"
    assert len(html.select("#house-safe .unit-picker fieldset input")) == 3
    assert html.find("template").select_one("[data-units='ITEM.responsible_unit']")
    assert send(cadre, sheet, **{**typed, "house-safe.deadline": "8月底前"}).status_code == 303
    assert stored(app)[0]["responsible_unit"] == "县水利局、东河镇"
