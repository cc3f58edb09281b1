"""The page of the money trails: a difference of one fen with its rows, seen by those who see the rows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from checklist.model import Campaign, Trails
from forms_server.account import Role
from tests.builders import EAST, EAST_WILLOW, OFFICE, WEST
from tests.registers.test_register_pages import file
from tests.registers.test_rules_on_pages import income, problems
from tests.ruled_registers import campaign_with_rules
from tests.server.conftest import application, signed_in
from tests.server.pages import post

__all__ = ["signed_in"]

TRAILS = {
    "trails": (
        {
            "id": "income",
            "name": "发电收入：结算、拨付",
            "steps": (
                {"id": "bill", "label": "结算", "rows_of": "income", "amount": "total"},
                {"id": "passed", "label": "拨付", "rows_of": "income", "amount": "passed_on"},
            ),
        },
    ),
    "shares": (
        {"id": "passed", "name": "拨付的比例", "part": "passed", "whole": "bill", "least": 0.6},
    ),
}  # fmt: skip


def stations(client: Any) -> None:
    """The stations whose income is told."""
    for meter in ("甲1", "甲2"):
        assert file(client, "station", village=EAST_WILLOW, meter=meter, capacity="60").status_code == 303


def campaign_with_trails() -> Campaign:
    found = Trails.model_validate(TRAILS)
    return campaign_with_rules().model_copy(update={"trails": found})


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with application(tmp_path, campaign_with_trails()) as app:
        yield app


def shown(answer: Any) -> str:
    assert answer.status_code == 200
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser").get_text(" ", strip=True)


def test_what_agrees_and_what_does_not(app: Flask, signed_in: Any) -> None:
    client = signed_in(EAST, Role.REPORTER)
    stations(client)
    answer = income(client, passed_on="3100.35", passed_day="2022-08-20")
    assert answer.status_code == 303, problems(answer)
    assert "1 个村月，各步都一分不差" in shown(client.get("/registers/trails?year=2022"))
    assert "这一年还没有登记" in shown(client.get("/registers/trails?year=2021"))
    # One that is not passed on yet: nothing beside 3,100.35.
    assert income(client, station="甲2").status_code == 303
    page = client.get("/registers/trails")
    said = shown(page)
    assert "1 个村月对不上" in said
    assert "差 -3,100.35" in said
    assert "50.0% 低于 60%" in said
    links = BeautifulSoup(page.get_data(as_text=True), "html.parser").select("td a")
    assert [link.get_text() for link in links] == ["第 1 行", "第 2 行", "第 1 行"]
    assert client.get(links[1]["href"]).status_code == 200
    assert "1 个村月对不上" in shown(signed_in(OFFICE, Role.OFFICE).get("/registers/trails"))
    assert "这一年还没有登记" in shown(signed_in(WEST, Role.REPORTER).get("/registers/trails"))


def test_a_row_that_ended_counts_nowhere(app: Flask, signed_in: Any) -> None:
    client = signed_in(EAST, Role.REPORTER)
    stations(client)
    address = income(client).headers["Location"]
    assert "1 个村月对不上" in shown(client.get("/registers/trails"))
    assert (
        post(
            client, f"{address}state", address, **{"base-version": "1", "state": "ended", "reason": "重复"}
        ).status_code
        == 303
    )
    assert "这一年还没有登记" in shown(client.get("/registers/trails"))
