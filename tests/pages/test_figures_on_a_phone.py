"""Tables of figures on a phone, in a real browser: what is signed or told on the telephone is in sight at once."""

import pytest
from playwright.sync_api import Browser

from forms_server.accounts import account_store
from tests.pages.conftest import Demonstration

WIDER = "(table) => table.offsetWidth - table.closest('.table-box').clientWidth"


@pytest.mark.parametrize(
    ("name", "address", "table"),
    [
        ("principal", "/returns/units/{unit}/sign", ".annex"),
        ("principal", "/visits/progress", ".progress-table"),
        ("office", "/", ".heat"),
    ],
)
def test_no_column_is_out_of_sight(
    demonstration: Demonstration, browser: Browser, name: str, address: str, table: str
) -> None:
    with demonstration.services.engine.connect() as connection:
        account = account_store.find_by_name(connection, name)
        assert account is not None
    with demonstration.signed_in(browser, name) as context:
        page = context.new_page()
        page.goto(address.format(unit=account.unit_code))
        assert page.locator(table).first.evaluate(WIDER) <= 0
