"""What takes two people: resets of those who sign and manage, new accounts of the office, second factors."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from sqlalchemy import select

from forms_server.access import Role
from forms_server.accounts import account_events, second_factor
from forms_server.accounts.account_requests import AccountChange, takes_two
from forms_server.accounts.account_store import find_by_name
from forms_server.cli import main
from forms_server.clock import Clock
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.mail import Server
from forms_server.reminders import mail_addresses
from forms_server.reminders.account_mail import tell_by_mail
from tests.builders import EAST, OFFICE, WEST
from tests.server.conftest import NOW, PASSWORD, PASSWORD_HASH
from tests.server.handing_in import sign
from tests.server.mail_server import Anywhere, Inbox
from tests.server.pages import post, sign_in, text_of
from tests.server.records import stored
from tests.whole import vouch

REQUESTS = "/accounts/requests"
CONFIRM, REFUSE = f"{REQUESTS}/confirm", f"{REQUESTS}/refuse"
NEW_PASSWORD = "chun-zhong-7-xia"


@pytest.fixture
def office(signed_in):
    return signed_in(OFFICE, Role.OFFICE, name="office")


@pytest.fixture
def admin(signed_in):
    return signed_in(OFFICE, Role.ADMIN, name="admin")


@pytest.fixture
def later(app):
    def move(**by):
        object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW + timedelta(**by)))

    return move


def account(app, name):
    with app.extensions["huitoukan"].engine.connect() as connection:
        return find_by_name(connection, name)


def request_ids(client):
    html = BeautifulSoup(client.get(REQUESTS).text, "html.parser")
    return list(
        dict.fromkeys(button["value"] for button in html.find_all("button", attrs={"name": "request"}))
    )


def one_use(response):
    return BeautifulSoup(response.text, "html.parser").find("code", class_="one-use").text


def reset(client, app, name):
    return post(client, f"/accounts/{account(app, name).id}/reset", page="/accounts/")


def test_the_office_alone_cannot_sign_in_as_a_principal(app, office, admin, signed_in):
    principal = signed_in(EAST, Role.PRINCIPAL, name="zhao")
    asked = reset(office, app, "zhao")
    assert (asked.status_code, asked.location) == (303, REQUESTS)
    assert principal.get("/").status_code == 200
    [request] = request_ids(office)
    own = post(office, CONFIRM, page=REQUESTS, request=request)
    assert own.location == REQUESTS
    assert "要另一位办公室人员或者管理员确认" in text_of(office.get(REQUESTS))
    assert principal.get("/").status_code == 200
    password = one_use(post(admin, CONFIRM, page=REQUESTS, request=request))
    assert principal.get("/").status_code == 303
    assert sign_in(app.test_client(), "zhao", password).status_code == 303
    assert request_ids(admin) == []
    assert post(admin, CONFIRM, page=REQUESTS, request=request).location == REQUESTS
    assert "已经办过" in text_of(admin.get(REQUESTS))


def test_asking_twice_is_one_request_and_either_side_can_drop_it(app, office, admin, signed_in):
    signed_in(EAST, Role.PRINCIPAL, name="zhao")
    reset(office, app, "zhao")
    reset(admin, app, "zhao")
    [request] = request_ids(office)
    post(admin, REFUSE, page=REQUESTS, request=request)
    assert request_ids(office) == []
    reset(office, app, "zhao")
    post(office, REFUSE, page=REQUESTS, request=request_ids(office)[0])
    assert request_ids(admin) == []
    assert {row["outcome"] for row in stored(app, "account_request")} == {"refuse", "withdraw"}


def test_a_request_is_too_old_after_a_week(app, office, admin, signed_in, later):
    signed_in(EAST, Role.PRINCIPAL, name="zhao")
    reset(office, app, "zhao")
    [request] = request_ids(office)
    later(days=7)
    fresh = signed_in(OFFICE, Role.ADMIN, name="admin")
    assert request_ids(fresh) == []
    post(fresh, CONFIRM, page="/accounts/", request=request)
    assert "过了期限" in text_of(fresh.get(REQUESTS))


@pytest.mark.parametrize("role", ["office", "admin"])
def test_a_new_account_that_reads_or_manages_all_takes_two(app, office, admin, role):
    asked = post(office, "/accounts/new", name="new", unit=OFFICE, role=role)
    assert asked.location == REQUESTS
    assert account(app, "new") is None
    again = post(admin, "/accounts/new", name="new", unit=OFFICE, role=role)
    assert (again.status_code, "已有同名账号" in text_of(again)) == (422, True)
    password = one_use(post(admin, CONFIRM, page=REQUESTS, request=request_ids(admin)[0]))
    assert account(app, "new").role == role
    assert sign_in(app.test_client(), "new", password).status_code == 303


def test_a_second_principal_of_a_unit_takes_two_also_where_the_first_is_disabled(app, office):
    assert post(office, "/accounts/new", name="zhao", unit=WEST, role="principal").status_code == 200
    assert post(office, "/accounts/new", name="qian", unit=WEST, role="principal").location == REQUESTS
    post(office, f"/accounts/{account(app, 'zhao').id}/disable", page="/accounts/")
    assert post(office, "/accounts/new", name="sun", unit=WEST, role="principal").location == REQUESTS
    enabled = post(office, f"/accounts/{account(app, 'zhao').id}/enable", page="/accounts/")
    assert enabled.location == REQUESTS
    assert account(app, "zhao").disabled


def test_slips_of_principals_are_not_reissued_by_one(app, office):
    page = BeautifulSoup(office.get(f"/accounts/sheets?unit={EAST}").text, "html.parser")
    names = [box["value"] for box in page.find_all("input", attrs={"name": "new"})]
    post(office, f"/accounts/sheets?unit={EAST}", new=names)
    page = office.get(f"/accounts/sheets?unit={EAST}").text
    offered = BeautifulSoup(page, "html.parser").find_all("input", attrs={"name": "again"})
    assert len(offered) == len(names) - 1
    assert account(app, "东河镇主要负责人").id not in {box["value"] for box in offered}


def test_a_reporters_reset_takes_one_and_tells_him_at_each_sign_in(app, office, signed_in, later):
    signed_in(EAST, Role.REPORTER, name="zhang")
    client = app.test_client()
    sign_in(client, "zhang", one_use(reset(office, app, "zhang")))
    told = text_of(client.get("/password"))
    assert "office重置了密码。不是您要求的" in told
    later(days=6)
    again = app.test_client()
    with transaction(app.extensions["huitoukan"].engine) as connection:
        connection.execute(
            tables.account.update().values(must_change_password=False, password_hash=PASSWORD_HASH)
        )
        vouch(connection, NOW)
    sign_in(again, "zhang", PASSWORD)
    assert "office重置了密码。不是您要求的" in text_of(again.get("/"))
    assert "office重置了密码" in text_of(again.get("/sessions"))
    later(days=8)
    late = app.test_client()
    sign_in(late, "zhang", PASSWORD)
    assert "office重置了密码" not in text_of(late.get("/"))


def test_he_gets_a_letter_where_mail_is_set(app, office, signed_in):
    signed_in(EAST, Role.REPORTER, name="zhang")
    services = app.extensions["huitoukan"]
    with transaction(services.engine) as connection:
        mail_addresses.save(connection, NOW, find_by_name(connection, "zhang"), "zhang@example.cn")
    inbox = Inbox()
    controller = Anywhere(inbox, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        object.__setattr__(services.config, "smtp", Server.from_url(f"smtp://127.0.0.1:{controller.port}"))
        object.__setattr__(services.config, "mail_from", "office@example.cn")
        sending = tell_by_mail(services, account(app, "zhang"), "office重置了密码")
        assert sending
        sending.join(30)
    finally:
        controller.stop()
    [letter] = inbox.mails
    assert letter["To"] == "zhang@example.cn"
    assert "账号 zhang" in letter.get_content()
    assert "office重置了密码" in letter.get_content()


def test_the_second_factor_is_reset_by_two(app, office, admin, signed_in):
    client = signed_in(EAST, Role.REPORTER, name="zhang")
    services = app.extensions["huitoukan"]
    with transaction(services.engine) as connection:
        whose = find_by_name(connection, "zhang")
        second_factor.begin_enrolment(connection, whose, "test")
        totp = second_factor._totp(connection, whose.id)
        code = totp.at(int(NOW.replace(tzinfo=second_factor.ZONE).timestamp()))
        assert second_factor.confirm_enrolment(connection, NOW, whose, code)
    assert post(office, f"/accounts/{whose.id}/reset-factor", page="/accounts/").location == REQUESTS
    assert "动态码" in text_of(sign_in(app.test_client(), "zhang", PASSWORD))
    post(admin, CONFIRM, page=REQUESTS, request=request_ids(admin)[0])
    assert client.get("/").status_code == 303
    assert sign_in(app.test_client(), "zhang", PASSWORD).status_code == 303


def test_who_is_alone_is_told_of_the_command_line(office):
    assert "huitoukan user reset" in text_of(office.get(REQUESTS))


def test_with_another_manager_nobody_is_sent_to_the_server(office, admin):
    assert "huitoukan user reset" not in text_of(office.get(REQUESTS))


def test_each_step_stands_in_the_audit(app, office, admin, signed_in):
    signed_in(EAST, Role.PRINCIPAL, name="zhao")
    reset(office, app, "zhao")
    post(admin, CONFIRM, page=REQUESTS, request=request_ids(admin)[0])
    with app.extensions["huitoukan"].engine.connect() as connection:
        query = select(tables.audit).where(tables.audit.c.action.in_(["ask", "confirm", "reset"]))
        rows = connection.execute(query.order_by(tables.audit.c.id)).all()
    ids = {name: account(app, name).id for name in ("office", "admin", "zhao")}
    assert [(row.action, row.account_id) for row in rows] == [
        ("ask", ids["office"]),
        ("confirm", ids["admin"]),
        ("reset", ids["admin"]),
    ]
    assert rows[-1].change == {"asked_by": ids["office"]}


class TestSignatureAfterReset:
    def test_the_return_and_its_paper_say_so(self, app, office, admin, reporter, principal, ready):
        name = f"{EAST}-principal-"
        reset(office, app, name)
        password = one_use(post(admin, CONFIRM, page=REQUESTS, request=request_ids(admin)[0]))
        client = app.test_client()
        sign_in(client, name, password)
        fields = {"new_password": NEW_PASSWORD, "again_password": NEW_PASSWORD}
        assert post(client, "/password", current_password=password, **fields).status_code == 303
        address = sign(client, NEW_PASSWORD).location
        told = "office申请、admin确认，重置了密码"
        assert told in text_of(office.get(address))
        assert told in text_of(client.get(f"{address}/paper"))

    def test_long_after_it_does_not(self, app, office, principal, ready):
        address = sign(principal).location
        assert "请留意" not in text_of(office.get(address))
        signer = stored(app, "signed_return")[0]["signed_by"]
        engine = app.extensions["huitoukan"].engine
        with engine.connect() as connection:
            at = NOW + timedelta(days=7)
            assert account_events.reset_before(connection, signer, at, timedelta(days=7)) is None

    def test_a_reset_by_the_command_line_is_named_as_such(self, app, principal, ready, tmp_path, monkeypatch):
        config = app.extensions["huitoukan"].config
        monkeypatch.setenv("HUITOUKAN_HOME", str(config.home))
        monkeypatch.setenv("HUITOUKAN_DATABASE", config.database)
        monkeypatch.delenv("HUITOUKAN_CHECKLIST", raising=False)
        name = f"{EAST}-principal-"
        done = CliRunner().invoke(main, ["user", "reset", name])
        assert done.exit_code == 0, done.output
        with app.extensions["huitoukan"].engine.connect() as connection:
            query = select(tables.audit.c.at).where(tables.audit.c.action == "reset")
            at = connection.execute(query).scalar_one()
            event = account_events.reset_before(connection, account(app, name).id, at, timedelta(days=7))
        assert event.words == "服务器上的命令重置了密码"


@pytest.mark.parametrize("change", AccountChange)
def test_which_changes_take_two(change):
    two = {role for role in Role if takes_two(change, role, {Role.PRINCIPAL})}
    managing_and_signing = {Role.OFFICE, Role.ADMIN, Role.PRINCIPAL}
    assert two == (set(Role) if change is AccountChange.REMOVE_FACTOR else managing_and_signing)


def test_the_first_principal_of_a_unit_takes_one():
    assert not takes_two(AccountChange.CREATE, Role.PRINCIPAL, {Role.REPORTER})
