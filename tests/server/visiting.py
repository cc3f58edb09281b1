"""A village cadre visits a household: what is typed, and what comes of it."""

from uuid import uuid4

from forms_server.db.engine import transaction
from forms_server.db.tables import household, visit
from tests.builders import EAST_WILLOW
from tests.server.conftest import NOW
from tests.server.pages import post, text_of, token
from tests.server.records import page, stored, value_of
from tests.visits.builders import household_id
from tests.whole import vouch

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
        vouch(connection, NOW)
