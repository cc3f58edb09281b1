"""Zero reports ask back where households have not been visited; whoever knows better confirms."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from forms_server.access import Role
from forms_server.db import tables
from forms_server.db.engine import transaction
from tests.builders import EAST, EAST_WILLOW, WATER
from tests.server.conftest import NOW
from tests.server.handing_in import UNIT
from tests.server.pages import post, text_of
from tests.server.records import page, stored
from tests.whole import vouch

SignedIn = Callable[..., FlaskClient]


def add_household(app: Flask, *, visited: bool) -> None:
    place = {"campaign_id": "small", "township_code": EAST, "village_code": EAST_WILLOW}
    row = {
        **place,
        "id": str(uuid4()),
        "householder": "张某某",
        "active": True,
        "created_at": NOW,
        "changed_at": NOW,
    }
    seen = {
        **place, "id": str(uuid4()), "form_id": "household-issues", "unit_code": EAST, "household_id": row["id"],
        "extra": {}, "visited_on": NOW.date(), "state": "finished", "items": 1, "answered": 1, "problems": 0,
        "created_at": NOW, "changed_at": NOW,
    }  # fmt: skip
    with transaction(app.extensions["huitoukan"].engine) as connection:
        connection.execute(insert(tables.household).values(row))
        if visited:
            account = connection.execute(select(tables.account.c.id).limit(1)).scalar_one()
            connection.execute(insert(tables.visit).values({**seen, "created_by": account}))
        vouch(connection, NOW)


@pytest.fixture
def two_of_sixteen(app: Flask, reporter: FlaskClient) -> None:
    for number in range(16):
        add_household(app, visited=number < 2)


def ticks(html: object) -> set[str]:
    return {str(box["value"]) for box in html.select("input[name=ticked]") if box.has_attr("checked")}  # type: ignore[attr-defined]


@pytest.mark.usefixtures("two_of_sixteen")
def test_ticking_with_households_left_is_asked_about_and_can_be_confirmed(
    app: Flask, reporter: FlaskClient
) -> None:
    asked = post(reporter, "/zero/", ticked=["income", "water"])
    assert asked.status_code == 422
    assert "名册上 16 户，只去排查了 2 户，还有 14 户没有去" in text_of(asked)
    assert stored(app, "zero_report") == []
    html = page(asked)
    assert ticks(html) == {"income", "water"}
    confirmed = html.select_one("input[name=confirmed]")
    assert confirmed is not None
    done = post(reporter, "/zero/", ticked=["income", "water"], confirmed=str(confirmed["value"]))
    assert done.status_code == 303
    assert {row["problem_type_id"] for row in stored(app, "zero_report")} == {"income", "water"}
    with app.extensions["huitoukan"].engine.connect() as connection:
        told = select(tables.audit.c.change).where(tables.audit.c.action == "tick")
        assert connection.execute(told).scalars().all() == [{"households": 16, "visited": 2}] * 2


@pytest.mark.usefixtures("two_of_sixteen")
def test_other_numbers_than_those_confirmed_are_asked_about_again(app: Flask, reporter: FlaskClient) -> None:
    add_household(app, visited=False)
    assert post(reporter, "/zero/", ticked=["income"], confirmed="2/16").status_code == 422


@pytest.mark.usefixtures("two_of_sixteen")
def test_taking_a_tick_back_asks_nothing(reporter: FlaskClient) -> None:
    post(reporter, "/zero/", ticked=["income"], confirmed="2/16")
    assert post(reporter, "/zero/", shown=["income"]).status_code == 303


@pytest.mark.usefixtures("two_of_sixteen")
def test_the_page_of_the_return_says_it_before_the_signature(reporter: FlaskClient) -> None:
    post(reporter, "/zero/", ticked=["income"], confirmed="2/16")
    assert "勾选了 1 类经排查无问题，名册上 16 户只去排查了 2 户" in text_of(reporter.get(UNIT))


def test_with_every_household_visited_nothing_is_asked(app: Flask, reporter: FlaskClient) -> None:
    add_household(app, visited=True)
    assert post(reporter, "/zero/", ticked=["income"]).status_code == 303


@pytest.mark.usefixtures("two_of_sixteen")
def test_a_county_unit_without_households_is_not_asked(signed_in: SignedIn) -> None:
    assert post(signed_in(WATER, Role.REPORTER), "/zero/", ticked=["water"]).status_code == 303
