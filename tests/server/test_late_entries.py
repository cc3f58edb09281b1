"""What a browser of a disabled account had not sent: held for the office, taken in under its author's name, or refused."""

import io
import json
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import select

from forms_server.accounts import account_moves, account_store
from forms_server.accounts.account_moves import NewPlace
from forms_server.db import tables
from forms_server.db.engine import transaction
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, OFFICE, WEST
from tests.server.pages import post
from tests.server.records import HOUSEHOLD, ISSUE, stored


@pytest.fixture
def office(signed_in):
    return signed_in(OFFICE, "office")


@pytest.fixture
def left(app, signed_in):
    """What a browser knows of the account that it kept things for; the account is disabled since."""
    session = signed_in(EAST, "reporter", name="走了的人").get("/outbox/session").json
    disable(app, session["account"])
    return session


def disable(app, account_id, disabled=True):
    services = app.extensions["huitoukan"]
    with transaction(services.engine) as connection:
        account = account_store.find(connection, account_id)
        account_store.set_disabled(connection, services.clock.now(), None, account, disabled=disabled)


def headers(client, left):
    return {
        "X-CSRF-Token": client.get("/outbox/session").json["token"],
        "X-Late-Account": left["account"],
        "X-Late-Token": left["late"],
    }


def hand_in(client, left, entry_id=None, action=HOUSEHOLD, file=None, unit="", **more):
    """Send an entry as the script does."""
    typed = {**ISSUE, "record-id": str(uuid4()), "is-different": "yes", **more}
    data = {
        "id": entry_id or str(uuid4()),
        "title": "登记户内问题：张某某",
        "action": action,
        "typed": json.dumps(list(typed.items())),
        "typed_at": "1660960000000",
        "unit": unit,
    }
    if file:
        data["photos"] = (io.BytesIO(file), "a.jpg")
    return client.post("/late/entries", data=data, headers=headers(client, left))


def hand_in_one(client, left):
    """Hand in a filing; returns the entry's id."""
    entry_id = str(uuid4())
    assert hand_in(client, left, entry_id).json["done"] is True
    return entry_id


def entries(app):
    with app.extensions["huitoukan"].engine.connect() as connection:
        return connection.execute(select(tables.late_entry)).mappings().all()


def picture():
    data = io.BytesIO()
    Image.new("RGB", (30, 20), (200, 30, 40)).save(data, "JPEG")
    return data.getvalue()


def test_it_is_held_shown_and_taken_in_once_under_its_authors_name(app, client, office, left):
    entry_id, file = str(uuid4()), picture()
    for _ in range(2):  # an answer that got lost
        assert hand_in(client, left, entry_id, file=file).json["done"] is True
    assert stored(app) == []
    assert len(entries(app)) == 1
    page = office.get("/late/").text
    assert "西屋山墙有裂缝。" in page
    assert '<dt>村</dt><dd class="kept-lines">柳林村' in page  # names, no codes
    assert ">yiban<" not in page
    assert "照片 1 张" in page
    assert "2022年8月20日 09:46" in page

    assert post(office, f"/late/{entry_id}/take", page="/late/").status_code == 303
    (issue,) = stored(app)
    assert (issue["content"], issue["unit_code"], issue["created_by"]) == (
        "西屋山墙有裂缝。",
        EAST,
        left["account"],
    )
    assert len(stored(app, "photo")) == 1
    assert stored(app, "late_file") == []
    assert entries(app)[0]["state"] == "taken"
    assert "没有迟到的记录" in office.get("/late/").text
    post(office, f"/late/{entry_id}/take", page="/late/")
    assert len(stored(app)) == 1


def test_photographs_that_a_stored_record_came_without_are_handed_in_once(app, client, office, left):
    post(office, f"/late/{hand_in_one(client, left)}/take", page="/late/")
    (issue,) = stored(app)
    action = f"/records/household-issues/{issue['id']}/photos"
    for _ in range(2):  # as the script calls them: after the record's entry and their field
        answer = hand_in(client, left, f"{issue['id']} photos", action=action, file=picture(), side="before")
        assert answer.json["done"] is True
    (held,) = [each for each in entries(app) if each["state"] == "held"]
    post(office, f"/late/{held['id']}/take", page="/late/")
    assert len(stored(app, "photo")) == 1
    for wrong in (f"{issue['id']}photos", " photos", "photos"):
        assert hand_in(client, left, wrong).status_code == 400


def test_what_is_wrong_with_it_is_told_and_it_stays_until_it_is_refused_with_a_reason(
    app, client, office, left
):
    entry_id = str(uuid4())
    hand_in(client, left, entry_id, deadline="2月30日")
    post(office, f"/late/{entry_id}/take", page="/late/")
    page = office.get("/late/").text
    assert "没有收下" in page
    assert "没有这一天" in page
    post(office, f"/late/{entry_id}/refuse", page="/late/", reason=" ")
    assert entries(app)[0]["state"] == "held"
    post(office, f"/late/{entry_id}/refuse", page="/late/", reason="户主电话13900001111")
    assert entries(app)[0]["state"] == "held"
    post(office, f"/late/{entry_id}/refuse", page="/late/", reason="已由别人登记。")
    assert (entries(app)[0]["state"], entries(app)[0]["reason"]) == ("refused", "已由别人登记。")
    assert stored(app) == []


@pytest.mark.parametrize("action", ["/accounts/new", "/nothing", "/records/household-issues/", "//other/x"])
def test_only_forms_are_taken_in(app, client, office, left, action):
    entry_id = str(uuid4())
    hand_in(client, left, entry_id, action=action)
    assert office.get("/late/").status_code == 200
    post(office, f"/late/{entry_id}/take", page="/late/")
    assert entries(app)[0]["state"] == "held"


def test_nobody_without_the_accounts_token_hands_in_or_learns_anything(app, client, signed_in, left):
    other = signed_in(EAST, "principal").get("/outbox/session").json
    for wrong in (
        {**left, "late": other["late"]},
        {**left, "late": ""},
        {**left, "account": str(uuid4())},
    ):
        assert hand_in(client, wrong).status_code == 400
        assert client.post("/late/standing", headers=headers(client, wrong)).status_code == 400
    assert entries(app) == []


def test_an_account_that_may_sign_in_sends_its_own_and_gets_no_key_here(app, client, left):
    disable(app, left["account"], disabled=False)
    assert hand_in(client, left).status_code == 409
    assert client.post("/late/standing", headers=headers(client, left)).json == {"disabled": False}
    disable(app, left["account"])
    standing = client.post("/late/standing", headers=headers(client, left)).json
    assert standing == {"disabled": True, "key": left["key"]}


def test_personal_numbers_are_masked(app, client, left):
    hand_in(client, left, content="身份证 11010519491231002X")
    assert "1231002X" not in str(entries(app)[0]["typed"])


def test_a_sheet_is_shown_by_its_items_and_answers(client, office, left):
    hand_in(client, left, action=f"/visit/{uuid4()}/fill", **{"house-safe.is": "fine"})
    page = office.get("/late/").text
    assert '<dt>房屋是否安全</dt><dd class="kept-lines">无问题</dd>' in page


@pytest.fixture
def moved(app, signed_in):
    """What a browser knows of a cadre of a village of the east, who is in the west now and disabled."""
    session = signed_in(EAST, "reporter", EAST_WILLOW, name="调走的人").get("/outbox/session").json
    services = app.extensions["huitoukan"]
    with transaction(services.engine) as connection:
        account = account_store.find(connection, session["account"])
        account_moves.move(connection, services.clock.now(), None, account, NewPlace(WEST))
    disable(app, session["account"])
    return session


def test_it_counts_for_the_unit_that_its_author_has_left_since(app, client, office, moved):
    entry_id = str(uuid4())
    hand_in(client, moved, entry_id, unit=EAST)
    assert "东河镇 调走的人" in office.get("/late/").text
    post(office, f"/late/{entry_id}/take", page="/late/")
    (issue,) = stored(app)
    assert (issue["unit_code"], issue["created_by"]) == (EAST, moved["account"])

    entry_id = str(uuid4())
    hand_in(client, moved, entry_id, unit=EAST, village=EAST_DAM)  # the other village was never his
    post(office, f"/late/{entry_id}/take", page="/late/")
    assert len(stored(app)) == 1


def test_a_browser_names_no_unit_in_which_its_account_never_was(app, client, office, moved):
    for unit in (OFFICE, "nowhere", WEST, ""):
        hand_in(client, moved, unit=unit)
    assert {each["unit_code"] for each in entries(app)} == {None}
    assert "西岭镇 调走的人" in office.get("/late/").text


def test_photographs_that_cannot_be_used_are_told_when_it_is_taken_in(app, client, office, left):
    entry_id = str(uuid4())
    hand_in(client, left, entry_id, file=b"no picture")
    post(office, f"/late/{entry_id}/take", page="/late/")
    assert "有照片没有收：“a.jpg”" in office.get("/late/").text
    assert len(stored(app)) == 1
