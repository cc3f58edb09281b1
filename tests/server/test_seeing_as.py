"""看作: the office looks on as another account, and nothing is written, whichever page it opens."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from forms_server.access import MATRIX, SEEN, Role
from forms_server.accounts import account_store
from forms_server.accounts.seeing_as import LASTS, WHILE_LOOKING_ON
from forms_server.clock import Clock
from forms_server.db import tables
from tests.builders import EAST, OFFICE, WATER, WEST
from tests.examples import Reader, places
from tests.inspecting import send_to
from tests.server.conftest import NOW
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file

SignedIn = Callable[..., FlaskClient]


@pytest.fixture
def accounts(app: Flask, signed_in: SignedIn) -> Mapping[Role, str]:
    """Ids of an account of each role that can be seen, with an issue of the east between them."""
    made = {
        Role.REPORTER: EAST, Role.PRINCIPAL: EAST, Role.DEPARTMENT: WATER, Role.INSPECTOR: OFFICE,
    }  # fmt: skip
    clients = {role: signed_in(unit, role, name=f"one-{role}") for role, unit in made.items()}
    file(clients[Role.REPORTER], HOUSEHOLD, **ISSUE)
    send_to(app.extensions["huitoukan"].engine, EAST, name="one-inspector")
    return {role: account_id(app, f"one-{role}") for role in made}


@pytest.fixture
def office(accounts: Mapping[Role, str], signed_in: SignedIn) -> FlaskClient:
    return signed_in(OFFICE, Role.OFFICE)


def account_id(app: Flask, name: str) -> str:
    with app.extensions["huitoukan"].engine.connect() as connection:
        account = account_store.find_by_name(connection, name)
    assert account
    return account.id


def see_as(office: FlaskClient, account: str) -> Any:
    return post(office, f"/accounts/{account}/see-as", page="/password")


def stored(app: Flask) -> dict[str, list[Any]]:
    """Every row but those of sessions and of the audit, which says who read whose names."""
    left_out = {"session", "audit", "audit_head"}
    with app.extensions["huitoukan"].engine.connect() as connection:
        return {
            table.name: connection.execute(select(table)).all()
            for table in tables.metadata.sorted_tables
            if table.name not in left_out
        }


def audited(app: Flask) -> list[tuple[str, str, str]]:
    """Actor, subject and action of each row of the audit since the office began to look on."""
    names = select(tables.account.c.id, tables.account.c.name)
    with app.extensions["huitoukan"].engine.connect() as connection:
        of = {row.id: row.name for row in connection.execute(names)}
        rows = connection.execute(select(tables.audit).order_by(tables.audit.c.id)).all()
    told = [(of.get(row.account_id, ""), row.subject, row.action) for row in rows]
    return told[[action for _, _, action in told].index("see-as") :]


@pytest.mark.parametrize("role", sorted(SEEN, key=str))
def test_every_page_is_the_other_account_s_and_nothing_is_written(
    app: Flask, accounts: Mapping[Role, str], office: FlaskClient, role: Role
) -> None:
    assert see_as(office, accounts[role]).status_code == 303
    used = app.extensions["huitoukan"]
    before = stored(app)
    with used.engine.connect() as connection:
        seen = account_store.find(connection, accounts[role])
        assert seen
        addresses = [each.address for each in places(app, Reader(used, connection, seen))]
    codes = {address: office.get(address).status_code for address in addresses}
    assert set(codes.values()) <= {200, 303, 403, 404}  # small campaigns have no supervision
    assert sum(code == 200 for code in codes.values()) > len(codes) / 2
    assert stored(app) == before
    assert f"看作 {used.campaign.unit_by_code[seen.unit_code].name}" in text_of(office.get("/"))
    actors = {actor for actor, _, _ in audited(app)}
    assert len(actors) == 1
    assert not actors & {f"one-{each}" for each in accounts}


def test_no_post_of_any_route_is_taken(app: Flask, accounts: Mapping[Role, str], office: FlaskClient) -> None:
    see_as(office, accounts[Role.PRINCIPAL])
    before = stored(app)
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert {rule.endpoint for rule in rules} >= {end for end, methods in MATRIX.items() if "POST" in methods}
    for rule in rules:
        if rule.endpoint not in WHILE_LOOKING_ON:
            with app.test_request_context():
                values = dict.fromkeys(rule.arguments, "10000000-0000-4000-8000-000000000000")
                address = app.url_for(
                    rule.endpoint, **values | {"number": 1} if "number" in rule.arguments else values
                )
            assert office.post(address, data={}).status_code == 403, rule.endpoint
    assert stored(app) == before


def test_it_ends_by_itself_and_what_was_typed_meanwhile_is_not_done(
    app: Flask, accounts: Mapping[Role, str], office: FlaskClient
) -> None:
    see_as(office, accounts[Role.PRINCIPAL])
    assert "凤" not in text_of(office.get("/"))
    object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW + LASTS - timedelta(seconds=1)))
    assert "看作 东河镇" in text_of(office.get("/"))
    object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW + LASTS))
    late = office.post(f"/accounts/{accounts[Role.REPORTER]}/disable", data={})
    assert late.status_code == 403
    assert "自动结束" in text_of(late)
    assert "全县进度" in text_of(office.get("/"))
    assert [action for _, _, action in audited(app)] == ["see-as", "see-as-end"]


def test_it_ends_where_the_office_says_so_or_signs_out(
    app: Flask, accounts: Mapping[Role, str], office: FlaskClient
) -> None:
    see_as(office, accounts[Role.REPORTER])
    post(office, "/accounts/end-seeing", page="/")
    assert "全县进度" in text_of(office.get("/"))
    see_as(office, accounts[Role.REPORTER])
    post(office, "/sign-out", page="/")
    assert office.get("/").status_code == 303
    assert [action for _, _, action in audited(app)] == ["see-as", "see-as-end", "see-as", "sign-out"]
    assert {actor for actor, _, _ in audited(app)} == {audited(app)[0][0]}


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ADMIN, Role.AUDITOR])
def test_as_these_nobody_looks_on(app: Flask, office: FlaskClient, signed_in: SignedIn, role: Role) -> None:
    signed_in(OFFICE, role, name="other")
    assert see_as(office, account_id(app, "other")).status_code == 404
    assert see_as(office, "nobody").status_code == 404


def test_only_the_office_looks_on(accounts: Mapping[Role, str], signed_in: SignedIn) -> None:
    for unit, role in ((WEST, Role.PRINCIPAL), (OFFICE, Role.ADMIN), (OFFICE, Role.AUDITOR)):
        client = signed_in(unit, role, name=f"two-{role}")
        assert see_as(client, accounts[Role.REPORTER]).status_code == 403


def test_a_disabled_account_is_no_longer_seen(
    app: Flask, accounts: Mapping[Role, str], office: FlaskClient, signed_in: SignedIn
) -> None:
    see_as(office, accounts[Role.REPORTER])
    admin = signed_in(OFFICE, Role.ADMIN)
    post(admin, f"/accounts/{accounts[Role.REPORTER]}/disable", page="/accounts/")
    assert "全县进度" in text_of(office.get("/"))


def test_the_browser_keeps_nothing_for_an_account_that_is_only_looked_at(
    accounts: Mapping[Role, str], office: FlaskClient
) -> None:
    see_as(office, accounts[Role.REPORTER])
    page = office.get("/").text
    assert "data-account" not in page
    assert "form_sending" not in page
    assert office.get("/outbox/session").json["account"] is None
