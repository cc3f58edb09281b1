"""大屏: figures without names behind a secret address that ends at once."""

from collections.abc import Callable

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from forms_server.access import Role
from forms_server.db import tables
from tests.builders import EAST, WATER
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file

SignedIn = Callable[..., FlaskClient]


def address(office: FlaskClient) -> str:
    page = BeautifulSoup(post(office, "/wall/", page="/password").text, "html.parser")
    return page.select_one(".feed-address a")["href"].removeprefix("http://localhost")


def test_a_visitor_with_the_address_sees_figures_and_no_names(
    app: Flask, office: FlaskClient, reporter: FlaskClient, client: FlaskClient
) -> None:
    file(reporter, HOUSEHOLD, **ISSUE)
    at = address(office)
    response = client.get(at)
    said = text_of(response)
    assert "共排查问题 1 1/3 个单位已开始填报" in said
    assert "整改率 0%" in said
    assert ISSUE["householder"] not in said
    assert 'http-equiv="refresh"' in response.text
    assert "<a " not in response.text
    assert "no-store" in response.headers["Cache-Control"]
    with app.extensions["huitoukan"].engine.connect() as connection:
        rows = str(connection.execute(tables.wall_display.select()).all())
    assert at.rpartition("/")[2] not in rows


def test_a_new_address_ends_the_old_one_and_ending_ends_both(
    office: FlaskClient, client: FlaskClient
) -> None:
    first = address(office)
    second = address(office)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    assert second not in office.get("/wall/").text
    post(office, "/wall/end", page="/wall/")
    assert client.get(second).status_code == 404
    assert client.get("/wall/x").status_code == 404


def test_only_the_office_makes_the_address(signed_in: SignedIn) -> None:
    for unit, role in ((EAST, Role.PRINCIPAL), (WATER, Role.DEPARTMENT)):
        client = signed_in(unit, role)
        assert client.get("/wall/").status_code == 403
        assert post(client, "/wall/", page="/password").status_code == 403
