"""What the outbox's script gets for a post, where a browser would get a redirect or a page."""

import io
from uuid import uuid4

import pytest
from sqlalchemy import update

from forms_server.db import tables
from forms_server.db.engine import transaction
from tests.builders import EAST, OFFICE
from tests.server.conftest import NOW
from tests.server.pages import token
from tests.server.pictures import jpeg
from tests.server.records import HOUSEHOLD, ISSUE, stored
from tests.whole import vouch


def send(client, address, how, **fields):
    """Post as the script does: the token in a header, the field without it."""
    headers = {"X-CSRF-Token": client.get("/outbox/session").json.get("token", ""), "X-Outbox": how}
    return client.post(address, data=fields, headers=headers)


def filing(**more):
    return {**ISSUE, "record-id": str(uuid4()), "is-different": "yes", **more}


@pytest.mark.parametrize("how", ["now", "later"])
def test_a_stored_record_is_answered_with_its_place_number_and_time(app, reporter, how):
    sent = filing()
    for _ in range(2):  # an answer that got lost: the same again
        receipt = send(reporter, HOUSEHOLD, how, **sent).json
        assert receipt["done"] is True
        assert receipt["to"] == f"/records/household-issues/{sent['record-id']}"
        assert (receipt["number"], receipt["at"]) == ("户内问题第 1 条", "2022年8月20日 09:00")
        assert receipt["said"] == ([] if how == "now" else ["已登记。"])
        shown = reporter.get(receipt["to"]).text
        assert ("alert-success" in shown) == (how == "now")  # told once: here or in the outbox
    assert len(stored(app)) == 1


def test_the_offline_copy_leaves_the_flashed_sentence_to_the_page(reporter):
    receipt = send(reporter, HOUSEHOLD, "now", **filing()).json
    assert "已登记。" not in reporter.get(f"{HOUSEHOLD}?copy=1").text
    assert "已登记。" in reporter.get(receipt["to"]).text


def test_what_is_wrong_comes_as_the_page_that_says_it(app, reporter):
    response = send(reporter, HOUSEHOLD, "later", **filing(deadline="2月30日"))
    assert response.status_code == 422
    assert response.headers["X-Outbox"] == "later"
    assert "error-deadline" in response.text
    assert stored(app) == []


def test_nothing_that_the_gate_turns_away_counts_as_stored(app, client, signed_in, reporter):
    assert send(client, HOUSEHOLD, "later", **filing()).status_code in {400, 401}
    other = signed_in(EAST, "reporter", name="new")
    sent_token = token(other, "/password")
    with transaction(app.extensions["huitoukan"].engine) as connection:
        connection.execute(
            update(tables.account).where(tables.account.c.name == "new").values(must_change_password=True)
        )
        vouch(connection, NOW)
    headers = {"X-CSRF-Token": sent_token, "X-Outbox": "later"}
    answer = other.post(HOUSEHOLD, data=filing(), headers=headers)
    assert answer.json == {"done": False, "to": "/password?next=/records/household-issues/new"}
    assert other.get("/outbox/session").json["account"] is None
    assert stored(app) == []


def test_a_page_that_is_posted_without_the_script_redirects_as_ever(reporter):
    response = reporter.post(HOUSEHOLD, data={**filing(), "csrf_token": token(reporter, HOUSEHOLD)})
    assert response.status_code == 303
    assert "X-Outbox" not in response.headers


def test_a_session_names_its_account_and_a_key_that_no_other_account_gets(client, signed_in, reporter):
    assert client.get("/outbox/session").json.keys() == {"account", "token"}
    first, again = (reporter.get("/outbox/session").json for _ in range(2))
    other = signed_in(OFFICE, "office").get("/outbox/session").json
    assert first == again
    assert first["account"] != other["account"]
    assert first["key"] != other["key"]
    assert f'data-account="{first["account"]}"' in reporter.get("/").text


def test_a_receipt_tells_the_version_on_which_the_next_may_build(app, reporter):
    sent = filing()
    receipt = send(reporter, HOUSEHOLD, "later", **sent).json
    assert receipt["version"] == 1
    told = {"base-version": "1", "outcome": "已换瓦。", "rectified_on": "2022-08-19"}
    assert send(reporter, f"{receipt['to']}/report", "later", **told).json["version"] == 2
    assert send(reporter, "/zero/", "later", ticked="water").json["version"] is None


def test_a_receipt_names_the_photographs_that_the_record_came_without(app, reporter):
    sent = filing() | {
        "photos": [(io.BytesIO(each), f"{n}.jpg") for n, each in enumerate((b"no", jpeg(), b"none"))]
    }
    receipt = send(reporter, HOUSEHOLD, "later", **sent).json
    (left,) = receipt["left"]
    assert (left["field"], left["places"], left["side"]) == ("photos", [0, 2], "before")
    assert "“0.jpg”" in left["why"]
    assert left["action"] == f"{receipt['to']}/photos"
    assert f'id="{left["form"]}"' in reporter.get(receipt["to"]).text
    again = send(reporter, left["action"], "later", side="before", photos=(io.BytesIO(b"no"), "0.jpg"))
    assert again.status_code == 422
    assert "“0.jpg”" in again.text
    assert send(reporter, HOUSEHOLD, "later", **filing(content="别的。")).json["left"] == []
    assert len(stored(app, "photo")) == 1
