"""Health, readiness, metrics and the access log over HTTP."""

import json
import logging
import re

import pytest

from checklist.date_formats import LOG_MOMENT
from forms_server.access import Role
from forms_server.accounts import account_store
from forms_server.health.metrics import RequestCounters
from forms_server.web.wsgi_server import LOG_FORMAT
from tests.builders import EAST, WEST
from tests.server.records import HOUSEHOLD, ISSUE, file


def test_a_process_that_answers_is_alive_whatever_the_database_does(app, client, monkeypatch):
    monkeypatch.setattr(
        app.extensions["huitoukan"].engine, "connect", lambda: pytest.fail("asked the database")
    )
    response = client.get("/healthz")
    assert (response.status_code, response.text) == (200, "ok\n")


def test_a_server_is_ready_with_database_migrations_and_disk(app, client, monkeypatch, tmp_path):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert json.loads(response.text) == {"database": "ok", "migrations": "ok", "disk": "ok"}
    monkeypatch.setattr("forms_server.health.readiness.free_bytes", lambda _home: 0)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert json.loads(response.text)["disk"] == "failed"


def test_a_server_over_a_database_that_is_gone_is_not_ready_and_tells_no_place(app, client, tmp_path):
    app.extensions["huitoukan"].engine.dispose()
    aside = tmp_path / "aside"
    aside.mkdir()
    for path in tmp_path.glob("test.sqlite3*"):
        path.rename(aside / path.name)
    (tmp_path / "test.sqlite3").write_bytes(b"no database" * 1000)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert json.loads(response.text) == {"database": "failed", "migrations": "failed", "disk": "ok"}
    assert str(tmp_path) not in response.text
    app.extensions["huitoukan"].engine.dispose()
    for path in tmp_path.glob("test.sqlite3*"):
        path.unlink()
    for path in aside.iterdir():
        path.rename(tmp_path / path.name)


def metric(client, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", client.get("/metrics").text, re.MULTILINE)
    assert found, name
    return float(found[1])


def test_metrics_count_requests_for_this_machine_only(client):
    before = metric(client, 'huitoukan_requests_total{status="2xx"}')
    client.get("/sign-in")
    assert metric(client, 'huitoukan_requests_total{status="2xx"}') == before + 2
    assert metric(client, "huitoukan_disk_free_bytes") > 0
    assert metric(client, "huitoukan_last_backup_seconds") == -1
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": "10.1.2.3"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404


def test_counters_of_all_workers_are_summed():
    counters = RequestCounters()
    for slot in (0, 1, 129):
        counters.use_slot(slot)
        counters.count(200, 0.004)
    counters.count(503, 100.0)
    text = counters.text({})
    assert 'huitoukan_requests_total{status="2xx"} 3' in text
    assert 'huitoukan_requests_total{status="5xx"} 1' in text
    assert 'huitoukan_request_seconds_bucket{le="0.005"} 3' in text
    assert 'huitoukan_request_seconds_bucket{le="10.0"} 3' in text
    assert 'huitoukan_request_seconds_bucket{le="+Inf"} 4' in text
    assert "huitoukan_request_seconds_count 4" in text


@pytest.fixture
def access(caplog):
    """The lines of the access log."""
    caplog.set_level(logging.INFO, "huitoukan.access")
    return lambda: [each.getMessage() for each in caplog.records if each.name == "huitoukan.access"]


def test_a_line_names_route_status_and_id_but_no_person(signed_in, access):
    reporter = signed_in(EAST, Role.REPORTER)
    place = file(reporter, HOUSEHOLD, **ISSUE).location
    response = reporter.get(f"{place}?q=张某某")
    lines = access()
    assert re.fullmatch(
        rf"id={response.headers['X-Request-ID']} from=127\.0\.0\.1 method=GET "
        rf"route=/records/<form_id>/<\S+> status=200 bytes=\d+ ms=\d+",
        lines[-1],
    )
    everything = "\n".join(lines)
    assert "张" not in everything
    assert place.rsplit("/", 1)[1] not in everything


def test_a_refusal_names_the_account_by_its_id(app, signed_in, access):
    reporter, other = signed_in(EAST, Role.REPORTER), signed_in(WEST, Role.REPORTER)
    place = file(reporter, HOUSEHOLD, **ISSUE).location
    assert other.get(place).status_code == 404
    assert other.get("/accounts/").status_code == 403
    assert other.post("/zero/", data={"csrf_token": "wrong"}).status_code == 400
    with app.extensions["huitoukan"].engine.connect() as connection:
        account = account_store.find_by_name(connection, f"{WEST}-reporter-")
    assert account is not None
    refusals = [line for line in access() if re.search(" status=4", line)]
    assert [line.rpartition(" ")[2] for line in refusals] == [f"account={account.id}"] * 3
    assert not any("account=" in line for line in access() if line not in refusals)
    assert account.name not in "\n".join(access())


def test_times_of_the_log_carry_their_offset():
    line = logging.Formatter(LOG_FORMAT, LOG_MOMENT).format(logging.makeLogRecord({"msg": "x"}))
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} ", line)


def test_a_secret_address_is_not_logged(client, access):
    client.get("/calendar/" + "s3cret" * 8 + ".ics")
    client.get("/no/such/张某某")
    assert not re.search("s3cret|张|%E5", "\n".join(access()))


def test_the_client_is_the_one_that_the_front_on_this_machine_names(client, access):
    client.get("/healthz", headers={"X-Forwarded-For": "10.9.9.9"})
    client.get("/healthz", headers={"X-Forwarded-For": "not an address"})
    client.get(
        "/healthz", headers={"X-Forwarded-For": "10.9.9.9"}, environ_overrides={"REMOTE_ADDR": "10.1.2.3"}
    )
    assert [re.search(r"from=(\S+)", line)[1] for line in access()] == ["10.9.9.9", "127.0.0.1", "10.1.2.3"]


def test_the_number_on_an_error_page_is_the_requests_id(app, client, monkeypatch, caplog):
    app.testing = False
    monkeypatch.setattr("forms_server.web.accounts.sign_in_pages.SignInForm", lambda **_data: 1 / 0)
    response = client.get("/sign-in")
    assert response.status_code == 500
    assert response.headers["X-Request-ID"] in response.text
    assert response.headers["X-Request-ID"] in caplog.text
