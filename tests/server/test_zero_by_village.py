"""Zero reports by village: the unit's follows when all its villages have spoken, and annex 2 knows that one alone."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from build_scripts.counting.count_query import COLUMNS, QUERY
from forms_server.access import Role
from forms_server.db import tables
from tests.builders import EAST, EAST_DAM, EAST_LAKE, EAST_WILLOW, WATER, WEST_BRIDGE
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file, page, stored
from tests.server.test_zero_and_visits import add_household

SignedIn = Callable[..., FlaskClient]
VILLAGES = (EAST_WILLOW, EAST_DAM, EAST_LAKE)


@pytest.fixture
def east(signed_in: SignedIn) -> FlaskClient:
    return signed_in(EAST, Role.REPORTER)


def tick(client: FlaskClient, village: str, *types: str, shown: tuple[str, ...] = (), **more: str) -> int:
    address = f"/zero/villages/{village}"
    return post(client, address, ticked=list(types), shown=list(shown), **more).status_code


def zeros(app: Flask) -> list[str]:
    """What annex 2 counts as zero reported, by the published query."""
    with app.extensions["huitoukan"].engine.connect() as connection:
        lines = [dict(zip(COLUMNS, line, strict=True)) for line in connection.exec_driver_sql(QUERY)]
    return sorted(line["problem_type_id"] for line in lines if line["zero_reported"])


def test_the_units_zero_report_is_there_with_the_last_village_and_not_before(
    app: Flask, east: FlaskClient
) -> None:
    for village in VILLAGES[:2]:
        assert tick(east, village, "income") == 303
    assert zeros(app) == []
    assert "按村报了 2/3 个，还缺湖滨社区" in text_of(east.get("/zero/"))
    done = post(east, f"/zero/villages/{EAST_LAKE}", ticked=["income"])
    assert done.status_code == 303
    assert zeros(app) == ["income"]
    assert "各村都报齐了" in text_of(east.get(done.location))
    with app.extensions["huitoukan"].engine.connect() as connection:
        audit = tables.audit.c
        told = select(audit.change).where(audit.action == "tick", audit.subject == "zero_report")
        assert connection.execute(told).scalars().all() == [{"villages": 3}]


def test_a_village_that_takes_its_tick_back_takes_the_units_back(app: Flask, east: FlaskClient) -> None:
    for village in VILLAGES:
        tick(east, village, "income", "water")
    assert tick(east, EAST_DAM, "water", shown=("income", "water")) == 303
    assert zeros(app) == ["water"]
    assert tick(east, EAST_DAM, "income", "water", shown=("water",)) == 303
    assert zeros(app) == ["income", "water"]


def test_a_tick_of_the_unit_stays_while_its_villages_are_not_complete(app: Flask, east: FlaskClient) -> None:
    tick(east, EAST_DAM, "income")
    post(east, "/zero/", ticked=["income"])
    assert tick(east, EAST_DAM, shown=("income",)) == 303
    assert zeros(app) == ["income"]


def test_a_village_with_issues_has_spoken_and_the_unit_has_no_zero(app: Flask, east: FlaskClient) -> None:
    file(east, HOUSEHOLD, **ISSUE)  # housing, at the willow village
    assert tick(east, EAST_WILLOW, "housing") == 422
    for village in (EAST_DAM, EAST_LAKE):
        tick(east, village, "housing")
    assert zeros(app) == []
    assert "housing" in {row["problem_type_id"] for row in stored(app, "village_zero_report")}


def test_an_issue_in_a_village_that_was_ticked_is_told(east: FlaskClient) -> None:
    tick(east, EAST_WILLOW, "housing")
    filed = file(east, HOUSEHOLD, **ISSUE)
    assert "“柳林村委会”的“住房安全”勾选过经排查无问题" in text_of(east.get(filed.location))
    assert "前后矛盾" in text_of(east.get(f"/zero/villages/{EAST_WILLOW}"))


def test_visits_that_are_missing_in_the_village_are_asked_back(app: Flask, east: FlaskClient) -> None:
    add_household(app, visited=False)
    asked = post(east, f"/zero/villages/{EAST_WILLOW}", ticked=["income"])
    assert asked.status_code == 422
    assert "柳林村委会名册上 1 户，只去排查了 0 户，还有 1 户没有去" in text_of(asked)
    assert stored(app, "village_zero_report") == []
    assert (
        tick(east, EAST_WILLOW, "income", confirmed=page(asked).find(attrs={"name": "confirmed"})["value"])
        == 303
    )
    assert tick(east, EAST_DAM, "income") == 303  # no household is listed there


def test_who_reports_for_a_village(app: Flask, signed_in: SignedIn) -> None:
    willow = signed_in(EAST, Role.REPORTER, EAST_WILLOW)
    assert willow.get("/zero/").location == f"/zero/villages/{EAST_WILLOW}"
    assert tick(willow, EAST_WILLOW, "income") == 303
    fields = {"ticked": ["income"], "page": f"/zero/villages/{EAST_WILLOW}"}
    assert post(willow, f"/zero/villages/{EAST_DAM}", **fields).status_code == 404
    assert post(willow, "/zero/", **fields).status_code == 403
    east = signed_in(EAST, Role.REPORTER)
    assert post(east, f"/zero/villages/{WEST_BRIDGE}", page="/zero/", ticked=["income"]).status_code == 404
    assert "按村报" not in text_of(signed_in(WATER, Role.REPORTER).get("/zero/"))
    assert len(stored(app, "village_zero_report")) == 1
