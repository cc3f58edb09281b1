"""Who guesses is held up, by name and by network; who has signed in before is not locked out by strangers."""

from datetime import timedelta
from ipaddress import ip_network

import pytest

from forms_server.access import Role
from forms_server.accounts import account_store, passwords, signing_in
from forms_server.accounts.networks import UNKNOWN, client_address, network_of
from forms_server.accounts.sign_in_throttle import LOCK, MAX_FAILURES, MAX_OF_NAME, MAX_OF_NETWORK
from forms_server.accounts.signing_in import Browser, SignedIn, SignInRefused
from forms_server.clock import Clock
from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import migrate
from forms_server.server_settings import Config
from forms_server.services import Services
from tests.builders import EAST, small_campaign
from tests.records.builders import AUDIT_KEY
from tests.server.conftest import NOW, PASSWORD, PASSWORD_HASH
from tests.server.pages import post, sign_in, text_of

HOME, OFFICE_DESK, STRANGER = "10.1.2.3", "10.1.2.4", "203.0.113.9"


@pytest.fixture
def open_county(database, tmp_path):
    """Services on either database, opened anew each time as after a restart, at a time after NOW."""
    engines = []

    def opened(after: timedelta = timedelta(0)) -> Services:
        engine = make_engine(database, AUDIT_KEY)
        engines.append(engine)
        config = Config(checklist=tmp_path, home=tmp_path, database=database)
        return Services(small_campaign(), engine, Clock(NOW + after), config)

    services = opened()
    migrate(services.engine)
    with transaction(services.engine) as connection:
        for name in ("zhang", "li"):
            new = account_store.NewAccount(name, EAST, Role.PRINCIPAL)
            account_store.add(connection, NOW, None, new, PASSWORD_HASH, must_change_password=False)
    yield opened
    for engine in engines:
        engine.dispose()


def attempt(services, name, password, address, device=""):
    return signing_in.sign_in(services, name, password, Browser("browser", address, device))


def guess(services, name, address, times=MAX_FAILURES):
    return [attempt(services, name, "wrong", address).message for _ in range(times)]


def test_a_strangers_wrong_tries_lock_the_name_for_him_only(open_county):
    services = open_county()
    told = guess(services, "zhang", STRANGER, MAX_FAILURES + 1)
    assert told == [signing_in.WRONG] * (MAX_FAILURES - 1) + [signing_in.LOCKED] * 2
    assert attempt(services, "zhang", PASSWORD, STRANGER) == SignInRefused(signing_in.LOCKED)
    assert isinstance(attempt(services, "zhang", PASSWORD, HOME), SignedIn)


def test_a_device_that_signed_in_before_is_let_through_from_the_same_network(open_county):
    services = open_county()
    device = attempt(services, "zhang", PASSWORD, HOME).device
    guess(services, "zhang", HOME)
    assert attempt(services, "zhang", PASSWORD, HOME) == SignInRefused(signing_in.LOCKED)
    assert attempt(services, "zhang", PASSWORD, HOME, "made up") == SignInRefused(signing_in.LOCKED)
    again = attempt(services, "zhang", PASSWORD, HOME, device)
    assert (type(again), again.device) == (SignedIn, device)


def test_a_known_device_is_known_for_its_own_accounts_only_and_has_its_own_count(open_county):
    services = open_county()
    device = attempt(services, "zhang", PASSWORD, HOME).device
    guess(services, "li", HOME)
    assert attempt(services, "li", PASSWORD, HOME, device) == SignInRefused(signing_in.LOCKED)
    for _ in range(MAX_FAILURES):
        attempt(services, "zhang", "wrong", OFFICE_DESK, device)
    assert attempt(services, "zhang", PASSWORD, OFFICE_DESK, device) == SignInRefused(signing_in.LOCKED)


def test_many_names_from_one_network_are_held_up_and_others_are_not(open_county):
    services = open_county()
    told = [
        attempt(services, f"name{number}", "wrong", STRANGER).message for number in range(MAX_OF_NETWORK + 10)
    ]
    assert told.index(signing_in.NETWORK_LOCKED) == MAX_OF_NETWORK - 1
    assert set(told[MAX_OF_NETWORK - 1 :]) == {signing_in.NETWORK_LOCKED}
    assert attempt(services, "zhang", PASSWORD, STRANGER) == SignInRefused(signing_in.NETWORK_LOCKED)
    assert isinstance(attempt(services, "zhang", PASSWORD, HOME), SignedIn)
    assert isinstance(attempt(open_county(LOCK), "zhang", PASSWORD, STRANGER), SignedIn)


def test_guesses_of_a_locked_network_cost_no_hashing(open_county, monkeypatch):
    services = open_county()
    hashed = []
    monkeypatch.setattr(passwords, "verify", lambda *args: hashed.append(args) or False)
    for number in range(MAX_OF_NETWORK * 3):
        attempt(services, f"name{number}", "wrong", STRANGER)
    assert len(hashed) == MAX_OF_NETWORK


def test_a_right_password_does_not_clear_the_count_of_its_network(open_county):
    services = open_county()
    for number in range(MAX_OF_NETWORK - 1):
        attempt(services, f"name{number}", "wrong", STRANGER)
    assert isinstance(attempt(services, "li", PASSWORD, STRANGER), SignedIn)
    assert attempt(services, "one more", "wrong", STRANGER).message == signing_in.NETWORK_LOCKED


def test_guesses_from_many_networks_lock_the_name_except_where_it_is_known(open_county):
    services = open_county()
    attempt(services, "zhang", PASSWORD, HOME)
    for number in range(MAX_OF_NAME):
        attempt(services, "zhang", "wrong", f"203.0.113.{number}")
    assert attempt(services, "zhang", PASSWORD, "198.51.100.1") == SignInRefused(signing_in.LOCKED)
    assert isinstance(attempt(services, "zhang", PASSWORD, HOME), SignedIn)


def test_addresses_of_one_ipv6_subscriber_are_one_network(open_county):
    services = open_county()
    for number in range(MAX_FAILURES):
        attempt(services, "zhang", "wrong", f"2001:db8:1:2::{number + 1:x}")
    assert attempt(services, "zhang", PASSWORD, "2001:db8:1:2:ffff::1") == SignInRefused(signing_in.LOCKED)
    assert isinstance(attempt(services, "zhang", PASSWORD, "2001:db8:1:3::1"), SignedIn)


def test_limits_survive_a_restart(open_county):
    guess(open_county(), "zhang", STRANGER)
    assert attempt(open_county(), "zhang", PASSWORD, STRANGER) == SignInRefused(signing_in.LOCKED)


def test_wrong_passwords_at_an_open_session_do_not_lock_the_sign_in(open_county):
    services = open_county()
    signed = attempt(services, "zhang", PASSWORD, HOME)
    for _ in range(MAX_FAILURES):
        signing_in.check_password(services, signed.account, "wrong")
    assert signing_in.check_password(services, signed.account, PASSWORD) == signing_in.LOCKED
    assert isinstance(attempt(services, "zhang", PASSWORD, HOME), SignedIn)


def test_a_reset_forgets_devices_and_failures(open_county):
    services = open_county()
    device = attempt(services, "zhang", PASSWORD, HOME).device
    guess(services, "zhang", HOME)
    with transaction(services.engine) as connection:
        account = account_store.find_by_name(connection, "zhang")
        account_store.set_password(connection, NOW, None, account, PASSWORD_HASH, one_use=True)
    guess(services, "zhang", HOME)
    assert attempt(services, "zhang", PASSWORD, HOME, device) == SignInRefused(signing_in.LOCKED)


def test_a_one_use_password_expires(open_county):
    services = open_county()
    with transaction(services.engine) as connection:
        account = account_store.find_by_name(connection, "zhang")
        account_store.set_password(connection, NOW, None, account, PASSWORD_HASH, one_use=True)
    late = open_county(timedelta(days=14))
    assert attempt(late, "zhang", "wrong", HOME) == SignInRefused(signing_in.WRONG)
    assert attempt(late, "zhang", PASSWORD, HOME) == SignInRefused(signing_in.EXPIRED)
    assert isinstance(attempt(open_county(timedelta(days=13, hours=23)), "zhang", PASSWORD, HOME), SignedIn)


TRUSTED = [ip_network("127.0.0.0/8"), ip_network("::1"), ip_network("10.9.0.0/16")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.1.2.3", "", "10.1.2.3"),
        ("10.1.2.3", "203.0.113.9", "10.1.2.3"),  # nobody's proxy: the header is made up
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        (
            "127.0.0.1",
            "1.1.1.1, 203.0.113.9",
            "203.0.113.9",
        ),  # the front appends; the beginning is the client's word
        ("127.0.0.1", "203.0.113.9, 10.9.0.2", "203.0.113.9"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("::1", "[2001:db8::1]", "2001:db8::1"),
        ("::ffff:10.1.2.3", "", "10.1.2.3"),
        (None, "203.0.113.9", ""),
    ],
)
def test_forwarded_addresses_are_believed_from_trusted_proxies_only(peer, forwarded, client):
    assert client_address(peer, forwarded, TRUSTED) == client


def test_what_counts_as_one_network():
    found = [
        network_of(each) for each in ("10.1.2.3", "::ffff:10.1.2.3", "2001:db8:1:2:3::4", "fe80::1%eth0", "")
    ]
    assert found == ["10.1.2.3", "10.1.2.3", "2001:db8:1:2::/64", "fe80::/64", UNKNOWN]


def test_the_browser_keeps_the_devices_cookie_after_signing_out(client, signed_in):
    signed_in(EAST, "reporter", name="zhang")
    cookies = sign_in(client, "zhang", PASSWORD).headers.getlist("Set-Cookie")
    device = next(each for each in cookies if each.startswith("huitoukan-device="))
    assert "HttpOnly" in device
    assert f"Max-Age={180 * 24 * 3600}" in device
    post(client, "/sign-out", page="/password")
    for _ in range(MAX_FAILURES):
        stranger = client.application.test_client()
        sign_in(stranger, "zhang", "wrong-password")
    assert "暂停登录" in text_of(sign_in(client.application.test_client(), "zhang", PASSWORD))
    assert sign_in(client, "zhang", PASSWORD).status_code == 303
