"""What pages say of days, at each edge: before, on the last day, at its last minute, after it; in each phase."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from checklist.model import Campaign
from forms_server.access import Role
from forms_server.clock import Clock
from tests.builders import EAST, OFFICE, small_campaign
from tests.server.conftest import application, client_of
from tests.server.pages import text_of

SignedIn = Callable[..., FlaskClient]


def at(app: Flask, moment: datetime) -> Campaign:
    services = app.extensions["huitoukan"]
    object.__setattr__(services, "clock", Clock(moment))
    return services.campaign


def heads(app: Flask, signed_in: SignedIn, moment: datetime) -> list[str]:
    """The words on the deadline that a unit and the office read at a moment."""
    at(app, moment)
    clients = (signed_in(EAST, Role.REPORTER), signed_in(OFFICE, Role.OFFICE))
    return [text_of(client.get("/")).replace(" ", "") for client in clients]


def in_phases() -> Campaign:
    """The small campaign in two phases: the deadline lies within the second one."""
    campaign = small_campaign()
    only, due = campaign.notice.phases[0], campaign.notice.deadline.at.date()
    first = only.model_copy(update={"end": due - timedelta(4)})
    second = only.model_copy(
        update={"id": "mend", "name": "整改阶段", "start": due - timedelta(3), "end": due + timedelta(5)}
    )
    return campaign.model_copy(
        update={"notice": campaign.notice.model_copy(update={"phases": (first, second)})}
    )


def test_the_deadline_is_told_to_the_minute(app: Flask, signed_in: SignedIn) -> None:
    due = app.extensions["huitoukan"].campaign.notice.deadline.at
    clock = f"{due:%H:%M}"
    for moment, said in (
        (due - timedelta(2), "还有2天"),
        (due - timedelta(1), "还有1天"),
        (datetime.combine(due.date(), time(0, 1)), f"今天{clock}截止"),
        (due, f"今天{clock}截止"),
        (due + timedelta(minutes=1), "已过截止时间"),
        (due + timedelta(1), "已过截止时间"),
    ):
        for page in heads(app, signed_in, moment):
            line = page[page.index("报送截止：") :][:80]
            assert said in line, (moment, line)
            assert line.count("天") <= 1


def test_the_end_of_each_phase_is_told_by_the_day(tmp_path: Path) -> None:
    campaign = in_phases()
    with application(tmp_path, campaign) as app:
        _ends_of_phases(app, campaign)


def _ends_of_phases(app: Flask, campaign: Campaign) -> None:
    notice, signed_in = campaign.notice, partial(client_of, app)
    for phase in notice.phases:
        for left in (2, 1, 0, -1):
            day = phase.end - timedelta(left)
            if day < phase.start:
                continue
            page = heads(app, signed_in, datetime.combine(day, time(9)))[1]
            told = f"现在是{phase.name}"
            assert (told in page) is (left >= 0)
            if left >= 0 and phase.end != notice.deadline.at.date():
                line = page[page.index(told) :][:60]
                assert ("今天是最后一天" if left == 0 else f"还有{left}天") in line, (day, line)
