"""The table of responsible units says what the texts say, whoever wrote them."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Connection, Engine, delete, select

from checklist.model import Campaign
from checklist.values.judge import Context
from forms_server.db.engine import transaction
from forms_server.db.tables import issue, issue_unit
from forms_server.imports.import_storage import store
from forms_server.imports.importer import Importer
from forms_server.imports.ledger_import import plan_import, read_ledgers
from forms_server.records.issue_units import read_all_again
from forms_server.records.record_store import create, edit
from tests.builders import EAST, WATER, WEST
from tests.ledgers.books import workbook
from tests.records.builders import ACCOUNTS, MORNING, household_issue, record_id, report, withdraw
from tests.records.conftest import At

MOVED = "西岭镇、县水利局、河长办"


def units_of(connection: Connection, number: int = 1) -> Sequence[tuple[str, bool]]:
    """Units of an issue, the lead first, with whether another unit filed it."""
    query = (
        select(issue_unit.c.unit_code, issue_unit.c.elsewhere)
        .where(issue_unit.c.issue_id == record_id(number))
        .order_by(issue_unit.c.position)
    )
    return [tuple(row) for row in connection.execute(query)]


def test_filing_names_the_units_of_the_text(at: At, campaign: Campaign):
    with at("east") as desk:
        create(desk, household_issue(campaign, responsible_unit="水利局、东河镇"))
        assert units_of(desk.connection) == [(WATER, True), (EAST, False)]
        create(desk, household_issue(campaign, responsible_unit="水利局、东河镇"))
        assert len(units_of(desk.connection)) == 2


def test_an_edit_of_the_text_names_others(at: At, campaign: Campaign):
    with at("east") as desk:
        first = create(desk, household_issue(campaign))
        again = edit(desk, first, 1, {**first.values, "responsible_unit": MOVED})
        assert units_of(desk.connection) == [(WEST, True), (WATER, True)]
        kept = edit(desk, again, 2, {**again.values, "measures": "换一种办法。"})
        report(desk, kept, 3, {"outcome": "修好了。"}, MORNING.date())
        assert units_of(desk.connection) == [(WEST, True), (WATER, True)]
        assert read_all_again(desk.connection, campaign) == 0


def test_a_text_without_units_names_none(at: At, campaign: Campaign):
    with at("east") as desk:
        first = create(desk, household_issue(campaign))
        edit(desk, first, 1, {**first.values, "responsible_unit": "河长办"})
        assert units_of(desk.connection) == []


def test_what_a_migration_or_a_restore_left_empty_is_read_again(at: At, campaign: Campaign):
    with at("east") as desk:
        for number in range(1, 4):
            create(desk, household_issue(campaign, number, responsible_unit=MOVED))
        withdraw(desk, create(desk, household_issue(campaign, 4, responsible_unit=MOVED)), 1, "重复。")
        before = [units_of(desk.connection, number) for number in range(1, 5)]
        desk.connection.execute(delete(issue_unit).where(issue_unit.c.issue_id != record_id(2)))
        assert read_all_again(desk.connection, campaign) == 3
        assert [units_of(desk.connection, number) for number in range(1, 5)] == before
        assert read_all_again(desk.connection, campaign) == 0


def test_a_campaign_with_another_alias_reads_all_again(at: At, campaign: Campaign):
    with at("east") as desk:
        create(desk, household_issue(campaign, responsible_unit="河长办"))
        assert units_of(desk.connection) == []
        water = campaign.units.county_units[0].model_copy(update={"aliases": ("河长办",)})
        units = campaign.units.model_copy(update={"county_units": (water,)})
        parts = {name: getattr(campaign, name) for name in ("notice", "areas", "forms", "reading")}
        assert read_all_again(desk.connection, Campaign(units=units, **parts)) == 1
        assert units_of(desk.connection) == [(WATER, True)]


def test_a_deleted_issue_names_nothing(at: At, campaign: Campaign):
    with at("east") as desk:
        create(desk, household_issue(campaign))
        desk.connection.execute(delete(issue))
        assert units_of(desk.connection) == []


SHEET = """
    镇|村|户主姓名|户类型|问题类型|具体内容|整改措施|责任人|责任单位|整改时限|整改成效
    东河镇|上坝村|张某某|脱贫户|住房安全|屋漏|换瓦|李某|{units}|2022.8.25|
"""


@pytest.mark.parametrize(
    ("second", "codes"), [("县水利局", [WATER]), ("县水利局、西岭镇", [WATER, WEST]), ("河长办", [])]
)
def test_an_import_names_them_for_new_and_changed_rows(
    engine: Engine, campaign: Campaign, second: str, codes: list[str]
):
    context = Context(campaign, campaign.unit_by_code[EAST], MORNING.date())
    for text in (MOVED, second):
        book = read_ledgers(workbook({"户内": SHEET.format(units=text)}), context, "某某")
        with transaction(engine) as connection:
            found = plan_import(connection, book, context, ACCOUNTS["east"])
            assert (found.errors, len(found.plan.new) + len(found.plan.changed)) == ([], 1)
            store(found.plan, Importer(connection, campaign, context.unit, ACCOUNTS["east"], MORNING))
            assert read_all_again(connection, campaign) == 0
    with engine.connect() as connection:
        named = connection.execute(select(issue_unit.c.unit_code).order_by(issue_unit.c.position)).scalars()
        assert list(named) == codes
