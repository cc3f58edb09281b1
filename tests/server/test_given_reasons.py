"""Reasons of sending back: every one is kept and shown, on the record, the return, and in the office's list."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from forms_server.access import Role
from forms_server.db import tables
from tests.builders import EAST, OFFICE
from tests.server.handing_in import complete, edit, sign
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file, page

SignedIn = Callable[..., FlaskClient]
FIRST, SECOND = "照片是改以前的。", "门窗还是没有换。"


def act(client: FlaskClient, record: str, move: str, version: int, **typed: str) -> None:
    answer = post(client, f"{record}/{move}", **{"base-version": str(version), **typed})
    assert answer.status_code == 303, text_of(answer)


def sent_back_twice(reporter: FlaskClient, office: FlaskClient) -> str:
    record = str(file(reporter, HOUSEHOLD, **ISSUE).location)
    for number, reason in enumerate((FIRST, SECOND)):
        act(reporter, record, "report", 2 * number + 1, outcome="修好了。", rectified_on="2022-08-15")
        act(office, record, "send-back", 2 * number + 2, reason=reason)
    return record


def test_every_reason_stands_in_the_record_s_history(reporter: FlaskClient, signed_in: SignedIn) -> None:
    office = signed_in(OFFICE, Role.OFFICE)
    record = sent_back_twice(reporter, office)
    history = page(reporter.get(record)).select("ol.history")[-1].get_text()
    assert history.index(FIRST) < history.index(SECOND)


def test_the_office_lists_who_sent_back_what_why_and_how_often(
    reporter: FlaskClient, signed_in: SignedIn
) -> None:
    office = signed_in(OFFICE, Role.OFFICE)
    assert "没有退回过" in text_of(office.get("/sent-back/"))
    record = sent_back_twice(reporter, office)
    html = page(office.get("/sent-back/"))
    newest, oldest = html.select("ul.sent-back li")
    assert SECOND in newest.text
    assert "第 2 次" in newest.text
    assert FIRST in oldest.text
    assert "第 2 次" not in oldest.text
    assert newest.a is not None
    assert newest.a["href"] == record
    assert newest.a.text == "户内问题第 1 条"
    cells = [cell.get_text() for cell in html.select("tbody tr > *")]
    assert cells == ["东河镇", "2", "1", "2 次"]
    assert not page(office.get("/sent-back/?kind=returns")).select("ul.sent-back li")
    assert not page(office.get("/sent-back/?unit=999001002")).select("ul.sent-back li")
    assert office.get("/sent-back/?page=99999999999999999999&kind=x&unit=y").status_code == 200
    assert reporter.get("/sent-back/").status_code == 403


def test_a_return_that_was_sent_back_twice_and_then_received_keeps_both_reasons(
    app: Flask, reporter: FlaskClient, signed_in: SignedIn
) -> None:
    principal, office = signed_in(EAST, Role.PRINCIPAL), signed_in(OFFICE, Role.OFFICE)
    record = complete(reporter)
    first = str(sign(principal).location)
    for reason in (FIRST, SECOND):
        assert post(office, f"{first}/send-back", page=first, reason=reason).status_code == 303
    assert post(office, f"{first}/receive", page=first).status_code == 303
    for address in (first, f"/returns/units/{EAST}"):
        words = text_of(principal.get(address))
        assert FIRST in words
        assert SECOND in words
    assert "第 1 次报送" in text_of(office.get("/sent-back/?kind=returns"))
    edit(reporter, record, content="东屋也有裂缝。")
    with app.extensions["huitoukan"].engine.connect() as connection:
        kept = connection.execute(select(tables.given_reason.c.reason)).scalars().all()
    assert sorted(kept) == sorted((FIRST, SECOND))
