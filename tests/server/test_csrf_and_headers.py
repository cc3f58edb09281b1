"""CSRF tokens, security headers and error pages."""

import errno
import gzip
import io
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError, OperationalError

from forms_server.db import tables
from forms_server.web.errors import EXPLANATIONS
from forms_server.web.response_headers import POLICY
from tests.builders import EAST
from tests.ledgers.books import HOUSEHOLD, workbook
from tests.server.pages import post, text_of, token


def ticks(app):
    with app.extensions["huitoukan"].engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(tables.zero_report)).scalar()


@pytest.mark.parametrize("sent", [{}, {"csrf_token": ""}, {"csrf_token": "other"}, {"csrf_token": "别处"}])
def test_a_form_without_our_token_changes_nothing_and_keeps_what_was_typed(app, reporter, sent):
    response = reporter.post("/zero/", data={"ticked": "income", "remark": "三户<b>查看</b>", **sent})
    assert response.status_code == 400
    assert "页面已过期" in text_of(response)
    assert "三户&lt;b&gt;查看&lt;/b&gt;" in response.text
    assert ticks(app) == 0


def test_what_was_kept_can_be_sent_again(app, reporter):
    page = reporter.post("/zero/", data={"ticked": "income", "csrf_token": "old"})
    fields = {
        name: page.text.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf_token", "ticked")
    }
    assert reporter.post("/zero/", data=fields).status_code == 303
    assert ticks(app) == 1


@pytest.mark.parametrize(("https", "said"), [(True, "https:// 开头的网址"), (False, "允许本网站使用 Cookie")])
def test_a_browser_without_cookies_gets_a_hint_how_to_sign_in(app, https, said):
    used = app.extensions["huitoukan"]
    app.extensions["huitoukan"] = replace(used, config=replace(used.config, https=https))
    client = app.test_client(use_cookies=False)
    csrf_token = token(client, "/sign-in")
    response = client.post("/sign-in", data={"name": "li", "password": "x", "csrf_token": csrf_token})
    assert response.status_code == 400
    assert "登录不了" in text_of(response)
    assert said in text_of(response)


def test_another_accounts_token_is_no_good(app, reporter, signed_in):
    other = token(signed_in(EAST, "principal"), "/zero/")
    assert reporter.post("/zero/", data={"ticked": "income", "csrf_token": other}).status_code == 400
    assert ticks(app) == 0


def test_what_another_site_sends_is_refused_without_an_offer_to_send_it_again(app, reporter):
    response = reporter.post(
        "/zero/",
        data={"ticked": "income", "csrf_token": token(reporter, "/zero/")},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert response.status_code == 400
    assert "重新提交" not in response.text
    assert ticks(app) == 0


def test_an_expired_session_keeps_what_was_typed(client):
    response = client.post("/zero/", data={"ticked": "income", "remark": "三户已入户查看"})
    assert response.status_code == 401
    assert "登录已过期" in text_of(response)
    assert "三户已入户查看" in response.text


def test_the_sign_in_form_has_a_token_of_its_own(client):
    response = client.post("/sign-in", data={"name": "zhang", "password": "my-secret-pass"})
    assert response.status_code == 400
    assert "my-secret-pass" not in response.text
    assert 'href="/"' in response.text  # which leads to the sign-in


def test_a_visitors_token_is_bound_to_his_cookie(app, client):
    other = token(app.test_client())
    token(client)
    response = client.post("/sign-in", data={"name": "a", "password": "b", "csrf_token": other})
    assert response.status_code == 400


@pytest.mark.parametrize(
    "address", ["/", "/sign-in", "/nothing", "/static/app.css", "/zero/", "/handbook/", "/records/none/"]
)
def test_every_response_has_the_headers(reporter, address):
    headers = reporter.get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("address", ["/", "/zero/", "/records/household-issues/", "/sign-in", "/nothing"])
def test_pages_are_not_kept_by_browsers_and_run_no_script_of_their_own(reporter, address):
    headers = reporter.get(address).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY


def test_styles_are_kept_by_browsers(client):
    assert "max-age=86400" in client.get("/static/app.css").headers["Cache-Control"]


def test_nothing_is_fetched_from_elsewhere(reporter):
    page = reporter.get("/").text
    assert "http://" not in page
    assert "https://" not in page
    style = reporter.get("/static/records.css").text
    assert "url(http" not in style.replace("url(http://www.w3.org", "")


def test_errors_are_told_with_a_way_on(app, reporter):
    from werkzeug.exceptions import default_exceptions

    for code, (title, text) in EXPLANATIONS.items():
        with app.test_request_context("/"):
            response = app.make_response(app.handle_user_exception(default_exceptions[code]()))
        assert response.status_code == code
        assert title in text_of(response)
        assert text in text_of(response)
        assert 'href="/"' in response.get_data(as_text=True)


def test_a_code_without_words_of_its_own_borrows_those_of_its_kind(app):
    from werkzeug.exceptions import NotImplemented as NotMade
    from werkzeug.exceptions import UnsupportedMediaType

    for error, code in ((UnsupportedMediaType(), 400), (NotMade(), 500)):
        with app.test_request_context("/"):
            response = app.make_response(app.handle_user_exception(error))
        assert response.status_code == error.code
        assert EXPLANATIONS[code][0] in text_of(response)


def test_too_much_is_refused(reporter):
    response = post(reporter, "/zero/", ticked="x" * 2_000_000)
    assert response.status_code == 413
    assert "超过了大小限制" in text_of(response)


def test_a_fault_of_ours_shows_a_number_and_no_traceback(app, reporter, monkeypatch, caplog):
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr("forms_server.web.figures.home_page.ledger_figures", lambda *_: 1 / 0)
    response = reporter.get("/")
    assert response.status_code == 500
    assert "ZeroDivision" not in response.text
    reference = text_of(response).split("编号： ")[1].split()[0]
    assert reference in caplog.text
    assert "ZeroDivisionError" in caplog.text


class FromSQLite(Exception):
    """What the driver raises, with the name of the result."""

    def __init__(self, name):
        super().__init__("in the driver's own words")
        self.sqlite_errorname = name


@pytest.mark.parametrize(
    ("name", "title", "said"),
    [
        ("SQLITE_BUSY", "系统繁忙", "数据库暂时忙"),
        ("SQLITE_FULL", "系统用不了", "磁盘满了"),
        ("SQLITE_IOERR_SHMSIZE", "系统用不了", "磁盘满了"),
        ("SQLITE_CORRUPT", "系统用不了", "文件损坏"),
    ],
)
def test_what_is_the_matter_with_the_database_is_reported_and_what_was_typed_is_kept(
    reporter, monkeypatch, name, title, said
):
    def fails(*_args):
        raise DatabaseError("UPDATE", {}, FromSQLite(name))

    monkeypatch.setattr("forms_server.records.zero_reports.save", fails)
    response = post(reporter, "/zero/", ticked="income")
    assert response.status_code == 503
    assert title in text_of(response)
    assert said in text_of(response)
    assert "重新提交" in response.text
    assert "UPDATE" not in response.text
    monkeypatch.setattr("forms_server.web.figures.home_page.ledger_figures", fails)
    home = reporter.get("/")
    assert home.status_code == 503
    assert title in text_of(home)
    assert said in text_of(home)


@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "服务器的磁盘满了"), (errno.EROFS, "服务器的磁盘是只读的")]
)
def test_a_disk_that_takes_no_file_is_reported(reporter, monkeypatch, number, said):
    def fails(*_args):
        raise OSError(number, "in the system's own words")

    monkeypatch.setattr("forms_server.imports.uploads.Uploads.keep", fails)
    book = workbook({"户内": HOUSEHOLD})  # one that can be read is kept until it is confirmed
    data = {"csrf_token": token(reporter, "/ledgers/"), "file": (io.BytesIO(book), "a.xlsx")}
    response = reporter.post("/ledgers/check", data=data)
    assert response.status_code == 503
    assert said in text_of(response)
    monkeypatch.setattr("forms_server.records.zero_reports.save", fails)
    kept = post(reporter, "/zero/", ticked="income")
    assert kept.status_code == 503
    assert said in text_of(kept)
    assert "重新提交" in kept.text


def test_any_other_error_of_a_file_is_a_fault_of_ours(reporter, monkeypatch):
    def fails(*_args):
        raise FileNotFoundError(errno.ENOENT, "not there")

    monkeypatch.setattr("forms_server.web.figures.home_page.ledger_figures", fails)
    with pytest.raises(FileNotFoundError):
        reporter.get("/")


def test_a_statement_that_is_wrong_is_a_fault_of_ours(reporter, monkeypatch):
    def fails(*_args):
        raise OperationalError("UPDATE", {}, FromSQLite("SQLITE_ERROR"))

    monkeypatch.setattr("forms_server.web.figures.home_page.ledger_figures", fails)
    with pytest.raises(OperationalError):
        reporter.get("/")


def test_the_address_without_its_slash_leads_on(client):
    assert client.get("/handbook").headers["Location"].endswith("/handbook/")


def fetch(client, address, **headers):
    return client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_files_are_compressed_for_those_who_understand_it(client):
    address = "/static/records.css"
    plain, packed = fetch(client, address), fetch(client, address, Accept_Encoding="gzip, br")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < 40_000
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    again = fetch(client, address, Accept_Encoding="gzip", If_None_Match=packed.headers["ETag"])
    assert again.status_code == 304


def test_a_page_is_compressed_unless_it_may_repeat_what_its_address_asks(reporter):
    packed = fetch(reporter, "/ledgers/", Accept_Encoding="gzip")
    assert "csrf_token" in gzip.decompress(packed.data).decode()
    assert "Content-Encoding" not in fetch(reporter, "/ledgers/?words=x", Accept_Encoding="gzip").headers
    assert "Content-Encoding" not in fetch(reporter, "/ledgers/").headers


@pytest.mark.parametrize("host", ["a" * 300, "a b", "[::1"])
def test_a_host_that_is_none_is_no_fault_of_the_server(client, host):
    for page in ("/sign-in", "/", "/no-such-page"):
        response = client.get(page, headers={"Host": host})
        assert response.status_code < 500
        assert "a" * 300 not in response.text
