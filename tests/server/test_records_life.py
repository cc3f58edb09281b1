"""A filed record in the browser: its page, edits and their conflicts, rectification, withdrawal, and who may see it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from forms_server.access import Role
from forms_server.db import tables
from forms_server.db.engine import transaction
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, OFFICE, WATER, WEST
from tests.server.conftest import NOW
from tests.server.pages import post, text_of
from tests.server.records import FAMILY, ISSUE, PROPOSED, file, page, stored, value_of

SignedIn = Callable[..., FlaskClient]


def set_state(app: Flask, state: str) -> None:
    """What the office or a department does to all issues."""
    with transaction(app.extensions["huitoukan"].engine) as connection:
        connection.execute(update(tables.issue).values(state=state))


class TestPage:
    def test_it_shows_state_author_and_history(self, reporter: FlaskClient, record: str):
        words = text_of(reporter.get(record))
        assert "户内问题第 1 条 正在整改" in words
        assert "2022年8月20日 09:00 登记" in words
        assert "办理经过 登记" in words

    def test_it_is_overdue_once_its_deadline_is_past(self, app: Flask, reporter: FlaskClient, record: str):
        assert "逾期" not in text_of(reporter.get(record))
        with transaction(app.extensions["huitoukan"].engine) as connection:
            connection.execute(update(tables.issue).values(deadline=(NOW - timedelta(days=1)).date()))
        assert "正在整改 逾期" in text_of(reporter.get(record))

    @pytest.mark.parametrize("move", ["", "/edit", "/report", "/withdraw"])
    @pytest.mark.parametrize(("unit", "village"), [(WEST, None), (WATER, None), (EAST, EAST_DAM)])
    def test_to_others_it_is_not_there(
        self, signed_in: SignedIn, record: str, move: str, unit: str, village: str | None
    ):
        other = signed_in(unit, Role.REPORTER, village)
        assert other.get(record + move).status_code == 404
        if move:
            answer = post(other, record + move, page="/password", **ISSUE, **{"base-version": "1"})
            assert answer.status_code == 404

    def test_a_record_of_another_form_is_not_there(self, reporter: FlaskClient, record: str):
        assert reporter.get(record.replace("household-issues", "general-issues")).status_code == 404
        assert reporter.get(f"/records/household-issues/{uuid4()}").status_code == 404

    def test_the_office_sees_it_without_buttons(self, signed_in: SignedIn, record: str):
        office = signed_in(OFFICE, Role.OFFICE)
        words = text_of(office.get(record))
        assert "张某某" in words
        assert not {"修改 ", "报告已整改", "撤销"} & set(words.split(" "))
        assert office.get(f"{record}/edit").status_code == 403

    @pytest.mark.parametrize(
        ("state", "buttons"),
        [
            ("rectifying", ["报告已整改", "申请延期", "转办", "请协办", "修改", "撤销"]),
            ("rectified", ["修改", "撤销"]),
            ("closed", ["撤销"]),
            ("withdrawn", []),
        ],
    )
    def test_buttons_are_what_its_state_allows(
        self, app: Flask, reporter: FlaskClient, record: str, state: str, buttons: list[str]
    ):
        set_state(app, state)
        assert [button.text for button in page(reporter.get(record)).select(".actions a")] == buttons

    def test_who_judges_sees_what_is_judged(self, app: Flask, signed_in: SignedIn, record: str):
        set_state(app, "rectified")
        office = signed_in(OFFICE, Role.OFFICE)
        for move in ("verify", "send-back"):
            card = page(office.get(f"{record}/{move}")).select_one("details.record-card")
            assert card.has_attr("open"), move
            assert ISSUE["content"] in card.text


class TestEditing:
    def test_fields_hold_what_is_stored(self, reporter: FlaskClient, record: str):
        html = page(reporter.get(f"{record}/edit"))
        assert {name: value_of(html, name) for name in ISSUE} == {**ISSUE, "people": "4"}
        assert value_of(html, "base-version") == "1"

    def test_a_change_is_saved_and_stands_in_the_history(self, reporter: FlaskClient, record: str):
        answer = post(reporter, f"{record}/edit", **{**ISSUE, "content": "屋顶漏雨。", "base-version": "1"})
        assert (answer.status_code, answer.location) == (303, record)
        words = text_of(reporter.get(record))
        assert "已保存修改" in words
        assert "屋顶漏雨。" in words
        assert "修改 ：具体内容" in words

    def test_what_is_wrong_keeps_all_that_was_typed(self, app: Flask, reporter: FlaskClient, record: str):
        answer = post(
            reporter, f"{record}/edit", **{**ISSUE, "content": "", "measures": "换瓦。", "base-version": "1"}
        )
        assert answer.status_code == 422
        assert value_of(page(answer), "measures") == "换瓦。"
        assert stored(app)[0]["content"] == ISSUE["content"]

    def test_the_second_editor_sees_both_versions_and_can_save_on_top(
        self, app: Flask, reporter: FlaskClient, signed_in: SignedIn, record: str
    ):
        principal = signed_in(EAST, Role.PRINCIPAL)
        post(principal, f"{record}/edit", **{**ISSUE, "content": "屋顶漏雨。", "base-version": "1"})
        mine = {**ISSUE, "measures": "翻修屋顶。"}
        answer = post(reporter, f"{record}/edit", **mine, **{"base-version": "1"})
        assert answer.status_code == 409
        html = page(answer)
        differing = [legend.contents[0].strip() for legend in html.select(".merge legend")]
        assert differing == ["具体内容", "整改措施"]
        assert "屋顶漏雨。" in html.select_one(".merge").text
        assert f"{EAST}-principal-" in html.select_one("[role=alert]").text
        assert value_of(html, "measures") == "翻修屋顶。"
        assert value_of(html, "base-version") == "2"
        assert stored(app)[0]["content"] == "屋顶漏雨。"
        merged = {**mine, "content": "屋顶漏雨。", "base-version": "2"}
        assert post(reporter, f"{record}/edit", **merged).status_code == 303
        assert (stored(app)[0]["content"], stored(app)[0]["measures"]) == ("屋顶漏雨。", "翻修屋顶。")

    def test_an_edit_begun_before_it_was_rectified_is_a_conflict(self, reporter: FlaskClient, record: str):
        post(
            reporter,
            f"{record}/report",
            outcome="已修好。",
            rectified_on="2022-08-19",
            **{"base-version": "1"},
        )
        answer = post(reporter, f"{record}/edit", **{**ISSUE, "content": "屋顶漏雨。", "base-version": "1"})
        assert answer.status_code == 409
        html = page(answer)
        assert (value_of(html, "content"), value_of(html, "outcome")) == ("屋顶漏雨。", "已修好。")

    @pytest.mark.parametrize("state", ["closed", "withdrawn"])
    def test_not_now_says_why_and_shows_what_was_typed(
        self, app: Flask, reporter: FlaskClient, record: str, state: str
    ):
        set_state(app, state)
        assert reporter.get(f"{record}/edit").status_code == 409
        answer = post(
            reporter,
            f"{record}/edit",
            page="/password",
            **{**ISSUE, "content": "屋顶漏雨。", "base-version": "1"},
        )
        assert answer.status_code == 409
        assert "屋顶漏雨。" in text_of(answer)
        assert stored(app)[0]["content"] == ISSUE["content"]

    @pytest.mark.parametrize(
        "version", [{}, {"base-version": "x"}, {"base-version": "9" * 30}, {"base-version": "²"}]
    )
    def test_a_form_without_the_version_is_not_ours(
        self, reporter: FlaskClient, record: str, version: dict[str, str]
    ):
        assert post(reporter, f"{record}/edit", **ISSUE, **version).status_code == 400

    def test_a_household_that_takes_anothers_name_asks(self, app: Flask, reporter: FlaskClient):
        file(reporter, PROPOSED, **FAMILY)
        other = str(file(reporter, PROPOSED, **{**FAMILY, "householder": "李某某"}).location)
        answer = post(reporter, f"{other}/edit", **FAMILY, **{"base-version": "1"})
        assert answer.status_code == 409
        assert "是同一户吗" in text_of(answer)
        again = post(reporter, f"{other}/edit", **FAMILY, **{"base-version": "1", "is-different": "yes"})
        assert again.status_code == 303


class TestRectification:
    def test_today_is_offered_and_can_be_changed(self, reporter: FlaskClient, record: str):
        assert value_of(page(reporter.get(f"{record}/report")), "rectified_on") == "2022-08-20"

    def test_a_report_shows_outcome_and_day(self, app: Flask, reporter: FlaskClient, record: str):
        answer = post(
            reporter,
            f"{record}/report",
            outcome="已修好。",
            rectified_on="2022-08-19",
            **{"base-version": "1"},
        )
        assert (answer.status_code, answer.location) == (303, record)
        words = text_of(reporter.get(record))
        assert "已整改 " in words
        assert "整改成效 已修好。" in words
        assert "整改完成日期 2022年8月19日" in words
        assert stored(app)[0]["state"] == "rectified"

    @pytest.mark.parametrize(
        ("outcome", "day", "wrong"),
        [
            ("", "2022-08-19", "outcome"),
            ("已修好。", "", "rectified_on"),
            ("已修好。", "2022-08-21", "rectified_on"),
            ("已修好。", "2022-08-08", "rectified_on"),
            ("已修好。", "2022-02-30", "rectified_on"),
        ],
    )
    def test_what_is_wrong_stands_beside_its_field(
        self, app: Flask, reporter: FlaskClient, record: str, outcome: str, day: str, wrong: str
    ):
        answer = post(
            reporter, f"{record}/report", outcome=outcome, rectified_on=day, **{"base-version": "1"}
        )
        assert answer.status_code == 422
        html = page(answer)
        assert [field["id"] for field in html.select("[aria-invalid=true]")] == [wrong]
        assert (value_of(html, "outcome"), value_of(html, "rectified_on")) == (outcome, day)
        assert stored(app)[0]["state"] == "rectifying"

    def test_a_report_sent_twice_is_one(self, app: Flask, reporter: FlaskClient, record: str):
        for _ in range(2):
            answer = post(
                reporter, f"{record}/report", page="/password",
                outcome="已修好。", rectified_on="2022-08-19", **{"base-version": "1"},
            )  # fmt: skip
            assert answer.status_code == 303
        assert stored(app)[0]["version"] == 2

    def test_a_report_on_what_was_changed_meanwhile_is_asked_again(self, reporter: FlaskClient, record: str):
        post(reporter, f"{record}/edit", **{**ISSUE, "content": "屋顶漏雨。", "base-version": "1"})
        answer = post(
            reporter,
            f"{record}/report",
            outcome="已修好。",
            rectified_on="2022-08-19",
            **{"base-version": "1"},
        )
        assert answer.status_code == 409
        html = page(answer)
        assert "屋顶漏雨。" in html.text
        assert (value_of(html, "outcome"), value_of(html, "base-version")) == ("已修好。", "2")

    def test_a_household_is_not_rectified(self, reporter: FlaskClient):
        household = str(file(reporter, PROPOSED, **FAMILY).location)
        assert reporter.get(f"{household}/report").status_code == 409


class TestWithdrawal:
    def test_a_reason_is_needed(self, app: Flask, reporter: FlaskClient, record: str):
        answer = post(reporter, f"{record}/withdraw", reason=" ", **{"base-version": "1"})
        assert answer.status_code == 422
        assert stored(app)[0]["state"] == "rectifying"

    def test_it_is_kept_with_its_reason_and_left_out_of_the_list(self, reporter: FlaskClient, record: str):
        answer = post(reporter, f"{record}/withdraw", reason="重复登记", **{"base-version": "1"})
        assert answer.status_code == 303
        assert "撤销理由 重复登记" in text_of(reporter.get(record))
        assert record not in reporter.get("/records/household-issues/").get_data(as_text=True)
        assert record in reporter.get("/records/household-issues/?state=withdrawn").get_data(as_text=True)

    def test_a_household_is_withdrawn_too(self, app: Flask, reporter: FlaskClient):
        household = str(file(reporter, PROPOSED, **FAMILY).location)
        assert (
            post(reporter, f"{household}/withdraw", reason="不符合", **{"base-version": "1"}).status_code
            == 303
        )
        assert stored(app, "proposed_household")[0]["state"] == "withdrawn"

    def test_someone_bound_to_the_village_may(self, signed_in: SignedIn, record: str):
        bound = signed_in(EAST, Role.REPORTER, EAST_WILLOW)
        assert post(bound, f"{record}/withdraw", reason="重复", **{"base-version": "1"}).status_code == 303


@pytest.mark.parametrize(
    ("move", "typed", "state"),
    [
        ("edit", {**ISSUE, "content": "屋顶漏雨。"}, "rectifying"),
        ("report", {"outcome": "已修好。", "rectified_on": "2022-08-19"}, "rectified"),
        ("withdraw", {"reason": "重复登记。"}, "withdrawn"),
    ],
)
def test_posted_extra_fields_change_nothing(
    app: Flask, reporter: FlaskClient, record: str, move: str, typed: dict[str, str], state: str
):
    kept = ("id", "unit_code", "created_by", "created_at", "form_id", "campaign_id", "township_code")
    before = stored(app)[0]
    more = {"state": "closed", "version": "9", "role": "office", **dict.fromkeys(kept, WEST)}
    post(reporter, f"{record}/{move}", **more, **typed, **{"base-version": "1"})
    after = stored(app)[0]
    assert (after["state"], after["version"]) == (state, 2)
    assert [after[name] for name in kept] == [before[name] for name in kept]
    with app.extensions["huitoukan"].engine.connect() as connection:
        assert connection.execute(select(tables.account.c.role)).scalars().all() == ["reporter"]
