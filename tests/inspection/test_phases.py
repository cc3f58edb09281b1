"""Phases are lived: the self-check ends with its phase, not with the return; teams are planned for theirs."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from checklist.model import Campaign
from checklist.model.inspection import PhaseRight
from forms_server.access import Role
from forms_server.clock import Clock
from tests.builders import EAST, OFFICE, small_campaign
from tests.inspection.conftest import supervised_campaign
from tests.inspection.test_draws import SEED, seal, sent
from tests.server.conftest import NOW, SignedIn, application
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file, page

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
    assert campaign.inspection
    plan = campaign.inspection.model_copy(update={"phase": "supervision", "rights": RIGHTS})
    notice = campaign.notice.model_copy(update={"phases": phases})
    return Campaign(**{**parts, "notice": notice, "inspection": plan})


RIGHTS = tuple(
    PhaseRight.model_validate(each)
    for each in (
        {"work": "zero-report", "phase": "self-check", "late": "principal"},
        {"work": "register", "phase": "self-check"},
        {"work": "draw", "phase": "supervision"},
        {"work": "spot", "phase": "supervision"},
    )
)


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


def test_supervision_does_not_begin_early(app: Flask, signed_in: SignedIn):
    office, team = signed_in(OFFICE, Role.OFFICE), signed_in(OFFICE, Role.INSPECTOR, name="周某")
    address = seal(office)
    opening = {"seed": SEED, "back": address}
    assert post(office, f"{address}/open", address, **opening).status_code == 303
    assert "开封抽签从实地督导阶段（8月23日起）开始，现在还不到" in text_of(office.get(address))
    sent(app, "周某", EAST, NOW.date())
    page_of, typed = f"/inspection/units/{EAST}/findings/new", {"finding-id": str(uuid4())}
    typed |= {"level": "township", "problem_type": "income", "content": "没有研判记录。"}
    early = post(team, page_of, page_of, **typed)
    assert (early.status_code, "到现场督导从实地督导阶段" in text_of(early)) == (403, True)
    object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW.replace(day=23)))
    team = signed_in(OFFICE, Role.INSPECTOR, name="周某")
    assert post(team, page_of, page_of, **typed).status_code == 303
    object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW.replace(day=30)))
    team = signed_in(OFFICE, Role.INSPECTOR, name="周某")
    assert "现在到现场督导照样收" in text_of(team.get("/inspection/"))


def test_late_work_says_who_does_it_and_is_counted(app: Flask, signed_in: SignedIn):
    zero = {"ticked": "water"}
    assert "已经结束" not in text_of(signed_in(EAST, Role.REPORTER).get("/zero/"))
    object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW.replace(day=23)))
    reporter, principal = signed_in(EAST, Role.REPORTER), signed_in(EAST, Role.PRINCIPAL)
    late = "自查自纠阶段8月22日已经结束，现在"
    refused = post(reporter, "/zero/", "/password", **zero)
    assert (refused.status_code, f"{late}报零报告由本单位主要负责人办" in text_of(refused)) == (403, True)
    assert f"{late}报零报告照样收" in text_of(principal.get("/zero/"))
    assert post(principal, "/zero/", "/zero/", **zero).status_code == 303

    assert f"{late}登记自查的问题照样收" in text_of(reporter.get(HOUSEHOLD))
    office = signed_in(OFFICE, Role.OFFICE)
    assert "结束以后登记的" not in text_of(office.get("/inspection/rates"))
    assert file(reporter, HOUSEHOLD, **ISSUE, source="self").status_code == 303
    assert "自查自纠阶段结束以后登记的" in text_of(office.get("/inspection/rates"))
    assert "各单位自己登记的问题 1 个" in text_of(office.get("/inspection/rates"))
