"""An inspector's field pack: what is drawn where his team is by that day, and the sheet that is filled in from it."""

from datetime import date
from uuid import uuid4

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from forms_server.access import Role
from forms_server.db import tables
from tests.builders import EAST, OFFICE, WEST
from tests.inspection.test_draws import households, opened, sent
from tests.server.conftest import NOW
from tests.server.pages import post
from tests.server.test_field_packs import tell

__all__ = ["households"]


def take(client: FlaskClient) -> object:
    return post(client, "/field/pack", "/field/", **{"pack-id": str(uuid4())})


def test_a_pack_holds_the_draw_of_units_where_the_team_is_by_that_day(app, office, signed_in, households):
    inspectors = {
        name: signed_in(OFFICE, Role.INSPECTOR, name=name) for name in ("今天", "明天", "别处", "没有")
    }
    opened(office)
    sent(app, "今天", EAST, NOW.date())
    sent(app, "明天", EAST, date(2022, 8, 21))
    sent(app, "别处", WEST, NOW.date())
    packs = {name: take(client) for name, client in inspectors.items()}
    assert {name: answer.status_code for name, answer in packs.items()} == {
        "今天": 200, "明天": 422, "别处": 200, "没有": 422,
    }  # fmt: skip
    with app.extensions["huitoukan"].engine.connect() as connection:
        of = dict(connection.execute(select(tables.household.c.id, tables.household.c.township_code)).all())
    for name, unit in (("今天", EAST), ("别处", WEST)):
        assert {of[each["id"]] for each in packs[name].json["households"]} == {unit}

    assert [each["action"] for each in packs["今天"].json["forms"]] == [
        f"/inspection/units/{EAST}/findings/new"
    ]
    assert "finding-id" in packs["今天"].json["forms"][0]["html"]
    here = packs["今天"].json["households"][0]
    blank = BeautifulSoup(packs["今天"].json["sheets"][here["sheet"]], "html.parser").select_one(
        "form[data-send]"
    )
    assert "赵某" not in blank.text
    answers = {each["name"]: "fine" for each in blank.select("input[type=radio]")}
    filled = {**answers, "visit-id": here["visit"], "begun": "2022-08-20T08:50:00"}
    for _ in range(2):
        assert post(inspectors["今天"], here["action"], "/field/", **filled).status_code == 303
    with app.extensions["huitoukan"].engine.connect() as connection:
        (visit,) = connection.execute(select(tables.spot_visit)).all()
    assert visit.household_id == here["id"]
    assert (visit.begun_at.hour, visit.begun_at.minute) == (8, 50)
    assert visit.draw_id is not None
    left = {each["id"] for each in take(inspectors["今天"]).json["households"]}
    assert here["id"] not in left
    elsewhere = packs["别处"].json["households"][0]["action"]
    assert post(inspectors["今天"], elsewhere, "/field/", **filled).status_code == 404


def test_who_leaves_the_team_keeps_no_pack(app, office, signed_in, households):
    opened(office)
    inspector = signed_in(OFFICE, Role.INSPECTOR, name="今天")
    sent(app, "今天", EAST, NOW.date())
    pack = str(uuid4())
    assert post(inspector, "/field/pack", "/field/", **{"pack-id": pack}).status_code == 200
    assert tell(inspector, pack) is True
    with app.extensions["huitoukan"].engine.connect() as connection:
        team_id = connection.execute(select(tables.team.c.id)).scalar_one()
    done = post(office, f"/inspection/teams/{team_id}/dissolve", "/inspection/plan")
    assert done.status_code == 303
    assert tell(inspector, pack) is False
