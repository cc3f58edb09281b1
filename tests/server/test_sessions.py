from datetime import timedelta

import pytest
from sqlalchemy import select

from forms_server.account import Role
from forms_server.accounts import account_store, sessions
from forms_server.clock import Clock
from forms_server.db import tables
from forms_server.db.engine import transaction
from tests.builders import EAST, OFFICE
from tests.server.conftest import NOW, PASSWORD
from tests.server.pages import post, sign_in, text_of
from tests.server.records import page

NEW_PASSWORD = "chun-zhong-7-xia"


@pytest.fixture
def later(app):
    """Move the application's clock on."""

    def move(**by):
        object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW + timedelta(**by)))

    return move


@pytest.fixture
def two(app, signed_in):
    """Two browsers in which one account is signed in."""
    first = signed_in(EAST, "reporter", name="zhang")
    return first, signed_in(EAST, "reporter", name="zhang")


def is_signed_in(client):
    return client.get("/").status_code == 200


def account_of(app):
    with app.extensions["huitoukan"].engine.connect() as connection:
        return account_store.find_by_name(connection, "zhang")


def test_an_idle_session_ends(two, later):
    client, _ = two
    later(hours=11)
    assert is_signed_in(client)
    later(hours=22)
    assert is_signed_in(client)
    later(hours=34)
    assert not is_signed_in(client)


def test_a_session_in_use_ends_after_seven_days(two, later):
    client, _ = two
    for hours in range(0, 168, 8):
        later(hours=hours)
        assert is_signed_in(client)
    later(hours=168)
    assert not is_signed_in(client)


def test_managers_are_signed_out_after_half_an_hour(signed_in, later):
    client, other = signed_in(OFFICE, "office"), signed_in(OFFICE, "admin")
    later(minutes=29)
    assert is_signed_in(client)
    later(minutes=58)
    assert [is_signed_in(client), is_signed_in(other)] == [True, False]


def test_an_idle_time_of_minutes_is_held_to_the_minute(app, two, later):
    app.extensions["huitoukan"].config.policy.idle[Role.REPORTER] = timedelta(minutes=3)
    client, other = two
    for minutes in (2, 4, 6):
        later(minutes=minutes)
        assert is_signed_in(client)
    assert not is_signed_in(other)


def test_absolute_limits_differ_by_role(app, client, signed_in, later):
    signed_in(OFFICE, "office", name="office")
    sign_in(client, "office", PASSWORD)
    for minutes in range(0, 12 * 60, 20):
        later(minutes=minutes)
        assert is_signed_in(client)
    later(hours=12)
    assert not is_signed_in(client)


def test_of_too_many_sessions_the_one_idle_longest_ends(app, signed_in, later):
    signed_in(EAST, "reporter", name="zhang")
    browsers = []
    for minutes in range(5):
        later(minutes=minutes + 1)
        browsers.append(app.test_client())
        sign_in(browsers[-1], "zhang", PASSWORD)
    later(minutes=11)
    assert is_signed_in(browsers[0])  # which is now the one used last
    last = app.test_client()
    sign_in(last, "zhang", PASSWORD)
    assert [is_signed_in(each) for each in (*browsers, last)] == [True, False, True, True, True, True]


def test_my_sessions_say_from_where(app, client, signed_in):
    signed_in(EAST, "reporter", name="zhang")
    client.environ_base["REMOTE_ADDR"] = "10.1.2.3"
    sign_in(client, "zhang", PASSWORD)
    assert "从 10.1.2.3 登录于" in text_of(client.get("/sessions"))


def test_reading_pages_writes_nothing(app, two, later, monkeypatch):
    client, _ = two
    touched = []
    monkeypatch.setattr(sessions, "touch", lambda *args: touched.append(args))
    later(minutes=4)
    client.get("/")
    assert not touched
    later(minutes=5)
    client.get("/")
    assert touched


def test_a_changed_password_ends_every_session_but_gives_this_browser_a_new_one(two):
    first, second = two
    response = post(
        first, "/password", current_password=PASSWORD, new_password=NEW_PASSWORD, again_password=NEW_PASSWORD
    )
    assert response.status_code == 303
    assert is_signed_in(first)
    assert not is_signed_in(second)
    assert sign_in(second, "zhang", PASSWORD).status_code == 422
    assert sign_in(second, "zhang", NEW_PASSWORD).status_code == 303


def test_disabling_ends_every_session_at_once(app, two):
    with transaction(app.extensions["huitoukan"].engine) as connection:
        account_store.set_disabled(connection, NOW, None, account_of(app), disabled=True)
    assert not any(is_signed_in(client) for client in two)


def test_a_session_that_outlived_the_disabling_is_no_good(app, two):
    """A leftover session row, such as from a restored backup, does not admit a disabled account."""
    with transaction(app.extensions["huitoukan"].engine) as connection:
        connection.exec_driver_sql("UPDATE account SET disabled = 1")
    assert not any(is_signed_in(client) for client in two)


def test_my_sessions_are_listed_and_others_can_be_ended(two):
    first, second = two
    listed = first.get("/sessions")
    assert listed.text.count("登录于") == 2
    assert "本机" in text_of(listed)
    assert post(first, "/sessions/end", page="/sessions", current_password=PASSWORD).status_code == 303
    assert is_signed_in(first)
    assert not is_signed_in(second)


@pytest.mark.parametrize(("typed", "sentence"), [("", "请填写现在的密码"), ("wrong", "密码不对，请重输")])
def test_sessions_are_ended_by_who_knows_the_password(two, typed, sentence):
    first, second = two
    refused = post(first, "/sessions/end", page="/sessions", current_password=typed)
    assert refused.status_code == 422
    assert sentence in text_of(refused)
    assert is_signed_in(second)


def test_one_session_can_be_chosen(app, two, signed_in):
    first, second = two
    third = signed_in(EAST, "reporter", name="zhang")
    chosen = sessions.hash_token(second.get_cookie("huitoukan").value)
    post(first, "/sessions/end", page="/sessions", session=chosen, current_password=PASSWORD)
    assert [is_signed_in(client) for client in (first, second, third)] == [True, False, True]


def test_nobody_ends_another_accounts_session(two, signed_in):
    first, _ = two
    other = signed_in(EAST, "principal")
    post(
        other,
        "/sessions/end",
        page="/sessions",
        current_password=PASSWORD,
        session=sessions.hash_token(first.get_cookie("huitoukan").value),
    )
    assert is_signed_in(first)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"current_password": "wrong"}, "密码不对，请重输"),
        ({"current_password": ""}, "请填写现在的密码"),
        ({"new_password": "short", "again_password": "short"}, "密码应为 10 到 128 个字符，请重新设置"),
        ({"new_password": "woaini1314", "again_password": "woaini1314"}, "常见的密码"),
        (
            {"new_password": "东河镇东河镇东河镇20", "again_password": "东河镇东河镇东河镇20"},
            "密码不能用账号名或单位名",
        ),
        ({"again_password": NEW_PASSWORD + "x"}, "两次输入的新密码不一样"),
        ({"new_password": PASSWORD, "again_password": PASSWORD}, "新密码和现在的密码一样"),
    ],
)
def test_what_is_wrong_with_a_new_password_stands_beside_its_field(two, fields, sentence):
    client, other = two
    good = {"current_password": PASSWORD, "new_password": NEW_PASSWORD, "again_password": NEW_PASSWORD}
    response = post(client, "/password", **(good | fields))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert is_signed_in(other)


def test_all_that_is_wrong_with_a_new_password_is_reported_at_once(two):
    typed = {"current_password": PASSWORD, "new_password": "short", "again_password": "other"}
    words = text_of(post(two[0], "/password", **typed))
    assert "密码应为 10 到 128 个字符" in words
    assert "两次输入的新密码不一样" in words


GOOD = {"current_password": PASSWORD, "new_password": NEW_PASSWORD, "again_password": NEW_PASSWORD}


@pytest.fixture
def nameless(app, two):
    """The same, of an account that nobody gave a name."""
    with transaction(app.extensions["huitoukan"].engine) as connection:
        connection.exec_driver_sql("UPDATE account SET display_name = ''")
    return two


def test_who_has_an_account_without_a_name_says_who_he_is(app, nameless):
    client, _ = nameless
    left_out = post(client, "/password", **GOOD)
    assert (left_out.status_code, "请填写本人姓名" in text_of(left_out)) == (422, True)
    assert account_of(app).display_name == ""
    assert post(client, "/password", display_name=" 张某某 ", **GOOD).status_code == 303
    assert account_of(app).display_name == "张某某"
    assert page(client.get("/password")).find("input", {"name": "display_name"})["value"] == "张某某"
    with app.extensions["huitoukan"].engine.connect() as connection:
        query = select(tables.audit.c.change).where(tables.audit.c.action == "name")
        assert connection.execute(query).scalars().all() == [{"display_name": ["", "张某某"]}]


def test_a_name_left_empty_stays_as_it_is(app, two):
    client, _ = two
    with transaction(app.extensions["huitoukan"].engine) as connection:
        account_store.set_display_name(connection, NOW, account_of(app), "张某某")
    assert post(client, "/password", display_name=" ", **GOOD).status_code == 303
    assert account_of(app).display_name == "张某某"


@pytest.mark.parametrize("name", ["张\u200b某", "张" * 61])
def test_what_can_be_no_name_is_reported_beside_it_and_changes_nothing(app, nameless, name):
    client, other = nameless
    response = post(client, "/password", display_name=name, **GOOD)
    assert response.status_code == 422
    assert "姓名不超过 60 个字符，不能含有看不见的符号" in page(response).find(id="display_name-error").text
    assert account_of(app).display_name == ""
    assert is_signed_in(other)


def test_a_password_is_not_the_name_that_is_just_given(two):
    name = "zhangsan-dingli"
    response = post(
        two[0], "/password", **{**GOOD, "display_name": name, "new_password": name, "again_password": name}
    )
    assert "密码不能用账号名或单位名" in text_of(response)


def test_guessing_the_password_of_an_open_browser_locks_as_well(two):
    client, _ = two
    fields = {"new_password": NEW_PASSWORD, "again_password": NEW_PASSWORD}
    for _ in range(5):
        post(client, "/password", current_password="wrong", **fields)
    assert "已暂停登录" in text_of(post(client, "/password", current_password=PASSWORD, **fields))


def test_a_one_use_password_leads_to_the_change_and_nowhere_else(app, client, signed_in):
    signed_in(EAST, "reporter", name="zhang")
    with transaction(app.extensions["huitoukan"].engine) as connection:
        connection.exec_driver_sql("UPDATE account SET must_change_password = 1")
    sign_in(client, "zhang", PASSWORD)
    for address in ("/", "/zero/", "/sessions", "/records/household-issues/"):
        assert client.get(address).headers["Location"].startswith("/password?next=")
    assert client.post("/zero/", data={}).headers["Location"].startswith("/password")
    response = post(
        client,
        "/password",
        current_password=PASSWORD,
        new_password=NEW_PASSWORD,
        again_password=NEW_PASSWORD,
        next="/zero/",
    )
    assert response.headers["Location"] == "/zero/"
    assert is_signed_in(client)
