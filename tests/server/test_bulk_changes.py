"""Bulk actions on a ledger: availability by role, confirmation page, all or nothing, idempotent."""

from collections.abc import Callable, Collection
from urllib.parse import urlencode
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from forms_server.access import Role
from forms_server.db import tables
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, OFFICE, WATER, WEST, WEST_WILLOW
from tests.server.pages import post, text_of
from tests.server.records import FAMILY, GENERAL, HOUSEHOLD, ISSUE, PROPOSED, file, page, stored

SignedIn = Callable[..., FlaskClient]
LEDGER = "/records/household-issues/"
TOGETHER = f"{LEDGER}together/"
OUTCOME = {"outcome": "已请人修好。", "rectified_on": "2022-08-19"}


def id_of(number: int) -> str:
    return str(UUID(int=number))


@pytest.fixture
def issues(reporter: FlaskClient) -> list[str]:
    """Three issues of the east's."""
    for number in (1, 2, 3):
        file(reporter, HOUSEHOLD, id_of(number), **ISSUE)
    return [id_of(number) for number in (1, 2, 3)]


def picks(*ids: str, version: int = 1) -> list[str]:
    return [f"{each}.{version}" for each in ids]


def do(
    client: FlaskClient, action: str, ticked: list[str], ledger: str = LEDGER, **typed: str
) -> TestResponse:
    return post(client, f"{ledger}together/{action}", page="/password", pick=ticked, **typed)


def states(app: Flask) -> dict[str, tuple[object, object]]:
    """State and version by id."""
    return {str(row["id"]): (row["state"], row["version"]) for row in stored(app)}


def audited(app: Flask, action: str) -> list[str]:
    with app.extensions["huitoukan"].engine.connect() as connection:
        column = tables.audit.c.subject_id
        return list(connection.execute(select(column).where(tables.audit.c.action == action)).scalars())


def buttons(response: TestResponse) -> list[str]:
    return [each.text.strip() for each in page(response).select("button[formaction]")]


class TestLedger:
    def test_it_offers_what_its_records_and_the_role_allow(
        self, signed_in: SignedIn, reporter: FlaskClient, issues: list[str]
    ):
        assert buttons(reporter.get(LEDGER)) == ["报告已整改", "统一填责任单位、整改时限", "撤销"]
        do(reporter, "report", picks(issues[0]), **OUTCOME)
        office, department = signed_in(OFFICE, Role.OFFICE), signed_in(WATER, Role.DEPARTMENT)
        assert buttons(office.get(LEDGER)) == buttons(department.get(LEDGER)) == ["销号", "退回"]
        boxes = page(office.get(LEDGER)).select("[name=pick]")
        assert [box["value"] for box in boxes] == picks(issues[0], version=2)

    def test_read_only_roles_are_offered_nothing(self, signed_in: SignedIn, issues: list[str]):
        for role in (Role.INSPECTOR, Role.OFFICE):
            answer = signed_in(OFFICE, role).get(LEDGER)
            assert not page(answer).select("[name=pick], [formaction]")

    def test_households_are_entered_in_the_system_together(self, app: Flask, reporter: FlaskClient):
        file(reporter, PROPOSED, id_of(1), **FAMILY)
        file(
            reporter, PROPOSED, id_of(2), **{**FAMILY, "householder": "赵某某", "identified_on": "2022-08-19"}
        )
        ledger = "/records/proposed-household/"
        assert buttons(reporter.get(ledger)) == ["统一填录入日期", "撤销"]
        both = picks(id_of(1), id_of(2))
        answer = do(reporter, "edit", both, ledger, entered_on="2022-08-18")
        assert answer.status_code == 409
        assert "早于“识别日期”的 2022-08-19" in text_of(answer)
        assert all(row["entered_on"] is None for row in stored(app, "proposed_household"))
        assert do(reporter, "edit", both, ledger, entered_on="2022-08-20").status_code == 303
        assert all(row["version"] == 2 for row in stored(app, "proposed_household"))


class TestAsking:
    def test_what_was_ticked_is_shown_before_anything_is_done(
        self, app: Flask, reporter: FlaskClient, issues: list[str]
    ):
        answer = reporter.get(
            f"{TOGETHER}report", query_string={"pick": picks(*issues), "back": LEDGER + "?state=rectifying"}
        )
        html = page(answer)
        assert [box["value"] for box in html.select("[name=pick][checked]")] == picks(*issues)
        assert html.select_one("[name=rectified_on]")["value"] == "2022-08-20"
        assert html.select_one("[name=back]")["value"] == LEDGER + "?state=rectifying"
        assert set(states(app).values()) == {("rectifying", 1)}

    def test_what_cannot_be_done_is_reported_and_not_ticked(self, reporter: FlaskClient, issues: list[str]):
        do(reporter, "report", picks(issues[0]), **OUTCOME)
        do(reporter, "edit", picks(issues[1]), deadline="8月31日")
        answer = reporter.get(f"{TOGETHER}report", query_string={"pick": picks(*issues)})
        html, words = page(answer), text_of(answer)
        assert [box["value"] for box in html.select("[name=pick][checked]")] == picks(issues[2])
        assert "这一条现在是“已整改”，不能报告已整改。" in words
        assert "又被改过" in words
        again = html.select("[name=pick]:not([checked])")
        assert [box["value"] for box in again] == picks(issues[1], version=2)

    def test_nothing_ticked_leads_back(self, reporter: FlaskClient, issues: list[str]):
        answer = reporter.get(f"{TOGETHER}report?back={LEDGER}", follow_redirects=True)
        assert "请先勾选要办理的记录。" in text_of(answer)

    def test_it_never_leads_to_a_stranger(self, reporter: FlaskClient, issues: list[str]):
        done = do(reporter, "report", picks(issues[0]), back="https://example.org/", **OUTCOME)
        assert done.location == LEDGER


def sent_by(html: BeautifulSoup, unticked: Collection[str]) -> tuple[str, dict[str, list[str]]]:
    """Where the page's form goes, and what it sends once the boxes of these records are unticked."""
    form = html.select_one("form[data-picks]")
    fields: dict[str, list[str]] = {}
    for field in form.select("input[name], textarea[name]"):
        boxed = field.get("type") == "checkbox"
        if not boxed or (field.has_attr("checked") and field["value"].split(".")[0] not in unticked):
            fields.setdefault(field["name"], []).append(field.get("value", field.text))
    return form["action"], fields


class TestUnticking:
    """On the page that asks."""

    def test_what_was_unticked_is_left_alone(self, app: Flask, reporter: FlaskClient, issues: list[str]):
        address = f"{TOGETHER}withdraw?" + urlencode({"pick": picks(*issues)}, doseq=True)
        action, fields = sent_by(page(reporter.get(address)), {issues[1]})
        for target in (action, address):  # a browser may still have the ticked ones in the address
            assert reporter.post(target, data={**fields, "reason": "重复登记。"}).status_code == 303
            assert [state for state, _ in states(app).values()] == ["withdrawn", "rectifying", "withdrawn"]

    def test_nothing_ticked_keeps_what_was_typed(self, app: Flask, reporter: FlaskClient, issues: list[str]):
        address = f"{TOGETHER}report?" + urlencode({"pick": picks(*issues), "back": LEDGER}, doseq=True)
        action, fields = sent_by(page(reporter.get(address)), set(issues))
        answer = reporter.post(action, data={**fields, **OUTCOME})
        assert answer.status_code == 422
        html = page(answer)
        assert "请先勾选要办理的记录。" in html.select_one("[role=alert]").text
        assert OUTCOME["outcome"] in html.select_one("[name=outcome]").text
        assert [box["value"] for box in html.select("[name=pick]:not([checked])")] == picks(*issues)
        assert set(states(app).values()) == {("rectifying", 1)}

    def test_an_unticked_record_is_still_there_after_a_mistake(
        self, reporter: FlaskClient, issues: list[str]
    ):
        address = f"{TOGETHER}report?" + urlencode({"pick": picks(*issues)}, doseq=True)
        action, fields = sent_by(page(reporter.get(address)), {issues[0]})
        html = page(reporter.post(action, data={**fields, "outcome": [""]}))
        assert [box["value"] for box in html.select("[name=pick]")] == picks(*issues)
        assert [box["value"] for box in html.select("[name=pick][checked]")] == picks(*issues[1:])


class TestDoing:
    def test_all_are_reported_with_a_row_of_the_audit_each(
        self, app: Flask, reporter: FlaskClient, issues: list[str]
    ):
        answer = do(reporter, "report", picks(*issues), back=LEDGER + "?state=rectifying", **OUTCOME)
        assert (answer.status_code, answer.location) == (303, LEDGER + "?state=rectifying")
        assert set(states(app).values()) == {("rectified", 2)}
        assert {row["outcome"] for row in stored(app)} == {"已请人修好。"}
        assert sorted(audited(app, "report")) == issues
        assert "已报告整改完成 3 条" in text_of(reporter.get(LEDGER))

    def test_sent_twice_it_is_done_once(self, app: Flask, reporter: FlaskClient, issues: list[str]):
        sent = {
            "report": OUTCOME,
            "edit": {"deadline": "8月31日"},
            "withdraw": {"reason": "重复登记。"},
        }
        for number, (action, typed) in enumerate(sent.items(), 1):
            for _ in range(2):
                assert do(reporter, action, picks(*issues, version=number), **typed).status_code == 303
            assert sorted(audited(app, action)) == issues

    def test_what_is_left_empty_stays_as_it_is(self, app: Flask, reporter: FlaskClient, issues: list[str]):
        do(reporter, "edit", picks(*issues), responsible_unit="东河镇")
        for row in stored(app):
            assert (row["responsible_unit"], row["deadline_text"]) == ("东河镇", "8月底前")
        answer = do(reporter, "edit", picks(*issues, version=2))
        assert answer.status_code == 422
        assert "请至少填一栏" in text_of(answer)

    @pytest.mark.parametrize("other", ["changed", "withdrawn", "strange"])
    def test_all_or_none(
        self, app: Flask, signed_in: SignedIn, reporter: FlaskClient, issues: list[str], other: str
    ):
        first, second, third = issues
        asked = picks(first, second)
        if other == "changed":
            do(reporter, "edit", picks(third), deadline="8月31日")
        elif other == "withdrawn":
            do(reporter, "withdraw", picks(third), reason="登记有误。")
        else:
            third = id_of(9)
            west = {**ISSUE, "village": WEST_WILLOW}
            file(signed_in(WEST, Role.REPORTER), HOUSEHOLD, third, **west)
        before = states(app)
        answer = do(reporter, "report", [*asked, *picks(third)], **OUTCOME)
        assert answer.status_code == 409
        assert states(app) == before
        html, words = page(answer), text_of(answer)
        assert "有 1 条不能办，一条也没有改" in words
        assert [box["value"] for box in html.select("[name=pick][checked]")] == asked
        assert "已请人修好。" in html.select_one("[name=outcome]").text
        told = {"changed": "又被改过", "withdrawn": "现在是“已撤销”", "strange": "没有这一条"}
        assert told[other] in words

    def test_what_is_wrong_stands_beside_its_field(
        self, app: Flask, reporter: FlaskClient, issues: list[str]
    ):
        before = states(app)
        for typed, said in (
            ({"outcome": "", "rectified_on": "2022-08-19"}, "整改成效"),
            ({**OUTCOME, "rectified_on": "2022-08-21"}, "整改完成日期"),
            ({**OUTCOME, "rectified_on": "2022-08-01"}, "整改完成日期"),
        ):
            answer = do(reporter, "report", picks(*issues), **typed)
            assert answer.status_code == 422
            assert said in page(answer).select_one(".field-error").text
            assert len(page(answer).select("[name=pick][checked]")) == 3
        assert states(app) == before


class TestWho:
    def test_a_department_and_the_office_close_and_send_back(
        self, app: Flask, signed_in: SignedIn, reporter: FlaskClient, issues: list[str]
    ):
        do(reporter, "report", picks(*issues), **OUTCOME)
        department, office = signed_in(WATER, Role.DEPARTMENT), signed_in(OFFICE, Role.OFFICE)
        assert (
            do(department, "send_back", picks(issues[0], version=2), reason="补拍照片。").status_code == 303
        )
        assert do(office, "verify", picks(*issues[1:], version=2)).status_code == 303
        assert [state for state, _ in states(app).values()] == ["rectifying", "closed", "closed"]
        assert "补拍照片。" in text_of(reporter.get("/"))

    def test_nobody_does_what_his_role_does_not(
        self, signed_in: SignedIn, reporter: FlaskClient, issues: list[str]
    ):
        for client, actions in (
            (reporter, ("verify", "send_back")),
            (signed_in(OFFICE, Role.OFFICE), ("report", "edit", "withdraw")),
            (signed_in(OFFICE, Role.INSPECTOR), ("report", "edit", "withdraw", "verify", "send_back")),
        ):
            for action in actions:
                assert do(client, action, picks(*issues)).status_code == 403, action
        assert do(reporter, "file", picks(*issues)).status_code == 404
        assert do(reporter, "nothing", picks(*issues)).status_code == 404

    @pytest.mark.parametrize(("unit", "village"), [(WEST, None), (WATER, None), (EAST, EAST_DAM)])
    def test_others_records_are_not_there(
        self, app: Flask, signed_in: SignedIn, issues: list[str], unit: str, village: str | None
    ):
        other = signed_in(unit, Role.REPORTER, village)
        for action, typed in (
            ("report", OUTCOME),
            ("edit", {"deadline": "8月31日"}),
            ("withdraw", {"reason": "x"}),
        ):
            assert do(other, action, picks(*issues), **typed).status_code == 404
            assert other.get(f"{TOGETHER}{action}", query_string={"pick": picks(*issues)}).status_code == 404
        assert set(states(app).values()) == {("rectifying", 1)}

    def test_a_department_does_not_judge_its_own_units_issues(self, app: Flask, signed_in: SignedIn):
        own = signed_in(WATER, Role.REPORTER)
        asked = ("content", "measures", "responsible_person", "responsible_unit", "deadline")
        issue = {"level": "county", "problem_type": "water", **{name: ISSUE[name] for name in asked}}
        assert file(own, GENERAL, id_of(1), **issue).status_code == 303
        ledger = "/records/general-issues/"
        do(own, "report", picks(id_of(1)), ledger, **OUTCOME)
        answer = do(signed_in(WATER, Role.DEPARTMENT), "verify", picks(id_of(1), version=2), ledger)
        assert answer.status_code == 409
        assert [row["state"] for row in stored(app)] == ["rectified"]


NOBODY = "00000000-0000-4000-8000-000000000000"
"""Id of no record; not made anew, since every process that runs the tests must find the same ones."""


@pytest.mark.parametrize("ticked", ["x", "1.1", NOBODY, f"{NOBODY}.", f"{NOBODY}.１", f"{NOBODY}.9999999999"])
def test_what_no_page_sends_is_refused(reporter: FlaskClient, ticked: str):
    assert do(reporter, "report", [ticked], **OUTCOME).status_code == 400


def test_no_more_than_a_page_at_once(reporter: FlaskClient):
    assert (
        do(reporter, "report", picks(*(id_of(number) for number in range(51))), **OUTCOME).status_code == 400
    )


def test_posted_extra_fields_change_nothing(app: Flask, reporter: FlaskClient, issues: list[str]):
    more = {
        "content": "别的",
        "state": "closed",
        "unit_code": WEST,
        "village": EAST_WILLOW,
        "problem_type": "water",
    }
    do(reporter, "edit", picks(issues[0]), deadline="8月31日", **more)
    [row] = [row for row in stored(app) if row["id"] == issues[0]]
    assert row["deadline_text"] == "8月31日"
    assert (row["content"], row["state"], row["unit_code"], row["problem_type_id"]) == (
        ISSUE["content"], "rectifying", EAST, "housing",
    )  # fmt: skip
