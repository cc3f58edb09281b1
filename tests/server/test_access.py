"""The matrix against the routes that the application really has."""

import uuid
from dataclasses import replace

import pytest
from werkzeug.routing import IntegerConverter

from forms_server.access import (
    ANYONE,
    COLLECTING,
    DECIDING,
    JUDGING,
    MATRIX,
    OF_UNIT,
    SUPERVISING,
    Action,
    Involved,
    Role,
    allowed,
    may_write,
    roles,
)
from forms_server.account import ROLE_NAMES, Account
from forms_server.actions import RECTIFYING
from forms_server.state_moves import MOVES
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, OFFICE, WATER, WEST
from tests.server.pages import token

UNIT_OF_ROLE = {
    Role.REPORTER: EAST, Role.PRINCIPAL: EAST, Role.DEPARTMENT: WATER,
    Role.INSPECTOR: WATER, Role.OFFICE: OFFICE, Role.ADMIN: OFFICE, Role.AUDITOR: OFFICE,
}  # fmt: skip
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def routes(app):
    """Endpoint to the methods that the application takes, HEAD with GET."""
    found: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        found.setdefault(rule.endpoint, set()).update((rule.methods or set()) - {"HEAD"})
    return found


def address(app, endpoint):
    """URL of the endpoint, with ids that do not exist."""
    values = {
        "form_id": "household-issues",
        "unit_code": EAST,
        "filename": "app.css",
        "name": "index.html",
        "number": 1,
    }
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    numbers = {name for name, kind in rule._converters.items() if isinstance(kind, IntegerConverter)}
    arguments = {
        name: 0 if name in numbers else values.get(name, str(uuid.uuid4())) for name in rule.arguments
    }
    with app.test_request_context():
        return app.url_for(endpoint, **arguments)


def test_every_route_and_method_stands_in_the_matrix_and_nothing_else(app):
    assert routes(app) == {endpoint: set(methods) for endpoint, methods in MATRIX.items()}


MOVERS = {
    "report": {Role.REPORTER, Role.PRINCIPAL},
    "verify": {Role.DEPARTMENT, Role.OFFICE},
    "send_back": {Role.DEPARTMENT, Role.OFFICE},
    "reopen": {Role.DEPARTMENT, Role.OFFICE},
    "ask_extension": {Role.REPORTER, Role.PRINCIPAL},
    "grant_extension": {Role.PRINCIPAL, Role.OFFICE},
    "refuse_extension": {Role.PRINCIPAL, Role.OFFICE},
    "extend": {Role.PRINCIPAL, Role.OFFICE},
    "withdraw": {Role.REPORTER, Role.PRINCIPAL},
    "transfer": {Role.REPORTER, Role.PRINCIPAL, Role.OFFICE},
    "assist": {Role.REPORTER, Role.PRINCIPAL, Role.OFFICE},
    "turn_back": {Role.REPORTER, Role.PRINCIPAL},
    "restore": {Role.OFFICE},
    "restore_household": {Role.OFFICE},
}
"""Who makes each move."""


def test_every_move_is_made_by_those_who_are_written_down_and_nobody_else():
    assert {move.id: MATRIX[move.endpoint] for move in MOVES.values()} == {
        name: {"GET": who, "POST": who} for name, who in MOVERS.items()
    }


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_accounts_that_may_write_have_one_of_the_roles_that_ever_may(role, action):
    for unit in (EAST, WATER):
        involved = Involved({unit, EAST, WATER}, handed_to=unit)
        if any(may_write(account(role, unit), action, other, None, involved) for other in (EAST, WATER)):
            assert role in roles(action)
    if role in roles(action):
        who = replace(account(role, WATER), inspects=frozenset({EAST}))
        involved = Involved({WATER}, handed_to=WATER)
        assert any(may_write(who, action, unit, None, involved) for unit in (EAST, WATER))


def test_every_role_has_a_name():
    assert set(ROLE_NAMES) == set(Role)


def test_a_route_that_the_matrix_lacks_is_refused():
    assert not any(allowed(role, "new.route", "GET") for role in (None, *Role))


@pytest.mark.parametrize("role", list(Role))
def test_each_role_comes_where_the_matrix_lets_it_and_nowhere_else(app, signed_in, role):
    for endpoint in MATRIX:
        for method in sorted(MATRIX[endpoint]):
            client = signed_in(UNIT_OF_ROLE[role], role)  # anew each time: one of the routes signs out
            response = client.open(
                address(app, endpoint), method=method, data={"csrf_token": token(client, "/password")}
            )
            assert (response.status_code == 403) == (role not in MATRIX[endpoint][method]), (endpoint, method)
            assert response.status_code < 500


def test_a_visitor_is_led_to_the_sign_in(app, client):
    for endpoint, methods in MATRIX.items():
        for method in methods:
            response = client.open(address(app, endpoint), method=method)
            if methods[method] == ANYONE:
                assert response.status_code != 401
            elif method == "POST":
                assert response.status_code == 401
            else:
                assert response.headers["Location"].startswith("/sign-in?next=")


def test_methods_that_no_page_needs_are_refused(app, client):
    taken: dict[str, set[str]] = {}
    for endpoint, methods in MATRIX.items():
        rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
        taken.setdefault(rule.rule, set()).update(methods)
    for endpoint in MATRIX:
        rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
        for method in METHODS - taken[rule.rule]:
            assert client.open(address(app, endpoint), method=method).status_code == 405, (endpoint, method)


def account(role, unit=EAST, village=None):
    return Account("id", "name", "", unit, village, role, must_change_password=False)


FILING = sorted(
    set(Action)
    - JUDGING
    - COLLECTING
    - DECIDING
    - SUPERVISING
    - {Action.SIGN, Action.LIST, Action.EXTEND, Action.FIND, Action.TRANSFER, Action.TURN_BACK}
)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", sorted(JUDGING))
def test_only_the_office_and_those_who_answer_accept_or_send_back(role, action):
    assert may_write(account(role, WATER), action, EAST) == (role is Role.OFFICE)
    answers = may_write(account(role, WATER), action, EAST, involved=Involved({WATER, EAST}))
    assert answers == (role in {Role.OFFICE, Role.DEPARTMENT})
    assert may_write(account(role, WATER), action, WATER, involved=Involved({WATER})) == (role is Role.OFFICE)


@pytest.mark.parametrize("action", sorted(JUDGING))
@pytest.mark.parametrize(
    ("filer", "answering", "reporter", "judges"),
    [
        (EAST, {WATER}, None, True),
        (EAST, {WATER}, EAST, True),
        (EAST, {WATER}, WATER, False),  # who rectifies does not verify
        (WATER, {WATER}, None, False),
        (WATER, {WATER}, EAST, True),
        (WATER, set(), EAST, True),  # who found it looks whether it is rectified
        (EAST, {WEST}, EAST, False),
    ],
)
def test_a_department_verifies_what_another_unit_reported(action, filer, answering, reporter, judges):
    known = Involved(answering, reporting_unit=reporter)
    assert may_write(account(Role.DEPARTMENT, WATER), action, filer, involved=known) == judges
    assert may_write(account(Role.OFFICE, OFFICE), action, filer, involved=known)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", sorted(JUDGING))
def test_no_account_verifies_what_it_reported_itself(role, action):
    known = Involved({WATER}, reported_by="id", reporting_unit=WEST)
    assert not may_write(account(role, WATER), action, EAST, involved=known)


@pytest.mark.parametrize("role", list(Role))
def test_the_place_and_the_responsible_units_report_and_ask_for_time_and_do_nothing_else(role):
    known = Involved(rectifying={EAST})
    files = role in {Role.REPORTER, Role.PRINCIPAL}
    for action in Action:
        may = may_write(account(role), action, WATER, EAST_WILLOW, known)
        assert may == (may_write(account(role), action, WATER) or (files and action in RECTIFYING))
    bound = account(Role.REPORTER, village=EAST_WILLOW)
    assert may_write(bound, Action.REPORT, WATER, EAST_WILLOW, known)
    assert not may_write(bound, Action.REPORT, WATER, EAST_DAM, known)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", FILING)
def test_only_those_who_file_write_and_only_for_their_own_unit(role, action):
    files = role in {Role.REPORTER, Role.PRINCIPAL}
    assert may_write(account(role), action, EAST) == files
    assert not may_write(account(role), action, WEST)


@pytest.mark.parametrize("role", list(Role))
def test_the_filing_unit_or_the_office_transfers_and_only_the_unit_that_got_it_turns_back(role):
    files, handed = role in {Role.REPORTER, Role.PRINCIPAL}, Involved(handed_to=WATER)
    assert may_write(account(role), Action.TRANSFER, EAST) == (files or role is Role.OFFICE)
    assert may_write(account(role), Action.TRANSFER, WEST) == (role is Role.OFFICE)
    assert may_write(account(role, WATER), Action.TURN_BACK, EAST, None, handed) == files
    assert not may_write(account(role), Action.TURN_BACK, EAST, None, handed)
    bound = account(Role.REPORTER, village=EAST_WILLOW)
    assert not may_write(bound, Action.TRANSFER, EAST, EAST_WILLOW)
    assert not may_write(bound, Action.TURN_BACK, EAST, EAST_WILLOW, Involved(handed_to=EAST))


@pytest.mark.parametrize("role", list(Role))
def test_the_office_and_a_unit_itself_import_its_roster(role):
    assert may_write(account(role), Action.LIST, EAST) == (
        role in {Role.OFFICE, Role.REPORTER, Role.PRINCIPAL}
    )
    assert may_write(account(role), Action.LIST, WEST) == (role is Role.OFFICE)
    assert not may_write(account(Role.REPORTER, village=EAST_WILLOW), Action.LIST, EAST, EAST_WILLOW)


@pytest.mark.parametrize("action", FILING)
def test_who_is_bound_to_a_village_writes_its_records_only(action):
    bound = account(Role.REPORTER, village=EAST_WILLOW)
    assert may_write(bound, action, EAST, EAST_WILLOW) == (action not in OF_UNIT)
    assert not may_write(bound, action, EAST, EAST_DAM)
    assert not may_write(bound, action, EAST, None)


@pytest.mark.parametrize("role", list(Role))
def test_only_the_units_principal_signs(role):
    assert may_write(account(role), Action.SIGN, EAST) == (role is Role.PRINCIPAL)
    assert not may_write(account(role), Action.SIGN, WEST)
    assert not may_write(account(role, village=EAST_WILLOW), Action.SIGN, EAST, EAST_WILLOW)


@pytest.mark.parametrize("role", list(Role))
def test_the_units_principal_and_the_office_approve_an_extension(role):
    assert may_write(account(role), Action.EXTEND, EAST) == (role in {Role.PRINCIPAL, Role.OFFICE})
    assert may_write(account(role), Action.EXTEND, WEST, None, Involved(rectifying={EAST})) == (
        role is Role.OFFICE
    )


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", sorted(COLLECTING | DECIDING))
def test_only_the_office_takes_returns_in_or_sends_them_back(role, action):
    assert may_write(account(role), action, EAST) == (role is Role.OFFICE)


GONE = "999999999999"
"""Code of a unit that this campaign has not, but another one that was run over the same database may have had."""


@pytest.mark.parametrize("role", [Role.REPORTER, Role.PRINCIPAL, Role.DEPARTMENT, Role.INSPECTOR])
def test_an_account_of_a_unit_outside_the_campaign_sees_a_notice(app, signed_in, role):
    client = signed_in(GONE, role)
    for endpoint in ("home.index", "records.index", "records.new", "roster.index", "reminders.index"):
        response = client.get(address(app, endpoint))
        assert response.status_code == 403
    assert "不在本次专项行动的单位名单里" in client.get("/").text
    assert client.get("/password").status_code == 200
    assert client.post("/sign-out", data={"csrf_token": token(client, "/password")}).status_code == 303


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ADMIN])
def test_the_office_is_the_office_in_every_campaign(signed_in, role):
    client = signed_in(GONE, role)
    pages = (
        ["/accounts/"] if role is Role.ADMIN else ["/", "/records/household-issues/", "/roster/", "/ledgers/"]
    )
    assert [client.get(page).status_code for page in pages] == [200] * len(pages)


@pytest.mark.parametrize("action", [Action.FIND, Action.REOPEN])
def test_a_team_finds_and_reopens_in_the_units_that_it_is_sent_to_only(action):
    sent = replace(account(Role.INSPECTOR, WATER), inspects=frozenset({EAST}))
    assert may_write(sent, action, EAST)
    assert not may_write(sent, action, WEST)
    assert not may_write(account(Role.INSPECTOR, WATER), action, EAST)
    assert not may_write(account(Role.REPORTER), action, EAST)


@pytest.mark.parametrize("role", [Role.REPORTER, Role.PRINCIPAL])
def test_a_unit_does_not_withdraw_what_a_team_found(role):
    assert may_write(account(role), Action.WITHDRAW, EAST)
    assert not may_write(account(role), Action.WITHDRAW, EAST, involved=Involved(found_by_team=True))
