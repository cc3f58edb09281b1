"""申请延期 over HTTP: whoever rectifies asks, the filing unit's principal or the office answers, the deadline waits."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from forms_server.account import Role
from forms_server.clock import Clock
from forms_server.db.tables import extension, extension_request
from tests.builders import EAST, EAST_WILLOW, OFFICE, WATER, WEST
from tests.server.conftest import NOW, SignedIn
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file, page, stored, value_of

LEDGER = "/records/household-issues/"
WHY = "连日下雨，屋面不能施工。"
OLD, NEW = date(2022, 8, 20), date(2022, 8, 28)


@pytest.fixture
def due(app: Flask, signed_in: SignedIn) -> str:
    """An issue of the east for which the water unit is responsible, due on 20 August; today is the 22nd."""
    typed = {**ISSUE, "deadline": "8月20日", "responsible_unit": "县水利局"}
    file(signed_in(EAST, Role.REPORTER), HOUSEHOLD, **typed)
    object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW.replace(day=22)))
    return str(stored(app)[0]["id"])


def act(client: FlaskClient, record_id: str, move: str, version: int, **typed: str) -> TestResponse:
    return post(client, f"{LEDGER}{record_id}/{move}", **{"base-version": str(version), **typed})


def ask(client: FlaskClient, record_id: str, version: int = 1, day: str = "8月28日") -> TestResponse:
    return act(client, record_id, "ask-extension", version, new_deadline=day, reason=WHY)


def requests(app: Flask) -> list[tuple[str, str | None]]:
    columns = extension_request.c.state, extension_request.c.answer
    with app.extensions["huitoukan"].engine.connect() as connection:
        query = select(*columns).order_by(extension_request.c.version)
        return [tuple(row) for row in connection.execute(query)]


def buttons(client: FlaskClient, record_id: str) -> set[str]:
    shown = page(client.get(f"{LEDGER}{record_id}"))
    return {each.text for each in shown.select(".actions .btn")} & {
        "申请延期",
        "批准延期",
        "不同意延期",
        "延期",
    }


def test_a_request_is_granted_and_everybody_sees_by_whom_and_why(app: Flask, due: str, signed_in: SignedIn):
    reporter, principal = signed_in(EAST, Role.REPORTER), signed_in(EAST, Role.PRINCIPAL)
    office = signed_in(OFFICE, Role.OFFICE)
    assert (buttons(reporter, due), buttons(principal, due)) == ({"申请延期"}, {"延期"})
    assert ask(reporter, due).status_code == 303
    assert (stored(app)[0]["deadline"], stored(app)[0]["extension_asked"]) == (OLD, True)
    told = text_of(reporter.get(f"{LEDGER}{due}"))
    assert "已申请延期，等登记单位的主要负责人或者办公室批准" in told
    assert WHY in told
    assert "逾期" in told
    assert "申请延期" in page(reporter.get(LEDGER)).select_one(".state-cell").text
    assert buttons(reporter, due) == set()
    assert "户内问题 1 条申请延期，等您批准" in text_of(principal.get("/"))
    assert "等您批准" not in text_of(reporter.get("/"))
    assert "申请延期 1 条" in text_of(office.get("/"))
    assert "另有 1 条申请延期，等您批准" in text_of(office.get("/inbox/"))
    assert due in office.get("/records/?extension_asked=1").text
    assert buttons(principal, due) == {"批准延期", "不同意延期", "延期"}
    assert act(principal, due, "grant-extension", 2).status_code == 303
    row = stored(app)[0]
    assert (row["deadline"], row["first_deadline"], row["extensions"]) == (NEW, OLD, 1)
    assert (row["extension_asked"], row["deadline_text"], requests(app)) == (
        False,
        "8月28日",
        [("granted", None)],
    )
    told = text_of(reporter.get(f"{LEDGER}{due}"))
    assert "原定 2022年8月20日，延期到 2022年8月28日，第 1 次" in told
    assert told.count(WHY) == 2  # of the request and of the extension
    history = page(reporter.get(f"{LEDGER}{due}")).select(".history strong")
    assert [each.text for each in history][-3:] == ["登记", "申请延期", "批准延期"]
    assert "申请延期" not in text_of(office.get("/"))
    assert "延期 1 次，原定 8月20日" in text_of(reporter.get(LEDGER))


def test_a_refusal_keeps_the_deadline_and_tells_why(app: Flask, due: str, signed_in: SignedIn):
    water, office = signed_in(WATER, Role.REPORTER), signed_in(OFFICE, Role.OFFICE)
    assert ask(water, due).status_code == 303
    shown = text_of(office.get(f"{LEDGER}{due}/refuse-extension"))
    assert "现在的时限： 2022年8月20日" in shown
    assert WHY in shown
    assert act(office, due, "refuse-extension", 2, answer=" ").status_code == 422
    for _ in range(2):
        assert act(office, due, "refuse-extension", 2, answer="可以先盖雨布。").status_code == 303
    assert (stored(app)[0]["deadline"], stored(app)[0]["version"]) == (OLD, 3)
    assert requests(app) == [("refused", "可以先盖雨布。")]
    told = text_of(water.get(f"{LEDGER}{due}"))
    assert "不同意延期，仍按2022年8月20日" in told
    assert "可以先盖雨布。" in told
    assert ask(water, due, 3, "8月26日").status_code == 303
    assert requests(app)[1] == ("open", None)


def test_the_one_who_approves_may_set_another_day_which_answers_the_request(
    app: Flask, due: str, signed_in: SignedIn
):
    ask(signed_in(EAST, Role.REPORTER), due)
    principal = signed_in(EAST, Role.PRINCIPAL)
    other = act(principal, due, "extend", 2, new_deadline="8月25日", reason="只缓五天。")
    assert other.status_code == 303
    assert (stored(app)[0]["deadline"], stored(app)[0]["extension_asked"]) == (date(2022, 8, 25), False)
    assert requests(app) == [("granted", None)]
    assert act(principal, due, "grant-extension", 3).status_code == 409


def test_a_report_ends_the_request_and_sending_back_does_not_revive_it(
    app: Flask, due: str, signed_in: SignedIn
):
    reporter, office = signed_in(EAST, Role.REPORTER), signed_in(OFFICE, Role.OFFICE)
    ask(reporter, due)
    act(reporter, due, "report", 2, outcome="已修好。", rectified_on="2022-08-22")
    assert requests(app) == [("lapsed", None)]
    assert act(office, due, "send-back", 3, reason="还在漏。").status_code == 303
    assert (stored(app)[0]["state"], stored(app)[0]["extension_asked"]) == ("rectifying", False)
    assert buttons(reporter, due) == {"申请延期"}


def test_a_request_sent_twice_is_one_and_a_second_one_waits_for_the_first(
    app: Flask, due: str, signed_in: SignedIn
):
    reporter = signed_in(EAST, Role.REPORTER)
    assert [ask(reporter, due).status_code for _ in range(2)] == [303, 303]
    second = ask(reporter, due, 2, "8月30日")
    assert second.status_code == 409
    assert "已经申请过延期，正在等批准" in text_of(second)
    assert reporter.get(f"{LEDGER}{due}/ask-extension").status_code == 409
    assert requests(app) == [("open", None)]


def test_a_grant_sent_twice_extends_once(app: Flask, due: str, signed_in: SignedIn):
    ask(signed_in(EAST, Role.REPORTER), due)
    principal = signed_in(EAST, Role.PRINCIPAL)
    assert [act(principal, due, "grant-extension", 2).status_code for _ in range(2)] == [303, 303]
    with app.extensions["huitoukan"].engine.connect() as connection:
        assert len(connection.execute(select(extension.c.id)).all()) == 1
    assert (stored(app)[0]["extensions"], stored(app)[0]["version"]) == (1, 3)


def test_no_request_for_the_same_day_or_without_a_reason(app: Flask, due: str, signed_in: SignedIn):
    reporter = signed_in(EAST, Role.REPORTER)
    refused = ask(reporter, due, day="8月20日")
    assert refused.status_code == 422
    assert "不同的日子" in text_of(refused)
    assert value_of(page(refused), "reason") == WHY
    assert act(reporter, due, "ask-extension", 1, new_deadline="8月28日").status_code == 422
    assert (requests(app), stored(app)[0]["version"]) == ([], 1)


@pytest.mark.parametrize(
    ("unit", "role", "village"),
    [(EAST, Role.REPORTER, None), (EAST, Role.REPORTER, EAST_WILLOW), (WATER, Role.REPORTER, None),
     (WATER, Role.PRINCIPAL, None)],
)  # fmt: skip
def test_those_who_rectify_ask(
    app: Flask, due: str, signed_in: SignedIn, unit: str, role: Role, village: str | None
):
    client = signed_in(unit, role, village)
    assert buttons(client, due) == {"申请延期"}
    assert ask(client, due).status_code == 303
    for answer in ("grant-extension", "refuse-extension"):
        assert act(client, due, answer, 2, answer="不行。").status_code == 403
    assert requests(app) == [("open", None)]


@pytest.mark.parametrize(
    ("unit", "role"),
    [(WEST, Role.REPORTER), (WATER, Role.DEPARTMENT), (OFFICE, Role.INSPECTOR), (OFFICE, Role.OFFICE)],
)
def test_nobody_else_asks(app: Flask, due: str, signed_in: SignedIn, unit: str, role: Role):
    assert ask(signed_in(unit, role), due).status_code in {403, 404}
    assert requests(app) == []


def test_an_issue_without_a_day_asks_for_none(app: Flask, signed_in: SignedIn):
    reporter = signed_in(EAST, Role.REPORTER)
    file(reporter, HOUSEHOLD, **{**ISSUE, "deadline": "长期坚持"})
    record_id = str(stored(app)[0]["id"])
    assert buttons(reporter, record_id) == set()
    assert ask(reporter, record_id).status_code == 422
