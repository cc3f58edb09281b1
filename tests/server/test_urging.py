"""催办: what each unit owes, with whom to telephone; contacts stand on this page and nowhere else."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from forms_server.access import Role
from forms_server.clock import Clock
from forms_server.db import tables
from tests.builders import EAST, OFFICE, WATER, WEST
from tests.server.conftest import NOW
from tests.server.handing_in import complete, sign
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file

SignedIn = Callable[..., FlaskClient]
PHONE = "0557-5021234、13800000000"


def messages(office: FlaskClient) -> dict[str, str]:
    page = BeautifulSoup(office.get("/reminders/urging").text, "html.parser")
    return {str(each["id"]): each.text.strip() for each in page.find_all("textarea")}


def keep(office: FlaskClient, unit: str, person: str, phone: str):
    return post(office, f"/reminders/contacts/{unit}", page="/password", person=person, phone=phone)


def test_each_unit_s_message_says_what_it_owes(
    app: Flask, office: FlaskClient, reporter: FlaskClient, signed_in: SignedIn
) -> None:
    file(reporter, HOUSEHOLD, **{**ISSUE, "deadline": "2022-08-19"})
    told = messages(office)
    assert told[f"message-{EAST}"].splitlines() == [
        "小排查催办：东河镇截至8月20日 09:00",
        "1. 还有 2 类问题没有报",
        "2. 自查报告还有 2 部分没有写",
        "3. 还没有签字报送",
        "4. 有 1 个问题过了整改时限还没有整改",
        told[f"message-{EAST}"].splitlines()[-1],
    ]
    assert "2. 西岭镇：还没有开始填报" in told["group"]
    assert "还有 3 个单位有事要办" in told["group"]
    object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW.replace(month=9, day=2)))
    assert "报送时限已过，请今天办好。" in messages(signed_in(OFFICE, Role.OFFICE))[f"message-{EAST}"]


def test_a_unit_that_has_handed_in_owes_nothing(
    office: FlaskClient, reporter: FlaskClient, principal: FlaskClient
) -> None:
    complete(reporter)
    sign(principal)
    assert f"message-{EAST}" not in messages(office)


def test_a_contact_stands_in_the_message_and_the_call_list_but_not_in_the_group_s(
    office: FlaskClient,
) -> None:
    assert keep(office, WEST, " 王某某 ", "0557－5021234，13800000000").status_code == 303
    told = messages(office)
    assert told[f"message-{WEST}"].startswith("王某某，您好！")
    assert "王某某" not in told["group"]
    assert "13800000000" not in told["group"]
    page = BeautifulSoup(office.get("/reminders/urging").text, "html.parser")
    assert f"西岭镇（王某某 {PHONE}）" in page.select_one(".call-sheet").text
    assert [each["href"] for each in page.select("a[href^=tel]")] == ["tel:0557-5021234", "tel:13800000000"]
    assert "王某某" not in office.get("/returns/telephone").text
    keep(office, WEST, "", "")
    assert "王某某" not in office.get("/reminders/urging").text


@pytest.mark.parametrize("phone", ["王某某", "<b>", "12", "=1+1", "javascript:1"])
def test_what_is_no_telephone_number_is_refused_and_kept_to_be_mended(
    office: FlaskClient, phone: str
) -> None:
    response = keep(office, WEST, "李某某", phone)
    assert response.status_code == 422
    page = BeautifulSoup(response.text, "html.parser")
    assert page.find(id=f"person-{WEST}")["value"] == "李某某"
    assert "电话只写数字" in page.text


def test_contacts_are_the_office_s_and_the_audit_does_not_hold_them(
    app: Flask, office: FlaskClient, signed_in: SignedIn
) -> None:
    keep(office, WEST, "王某某", PHONE)
    for unit, role in ((WEST, Role.PRINCIPAL), (WATER, Role.DEPARTMENT), (OFFICE, Role.ADMIN)):
        client = signed_in(unit, role)
        assert client.get("/reminders/urging").status_code == 403
        assert (
            post(client, f"/reminders/contacts/{WEST}", page="/password", person="x", phone="").status_code
            == 403
        )
    assert keep(office, "nobody", "王某某", PHONE).status_code == 404
    with app.extensions["huitoukan"].engine.connect() as connection:
        rows = connection.execute(select(tables.audit).where(tables.audit.c.subject == "unit_contact")).all()
    assert [row.action for row in rows] == ["edit"]
    assert "王某某" not in str(rows)
    assert "13800000000" not in str(rows)


def test_units_without_an_account_are_named(office: FlaskClient, reporter: FlaskClient) -> None:
    page = BeautifulSoup(office.get("/reminders/urging").text, "html.parser")
    assert [each.text for each in page.select(".chips a")] == ["西岭镇", "县水利局"]
    assert "还没有账号的单位（2 个）" in text_of(office.get("/reminders/urging"))
