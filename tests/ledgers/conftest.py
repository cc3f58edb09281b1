from collections.abc import Callable
from datetime import date

import pytest

from build_scripts.intake.ledger_book import LedgerBook, read_book
from build_scripts.intake.workbook_reader import open_workbook
from checklist.model import Campaign
from checklist.model.reading import TableWords
from checklist.values.judge import Context
from tests.builders import EAST, small_campaign
from tests.ledgers.books import workbook

TODAY = date(2022, 8, 19)


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    """The small campaign, whose reading knows sums and notes, too."""
    small = small_campaign()
    tables = TableWords(totals=("合计", "小计"), notes=("注", "填表说明"), struck=("删除",))
    return small.model_copy(update={"reading": small.reading.model_copy(update={"tables": tables})})


@pytest.fixture(scope="session")
def context(campaign: Campaign) -> Context:
    """东河镇 files, on 19 August 2022."""
    return Context(campaign, campaign.unit_by_code[EAST], TODAY)


@pytest.fixture
def read(context: Context) -> Callable[..., LedgerBook]:
    """Read sheets the long way: as a workbook, in the reading process."""

    def reading(hidden: tuple[str, ...] = (), unit: str = EAST, **sheets: str) -> LedgerBook:
        files = Context(context.campaign, context.campaign.unit_by_code[unit], TODAY)
        with open_workbook(workbook(sheets, hidden)) as opened:
            return read_book(opened, files, "李某")

    return reading
