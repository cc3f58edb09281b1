"""A change by the program does not vouch for what was done to a record past it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from forms_server.audit import UNFIT
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.record_verification import unfit_records
from tests.records.builders import MORNING
from tests.server.pages import post, text_of
from tests.server.pictures import jpeg
from tests.server.records import FAMILY, HOUSEHOLD, ISSUE, PROPOSED, file, stored
from tests.server.test_photos import links, send


@pytest.mark.parametrize(
    ("table", "form", "typed"),
    [(tables.issue, HOUSEHOLD, ISSUE), (tables.proposed_household, PROPOSED, FAMILY)],
)
@pytest.mark.parametrize("how", ["edit", "withdraw"])
def test_a_record_that_was_tampered_with_stays_named(app, reporter, table, form, typed, how):
    address = str(file(reporter, form, **typed).location)
    engine = app.extensions["huitoukan"].engine
    with transaction(engine) as connection:
        connection.execute(update(table).values(people=9))
    said = {**typed, "village": typed["village"], "people": "5"} if how == "edit" else {"reason": "登记错了"}
    posted = post(reporter, f"{address}/{how}", **said, **{"base-version": "1"})
    assert (posted.status_code, stored(app, table.name)[0]["version"]) == (303, 2)
    with engine.connect() as connection:
        (found,) = unfit_records(connection)
    assert (found.subject, found.subject_id) == (table.name, address.rsplit("/", 1)[1])
    rows = [row["action"] for row in stored(app, "audit") if row["subject_id"] == found.subject_id]
    assert rows[-2:] == [UNFIT, how]
    assert "在本系统之外被动过" in text_of(reporter.get(address))


def test_a_record_that_only_the_program_changed_is_not_named(app, reporter):
    address = str(file(reporter, HOUSEHOLD, **ISSUE).location)
    for version in (1, 2):
        said = {**ISSUE, "measures": f"第 {version} 次", "base-version": str(version)}
        assert post(reporter, f"{address}/edit", **said).status_code == 303
    with app.extensions["huitoukan"].engine.connect() as connection:
        assert list(unfit_records(connection)) == []


def _named(app: Flask) -> list[str]:
    with app.extensions["huitoukan"].engine.connect() as connection:
        return [each.subject for each in unfit_records(connection)]


def test_what_was_tampered_with_and_then_deleted_stays_named(app: Flask, reporter: FlaskClient) -> None:
    engine = app.extensions["huitoukan"].engine
    record = str(file(reporter, HOUSEHOLD, **ISSUE).location)
    for tampered in (False, True):
        send(reporter, record, jpeg())
        assert post(reporter, "/zero/", ticked=["water"]).status_code == 303
        if tampered:
            with transaction(engine) as connection:
                connection.execute(update(tables.photo).values(width=1))
                connection.execute(update(tables.zero_report).values(created_at=MORNING))
        assert post(reporter, f"{links(reporter, record)[0]}/remove", page="/password").status_code == 303
        assert post(reporter, "/zero/", shown=["water"]).status_code == 303
        assert (stored(app, "photo"), stored(app, "zero_report")) == ([], [])
        assert _named(app) == (["photo", "zero_report"] if tampered else [])
