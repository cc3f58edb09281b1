"""An account moves to another unit: with its history, which team planning asks; what it filed stays where it was."""

from datetime import date
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from sqlalchemy import insert

from forms_server.access import Role
from forms_server.accounts.account_store import find_by_name
from forms_server.cli import main
from forms_server.db import tables
from forms_server.db.engine import transaction
from tests.builders import EAST, EAST_WILLOW, OFFICE, WATER, WEST
from tests.server.conftest import NOW
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file, stored
from tests.whole import vouch


def named(app, name):
    with app.extensions["huitoukan"].engine.connect() as connection:
        return find_by_name(connection, name)


def moved(client, account, unit, village=""):
    return post(client, f"/accounts/{account.id}/move", unit=unit, village=village)


def test_a_moved_reporter_signs_in_anew_and_leaves_behind_what_it_filed(app, office, signed_in):
    client = signed_in(EAST, Role.REPORTER, EAST_WILLOW, name="张某")
    record = str(file(client, HOUSEHOLD, **ISSUE).location)
    account = named(app, "张某")
    with transaction(app.extensions["huitoukan"].engine) as connection:
        pack = {
            "id": str(uuid4()), "campaign_id": "small", "account_id": account.id, "browser": "手机",
            "households": 2, "made_at": NOW, "told_at": NOW, "waiting": 0,
        }  # fmt: skip
        connection.execute(insert(tables.field_pack).values(pack))
        vouch(connection, NOW)
    done = moved(office, account, WEST)
    assert done.status_code == 303, text_of(done)
    told = text_of(office.get(done.location))
    assert "已把“张某”调到西岭镇" in told
    assert "外带包 1 个下次联网时自动删除" in told
    assert client.get("/").status_code in {302, 303}, "its sessions have ended"
    now = named(app, "张某")
    assert (now.unit_code, now.village_code) == (WEST, None)
    assert {each["ended_why"] for each in stored(app, "field_pack")} == {"revoked"}
    assert stored(app)[0]["unit_code"] == EAST
    again = signed_in(WEST, Role.REPORTER, name="张某")
    assert again.get(record).status_code == 404
    page = text_of(office.get(f"/accounts/{account.id}/move"))
    assert "2022年8月20日 09:00 从东河镇调到西岭镇" in page
    assert "现在就在这里" in text_of(moved(office, now, WEST))
    change = next(each["change"] for each in stored(app, "audit") if each["action"] == "change-unit")
    assert change["unit_code"] == [EAST, WEST]


def test_where_an_account_does_not_fit_it_is_not_moved(app, office, signed_in):
    for role, name in ((Role.DEPARTMENT, "水利"), (Role.REPORTER, "李某")):
        signed_in(WATER, role, name=name)
    department, reporter = named(app, "水利"), named(app, "李某")
    for account, unit, village, words in (
        (department, EAST, "", "行业部门只能设在县直单位"),
        (reporter, OFFICE, "", "填报人只能设在乡镇、县直单位"),
        (reporter, "nowhere", "", "没有“nowhere”这个单位"),
        (reporter, "", "", "请选择单位"),
        (reporter, EAST, "石桥村", "没有“石桥村”这个村"),
    ):
        refused = moved(office, account, unit, village)
        assert (refused.status_code, words in text_of(refused)) == (422, True), text_of(refused)
    own = named(app, f"{OFFICE}-office-")
    assert office.get(f"/accounts/{own.id}/move").status_code == 403
    assert signed_in(EAST, Role.REPORTER).get(f"/accounts/{reporter.id}/move").status_code == 403
    assert moved(office, reporter, EAST, "大坝村").status_code == 303
    assert named(app, "李某").village_code == "999001001201"


def test_a_principal_is_moved_by_two(app, office, signed_in):
    signed_in(EAST, Role.PRINCIPAL, name="王某")
    account, second = named(app, "王某"), signed_in(OFFICE, Role.ADMIN)
    assert moved(office, account, WEST).location == "/accounts/requests"
    assert named(app, "王某").unit_code == EAST
    waiting = "/accounts/requests"
    assert "调单位：王某" in text_of(second.get(waiting))
    assert "主要负责人，调到西岭镇" in text_of(second.get(waiting))
    (asked,) = [each["id"] for each in stored(app, "account_request")]
    post(office, f"{waiting}/confirm", waiting, request=asked)
    assert named(app, "王某").unit_code == EAST, "not by who asked"
    assert post(second, f"{waiting}/confirm", waiting, request=asked).status_code == 303
    assert named(app, "王某").unit_code == WEST


@pytest.fixture
def team(app, office, signed_in):
    """A team with an inspector of the office; what sends it to a unit."""
    signed_in(OFFICE, Role.INSPECTOR, name="周某")
    plan, team_id = "/inspection/plan", str(uuid4())
    post(office, "/inspection/teams", plan, **{"team-id": team_id, "name": "第一督导组"})
    post(office, f"/inspection/teams/{team_id}/members", plan, account=named(app, "周某").id)

    def to(unit: str) -> str:
        day = date(2022, 8, 21).isoformat()
        typed = {"first": day, "last": day, "assignment-id": str(uuid4()), "unit": unit}
        done = post(office, f"/inspection/teams/{team_id}/assignments", plan, **typed)
        return text_of(office.get(done.location))

    return to


def test_nobody_inspects_a_unit_to_which_he_was_once_moved(app, office, team):
    assert moved(office, named(app, "周某"), WATER).status_code == 303
    assert moved(office, named(app, "周某"), OFFICE).status_code == 303
    assert "周某在县水利局任职或者任过职，不能督导这个单位" in team(WATER)
    assert stored(app, "assignment") == []


def test_who_is_on_a_team_is_not_moved_to_a_unit_that_it_inspects(app, office, team):
    assert "督导安排已保存" in team(WATER)
    refused = moved(office, named(app, "周某"), WATER)
    assert (refused.status_code, "先把他调出第一督导组" in text_of(refused)) == (422, True)
    assert named(app, "周某").unit_code == OFFICE
    options = BeautifulSoup(refused.text, "html.parser").select("select[name=unit] option[selected]")
    assert [each["value"] for each in options] == [WATER]


def test_the_command_line_moves_accounts_too(tmp_path, monkeypatch):
    monkeypatch.setenv("HUITOUKAN_HOME", str(tmp_path))

    def run(*args: str):
        return CliRunner().invoke(main, args)

    assert run("init").exit_code == 0
    assert run("user", "add", "填报", "--unit", "丁里镇", "--role", "reporter").exit_code == 0
    done = run("user", "move", "填报", "--unit", "龙城镇")
    assert (done.exit_code, done.output) == (0, "已把账号 填报 调到龙城镇\n")
    assert "现在就在这里" in run("user", "move", "填报", "--unit", "龙城镇").output
    assert "没有“月球”这个单位" in run("user", "move", "填报", "--unit", "月球").output
