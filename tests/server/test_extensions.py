"""A deadline is never moved without a reason: 延期 over HTTP, by the unit's principal or the office."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from forms_server.account import Role
from forms_server.clock import Clock
from forms_server.db.tables import extension
from tests.builders import EAST, OFFICE, WEST
from tests.server.conftest import NOW, SignedIn
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file, page, stored

LEDGER = "/records/household-issues/"
WHY = "连日下雨，屋面不能施工。"


@pytest.fixture
def due(app: Flask, signed_in: SignedIn) -> str:
    """An issue that is due on 20 August; today is the 22nd."""
    file(signed_in(EAST, Role.REPORTER), HOUSEHOLD, **{**ISSUE, "deadline": "8月20日"})
    object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW.replace(day=22)))
    return str(stored(app)[0]["id"])


def test_the_form_tells_the_present_deadline_and_its_button_looks_like_one(due: str, signed_in: SignedIn):
    shown = page(signed_in(EAST, Role.PRINCIPAL).get(f"{LEDGER}{due}/extend"))
    button = shown.select_one("form[data-record-form] button[type=submit]")
    assert button is not None
    assert "btn-primary" in button["class"]
    assert "现在的时限：2022年8月20日" in shown.get_text()


def extend(client: FlaskClient, record_id: str, day: str, version: int = 1, why: str = WHY) -> TestResponse:
    typed = {"base-version": str(version), "new_deadline": day, "reason": why}
    return post(client, f"{LEDGER}{record_id}/extend", **typed)


def written(app: Flask) -> list[tuple[date, date, str]]:
    with app.extensions["huitoukan"].engine.connect() as connection:
        columns = extension.c.old_day, extension.c.new_day, extension.c.reason
        return [tuple(row) for row in connection.execute(select(*columns).order_by(extension.c.new_day))]


def test_an_extension_keeps_the_first_day_in_sight_and_is_counted(app: Flask, due: str, signed_in: SignedIn):
    principal = signed_in(EAST, Role.PRINCIPAL)
    assert "逾期" in text_of(principal.get(f"{LEDGER}{due}"))
    assert extend(principal, due, "8月28日").status_code == 303
    row = stored(app)[0]
    assert (row["deadline"], row["first_deadline"], row["extensions"]) == (
        date(2022, 8, 28), date(2022, 8, 20), 1,
    )  # fmt: skip
    told = text_of(principal.get(f"{LEDGER}{due}"))
    assert "原定 2022年8月20日，延期到 2022年8月28日，第 1 次" in told
    assert "延期 1 次，原定 8月20日" in text_of(principal.get(LEDGER))
    assert WHY in text_of(principal.get(f"{LEDGER}{due}"))
    assert principal.get(f"{LEDGER}?overdue=1").text.count("stretched-link") == 0
    assert extend(signed_in(OFFICE, Role.OFFICE), due, "8月30日", 2, "还在下雨。").status_code == 303
    assert "原定 2022年8月20日，延期到 2022年8月30日，第 2 次" in text_of(principal.get(f"{LEDGER}{due}"))
    assert written(app) == [
        (date(2022, 8, 20), date(2022, 8, 28), WHY),
        (date(2022, 8, 28), date(2022, 8, 30), "还在下雨。"),
    ]
    object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW.replace(day=31)))
    later = signed_in(EAST, Role.PRINCIPAL)
    assert later.get(f"{LEDGER}?overdue=1").text.count("stretched-link") == 1


def test_the_same_extension_sent_twice_is_one(app: Flask, due: str, signed_in: SignedIn):
    principal = signed_in(EAST, Role.PRINCIPAL)
    assert [extend(principal, due, "8月28日").status_code for _ in range(2)] == [303, 303]
    assert (len(written(app)), stored(app)[0]["extensions"]) == (1, 1)


@pytest.mark.parametrize(
    ("day", "why", "words"),
    [
        ("8月28日", "", "延期原因"),
        ("8月20日", WHY, "不同的日子"),
        ("", WHY, "延到哪一天"),
        ("某天", WHY, "延到哪一天"),
    ],
)
def test_an_extension_without_a_reason_or_another_day_is_refused(
    app: Flask, due: str, signed_in: SignedIn, day: str, why: str, words: str
):
    refused = extend(signed_in(EAST, Role.PRINCIPAL), due, day, why=why)
    assert refused.status_code == 422
    assert words in text_of(refused)
    assert (written(app), stored(app)[0]["deadline"]) == ([], date(2022, 8, 20))


@pytest.mark.parametrize(("unit", "role"), [(EAST, Role.REPORTER), (WEST, Role.PRINCIPAL)])
def test_nobody_else_extends(app: Flask, due: str, signed_in: SignedIn, unit: str, role: Role):
    client = signed_in(unit, role)
    assert extend(client, due, "8月28日").status_code in {403, 404}
    assert "批准延期" not in client.get(f"{LEDGER}{due}").text
    assert written(app) == []


def edit(client: FlaskClient, record_id: str, **typed: str) -> TestResponse:
    address = f"{LEDGER}{record_id}/edit"
    fields = {**ISSUE, "deadline": "8月20日", "base-version": "1", "seen": "", **typed}
    return post(client, address, **fields)


@pytest.mark.parametrize("day", ["8月28日", "8月10日", "长期坚持"])
def test_an_edit_moves_no_deadline_and_says_who_does(app: Flask, due: str, signed_in: SignedIn, day: str):
    refused = edit(signed_in(EAST, Role.REPORTER), due, deadline=day, measures="换一种办法。")
    assert refused.status_code == 422
    assert "已定为2022年8月20日，不能直接改" in text_of(refused)
    assert "主要负责人或者办公室" in text_of(refused)
    assert "换一种办法。" in refused.text
    assert stored(app)[0]["deadline"] == date(2022, 8, 20)


def test_an_edit_may_write_the_same_day_otherwise(app: Flask, due: str, signed_in: SignedIn):
    assert edit(signed_in(EAST, Role.REPORTER), due, deadline="2022-08-20").status_code == 303
    assert stored(app)[0]["deadline_text"] == "2022-08-20"


def test_a_ledger_shows_what_was_extended(app: Flask, due: str, signed_in: SignedIn):
    principal = signed_in(EAST, Role.PRINCIPAL)
    assert "延期过的" not in page(principal.get(LEDGER)).select_one(".state-tabs").text
    extend(principal, due, "8月28日")
    tab = page(principal.get(LEDGER)).find("a", string="延期过的 1")
    assert tab is not None
    assert due in principal.get(str(tab["href"])).text


def test_an_earlier_day_is_kept_with_its_reason_but_is_no_extension(
    app: Flask, due: str, signed_in: SignedIn
):
    assert extend(signed_in(EAST, Role.PRINCIPAL), due, "8月18日").status_code == 303
    assert (stored(app)[0]["extensions"], len(written(app))) == (0, 1)
    assert "原定 2022年8月20日，改为 2022年8月18日" in text_of(
        signed_in(EAST, Role.REPORTER).get(f"{LEDGER}{due}")
    )
