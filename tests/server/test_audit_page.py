"""The audit as its readers see it, and the rows of reading, taking away, signing in and out."""

import csv
import io

import pytest
from sqlalchemy import select

from forms_server.access import Role
from forms_server.db import tables
from tests.builders import EAST, OFFICE
from tests.server.pages import PASSWORD, text_of, token
from tests.server.records import ISSUE


@pytest.fixture
def auditor(signed_in):
    return signed_in(OFFICE, Role.AUDITOR, name="auditor")


def rows_of(app, *actions):
    query = select(tables.audit).where(tables.audit.c.action.in_(actions)).order_by(tables.audit.c.id)
    with app.extensions["huitoukan"].engine.connect() as connection:
        return connection.execute(query).mappings().all()


def test_an_auditor_reads_the_audit_and_no_record(auditor, record):
    assert auditor.get("/").location == "/audit/"
    shown = text_of(auditor.get("/audit/"))
    assert "登记" in shown
    assert ISSUE["householder"] not in shown
    for page in (record, "/records/household-issues/", "/ledgers/", "/accounts/", "/roster/", "/visits/"):
        assert auditor.get(page).status_code == 403, page


@pytest.mark.parametrize("role", [Role.REPORTER, Role.PRINCIPAL, Role.OFFICE, Role.ADMIN])
def test_nobody_else_reads_it(signed_in, role):
    client = signed_in(OFFICE if role in {Role.OFFICE, Role.ADMIN} else EAST, role)
    assert client.get("/audit/").status_code == 403
    assert client.get("/audit/audit.csv").status_code == 403


def test_filters_and_the_file_agree(auditor, record, app):
    [filed] = rows_of(app, "file")
    shown = text_of(auditor.get("/audit/?action=file"))
    assert filed["subject_id"] in shown
    answer = auditor.get("/audit/audit.csv?action=file")
    assert answer.headers["Cache-Control"] == "no-store"
    lines = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(line[5], line[7]) for line in lines[1:]] == [("登记", filed["subject_id"])]
    assert rows_of(app, "export")[-1]["subject_id"] == "audit"


@pytest.mark.parametrize(
    "query", ["since=x", "before=x", "before=999999999999999999999", "action=none", "id=%00"]
)
def test_an_address_that_makes_no_sense_is_no_failure(auditor, query):
    assert auditor.get(f"/audit/?{query}").status_code in {200, 400}


def test_older_rows_are_on_the_next_page(auditor, app, monkeypatch):
    monkeypatch.setattr("forms_server.audit_listing.ROWS_A_PAGE", 2)
    assert "更早的" in text_of(auditor.get("/audit/"))


def test_reading_another_unit_leaves_one_row_a_day(app, office, record):
    for _ in range(3):
        assert office.get(record).status_code == 200
        assert office.get("/records/household-issues/").status_code == 200
    read = rows_of(app, "read")
    assert {row["subject_id"] for row in read} == {EAST, record.rsplit("/", 1)[1]}
    assert len(read) == 2
    assert {row["address"] for row in read} == {"127.0.0.1"}


def test_reading_ones_own_unit_leaves_none(app, reporter, record):
    reporter.get(record)
    assert rows_of(app, "read") == []


def test_an_export_leaves_a_row_with_its_unit(app, office, record):
    assert office.get(f"/ledgers/export.xlsx?unit={EAST}&purpose=上报").status_code == 200
    [row] = rows_of(app, "export")
    assert (row["subject_id"], row["change"]) == (EAST, {"purpose": "上报"})


def test_signing_out_leaves_a_row(app, reporter):
    reporter.post("/sign-out", data={"csrf_token": token(reporter, "/password")})
    [row] = rows_of(app, "sign-out")
    assert row["unit_code"] == EAST


def sign_in(client, name, password):
    return client.post(
        "/sign-in", data={"csrf_token": token(client, "/sign-in"), "name": name, "password": password}
    )


def test_failed_and_locked_sign_ins_leave_few_rows(app, client, signed_in):
    signed_in(EAST, Role.REPORTER, name="east")
    for _ in range(12):
        sign_in(client, "east", "wrong " + PASSWORD)
    rows = rows_of(app, "sign-in-failed", "sign-in-locked")
    assert [row["action"] for row in rows] == ["sign-in-failed", "sign-in-locked"]
    assert {row["address"] for row in rows} == {"127.0.0.1"}
    assert {row["account_id"] for row in rows} == {None}


def test_a_stranger_who_tries_names_does_not_flood_the_audit(app, client):
    for number in range(40):
        sign_in(client, f"nobody-{number}", "wrong " + PASSWORD)
    assert len(rows_of(app, "sign-in-failed", "sign-in-locked")) <= 1
