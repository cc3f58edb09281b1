"""An account without a person's name is asked for it before it writes or signs; nothing that was typed is lost."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from forms_server.access import MATRIX, Role
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.entry_conditions import AS_A_PERSON
from tests.builders import EAST
from tests.server.conftest import PASSWORD
from tests.server.handing_in import SIGN, complete, fields_of, sign
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file, page, stored

SignedIn = Callable[..., FlaskClient]


@pytest.fixture
def nameless(app: Flask, signed_in: SignedIn) -> SignedIn:
    """A signed-in account that nobody gave a name."""

    def make(role: Role) -> FlaskClient:
        client = signed_in(EAST, role)
        with transaction(app.extensions["huitoukan"].engine) as connection:
            connection.execute(update(tables.account).values(display_name=""))
        return client

    return make


def test_the_endpoints_that_ask_are_there() -> None:
    assert set(MATRIX) >= AS_A_PERSON
    imports = {endpoint for endpoint in MATRIX if endpoint.endswith(".import_")}
    assert imports <= AS_A_PERSON


def test_the_name_is_asked_for_before_the_first_form_and_leads_back(app: Flask, nameless: SignedIn) -> None:
    client = nameless(Role.REPORTER)
    asked = client.get(f"{HOUSEHOLD}?item=x")
    assert (asked.status_code, asked.location) == (303, "/name?next=/records/household-issues/new?item%3Dx")
    form = page(client.get(asked.location)).select_one("main form")
    fields = {field["name"]: field.get("value", "") for field in form.find_all("input")}
    assert set(fields) == {"csrf_token", "next", "display_name"}
    for name, sentence in (
        ("", "请填写本人姓名"),
        ("周\u200b某", "看不见的符号"),
        ("周某13900001111", "手机号"),
    ):
        refused = client.post(form["action"], data={**fields, "display_name": name})
        assert (refused.status_code, sentence in text_of(refused)) == (422, True)
    back = client.post(form["action"], data={**fields, "display_name": "周 某某"})
    assert (back.status_code, back.location) == (303, f"{HOUSEHOLD}?item=x")
    assert stored(app, "account")[0]["display_name"] == "周 某某"
    address = file(client, HOUSEHOLD, **ISSUE).location
    assert "周 某某 · 2022" in text_of(client.get(address))


def test_what_was_typed_before_is_kept_and_sent_with_the_name(app: Flask, nameless: SignedIn) -> None:
    client = nameless(Role.REPORTER)
    asked = post(
        client, HOUSEHOLD, page="/name", **{"record-id": "7d1f1a0e-0000-4000-8000-000000000001"}, **ISSUE
    )
    assert asked.status_code == 422
    assert stored(app) == []
    form = page(asked).select_one("main form")
    fields = {field["name"]: field.get("value", "") for field in form.find_all("input")}
    assert fields["content"] == ISSUE["content"]
    wrong = client.post(form["action"], data=fields)
    assert (wrong.status_code, "请填写本人姓名" in text_of(wrong)) == (422, True)
    assert stored(app) == []
    done = client.post(form["action"], data={**fields, "person-name": "周某某"})
    assert done.status_code == 303
    assert [row["content"] for row in stored(app)] == [ISSUE["content"]]
    assert stored(app, "account")[0]["display_name"] == "周某某"


def test_a_signature_bears_a_persons_name(app: Flask, signed_in: SignedIn, nameless: SignedIn) -> None:
    complete(signed_in(EAST, Role.REPORTER))
    principal = nameless(Role.PRINCIPAL)
    asked = principal.get(SIGN)
    assert asked.location == f"/name?next={SIGN}"
    refused = post(principal, SIGN, page="/name", password=PASSWORD)
    assert refused.location == f"/name?next={SIGN}"  # a password is not kept
    assert stored(app, "signed_return") == []
    post(principal, "/name", page="/name", display_name="赵某某", next=SIGN)
    assert fields_of(principal.get(SIGN))
    address = sign(principal).location
    assert "赵某某" in text_of(principal.get(address))
    assert stored(app, "signed_return")[0]["signed_name"] == "赵某某"


def test_who_reads_is_not_asked(nameless: SignedIn) -> None:
    client = nameless(Role.REPORTER)
    assert client.get("/").status_code == 200
    assert client.get("/records/household-issues/").status_code in {200, 303}
