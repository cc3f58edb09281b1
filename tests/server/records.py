"""What a person types into the ledgers' forms, and what comes of it."""

from uuid import uuid4

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from forms_server.db import tables
from tests.builders import EAST_WILLOW
from tests.server.pages import post

HOUSEHOLD = "/records/household-issues/new"
GENERAL = "/records/general-issues/new"
PROPOSED = "/records/proposed-household/new"

ISSUE = {
    "village": EAST_WILLOW,
    "householder": "张某某",
    "household_type": "yiban",
    "problem_type": "housing",
    "content": "西屋山墙有裂缝。",
    "measures": "请人鉴定。",
    "responsible_person": "王某某",
    "responsible_unit": "河长办",
    "deadline": "8月底前",
    "people": "４",
}
FAMILY = {
    "village": EAST_WILLOW,
    "householder": "刘某某",
    "household_type": "yiban",
    "people": "3",
    "problem_type": "income",
    "reason": "户主住院。",
    "identified_on": "2022-08-15",
}


def stored(app: Flask, table: str = "issue") -> list[dict[str, object]]:
    """The rows of a table of records."""
    with app.extensions["huitoukan"].engine.connect() as connection:
        rows = connection.execute(select(tables.metadata.tables[table])).mappings()
        return [dict(row) for row in rows]


def file(
    client: FlaskClient, address: str, /, record_id: str | None = None, *, asks: bool = False, **fields: str
) -> TestResponse:
    """Sends the form of a new record; of an issue, one that is none of those recorded already unless it ``asks``."""
    asked = {} if asks or address == PROPOSED else {"is-different": "yes"}
    return post(client, address, **{"record-id": record_id or str(uuid4()), **asked, **fields})


def page(response: TestResponse) -> BeautifulSoup:
    """A fetched page, to be looked into."""
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def value_of(html: BeautifulSoup, name: str) -> str:
    """What stands in a field of the page."""
    field = html.find(attrs={"name": name})
    assert field is not None
    if field.name == "select":
        chosen = field.find("option", selected=True)
        return str(chosen["value"]) if chosen else ""
    return field.text.lstrip("\r\n") if field.name == "textarea" else str(field["value"])
