"""A unit gets its return ready, signs it, and what is stored of it."""

from datetime import datetime
from io import BytesIO
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from forms_server.clock import Clock
from forms_server.db import tables
from tests.builders import EAST
from tests.pdfs import pdf_of
from tests.server.pages import PASSWORD, post, token
from tests.server.records import HOUSEHOLD, ISSUE, file

UNIT = f"/returns/units/{EAST}"
SIGN = f"{UNIT}/sign"
PDF = pdf_of()


def fields_of(response: TestResponse) -> dict[str, str]:
    """The hidden fields of the page's last form, without the token."""
    form = BeautifulSoup(response.get_data(as_text=True), "html.parser").find_all("form")[-1]
    return {
        str(field["name"]): str(field["value"])
        for field in form.find_all("input", type="hidden")
        if field["name"] != "csrf_token"
    }


def write_report(client: FlaskClient, **texts: str) -> TestResponse:
    """Write the parts of the report."""
    opened = client.get("/report/")
    html = BeautifulSoup(opened.get_data(as_text=True), "html.parser")
    now = {str(area["name"]): area.text.removeprefix("\n") for area in html.find_all("textarea")}
    seen = html.find("input", attrs={"name": "seen"})
    assert seen is not None
    return post(client, "/report/", seen=str(seen["value"]), **{**now, **texts})


def complete(client: FlaskClient) -> str:
    """Everything that the east's return needs; the address of its one issue."""
    address = str(file(client, HOUSEHOLD, **ISSUE).location)
    post(client, "/zero/", ticked=["income", "water"])
    write_report(client, work="走访了三个村。", next="月底前改完。")
    return address


def edit(client: FlaskClient, record: str, version: int = 1, **fields: str) -> None:
    """Edit an issue."""
    answer = post(client, f"{record}/edit", **{**ISSUE, **fields, "base-version": str(version)})
    assert answer.status_code == 303


def sign(client: FlaskClient, password: str = PASSWORD, /, page: str = SIGN, **other: Any) -> TestResponse:
    """Sign what the page shows."""
    opened = client.get(page)
    fields = fields_of(opened) if opened.status_code == 200 else {}
    return post(client, page, page="/password", password=password, **{**fields, **other})


def upload(client: FlaskClient, address: str, *files: bytes) -> TestResponse:
    """Send files as scans of a return."""
    data: MultiDict[str, Any] = MultiDict({"csrf_token": token(client, "/password")})
    for number, each in enumerate(files):
        data.add("scan", FileStorage(BytesIO(each), f"{number}.exe"))
    # Encoded here: the client would put a large body into a temporary file and never close it.
    boundary, body = encode_multipart(data)
    return client.post(
        f"{address}/scans", data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )


def move_clock(app: Flask, now: datetime) -> None:
    """Let the application's clock stand at another moment."""
    object.__setattr__(app.extensions["huitoukan"], "clock", Clock(now))


def signed_returns(app: Flask) -> list[dict[str, Any]]:
    """The rows of signed returns, oldest first."""
    with app.extensions["huitoukan"].engine.connect() as connection:
        query = select(tables.signed_return).order_by(tables.signed_return.c.number)
        return [dict(row) for row in connection.execute(query).mappings()]
