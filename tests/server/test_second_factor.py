"""The second factor: set up on a telephone, asked for at sign-in, each code once; recovery codes on paper."""

import re
from datetime import date, timedelta

import pyotp
import pytest
from bs4 import BeautifulSoup

from checklist.china_time import ZONE
from forms_server.access import Role
from forms_server.accounts import account_store, signing_in
from forms_server.accounts.second_factor import RECOVERY_CODES
from forms_server.accounts.sign_in_throttle import MAX_FAILURES
from forms_server.clock import Clock
from forms_server.db.engine import transaction
from tests.builders import EAST, OFFICE
from tests.server.conftest import NOW, PASSWORD, PASSWORD_HASH
from tests.server.handing_in import fields_of
from tests.server.pages import post, sign_in, text_of
from tests.server.records import HOUSEHOLD, ISSUE, stored

NAME = "zhang"


@pytest.fixture
def later(app):
    """Set the application's clock to a time after NOW."""

    def move(**by):
        object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW + timedelta(**by)))

    return move


@pytest.fixture
def phone(signed_in):
    """A telephone that has read the secret of an account, whose recovery codes are on paper."""
    return Phone(signed_in(EAST, Role.PRINCIPAL, name=NAME))


class Phone:
    def __init__(self, client):
        self.client = client
        shown = post(client, "/second-factor/begin", page="/second-factor")
        self.totp = pyotp.TOTP(
            re.search(r"[A-Z2-7]{4}(?: [A-Z2-7]{4}){7}", text_of(shown))[0].replace(" ", "")
        )
        confirmed = post(client, "/second-factor/confirm", page="/second-factor", code=self.code())
        self.paper = [
            code.text for code in BeautifulSoup(confirmed.text, "html.parser").select("code.one-use")
        ]

    def code(self, **after):
        return self.totp.at((NOW + timedelta(**after)).replace(tzinfo=ZONE))


def give(client, asked, code):
    """Send the page that asks for the code."""
    form = BeautifulSoup(asked.text, "html.parser").select_one("main form")
    fields = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    return client.post(form["action"], data={**fields, "code": code})


def is_signed_in(client):
    return client.get("/").status_code == 200


def test_the_secret_is_read_from_a_local_picture(signed_in, app):
    client = signed_in(EAST, Role.PRINCIPAL, name=NAME)
    page = post(client, "/second-factor/begin", page="/second-factor")
    picture = BeautifulSoup(page.text, "html.parser").select_one("svg.qr")
    assert picture is not None
    assert "http" not in str(picture).replace("http://www.w3.org/2000/svg", "")
    secret = re.search(r"[A-Z2-7]{4}(?: [A-Z2-7]{4}){7}", text_of(page))[0].replace(" ", "")
    assert secret not in str(stored(app, "second_factor"))


def test_sign_in_asks_for_the_code_after_the_password(app, phone, later):
    later(minutes=1)
    client = app.test_client()
    asked = sign_in(client, NAME, PASSWORD, next="/zero/")
    assert (asked.status_code, "动态码" in text_of(asked)) == (200, True)
    assert not is_signed_in(client)
    wrong = give(client, asked, "000000")
    assert (wrong.status_code, signing_in.WRONG_CODE in text_of(wrong)) == (422, True)
    done = give(client, wrong, phone.code(minutes=1))
    assert (done.status_code, done.location) == (303, "/zero/")
    assert is_signed_in(client)


@pytest.mark.parametrize("drift", [-30, 0, 30])
def test_a_clock_that_is_a_little_off_does_not_matter(app, phone, later, drift):
    later(minutes=5)
    client = app.test_client()
    give(client, sign_in(client, NAME, PASSWORD), phone.code(minutes=5, seconds=drift))
    assert is_signed_in(client)


@pytest.mark.parametrize("off", [-120, 120])
def test_codes_of_other_times_are_refused(app, phone, later, off):
    later(minutes=5)
    client = app.test_client()
    assert (
        give(client, sign_in(client, NAME, PASSWORD), phone.code(minutes=5, seconds=off)).status_code == 422
    )


def test_a_code_that_was_used_cannot_be_replayed(app, phone, later):
    first, second = app.test_client(), app.test_client()
    # The first code of the set-up, too.
    assert give(first, sign_in(first, NAME, PASSWORD), phone.code()).status_code == 422
    later(minutes=1)
    assert give(first, sign_in(first, NAME, PASSWORD), phone.code(minutes=1)).status_code == 303
    assert give(second, sign_in(second, NAME, PASSWORD), phone.code(minutes=1)).status_code == 422
    later(minutes=1, seconds=30)  # an older one neither, though its time is near
    assert give(second, sign_in(second, NAME, PASSWORD), phone.code(seconds=30)).status_code == 422


def test_a_recovery_code_takes_the_place_of_a_code_once(app, phone):
    assert len(set(phone.paper)) == RECOVERY_CODES
    client, other = app.test_client(), app.test_client()
    typed = phone.paper[3].upper().replace("-", " ")
    assert give(client, sign_in(client, NAME, PASSWORD), typed).status_code == 303
    assert give(other, sign_in(other, NAME, PASSWORD), phone.paper[3]).status_code == 422
    assert f"还有 {RECOVERY_CODES - 1} 个" in text_of(client.get("/second-factor"))
    assert not set(phone.paper) & set(re.findall(r"[0-9a-z-]+", str(stored(app, "recovery_code"))))


def test_new_recovery_codes_replace_those_on_paper(app, phone, later):
    later(minutes=1)
    fields = {"current_password": PASSWORD, "code": phone.code(minutes=1)}
    page = post(phone.client, "/second-factor/codes", page="/second-factor", **fields)
    new = [code.text for code in BeautifulSoup(page.text, "html.parser").select("code.one-use")]
    assert not set(new) & set(phone.paper)
    client = app.test_client()
    assert give(client, sign_in(client, NAME, PASSWORD), phone.paper[0]).status_code == 422
    assert give(client, sign_in(client, NAME, PASSWORD), new[0]).status_code == 303


def test_guessing_codes_locks_and_needs_the_password_again(app, phone):
    client = app.test_client()
    asked = sign_in(client, NAME, PASSWORD)
    for _ in range(MAX_FAILURES):
        answer = give(client, asked, "123456")
    assert signing_in.CODE_LOCKED in text_of(answer)
    assert signing_in.TOO_LATE in text_of(give(client, asked, phone.paper[0]))
    assert signing_in.CODE_LOCKED in text_of(give(client, sign_in(client, NAME, PASSWORD), phone.paper[0]))


def test_the_code_must_follow_soon_and_a_reset_ends_the_waiting(app, phone, later):
    client = app.test_client()
    asked = sign_in(client, NAME, PASSWORD)
    later(minutes=10)
    assert signing_in.TOO_LATE in text_of(give(client, asked, phone.code(minutes=10)))
    asked = sign_in(client, NAME, PASSWORD)
    with transaction(app.extensions["huitoukan"].engine) as connection:
        account = account_store.find_by_name(connection, NAME)
        account_store.set_password(connection, NOW, None, account, PASSWORD_HASH, one_use=True)
    assert signing_in.TOO_LATE in text_of(give(client, asked, phone.code(minutes=10)))


def test_turning_it_off_needs_password_and_code(phone, later):
    fields = {"current_password": PASSWORD, "code": "000000"}
    assert post(phone.client, "/second-factor/remove", page="/second-factor", **fields).status_code == 422
    fields = {"current_password": "wrong", "code": phone.paper[0]}
    assert post(phone.client, "/second-factor/remove", page="/second-factor", **fields).status_code == 422
    fields = {"current_password": PASSWORD, "code": phone.paper[0]}
    assert post(phone.client, "/second-factor/remove", page="/second-factor", **fields).status_code == 303
    assert sign_in(phone.client.application.test_client(), NAME, PASSWORD).status_code == 303


def test_what_was_typed_before_the_session_ended_comes_through_the_code(app, phone, later, signed_in):
    client = phone.client
    sent = (
        {**fields_of(client.get(HOUSEHOLD)), **ISSUE} if client.get(HOUSEHOLD).status_code == 200 else ISSUE
    )
    later(hours=13)
    expired = client.post(HOUSEHOLD, data=sent)
    assert expired.status_code == 401
    form = BeautifulSoup(expired.text, "html.parser").select_one("main form")
    fields = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    asked = client.post(form["action"], data={**fields, "name": NAME, "password": PASSWORD})
    ready = give(client, asked, phone.code(hours=13))
    assert (ready.status_code, "重新提交" in text_of(ready)) == (200, True)
    form = BeautifulSoup(ready.text, "html.parser").select_one("main form")
    fields = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    assert client.post(form["action"], data=fields).status_code == 303
    assert [row["content"] for row in stored(app)] == [ISSUE["content"]]


@pytest.fixture
def required(app):
    """The second factor is required from the day of NOW."""
    object.__setattr__(app.extensions["huitoukan"].config.policy, "second_factor_from", date(2022, 8, 20))


@pytest.mark.usefixtures("required")
def test_from_the_day_on_signers_and_managers_set_it_up_first(signed_in):
    for unit, role in ((EAST, Role.PRINCIPAL), (OFFICE, Role.OFFICE), (OFFICE, Role.ADMIN)):
        client = signed_in(unit, role)
        assert client.get("/").location == "/second-factor"
        assert client.get("/accounts/").location in {"/second-factor", None}
        assert "必须用动态码" in text_of(client.get("/second-factor"))
    assert is_signed_in(signed_in(EAST, Role.REPORTER))


@pytest.mark.usefixtures("required")
def test_who_has_it_goes_on_and_cannot_turn_it_off(phone):
    assert is_signed_in(phone.client)
    assert "停用动态码" not in text_of(phone.client.get("/second-factor"))
    fields = {"current_password": PASSWORD, "code": phone.paper[0]}
    post(phone.client, "/second-factor/remove", page="/second-factor", **fields)
    assert "必须用动态码，不能停用" in text_of(phone.client.get("/second-factor"))


def test_before_the_day_it_is_only_offered(app, signed_in):
    policy = app.extensions["huitoukan"].config.policy
    object.__setattr__(policy, "second_factor_from", date(2022, 8, 21))
    assert is_signed_in(signed_in(EAST, Role.PRINCIPAL))
