"""The rounds of a register over HTTP: who takes which step by when, what is late, and what is refused."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checklist.model import Campaign
from checklist.register_periods import day_in_period
from forms_server.access import Role
from tests.builders import EAST, EAST_DAM, EAST_LAKE, EAST_WILLOW, OFFICE, WATER, WEST
from tests.handbook.test_site_files import events
from tests.registers.test_register_pages import page, post, stored
from tests.registers.test_village_counts import round_register
from tests.server.conftest import application, signed_in
from tests.server.records import FAMILY, PROPOSED, file
from tests.small_registers import campaign_with_registers

__all__ = ["signed_in"]

JULY, AUGUST = "2022-07", "2022-08"


def campaign_with_round() -> Campaign:
    """On 20 August, July's steps are over, and the villages report by tomorrow."""
    county = campaign_with_registers()
    steps = [
        {"id": "report", "label": "村级上报", "level": "village", "by": 21, "state": "reported"},
        {"id": "judge", "label": "乡镇研判", "level": "township", "by": 28, "state": "judged"},
        {"id": "sum", "label": "县级汇总", "level": "county", "by": 31, "state": "summed"},
    ]
    more = {
        "round": {"first": JULY, "steps": tuple(steps)},
        "totals": ("working", "fresh"),
        "states": (
            {"id": "reported", "label": "村已报"},
            {"id": "judged", "label": "镇已研判"},
            {"id": "summed", "label": "县已汇总"},
            {"id": "void", "label": "作废", "ends": True},
        ),
    }
    register = round_register()
    register = register.model_validate({**register.model_dump(exclude_unset=True), **more})
    return county.model_copy(update={"registers": (*county.registers, register)})


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with application(tmp_path, campaign_with_round()) as app:
        yield app


def report(client: FlaskClient, village: str, period: str, **typed: str) -> None:
    values = {"village": village, "opinion": "没有变化", "nothing_new": "no", "period": period, **typed}
    response = post(client, "/registers/round/new", **{"record-id": str(uuid4()), **values})
    assert response.status_code == 303, page(response).text


def take(client: FlaskClient, step: str, period: str) -> str:
    """Press a step's button; return what the page says then."""
    response = post(client, "/registers/round/round", step=step, period=period)
    assert response.status_code == 303
    return page(client.get(response.location)).text


def states(app: Flask, period: str) -> list[str]:
    return [str(row["state"]) for row in stored(app, period)]


@pytest.mark.parametrize(
    ("period", "day", "due"),
    [
        ("2024-02", 31, date(2024, 2, 29)),
        ("2022-12", 25, date(2022, 12, 25)),
        ("2022-Q1", 31, date(2022, 3, 31)),
        ("2022-Q4", 5, date(2022, 12, 5)),
        ("2022", 20, date(2022, 12, 20)),
    ],
)
def test_a_day_of_a_period_is_in_its_last_month(period, day, due):
    assert day_in_period(period, day) == due


def test_from_village_to_township_to_county(app, signed_in):
    village, township = signed_in(EAST, Role.REPORTER, EAST_WILLOW), signed_in(EAST, Role.REPORTER)
    county, west = signed_in(WATER, Role.REPORTER), signed_in(WEST, Role.REPORTER)
    report(village, EAST_WILLOW, AUGUST)
    report(township, EAST_DAM, AUGUST)
    assert "现在没有等着“县级汇总”的村" in take(county, "sum", AUGUST)  # the township comes first
    assert post(village, "/registers/round/round", step="judge", period=AUGUST).status_code == 403
    assert "没有等着" in take(west, "judge", AUGUST)
    assert states(app, AUGUST) == ["reported", "reported"]
    assert "“乡镇研判”做了 2 个村" in take(township, "judge", AUGUST)
    row = stored(app, AUGUST)[0]
    address = f"/registers/round/{row['id']}"
    assert village.get(f"{address}/edit").status_code == 403  # judged: the village asks the township first
    assert not page(village.get(f"{address}/")).select("[name=state]")
    assert "“县级汇总”做了 2 个村" in take(county, "sum", AUGUST)
    refused = post(township, f"{address}/state", **{"base-version": "3", "state": "judged"})
    assert refused.status_code == 403
    sent_back = post(county, f"{address}/state", **{"base-version": "3", "state": "reported"})
    assert sent_back.status_code == 303
    assert states(app, AUGUST) == ["reported", "summed"]
    assert village.get(f"{address}/edit").status_code == 200
    shown = page(county.get(f"/registers/round/round?period={AUGUST}"))
    assert [each.select_one(".count").text for each in shown.select("ol.rows li")] == [
        "2/5 个村",
        "1/5 个村",
        "1/5 个村",
    ]
    assert "差湖滨" in shown.select_one("tbody tr").text


def test_what_is_due_stands_on_the_home_page_in_the_reminders_and_in_the_urging(app, signed_in):
    township, office = signed_in(EAST, Role.REPORTER), signed_in(OFFICE, Role.OFFICE)
    late = "月研判2022年7月的“村级上报”还差 3 个村，已经过了7月21日的期限"
    near = "月研判2022年8月的“村级上报”还差 3 个村，8月21日以前做完"
    for address in ("/", "/reminders/"):
        text = page(township.get(address)).text
        assert late in text
        assert near in text
        assert "2022年8月的“乡镇研判”" not in text  # a week away
        assert "县级汇总" not in text
    village = signed_in(EAST, Role.REPORTER, EAST_LAKE)
    assert "“村级上报”还差 1 个村" in page(village.get("/")).text
    assert "乡镇研判" not in page(village.get("/")).text
    assert "村级上报还差 5 个村" in page(office.get("/")).text
    assert page(office.get("/reminders/urging")).text.count(late) >= 1
    for code in (EAST_LAKE, EAST_WILLOW, EAST_DAM):
        report(township, code, JULY)
    assert late not in page(township.get("/")).text
    assert "“乡镇研判”还差 3 个村，已经过了7月28日的期限" in page(township.get("/")).text
    take(township, "judge", JULY)
    assert "7月" not in page(township.get("/reminders/")).text
    assert "村级上报还差 2 个村" in page(office.get("/")).text  # the west's
    owner = signed_in(WATER, Role.REPORTER)
    assert "“县级汇总”还差 5 个村，已经过了7月31日的期限" in page(owner.get("/")).text


def test_a_report_of_nothing_new_written_before_something_came_up_stays_behind(app, signed_in):
    township = signed_in(EAST, Role.REPORTER)
    report(township, EAST_DAM, AUGUST, nothing_new="yes")
    report(township, EAST_WILLOW, AUGUST, nothing_new="yes")
    assert file(township, PROPOSED, **FAMILY).status_code == 303
    said = take(township, "judge", AUGUST)
    assert "做了 1 个村" in said
    assert "有拟新增的户。" in said
    assert states(app, AUGUST) == ["judged", "reported"]


def test_a_step_counts_anew(app, signed_in):
    township = signed_in(EAST, Role.REPORTER)
    report(township, EAST_WILLOW, AUGUST)
    assert stored(app, AUGUST)[0]["extra"]["fresh"] == 0
    assert file(township, PROPOSED, **FAMILY).status_code == 303
    take(township, "judge", AUGUST)
    assert stored(app, AUGUST)[0]["extra"]["fresh"] == 1


def test_the_next_month_follows_what_a_step_counts_anew(app, signed_in):
    def change() -> object:
        return next(row["extra"] for row in stored(app, AUGUST))["change"]

    township = signed_in(EAST, Role.REPORTER)
    for period in (JULY, AUGUST):
        report(township, EAST_WILLOW, period)
    worker = {"village": EAST_WILLOW, "householder": "李某某", "person": "李某甲", "state": "away"}
    more = {"place": "江苏省昆山市", "income": "4000", "period": JULY, "record-id": str(uuid4())}
    assert post(township, "/registers/work/new", **worker, **more).status_code == 303
    assert change() == 0
    take(township, "judge", JULY)
    assert change() == -1


def test_a_carried_sheet_begins_anew_and_is_confirmed_by_filling_it_in(app, signed_in):
    township = signed_in(EAST, Role.REPORTER)
    report(township, EAST_WILLOW, JULY)
    take(township, "judge", JULY)
    assert post(township, "/registers/round/open", period=AUGUST).status_code == 303
    (row,) = stored(app, AUGUST)
    assert (row["state"], row["checked_on"]) == ("reported", None)
    listed = page(township.get(f"/registers/round/?period={AUGUST}"))
    assert not listed.select("[name=pick]")
    response = post(township, "/registers/round/confirm", period=AUGUST, pick=[f"{row['id']}.1"])
    assert "有 1 行还有这一期要重新填的栏" in page(township.get(response.location)).text
    assert stored(app, AUGUST)[0]["checked_on"] is None
    assert "现在没有等着" in take(township, "judge", AUGUST)
    typed = {"village": EAST_WILLOW, "opinion": "没有变化", "nothing_new": "no", "base-version": "1"}
    assert post(township, f"/registers/round/{row['id']}/edit", **typed).status_code == 303
    shown = page(township.get(f"/registers/round/round?period={AUGUST}"))
    assert "和上月一样。 1 个村" in " ".join(shown.text.split())  # the opinion is copied
    assert "做了 1 个村" in take(township, "judge", AUGUST)


def test_the_sums_are_drawn_period_by_period(app, signed_in):
    township = signed_in(EAST, Role.REPORTER)
    report(township, EAST_WILLOW, JULY)
    assert not page(township.get("/registers/round/totals")).select("svg")
    report(township, EAST_WILLOW, AUGUST)
    assert file(township, PROPOSED, **FAMILY).status_code == 303
    take(township, "judge", AUGUST)
    for address in ("totals", "round"):
        (drawn,) = page(township.get(f"/registers/round/{address}?period={AUGUST}")).select(".diagram svg")
        assert "fresh2022年7月0，2022年8月1" in drawn.select_one("desc").text
        columns = [float(each["height"]) for each in drawn.select("rect")]
        assert columns == [0, 0, 0, 36]


def test_a_register_without_a_round_has_no_such_page(app, signed_in):
    township = signed_in(EAST, Role.REPORTER)
    assert township.get("/registers/work/round").status_code == 404
    assert post(township, "/registers/work/round", step="report").status_code == 404


def test_a_subscribed_calendar_shows_the_days_of_ones_own_steps_to_come(app, signed_in):
    township, village = signed_in(EAST, Role.REPORTER), signed_in(EAST, Role.REPORTER, EAST_LAKE)
    days = {
        ("20220821", "2022年8月的“村级上报”还差 3 个村"),
        ("20220828", "2022年8月的“乡镇研判”还差 3 个村"),
        ("20220921", "2022年9月的“村级上报”还差 3 个村"),
        ("20220928", "2022年9月的“乡镇研判”还差 3 个村"),
    }
    assert days_ahead(app, township) == days  # 60 days: October's lie beyond
    for code in (EAST_LAKE, EAST_WILLOW, EAST_DAM):
        report(township, code, AUGUST)
    assert days - days_ahead(app, township) == {("20220821", "2022年8月的“村级上报”还差 3 个村")}
    assert {words for _, words in days_ahead(app, village)} == {"2022年9月的“村级上报”还差 1 个村"}
    assert days_ahead(app, signed_in(OFFICE, Role.OFFICE)) == set()


def days_ahead(app: Flask, client: FlaskClient) -> set[tuple[str, str]]:
    """Days and words of the round's events in the account's calendar."""
    shown = page(post(client, "/reminders/calendar"))
    address = urlsplit(shown.select_one(".feed-address a")["href"]).path
    return {
        (each["DTSTART;VALUE=DATE"], each["SUMMARY"].removeprefix("月研判").split("，")[0])
        for each in events(app.test_client().get(address).data)
        if each["SUMMARY"].startswith("月研判")
    }
