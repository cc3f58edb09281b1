"""Who read whose names stands in the audit, once a day; reading waits for no writer. Exports say what for."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from forms_server.access import Role
from forms_server.clock import Clock
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.sight_log import SIGHT
from tests.builders import OFFICE
from tests.server.conftest import NOW
from tests.server.pages import text_of
from tests.server.records import HOUSEHOLD, ISSUE, file


@pytest.fixture
def sights(app):
    """What the audit has of reading and exports: who, what, which."""

    def rows():
        with app.extensions["huitoukan"].engine.connect() as connection:
            columns = tables.audit.c
            query = select(columns.account_id, columns.action, columns.subject_id, columns.change)
            return connection.execute(query.where(columns.subject == SIGHT).order_by(columns.id)).all()

    return rows


def test_reading_a_record_of_another_unit_is_noted_once_a_day(app, office, reporter, record, sights):
    record_id = record.rsplit("/", 1)[1]
    reporter.get(record)
    assert sights() == []  # its own unit's
    office.get(record)
    office.get(record)
    [row] = sights()
    assert (row.action, row.subject_id, row.change) == ("read", record_id, {"of": "issue"})
    object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW + timedelta(minutes=15, days=0)))
    office.get(record)
    assert len(sights()) == 1


def test_the_next_day_counts_anew(app, signed_in, record, sights):
    signed_in(OFFICE, Role.OFFICE).get(record)
    object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW + timedelta(days=1)))
    signed_in(OFFICE, Role.OFFICE).get(record)
    assert len(sights()) == 2


def test_reading_does_not_wait_for_a_writer_and_is_noted_later(app, office, reporter, record, sights):
    with transaction(app.extensions["huitoukan"].engine):
        assert office.get(record).status_code == 200
    assert sights() == []
    second = file(reporter, HOUSEHOLD, **{**ISSUE, "householder": "李某某"}).location
    office.get(second)
    assert [row.subject_id for row in sights()] == [each.rsplit("/", 1)[1] for each in (record, second)]


def test_an_export_of_other_units_says_what_for(office, reporter, record, sights):
    refused = office.get("/ledgers/export.xlsx")
    assert (refused.status_code, "请写明导出的用途" in text_of(refused)) == (422, True)
    assert sights() == []
    assert office.get("/ledgers/export.xlsx?purpose=报市里核对").status_code == 200
    assert reporter.get("/ledgers/export.xlsx").status_code == 200
    assert [(row.action, row.subject_id, row.change) for row in sights()] == [
        ("export", "county", {"purpose": "报市里核对"}),
        ("export", "999001001", {"purpose": ""}),
    ]
