"""An import names a householder whom two households may be: the office says which, and 对账 tells until then."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from forms_server.access import Role
from forms_server.db import tables
from forms_server.db.engine import transaction
from tests.builders import EAST, EAST_WILLOW, OFFICE
from tests.ledgers.books import workbook
from tests.ledgers.test_pages import confirm, upload
from tests.server.conftest import NOW
from tests.server.pages import post, text_of
from tests.server.records import page, stored

SignedIn = Callable[..., FlaskClient]
LEDGER = """
    序号|镇|村|户主姓名|户类型|问题类型|具体内容|整改措施|责任人|责任单位|整改时限|整改成效
    1|东河镇|柳林村|张 某某|脱贫户|住房安全|屋漏|换瓦|李某|东河镇|2022.8.25|
"""


@pytest.fixture
def imported(app: Flask, signed_in: SignedIn) -> None:
    with transaction(app.extensions["huitoukan"].engine) as connection:
        for number in ("H1", "H2"):
            row = {
                "id": f"00000000-0000-4000-8000-0000000000{number}", "campaign_id": "small", "number": number,
                "township_code": EAST, "village_code": EAST_WILLOW, "householder": "张某某", "active": True,
                "created_at": NOW, "changed_at": NOW,
            }  # fmt: skip
            connection.execute(insert(tables.household).values(row))
    east = signed_in(EAST, Role.REPORTER)
    assert confirm(east, upload(east, workbook({"户内": LEDGER}))).status_code == 303


@pytest.fixture
def office(signed_in: SignedIn) -> FlaskClient:
    return signed_in(OFFICE, Role.OFFICE)


@pytest.mark.usefixtures("imported")
def test_the_office_chooses_among_the_households_of_the_name(app: Flask, office: FlaskClient) -> None:
    assert stored(app)[0]["household_id"] is None
    assert "“东河镇”有 1 条写的名字，村里有几户都叫" in text_of(office.get("/reconciliation/"))
    shown = office.get("/namesakes/")
    assert "户编号 H1" in text_of(shown)
    form = page(shown).select_one("main form[action*=namesakes]")
    fields = {field["name"]: field["value"] for field in form.find_all("input")}
    choices = [button["value"] for button in form.find_all("button")]
    assert len(choices) == 3
    done = office.post(form["action"], data={**fields, "household-id": choices[1]})
    assert done.status_code == 303
    [issue] = stored(app)
    assert (issue["household_id"], issue["version"]) == (choices[1], 2)
    assert "没有待定的" in text_of(office.get("/namesakes/"))
    assert "还没有定是哪一户" not in text_of(office.get("/reconciliation/"))
    assert "定下说的是谁" in text_of(office.get(f"/records/household-issues/{issue['id']}"))
    again = office.post(form["action"], data={**fields, "household-id": choices[0]})
    assert "刚才有人处理过了" in text_of(office.get(again.location))
    assert stored(app)[0]["household_id"] == choices[1]


@pytest.mark.usefixtures("imported")
def test_none_of_them_makes_another_household(app: Flask, office: FlaskClient) -> None:
    address = f"/namesakes/{stored(app)[0]['id']}"
    assert (
        post(
            office, address, page="/namesakes/", **{"base-version": "1", "household-id": "another"}
        ).status_code
        == 303
    )
    made = [row for row in stored(app, "household") if not row["listed"]]
    assert [row["id"] for row in made] == [stored(app)[0]["household_id"]]
    assert len(stored(app, "household")) == 3


@pytest.mark.usefixtures("imported")
def test_what_is_no_choice_is_refused(app: Flask, office: FlaskClient, signed_in: SignedIn) -> None:
    address = f"/namesakes/{stored(app)[0]['id']}"
    fields = {"page": "/namesakes/", "base-version": "1"}
    assert post(office, address, **fields).status_code == 400
    post(office, address, **fields, **{"household-id": "nobody"})
    unknown = "/namesakes/00000000-0000-4000-8000-000000000099"
    assert post(office, unknown, **fields, **{"household-id": "another"}).status_code == 404
    east = signed_in(EAST, Role.REPORTER)
    assert east.get("/namesakes/").status_code == 403
    assert (
        post(east, address, page="/zero/", **{"household-id": "another", "base-version": "1"}).status_code
        == 403
    )
    assert stored(app)[0]["household_id"] is None
