"""What a unit answered at once is shown to a team once it has looked for itself; its own fills are kept as such, too."""

from datetime import timedelta
from uuid import uuid4

from bs4 import BeautifulSoup
from sqlalchemy import update

from forms_server.db import tables
from forms_server.db.engine import transaction
from tests.builders import EAST
from tests.inspection.test_draws import opened
from tests.inspection.test_story import County, county, sent_out
from tests.server.conftest import NOW
from tests.server.pages import text_of, token
from tests.server.visiting import send
from tests.visits.builders import household_id
from tests.whole import vouch

__all__ = ["county"]

TOLD = "3 项一次选了“无问题”"


def sheet_of(county: County, number: int) -> tuple[str, dict[str, str]]:
    """A household's sheet on the spot: its address, and what is hidden in it."""
    address = f"/inspection/households/{household_id(number)}"
    html = BeautifulSoup(county.inspector.get(address).text, "html.parser")
    return address, {
        str(each["name"]): str(each["value"]) for each in html.select("main form input[type=hidden]")
    }


def test_a_team_sees_what_was_filled_in_at_once_only_after_it_looked(county: County) -> None:
    unit = county.units[EAST]
    begun = unit.post(
        f"/visits/household-issues/households/{household_id(0)}",
        data={"csrf_token": token(unit, "/visits/household-issues/"), "visit-id": str(uuid4())},
    )
    assert begun.status_code == 303, text_of(begun)
    send(unit, begun.location, "rest.guarantees", **{"income-stable.is": "fine", "income-drop.is": "fine"})
    visit = send(unit, begun.location, "finish").location
    assert TOLD in text_of(unit.get(visit))
    with transaction(county.app.extensions["huitoukan"].engine) as connection:  # it took an hour
        connection.execute(update(tables.visit).values(created_at=NOW - timedelta(hours=1)))
        vouch(connection, NOW)
    sent_out(county)
    opened(county.office)
    marks = {each.subject_id: each.marks for each in county.rows("draw_row")}
    assert "hasty" in marks[household_id(0)].split(",")
    assert "hasty" not in marks[household_id(2)].split(",")
    assert TOLD in text_of(county.office.get(visit))
    assert TOLD not in text_of(county.inspector.get(visit))

    address, hidden = sheet_of(county, 0)
    half = county.inspector.post(
        address, data={**hidden, "do": "rest.guarantees", "income-stable.is": "fine"}
    )
    filled = BeautifulSoup(half.text, "html.parser")
    ticked = {str(each["name"]): str(each["value"]) for each in filled.select("input[type=radio][checked]")}
    assert len(ticked) == 4
    assert county.rows("spot_visit") == []
    noted = {"guarantees.filled": str(filled.find(attrs={"name": "guarantees.filled"})["value"])}
    done = county.inspector.post(address, data={**hidden, **ticked, **noted, "income-drop.is": "fine"})
    assert done.status_code == 303, text_of(done)
    [row] = county.rows("spot_visit")
    assert row.filled == ["guarantees-clear", "house-safe", "water-enough"]
    assert "5 项里 3 项是整个方面一次选完的" in text_of(county.office.get("/inspection/rates"))
    seen = text_of(county.inspector.get(done.location))
    assert TOLD in seen
    assert "单位自查这一户的表" in seen
    assert TOLD in text_of(county.inspector.get(visit))
