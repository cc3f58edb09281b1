"""The pages of visits in standing work: the present round, those before, and a household's visits in each."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from checklist.model import Period
from forms_server.db.engine import transaction
from forms_server.db.tables import account
from forms_server.desk import Desk
from forms_server.visits import visit_store
from tests.builders import small_campaign
from tests.records.builders import ACCOUNTS
from tests.records.conftest import account_row
from tests.server.conftest import application
from tests.server.pages import text_of
from tests.visits.builders import ALL_FINE, add_household, start
from tests.whole import vouch


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """An application over a campaign in which every household is visited once a month; it is August."""
    once = small_campaign()
    notice = once.notice.model_copy(update={"visit_rounds": Period.MONTH})
    with application(tmp_path, once.model_copy(update={"notice": notice})) as app:
        yield app


@pytest.fixture
def visits(app: Flask) -> list[str]:
    """The ids of one household's visits in July and in August; another household was visited in neither."""
    services = app.extensions["huitoukan"]
    found = []
    with transaction(services.engine) as connection:
        connection.execute(insert(account).values(account_row(ACCOUNTS["east"])))
        desk = Desk(connection, services.campaign, ACCOUNTS["east"], datetime(2022, 7, 15, 9))
        household = add_household(desk)
        for number, month in enumerate((7, 8), 1):
            desk = replace(desk, now=datetime(2022, month, 15, 9))
            begun = visit_store.begin(desk, start(desk.campaign, number, household))
            found.append(visit_store.save(desk, begun, begun.version, ALL_FINE, finish=True).id)
        add_household(desk, 2)
        vouch(connection, desk.now)
    return found


@pytest.mark.usefixtures("visits")
def test_the_progress_is_that_of_the_chosen_round(reporter: FlaskClient) -> None:
    present = text_of(reporter.get("/visits/progress"))
    assert "排查进度：东河镇（2022年8月）" in present
    assert "名册上 2 户，已排查 1 户" in present
    assert "2022年7月" in present
    earlier = text_of(reporter.get("/visits/progress?round=2022-07"))
    assert "排查进度：东河镇（2022年7月）" in earlier
    assert "已排查 1 户（其中填完 1 户）" in earlier
    assert "已排查 0 户" in text_of(reporter.get("/visits/progress?round=2022-06"))


def test_a_visit_leads_to_those_of_other_rounds(reporter: FlaskClient, visits: list[str]) -> None:
    july, august = visits
    said = reporter.get(f"/visit/{august}")
    assert "别的轮次" in text_of(said)
    assert f"/visit/{july}" in said.get_data(as_text=True)
    listed = text_of(reporter.get("/visits/household-issues/"))
    assert "现在是 2022年8月这一轮，每户重新排查。" in listed
