"""Access control of every route with an id: another unit's id is 404 for all roles and methods."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from forms_server.access import MATRIX, Role
from forms_server.account import Account
from forms_server.accounts import account_store, sessions
from forms_server.db.engine import transaction
from forms_server.records.ledger_filters import Filters
from forms_server.records.ledger_listing import page
from forms_server.records.visible_ledger import VisibleLedger
from forms_server.services import Services
from tests.examples import Reader
from tests.pages.conftest import Demonstration

NO_RECORDS = frozenset({"accounts.reset", "accounts.disable", "accounts.enable"})
"""Those who manage accounts manage all of them."""

SCRIPTS = frozenset({"records.save_draft", "visits.save_draft"})
"""Routes that our scripts send JSON to."""

FORM = {"base-version": "1", "side": "before"}

STRANGERS = ("reporter", "principal", "village", "inspector")


@pytest.fixture(scope="module")
def theirs(demonstration: Demonstration) -> Mapping[str, Any]:
    """Ids of data of a unit that none of the strangers belongs to or inspects."""
    campaign = demonstration.services.campaign
    with demonstration.services.engine.connect() as connection:
        for unit in reversed(campaign.units.townships):
            owner = account_store.find_by_name(connection, unit.code)
            assert owner is not None
            reader = Reader(demonstration.services, connection, owner)
            returns, visits, scans = reader.returns(), list(reader.visits()), list(reader.scans())
            if returns and visits and scans:
                ledger = VisibleLedger(
                    campaign, owner, campaign.record_forms[0], demonstration.services.clock.today()
                )
                record = page(connection, ledger, Filters()).records[0]
                return {
                    "form_id": record.form.id,
                    "record_id": record.id,
                    "photo_id": uuid4(),
                    "page": "edit",
                    "visit_id": visits[0].id,
                    "unit_code": unit.code,
                    "kind": "report",
                    **scans[0],
                }
    raise AssertionError("nobody in the demonstration has signed a return and added a scan")


def routes(demonstration: Demonstration) -> Iterator[tuple[Rule, str]]:
    """Every route with an id of a record, a visit, a return or a unit, and each of its methods."""
    ids = {"record_id", "visit_id", "return_id", "unit_code"}
    for rule in demonstration.app.url_map.iter_rules():
        if ids & rule.arguments and rule.endpoint not in NO_RECORDS:
            yield from ((rule, method) for method in sorted((rule.methods or set()) & {"GET", "POST"}))


def at_a_browser(demonstration: Demonstration, name: str) -> tuple[FlaskClient, Account, str]:
    """A browser in which the account is signed in, and the token of its forms."""
    services: Services = demonstration.services
    with transaction(services.engine) as connection:
        account = account_store.find_by_name(connection, name)
        assert account is not None
        now, lifetime = services.clock.now(), timedelta(days=1)
        cookie = sessions.start(connection, now, account.id, lifetime, "browser")
    client = demonstration.app.test_client()
    client.set_cookie("huitoukan", cookie)
    token = BeautifulSoup(client.get("/password").text, "html.parser").select_one("[name=csrf_token]")
    assert token is not None
    return client, account, str(token["value"])


@pytest.mark.parametrize("name", STRANGERS)
def test_another_units_ids_are_not_there(
    demonstration: Demonstration, theirs: Mapping[str, Any], name: str
) -> None:
    client, account, token = at_a_browser(demonstration, name)
    wrong, asked = [], 0
    for rule, method in routes(demonstration):
        with demonstration.app.test_request_context():
            address = demonstration.app.url_for(
                rule.endpoint, **{each: theirs[each] for each in rule.arguments}
            )
        sent: dict[str, Any] = {"json": {}} if rule.endpoint in SCRIPTS else {"data": FORM}
        answer = client.open(address, method=method, headers={"X-CSRF-Token": token}, **sent)
        expected = 404 if account.role in MATRIX[rule.endpoint][method] else 403
        asked += expected == 404
        if answer.status_code != expected:
            wrong.append(f"{method} {rule.rule}: {answer.status_code} instead of {expected}")
    assert not wrong, "\n".join(wrong)
    assert asked > (5 if account.role is Role.INSPECTOR else 20)
