from datetime import timedelta

import pytest
from sqlalchemy import func, select

from forms_server.account import Role
from forms_server.accounts import account_store, passwords, signing_in
from forms_server.accounts.sign_in_throttle import LOCK, MAX_FAILURES
from forms_server.accounts.signing_in import Browser, SignedIn, SignInRefused
from forms_server.clock import Clock
from forms_server.db import tables
from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import migrate
from forms_server.server_settings import Config
from forms_server.services import Services
from tests.builders import EAST, small_campaign
from tests.records.builders import AUDIT_KEY
from tests.server.conftest import NOW, PASSWORD, PASSWORD_HASH
from tests.server.pages import post, sign_in, text_of, token


@pytest.fixture
def at_office(database, tmp_path):
    """The services, on either database, with one account; called with a time, they are of that time."""
    engine = make_engine(database, AUDIT_KEY)
    migrate(engine)
    with transaction(engine) as connection:
        new = account_store.NewAccount("zhang", EAST, Role.REPORTER)
        account_store.add(connection, NOW, None, new, PASSWORD_HASH, must_change_password=False)
    config = Config(checklist=tmp_path, home=tmp_path, database=database)
    yield lambda after=timedelta(0): Services(small_campaign(), engine, Clock(NOW + after), config)
    engine.dispose()


def attempt(services, name, password):
    return signing_in.sign_in(services, name, password, Browser("browser", "10.1.2.3"))


def test_the_right_password_signs_in(at_office):
    outcome = attempt(at_office(), " ｚｈａｎｇ", PASSWORD)
    assert isinstance(outcome, SignedIn)
    assert outcome.account.unit_code == EAST
    assert len(outcome.token) >= 43  # 256 bits


@pytest.mark.parametrize("name", ["zhang", "nobody", "zh\x00ang", ""])
def test_known_and_unknown_names_are_refused_and_locked_alike(at_office, name):
    told = [attempt(at_office(), name, "wrong").message for _ in range(MAX_FAILURES + 1)]
    assert told == [signing_in.WRONG] * (MAX_FAILURES - 1) + [signing_in.LOCKED] * 2


def test_a_locked_name_is_refused_even_with_the_right_password_until_the_time_is_over(at_office):
    for _ in range(MAX_FAILURES):
        attempt(at_office(), "zhang", "wrong")
    assert attempt(at_office(LOCK - timedelta(seconds=1)), "zhang", PASSWORD) == SignInRefused(
        signing_in.LOCKED
    )
    assert isinstance(attempt(at_office(LOCK), "zhang", PASSWORD), SignedIn)


def test_failures_are_counted_in_a_row_only(at_office):
    for _ in range(MAX_FAILURES - 1):
        attempt(at_office(), "zhang", "wrong")
    assert isinstance(attempt(at_office(), "zhang", PASSWORD), SignedIn)
    assert attempt(at_office(), "zhang", "wrong") == SignInRefused(signing_in.WRONG)


def test_failures_long_past_are_forgotten(at_office):
    for name in ("zhang", "nobody", "somebody"):
        attempt(at_office(), name, "wrong")
    attempt(at_office(LOCK), "zhang", "wrong")
    with at_office().engine.connect() as connection:
        # One of the name from there, one of the name, one of the network.
        assert connection.execute(select(tables.sign_in_failure.c.failures)).scalars().all() == [1, 1, 1]


def test_a_new_password_lifts_the_lock(at_office):
    services = at_office()
    for _ in range(MAX_FAILURES):
        attempt(services, "zhang", "wrong")
    with transaction(services.engine) as connection:
        account = account_store.find_by_name(connection, "zhang")
        account_store.set_password(connection, NOW, None, account, PASSWORD_HASH, one_use=True)
    assert isinstance(attempt(services, "zhang", PASSWORD), SignedIn)


def test_unknown_and_disabled_names_cost_the_same_hashing_as_known_ones(at_office, monkeypatch):
    hashed = []
    real = passwords.verify
    monkeypatch.setattr(passwords, "verify", lambda *args: (hashed.append(args[0]), real(*args))[1])
    services = at_office()
    with transaction(services.engine) as connection:
        new = account_store.NewAccount("gone", EAST, Role.REPORTER)
        account_store.add(connection, NOW, None, new, PASSWORD_HASH, must_change_password=False)
        account_store.set_disabled(
            connection, NOW, None, account_store.find_by_name(connection, "gone"), disabled=True
        )
    told = {attempt(services, name, PASSWORD + "x").message for name in ("zhang", "nobody", "gone")}
    assert told == {signing_in.WRONG}
    assert attempt(services, "gone", PASSWORD) == SignInRefused(signing_in.WRONG)
    assert len(hashed) == 4


def test_the_table_of_sessions_holds_no_token(at_office):
    services = at_office()
    token = attempt(services, "zhang", PASSWORD).token
    with services.engine.connect() as connection:
        row = connection.execute(select(tables.session)).mappings().one()
        assert token not in map(str, row.values())
        assert connection.execute(select(func.count()).select_from(tables.audit)).scalar() == 2


def test_sign_in_leads_back_to_where_one_was_going(client, signed_in):
    signed_in(EAST, "reporter", name="zhang")
    going = client.get("/records/household-issues/new?item=house-safe")
    assert going.status_code == 303
    form = client.get(going.headers["Location"])
    assert form.status_code == 200
    response = sign_in(client, "zhang", PASSWORD, next="/records/household-issues/new?item=house-safe")
    assert response.headers["Location"] == "/records/household-issues/new?item=house-safe"
    assert client.get("/sign-in").status_code == 303


def test_sign_in_leads_to_no_other_site(client, signed_in):
    signed_in(EAST, "reporter", name="zhang")
    assert 'value="/"' in client.get("/sign-in?next=//elsewhere.example").text
    assert sign_in(client, "zhang", PASSWORD, next="https://elsewhere.example").headers["Location"] == "/"


def test_a_refusal_keeps_the_name_and_never_the_password(client):
    response = sign_in(client, "zhang", "wrong-password-here")
    assert response.status_code == 422
    assert signing_in.WRONG in text_of(response)
    assert 'value="zhang"' in response.text
    assert "wrong-password-here" not in response.text


def test_empty_fields_are_named(client):
    page = text_of(sign_in(client, "", ""))
    assert "请填写账号" in page
    assert "请填写密码" in page


def test_the_cookie_is_out_of_reach(client, signed_in):
    signed_in(EAST, "reporter", name="zhang")
    cookies = sign_in(client, "zhang", PASSWORD).headers.getlist("Set-Cookie")
    session = next(cookie for cookie in cookies if cookie.startswith("huitoukan="))
    assert "HttpOnly" in session
    assert "SameSite=Lax" in session
    assert "Path=/" in session


def test_behind_https_cookies_insist_on_it(app, client):
    config = app.extensions["huitoukan"].config
    object.__setattr__(config, "https", True)
    cookies = client.get("/sign-in", base_url="https://localhost").headers.getlist("Set-Cookie")
    assert cookies
    assert all(cookie.startswith("__Host-") and "Secure" in cookie for cookie in cookies)


def test_signing_out_ends_the_session_on_the_server_too(client, signed_in):
    signed_in(EAST, "reporter", name="zhang")
    sign_in(client, "zhang", PASSWORD)
    stolen = client.get_cookie("huitoukan").value
    assert post(client, "/sign-out", page="/password").status_code == 303
    client.set_cookie("huitoukan", stolen)
    assert client.get("/").headers["Location"].startswith("/sign-in")


def test_a_new_sign_in_gets_a_new_token(client, signed_in):
    signed_in(EAST, "reporter", name="zhang")
    client.set_cookie("huitoukan", "planted-by-someone")
    before = token(client)
    sign_in(client, "zhang", PASSWORD)
    assert client.get_cookie("huitoukan").value != "planted-by-someone"
    assert token(client, "/password") != before
