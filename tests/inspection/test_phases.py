"""Phases are lived: the self-check ends with its phase, not with the return; teams are planned for theirs."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from checklist.model import Campaign
from forms_server.access import Role
from forms_server.clock import Clock
from tests.builders import EAST, OFFICE, small_campaign
from tests.inspection.conftest import supervised_campaign
from tests.server.conftest import NOW, SignedIn, application
from tests.server.pages import text_of
from tests.server.records import page

SELF_CHECK, ON_THE_SPOT = (date(2022, 8, 9), date(2022, 8, 22)), (date(2022, 8, 23), date(2022, 8, 29))


def phased_campaign() -> Campaign:
    campaign = supervised_campaign()
    [phase] = campaign.notice.phases
    named = {"self-check": ("自查自纠阶段", SELF_CHECK), "supervision": ("实地督导阶段", ON_THE_SPOT)}
    phases = tuple(
        phase.model_copy(update={"id": key, "name": name, "start": first, "end": last})
        for key, (name, (first, last)) in named.items()
    )
    parts = {name: getattr(campaign, name) for name in Campaign.model_fields}
    return Campaign(**{**parts, "notice": campaign.notice.model_copy(update={"phases": phases})})


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with application(tmp_path, phased_campaign()) as app:
        yield app


def test_the_self_check_ends_before_supervision_or_with_the_return_where_there_is_none():
    assert phased_campaign().self_check_end == SELF_CHECK[1]
    assert small_campaign().self_check_end == small_campaign().notice.deadline.at.date()


def test_the_home_page_names_the_phase_and_what_is_due_in_it(app: Flask, signed_in: SignedIn):
    home = text_of(signed_in(EAST, Role.REPORTER).get("/"))
    assert "现在是 自查自纠阶段 ，到2022年8月22日为止，还有 2 天" in home
    assert "没有的报零报告 8月22日前" in home
    object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW.replace(day=23)))
    home = text_of(signed_in(EAST, Role.REPORTER).get("/"))
    assert "现在是 实地督导阶段" in home
    assert "没有的报零报告 请先处理" in home


def test_teams_are_planned_for_the_days_of_supervision(signed_in: SignedIn):
    office = signed_in(OFFICE, Role.OFFICE)
    made = page(office.get("/inspection/plan"))
    kept = {"csrf_token": made.select_one("[name=csrf_token]")["value"]}
    kept["team-id"] = made.select_one("[name=team-id]")["value"]
    office.post("/inspection/teams", data={**kept, "name": "第一督导组"})
    planned = page(office.get("/inspection/plan"))
    days = [planned.select_one(f"input[name={name}]")["value"] for name in ("first", "last")]
    assert days == [each.isoformat() for each in ON_THE_SPOT]
