"""The plan of supervision: teams, members, where they go when, and who must not go."""

import re
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from forms_server import audit
from forms_server.access import Role
from forms_server.accounts import account_store
from forms_server.audit_chain import first_fault
from forms_server.db import tables
from forms_server.db.engine import audit_key, make_engine, transaction
from forms_server.db.migrate import MIGRATIONS, migrate, upgrade
from tests.builders import EAST, OFFICE, WATER, WEST
from tests.records.builders import ACCOUNTS
from tests.records.conftest import account_row
from tests.server.conftest import NOW
from tests.server.pages import post, text_of, token
from tests.server.records import HOUSEHOLD, ISSUE, file, page
from tests.server.test_reminders import subscribe
from tests.whole import vouch

PLAN = "/inspection/plan"
SignedIn = Callable[..., FlaskClient]


def rows(app: Flask, name: str) -> list[sa.Row]:
    with app.extensions["huitoukan"].engine.connect() as connection:
        return list(connection.execute(select(tables.metadata.tables[name])))


def account_id(app: Flask, name: str) -> str:
    with app.extensions["huitoukan"].engine.connect() as connection:
        account = account_store.find_by_name(connection, name)
    assert account is not None
    return account.id


@pytest.fixture
def inspector(signed_in: SignedIn) -> FlaskClient:
    return signed_in(OFFICE, Role.INSPECTOR, name="组长")


@pytest.fixture
def team(office: FlaskClient, inspector: FlaskClient, app: Flask) -> str:
    """The id of a team with a leader that goes nowhere yet."""
    post(office, "/inspection/teams", PLAN, **{"team-id": str(uuid4()), "name": "第一督导组"})
    (made,) = rows(app, "team")
    post(office, f"/inspection/teams/{made.id}/members", PLAN, account=account_id(app, "组长"), leads="1")
    return str(made.id)


def send(
    office: FlaskClient,
    team: str,
    *units: str,
    first: str = "2022-08-21",
    last: str = "2022-08-22",
    **more: str,
):
    address = f"/inspection/teams/{team}/assignments"
    sent = {"assignment-id": str(uuid4()), "unit": list(units), "first": first, "last": last, **more}
    return office.post(address, data={"csrf_token": token(office, PLAN), **sent}, follow_redirects=True)


def test_an_inspector_sees_a_unit_while_it_is_assigned_and_he_is_a_member(
    app, office, inspector, reporter, team
):
    record = file(reporter, HOUSEHOLD, **ISSUE).location
    assert inspector.get(record).status_code == 404
    send(office, team, EAST)
    assert inspector.get(record).status_code == 200
    (planned,) = rows(app, "assignment")
    post(office, f"/inspection/assignments/{planned.id}/withdraw", PLAN)
    assert inspector.get(record).status_code == 404
    send(office, team, EAST)
    post(office, f"/inspection/teams/{team}/members/remove", PLAN, account=account_id(app, "组长"))
    assert inspector.get(record).status_code == 404
    post(office, f"/inspection/teams/{team}/members", PLAN, account=account_id(app, "组长"))
    assert inspector.get(record).status_code == 200
    post(office, f"/inspection/teams/{team}/dissolve", PLAN)
    assert inspector.get(record).status_code == 404


def test_what_was_planned_before_stays_written_down(app, office, team):
    send(office, team, EAST)
    (planned,) = rows(app, "assignment")
    post(office, f"/inspection/assignments/{planned.id}/withdraw", PLAN)
    post(office, f"/inspection/teams/{team}/members/remove", PLAN, account=account_id(app, "组长"))
    (withdrawn,), (left,) = rows(app, "assignment"), rows(app, "team_member")
    assert withdrawn.withdrawn_at == left.left_at == datetime(2022, 8, 20, 9)
    shown = text_of(office.get(PLAN))
    assert "东河镇 8月21日至8月22日" in shown
    assert "组长（组长）" in shown
    with app.extensions["huitoukan"].engine.connect() as connection:
        audited = connection.execute(select(tables.audit).order_by(tables.audit.c.id)).mappings().all()
        assert first_fault(audit_key(connection), audit.read_head(connection), audited) is None
    assert [(each.subject, each.action) for each in rows(app, "audit") if each.subject in {"team", "team_member", "assignment"}] == [
        ("team", "create"), ("team_member", "create"), ("assignment", "create"), ("assignment", "end"), ("team_member", "end"),
    ]  # fmt: skip


def test_nobody_inspects_the_unit_he_belongs_to(app, office, signed_in, team):
    signed_in(WATER, Role.INSPECTOR, name="水利")
    post(office, f"/inspection/teams/{team}/members", PLAN, account=account_id(app, "水利"))
    assert "不能督导这个单位" in text_of(send(office, team, WATER))
    assert rows(app, "assignment") == []


def test_nor_one_that_he_once_belonged_to(app, office, reporter, team):
    """Somebody of the east who filed there, and was then drafted into a team."""
    file(reporter, HOUSEHOLD, **ISSUE)
    with transaction(app.extensions["huitoukan"].engine) as connection:
        moved = {"unit_code": OFFICE, "role": "inspector", "village_code": None}
        connection.execute(
            sa.update(tables.account).where(tables.account.c.name == f"{EAST}-reporter-").values(moved)
        )
        vouch(connection, NOW)
    send(office, team, EAST)
    address, who = f"/inspection/teams/{team}/members", account_id(app, f"{EAST}-reporter-")
    sent = {"csrf_token": token(office, PLAN), "account": who}
    assert "任过职，不能督导这个单位" in text_of(office.post(address, data=sent, follow_redirects=True))
    assert len(rows(app, "team_member")) == 1


def test_the_plan_says_who_goes_where_when_and_which_township_has_nobody(office, inspector, signed_in, team):
    assert "2 个乡镇还没有督导组去：东河镇、西岭镇" in text_of(office.get(PLAN))
    send(office, team, WEST)
    html = page(office.get(PLAN))
    assert "1 个乡镇还没有督导组去：东河镇" in html.text
    (row,) = [each for each in html.select(".plan tbody tr") if "西岭镇" in each.text]
    assert re.sub(r"\s+", " ", row.text).strip() == "西岭镇8月21日至8月22日第一督导组组长"
    own = text_of(inspector.get(PLAN))
    assert "西岭镇 8月21日至8月22日" in own
    assert "东河镇" not in own
    assert signed_in(WATER, Role.INSPECTOR, name="别组").get(PLAN).text.count("西岭镇") == 0
    assert signed_in(EAST, Role.REPORTER).get(PLAN).status_code == 403


def test_days_the_wrong_way_round_are_refused(app, office, team):
    assert "最后一天在第一天前面" in text_of(send(office, team, EAST, first="2022-08-23", last="2022-08-22"))
    assert "请选哪一天到哪一天" in text_of(send(office, team, EAST, first="x"))
    assert rows(app, "assignment") == []


def test_the_same_form_sent_twice_is_one_assignment(app, office, team):
    again = str(uuid4())
    for _ in range(2):
        send(office, team, EAST, WEST, **{"assignment-id": again})
    assert sorted(each.unit_code for each in rows(app, "assignment")) == [EAST, WEST]


def test_the_same_days_planned_from_two_pages_are_one_assignment(app, office, team):
    for _ in range(2):
        send(office, team, EAST, WEST)
    assert sorted(each.unit_code for each in rows(app, "assignment")) == [EAST, WEST]
    (east,) = (each for each in rows(app, "assignment") if each.unit_code == EAST)
    post(office, f"/inspection/assignments/{east.id}/withdraw", PLAN)
    send(office, team, EAST)
    assert [each.withdrawn_at is None for each in rows(app, "assignment") if each.unit_code == EAST] in (
        [True, False],
        [False, True],
    )


def test_the_plan_stands_in_the_calendar(app, office, inspector, signed_in, team):
    send(office, team, EAST)
    feeds = {}
    for name, client in (
        ("office", office),
        ("own", inspector),
        ("other", signed_in(WATER, Role.INSPECTOR, name="别组")),
    ):
        feeds[name] = client.get(subscribe(client)).text.replace("\r\n ", "")
    for name in ("office", "own"):
        assert "督导：东河镇（第一督导组）" in feeds[name]
        assert "DTSTART;VALUE=DATE:20220821" in feeds[name]
    assert "东河镇" not in feeds["other"]


def test_the_units_of_an_account_become_a_team_and_its_assignments(database: str):
    engine = make_engine(database, b"key")
    revisions = [each.revision for each in ScriptDirectory(MIGRATIONS).walk_revisions()]
    before = next(
        each.down_revision
        for each in ScriptDirectory(MIGRATIONS).walk_revisions()
        if each.module.__name__.startswith(f"{each.revision}_teams")
    )
    assert before in revisions
    with transaction(engine) as connection:
        upgrade(connection, before)
    old = sa.MetaData()
    with transaction(engine) as connection:
        old.reflect(connection, only=["account"])
        table = old.tables["account"]
        for name, codes in (("inspector", [WEST, EAST]), ("inspector-of-none", []), ("east", [])):
            row = {**account_row(ACCOUNTS[name]), "inspects": codes}
            connection.execute(insert(table).values({key: row[key] for key in row.keys() & table.c.keys()}))
    migrate(engine)
    with engine.connect() as connection:
        seen = {each.name: each.inspects for each in account_store.all_accounts(connection)}
    assert seen == {"inspector": {WEST, EAST}, "inspector-of-none": frozenset(), "east": frozenset()}
    engine.dispose()
