"""What people are reminded of: on the page, in a calendar with a secret address, and by e-mail through a real server."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from build_scripts.settings_file import BadSetting
from forms_server.cli import main
from forms_server.clock import Clock
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.mail import Server, why
from forms_server.reminders import mail_addresses
from forms_server.server_settings import Config
from tests.builders import EAST, EAST_WILLOW, OFFICE, WEST, small_campaign
from tests.handbook.test_site_files import events
from tests.server.conftest import NOW
from tests.server.mail_server import Anywhere, Inbox
from tests.server.pages import post, text_of
from tests.server.records import FAMILY, HOUSEHOLD, ISSUE, PROPOSED, file

TOMORROW = NOW.date() + timedelta(days=1)


@pytest.fixture
def filed(signed_in):
    """East has an issue that is late, one due tomorrow and one due in ten days."""
    reporter = signed_in(EAST, "reporter")
    for days in (-5, 1, 10):
        deadline = (NOW.date() + timedelta(days=days)).isoformat()
        assert file(reporter, HOUSEHOLD, **{**ISSUE, "deadline": deadline}).status_code == 303
    return reporter


def subscribe(client) -> str:
    page = BeautifulSoup(post(client, "/reminders/calendar", page="/reminders/").text, "html.parser")
    return urlsplit(page.select_one(".feed-address a")["href"]).path


def test_the_page_tells_what_is_late_and_due_and_leads_there(filed):
    page = BeautifulSoup(filed.get("/reminders/").text, "html.parser")
    told = [link.text for link in page.select("main .row-link")]
    assert told[:2] == ["户内问题 1 条过了整改时限还没有整改", "户内问题 1 条明天到整改时限"]
    assert told[2:] == ["2022年8月21日", "2022年8月30日"]
    for link in page.select("main .row-link"):
        assert filed.get(link["href"]).text.count("stretched-link") == 1


def test_a_household_is_called_to_mind_before_its_days_are_over_and_after(signed_in):
    reporter = signed_in(EAST, "reporter")
    for days, name in ((14, "刘某某"), (16, "陈某某")):
        day = (NOW.date() - timedelta(days=days)).isoformat()
        family = {**FAMILY, "householder": name, "identified_on": day}
        assert file(reporter, PROPOSED, **family).status_code == 303
    page = BeautifulSoup(reporter.get("/reminders/").text, "html.parser")
    links = page.select("main .row-link")
    assert [link.text for link in links[:2]] == [
        "拟识别监测对象 1 条待录入，已超过 15 天",
        "拟识别监测对象 1 条明天到期限，待录入",
    ]
    for link, name in zip(links, ("陈某某", "刘某某"), strict=False):
        assert name in reporter.get(link["href"]).text


def test_reminders_never_mention_another_unit(filed, signed_in):
    for other in (signed_in(WEST, "reporter"), signed_in(EAST, "reporter", village="999001001201")):
        page = other.get("/reminders/")
        assert "没有逾期的" in text_of(page)
        assert "往后哪天到期" not in page.text


def test_verifiers_are_reminded_of_what_waits(filed, signed_in):
    reminders = BeautifulSoup(filed.get("/reminders/").text, "html.parser")
    tomorrows = filed.get(reminders.find("a", string="户内问题 1 条明天到整改时限")["href"])
    record = BeautifulSoup(tomorrows.text, "html.parser").select_one(".stretched-link")
    sent = post(
        filed,
        record["href"] + "/report",
        outcome="已修好。",
        **{"rectified_on": NOW.date().isoformat(), "base-version": "1"},
    )
    assert sent.status_code == 303, text_of(sent)
    office = signed_in(OFFICE, "office")
    page = BeautifulSoup(office.get("/reminders/").text, "html.parser")
    told = {link.text: link["href"] for link in page.select("main .row-link")}
    assert list(told) == ["户内问题 1 条过了整改时限还没有整改", "1 条已整改，等着销号"]
    assert office.get(told["户内问题 1 条过了整改时限还没有整改"]).text.count("stretched-link") == 1


def test_a_calendar_feed_holds_days_and_counts_but_no_names(app, filed):
    address = subscribe(filed)
    visitor = app.test_client()
    response = visitor.get(address)
    assert response.mimetype == "text/calendar"
    found = events(response.data)
    assert {event["SUMMARY"] for event in found} == {
        "小排查报送截止（8月31日上午下班前）",
        "小排查：户内问题 1 条到整改时限",
        "小排查：户内问题 1 条过了整改时限还没有整改",
    }
    assert {event.get("DTSTART;VALUE=DATE") for event in found} >= {f"{TOMORROW:%Y%m%d}", "20220830"}
    assert ISSUE["householder"] not in response.get_data(as_text=True)


def test_a_calendars_address_ends_when_it_is_renewed_or_ended(app, filed):
    visitor = app.test_client()
    first = subscribe(filed)
    second = subscribe(filed)
    assert [visitor.get(each).status_code for each in (first, second)] == [404, 200]
    assert post(filed, "/reminders/calendar/end", page="/reminders/").status_code == 303
    assert visitor.get(second).status_code == 404


def test_a_disabled_accounts_calendar_is_closed(app, filed):
    address = subscribe(filed)
    with transaction(app.extensions["huitoukan"].engine) as connection:
        connection.execute(update(tables.account).values(disabled=True))
    assert app.test_client().get(address).status_code == 404


def test_the_table_holds_no_secret_that_opens_a_calendar(app, filed):
    token = subscribe(filed).removeprefix("/reminders/").removesuffix(".ics")
    with app.extensions["huitoukan"].engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT * FROM calendar_feed").all()
        audited = connection.exec_driver_sql("SELECT * FROM audit").all()
    assert token not in repr(stored) + repr(audited)


@pytest.mark.parametrize("typed", ["张", "a@b", "a@b.cn\r\nBcc: c@d.cn", "a b@c.cn", "x" * 130 + "@a.cn"])
def test_an_address_that_is_none_is_refused_and_kept_to_be_mended(signed_in, typed):
    reporter = signed_in(EAST, "reporter")
    response = post(reporter, "/reminders/mail", page="/reminders/", mail=typed)
    assert response.status_code == 422
    assert mail_addresses.FAULT in text_of(response)


@given(st.text(max_size=140))
def test_an_address_never_holds_what_ends_a_header(typed):
    address = mail_addresses.clean(typed)
    assert address is None or address.isascii()
    assert not set(address or "") & set("\r\n \0,;<>")


@pytest.fixture
def smtp(app, tmp_path, monkeypatch) -> Iterator[Inbox]:
    """A mail server on this machine, and the settings that name it and the application's home."""
    inbox = Inbox()
    controller = Anywhere(inbox, hostname="127.0.0.1", port=0)
    controller.start()
    for name, value in {
        "HUITOUKAN_HOME": str(tmp_path),
        "HUITOUKAN_DATABASE": f"sqlite:///{tmp_path}/test.sqlite3",
        "HUITOUKAN_SMTP": f"smtp://127.0.0.1:{controller.port}",
        "HUITOUKAN_MAIL_FROM": "office@example.cn",
        "HUITOUKAN_ADDRESS": "http://10.1.2.3:8000",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(
        "forms_server.commands.remind_command.read_campaign", lambda _config: small_campaign()
    )
    monkeypatch.setattr("forms_server.commands.remind_command.Clock", lambda _now: Clock(NOW))
    yield inbox
    controller.stop()


def remind(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["remind", *arguments])


def test_a_mail_a_day_goes_to_who_gave_an_address_with_counts_and_links_and_no_names(filed, signed_in, smtp):
    assert post(filed, "/reminders/mail", page="/reminders/", mail="ｅast@example.cn").status_code == 303
    quiet = signed_in(WEST, "reporter")  # gave one, too, and has nothing to do
    post(quiet, "/reminders/mail", page="/reminders/", mail="west@example.cn")
    assert "已发 1 封" in remind().output
    [mail] = smtp.mails
    text = mail.get_content()
    assert mail["To"] == "east@example.cn"
    assert mail["Subject"] == "小排查提醒（8月20日）"
    assert "· 户内问题 1 条明天到整改时限" in text
    assert f"http://10.1.2.3:8000/records/household-issues/?due_on={TOMORROW}" in text
    assert ISSUE["householder"] not in text
    assert "已发 0 封提醒邮件。\n填了邮箱的人今天没有要办的，或者已经发过。" in remind().output
    assert len(smtp.mails) == 1


def test_a_dry_run_sends_nothing(filed, smtp):
    post(filed, "/reminders/mail", page="/reminders/", mail="east@example.cn")
    assert "east@example.cn" in remind("--dry-run").output
    assert not smtp.mails


def test_one_refused_address_keeps_nobody_else_from_a_mail(filed, signed_in, smtp):
    bound = signed_in(EAST, "reporter", village=EAST_WILLOW)
    for client, address in ((filed, "gone@example.cn"), (bound, "willow@example.cn")):
        post(client, "/reminders/mail", page="/reminders/", mail=address)
    smtp.refused = "gone@example.cn"
    result = remind()
    assert result.exit_code == 1
    assert "1 封没有发出去" in result.output
    assert "<gone@example.cn>：对方的邮箱收不了，服务器说：550 no such person" in result.output
    assert [mail["To"] for mail in smtp.mails] == ["willow@example.cn"]


def test_without_settings_it_says_which_are_missing(smtp, monkeypatch):
    monkeypatch.delenv("HUITOUKAN_SMTP")
    result = remind()
    assert result.exit_code == 1
    assert "HUITOUKAN_SMTP" in result.output


def test_a_server_that_is_not_there_is_reported(filed, smtp, monkeypatch):
    post(filed, "/reminders/mail", page="/reminders/", mail="east@example.cn")
    monkeypatch.setenv("HUITOUKAN_SMTP", "smtp://127.0.0.1:9")
    result = remind()
    assert result.exit_code == 1
    assert "127.0.0.1:9 用不了：没有服务在听" in result.output
    assert "Traceback" not in result.output


def test_a_mail_servers_address_is_read_and_a_wrong_one_refused_without_its_password():
    server = Server.from_url("smtp+starttls://a%40b:p%3Aw@mail.example.cn")
    assert (server.host, server.port, server.user, server.password) == ("mail.example.cn", 587, "a@b", "p:w")
    assert "p:w" not in repr(server)
    with pytest.raises(BadSetting) as refused:
        Config.from_environment({"HUITOUKAN_SMTP": "http://a:geheim@mail.example.cn"})
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            smtplib.SMTPAuthenticationError(535, b"Error:\r\n login failed"),
            "账号或密码不对，服务器说：535 Error: login failed",
        ),
        (smtplib.SMTPSenderRefused(553, b"not yours", "a@b.cn"), "不让用 HUITOUKAN_MAIL_FROM 的邮箱发"),
        (smtplib.SMTPDataError(554, "垃圾邮件".encode()), "服务器说：554 垃圾邮件"),
        (smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), "换 smtps://"),
        (smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server."), "不支持"),
        (ssl.SSLCertVerificationError(1, "self-signed"), "证书不受信任"),
        (ssl.SSLError(1, "WRONG_VERSION_NUMBER"), "加密没有谈成"),
        (socket.gaierror(-2, "Name or service not known"), "没有这个主机名"),
        (TimeoutError("timed out"), "没有回应"),
    ],
)
def test_why_no_mail_went_is_reported_in_words(error, words):
    assert words in why(error)
