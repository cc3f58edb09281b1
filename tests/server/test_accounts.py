"""The accounts page of the office and the administrator, and what it may make."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from forms_server.account import ROLE_NAMES, Role
from forms_server.accounts.account_check import KINDS, check_account
from forms_server.accounts.account_store import NewAccount, find_by_name
from forms_server.db import tables
from tests.builders import EAST, EAST_WILLOW, OFFICE, WATER, WEST, small_campaign
from tests.server.pages import post, sign_in, text_of

CAMPAIGN = small_campaign()


@pytest.fixture
def office(signed_in):
    return signed_in(OFFICE, "office", name="office")


def account_named(app, name):
    with app.extensions["huitoukan"].engine.connect() as connection:
        return find_by_name(connection, name)


def one_use(response):
    code = BeautifulSoup(response.text, "html.parser").find("code", class_="one-use")
    assert code is not None
    return code.text


def test_a_new_account_signs_in_with_the_password_that_was_shown_once(app, office):
    fields = {"name": "东河-张某某", "unit": EAST, "role": "reporter", "village": "柳林村委会"}
    made = post(office, "/accounts/new", **fields)
    assert made.status_code == 200
    password = one_use(made)
    assert password not in office.get("/accounts/").text
    account = account_named(app, "东河-张某某")
    assert (account.unit_code, account.village_code, account.role) == (EAST, EAST_WILLOW, Role.REPORTER)
    assert account.must_change_password
    assert sign_in(app.test_client(), "东河-张某某", password).status_code == 303


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("东河", {"dong-zhang", "dong-li"}),
        ("柳林", {"dong-zhang"}),
        ("李某", {"dong-li"}),
        ("DONG zhang", {"dong-zhang"}),
        ("东河 西岭", set()),
        ("%", set()),
        (" ", {"dong-zhang", "dong-li", "xi-wang", "office"}),
    ],
)
def test_accounts_are_found_by_search_words(office, words, found):
    for name, display_name, unit, village in (
        ("dong-zhang", "", EAST, "柳林村委会"),
        ("dong-li", "李某某", EAST, ""),
        ("xi-wang", "", WEST, ""),
    ):
        fields = {"name": name, "display_name": display_name, "unit": unit, "village": village}
        post(office, "/accounts/new", **fields, role="reporter")
    html = BeautifulSoup(office.get("/accounts/", query_string={"words": words}).text, "html.parser")
    assert {row.strong.text for row in html.select(".unit-accounts .rows > li")} == found
    assert bool(found) != ("没有找到这样的账号" in html.main.text)


def test_a_taken_name_is_reported_beside_its_field(office):
    fields = {"name": "zhang", "unit": EAST, "role": "reporter"}
    post(office, "/accounts/new", **fields)
    again = post(office, "/accounts/new", **fields | {"unit": WEST})
    assert again.status_code == 422
    assert "已有同名账号" in text_of(again)


def test_everything_that_is_wrong_is_reported_at_once_and_kept(office):
    response = post(
        office, "/accounts/new", name="", unit="", role="", display_name="张某某", village="柳林村"
    )
    assert response.status_code == 422
    for sentence in ("请填写账号", "请选择单位", "请选择角色"):
        assert sentence in text_of(response)
    assert 'value="张某某"' in response.text
    assert 'value="柳林村"' in response.text


def test_a_reset_ends_sessions_and_the_old_password(app, office, signed_in):
    reporter = signed_in(EAST, "reporter", name="zhang")
    response = post(office, f"/accounts/{account_named(app, 'zhang').id}/reset", page="/accounts/")
    assert reporter.get("/").status_code == 303
    assert sign_in(app.test_client(), "zhang", one_use(response)).status_code == 303


def test_disabling_and_enabling(app, office, signed_in):
    reporter = signed_in(EAST, "reporter", name="zhang")
    account = account_named(app, "zhang")
    post(office, f"/accounts/{account.id}/disable", page="/accounts/")
    assert reporter.get("/").status_code == 303
    assert "已停用" in text_of(office.get("/accounts/"))
    post(office, f"/accounts/{account.id}/enable", page="/accounts/")
    assert not account_named(app, "zhang").disabled


def test_nobody_disables_himself(app, office):
    account = account_named(app, "office")
    response = post(office, f"/accounts/{account.id}/disable", page="/accounts/")
    assert response.status_code == 303
    assert "不能停用自己的账号" in text_of(office.get("/accounts/"))
    assert not account_named(app, "office").disabled


@pytest.mark.parametrize("action", ["reset", "disable", "enable"])
def test_an_unknown_account_is_not_found(office, action):
    assert post(office, f"/accounts/nobody/{action}", page="/accounts/").status_code == 404


def test_every_change_is_one_row_of_the_audit_and_names_nobody(app, office):
    post(office, "/accounts/new", name="李某某", display_name="李某某", unit=WATER, role="department")
    account = account_named(app, "李某某")
    for action in ("reset", "disable", "enable"):
        post(office, f"/accounts/{account.id}/{action}", page="/accounts/")
    with app.extensions["huitoukan"].engine.connect() as connection:
        rows = connection.execute(
            select(tables.audit).where(tables.audit.c.subject_id == account.id).order_by(tables.audit.c.id)
        ).all()
    assert [row.action for row in rows] == ["create", "reset", "disable", "enable"]
    assert {row.account_id for row in rows} == {account_named(app, "office").id}
    assert "李某某" not in str(rows)


def test_units_without_an_account_and_units_that_are_gone_are_shown(app, office, signed_in):
    signed_in(EAST, "reporter")
    signed_in("goneunit", "reporter", name="stray")
    page = text_of(office.get("/accounts/"))
    assert "还没有账号的单位（2 个）" in page
    assert "单位已不在本次专项行动中" in page
    told = signed_in("goneunit", "reporter", name="stray").get("/")
    assert (told.status_code, "不在本次专项行动的单位名单里" in text_of(told)) == (403, True)


@pytest.mark.parametrize("unit", [WEST, "西岭镇", "西岭乡", " 西岭镇 "])
def test_a_unit_may_be_given_by_code_name_or_alias(unit):
    assert check_account(CAMPAIGN, name="wang", unit=unit, role="principal") == NewAccount(
        "wang", WEST, Role.PRINCIPAL
    )


def test_the_same_village_name_is_another_village_in_another_township():
    made = [
        check_account(CAMPAIGN, name="wang", unit=unit, role="reporter", village="柳林村委会").village_code
        for unit in (EAST, WEST)
    ]
    assert made[0] != made[1]


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"name": "a\u200bb"}, {"name"}),
        ({"display_name": "字" * 61}, {"display_name"}),
        ({"unit": "河镇"}, {"unit"}),
        ({"role": "boss"}, {"role"}),
        ({"role": "office"}, {"role"}),
        ({"role": "department"}, {"role"}),
        ({"village": "石桥村村委会"}, {"village"}),
        ({"role": "principal", "village": "柳林村委会"}, {"village"}),
        ({"name": "", "unit": "x", "role": "y"}, {"name", "unit", "role"}),
    ],
)
def test_what_makes_no_sense_is_refused_all_at_once(fields, faults):
    good = {"name": "wang", "unit": EAST, "role": "reporter"}
    assert set(check_account(CAMPAIGN, **(good | fields))) == faults


def test_every_role_knows_its_kinds_of_unit():
    assert set(KINDS) == set(Role) == set(ROLE_NAMES)
