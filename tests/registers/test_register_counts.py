"""The counts of a register: over all rows that have not ended and over each township's, never of too few."""

from decimal import Decimal
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import insert

from forms_server.access import Role
from forms_server.db.engine import transaction
from forms_server.db.tables import account
from forms_server.desk import Desk
from forms_server.registers import row_moves, row_store
from forms_server.registers.row_counts import counts_by_township
from forms_server.registers.row_listing import RowFilters, SeenRows
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, OFFICE, WATER, WEST, WEST_BRIDGE
from tests.records.builders import ACCOUNTS
from tests.records.conftest import account_row
from tests.registers.test_row_store import worker
from tests.server.conftest import NOW, application, client, signed_in
from tests.small_registers import campaign_with_registers, work_register
from tests.whole import vouch

__all__ = ["client", "signed_in"]

COUNTS = (
    {"id": "away", "label": "在外人数", "formula": "count(*) filter (where state = 'away')"},
    {"id": "share", "label": "在外占比", "formula": "count(*) filter (where state = 'away') / count(*)",
     "share": True},
    {"id": "paid", "label": "月收入合计", "formula": "sum(income) filter (where state = 'back')"},
)  # fmt: skip


@pytest.fixture
def campaign():
    county = campaign_with_registers()
    return county.model_copy(update={"registers": (work_register(counts=COUNTS, minimum_cell=3),)})


@pytest.fixture
def app(tmp_path: Path, campaign):
    with application(tmp_path, campaign) as app:
        yield app


@pytest.fixture
def workers(app, campaign):
    """Three people of the east, one of whom is back, one who ended, and two of the west."""
    with transaction(app.extensions["huitoukan"].engine) as connection:
        connection.execute(insert(account), [account_row(ACCOUNTS[name]) for name in ("east", "west")])
        east = Desk(connection, campaign, ACCOUNTS["east"], NOW)
        made = [
            row_store.create(east, worker(campaign, number, "2022-08", **other))
            for number, other in enumerate(
                ({}, {"village": EAST_DAM}, {"state": "back", "income": 3000}, {"village": EAST_WILLOW}), 1
            )
        ]
        row_moves.move(east, made[-1], 1, made[-1].register.states[-1], "不再务工")
        west = Desk(connection, campaign, ACCOUNTS["west"], NOW)
        for number in (8, 9):
            filing = worker(campaign, number, "2022-08", village=WEST_BRIDGE)
            row_store.create(
                west, row_store.RowFiling(filing.id, filing.register, "2022-08", WEST, filing.values)
            )
        vouch(connection, NOW)


@pytest.mark.usefixtures("workers")
def test_counts_of_all_and_of_each_township(app, campaign):
    with app.extensions["huitoukan"].engine.connect() as connection:
        desk = Desk(connection, campaign, ACCOUNTS["office"], NOW)
        seen = SeenRows(campaign, ACCOUNTS["office"], campaign.register_by_id["work"])
        whole, places = counts_by_township(desk, seen, RowFilters("2022-08"))
    assert whole == {"away": 4, "share": Decimal("0.8"), "paid": 3000}
    assert places == {
        EAST: {"away": 2, "share": Decimal("0.666667"), "paid": 3000},
        WEST: {"away": 2, "share": 1, "paid": None},
    }


@pytest.mark.usefixtures("workers")
def test_the_page_shows_no_figures_of_too_few(signed_in):
    answer = signed_in(OFFICE, Role.OFFICE).get("/registers/work/totals?period=2022-08")
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    lines = [[cell.text for cell in line.select("th, td")] for line in page.select("table")[0].select("tr")]
    assert lines[0] == ["乡镇", "行数", "在外人数", "在外占比", "月收入合计"]
    assert lines[1] == ["合计", "5", "不显示", "不显示", "3000"]  # the one who is back would follow
    assert lines[2][1:] == ["不显示"]  # three, from which and from all the two of the west would follow
    assert lines[3][1:] == ["不显示"]
    places = {line.th.text.strip(): line.td.text for line in page.select("table")[-1].select("tbody tr")}
    assert set(places.values()) == {"5", "不显示"}
    assert "不足 3 行" in page.text


@pytest.mark.usefixtures("workers")
def test_a_township_s_own_sheet_shows_no_more_than_the_county_s(signed_in):
    answer = signed_in(EAST, Role.REPORTER).get("/registers/work/totals?period=2022-08")
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    assert {cell.text for cell in page.select("table")[-1].select("td")} == {"不显示"}


def test_a_register_without_rows_has_counts_of_nothing(signed_in):
    text = signed_in(WATER, Role.REPORTER).get("/registers/work/totals").get_data(as_text=True)
    assert "在外占比" in text
    assert "—" in text
