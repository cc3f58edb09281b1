from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from build_scripts.counting.record_source import Source
from build_scripts.documents.document_facts import gather
from build_scripts.documents.template_words import DocumentFacts
from checklist.model import Campaign, Unit
from forms_server.db.tables import issue
from tests.builders import EAST, EAST_DAM, small_campaign
from tests.summary.records import BY_HAND, new_database, store

TODAY = date(2022, 8, 25)


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    return small_campaign()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    """The records written down by hand, of which 东河镇's one issue that is not rectified is three days overdue."""
    engine = new_database(f"sqlite:///{tmp_path}/huitoukan.sqlite3")
    with engine.begin() as connection:
        store(connection, BY_HAND)
        told = {
            "householder": "张某某",
            "village_code": EAST_DAM,
            "content": "西屋<漏>雨 & 没修",
            "source": "self",
        }
        connection.execute(update(issue).values(told | {"deadline": date(2022, 8, 22)}))
        connection.execute(update(issue).where(issue.c.unit_code != EAST).values(deadline=TODAY))
    yield engine
    engine.dispose()


@pytest.fixture
def east(campaign: Campaign) -> Unit:
    return campaign.unit_by_code[EAST]


@pytest.fixture
def county(database: Engine, campaign: Campaign) -> DocumentFacts:
    return gather(campaign, Source(str(database.url)), TODAY, None)


@pytest.fixture
def township(database: Engine, campaign: Campaign, east: Unit) -> DocumentFacts:
    return gather(campaign, Source(str(database.url)), TODAY, east)
