"""The office: every unit's return, who to telephone, and taking in or sending back; from filing to received."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from forms_server.access import Role
from forms_server.db import tables
from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import migrate
from forms_server.returns.expected_returns import due_by_unit, expect
from tests.builders import EAST, EAST_WILLOW, OFFICE, WATER, WEST, small_campaign
from tests.inspecting import send_to
from tests.server.conftest import NOW
from tests.server.handing_in import PDF, UNIT, complete, move_clock, sign, signed_returns, upload
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file, page

SignedIn = Callable[..., FlaskClient]
AFTER = datetime(2022, 8, 31, 12, 1)


@pytest.fixture
def handed_in(reporter: FlaskClient, principal: FlaskClient) -> str:
    """The address of the east's signed return."""
    complete(reporter)
    return str(sign(principal).location)


def act(client: FlaskClient, address: str, **fields: str):
    return post(client, address, page="/password", **fields)


def listed(client: FlaskClient, query: str = "") -> dict[str, list[str]]:
    """Unit to its badges."""
    rows = page(client.get(f"/returns/{query}")).select(".returns tbody tr")
    return {row.th.text: [badge.text for badge in row.select(".state")] for row in rows}


class TestExpected:
    @pytest.fixture
    def engine(self, database: str):
        engine = make_engine(database, b"key")
        migrate(engine)
        yield engine
        engine.dispose()

    def test_each_filing_unit_owes_one_by_the_deadline(self, engine):
        campaign = small_campaign()
        for _ in range(2):
            with transaction(engine) as connection:
                expect(connection, campaign, NOW)
        with engine.connect() as connection:
            assert due_by_unit(connection, campaign) == dict.fromkeys(
                (EAST, WEST, WATER), datetime(2022, 8, 31, 12)
            )
            actions = connection.execute(select(tables.audit.c.action)).scalars().all()
        assert actions == ["expect"] * 3

    def test_another_deadline_or_other_units_are_followed(self, engine):
        campaign = small_campaign()
        with transaction(engine) as connection:
            expect(connection, campaign, NOW)
        later = campaign.notice.deadline.model_copy(update={"at": datetime(2022, 9, 5, 18)})
        units = campaign.units.model_copy(update={"county_units": ()})
        notice = campaign.notice.model_copy(update={"deadline": later})
        fewer = campaign.model_copy(update={"notice": notice, "units": units})
        fewer.__dict__.pop("filing_units", None)
        with transaction(engine) as connection:
            expect(connection, fewer, NOW)
        with engine.connect() as connection:
            assert due_by_unit(connection, fewer) == dict.fromkeys((EAST, WEST), datetime(2022, 9, 5, 18))


class TestOverview:
    def test_a_unit_that_sends_nothing_is_there(self, office: FlaskClient):
        assert listed(office) == {unit: ["未开始", "未到期"] for unit in ("东河镇", "西岭镇", "县水利局")}

    def test_after_the_deadline_it_is_missing(self, app: Flask, signed_in: SignedIn, handed_in: str):
        move_clock(app, AFTER)
        office = signed_in(OFFICE, Role.OFFICE)
        assert listed(office) == {
            "东河镇": ["已报待接收", "按时"],
            "西岭镇": ["未开始", "逾期未报"],
            "县水利局": ["未开始", "逾期未报"],
        }
        assert "应报 3 个单位，已报 1 个（按时 1，迟报 0），未报 2 个" in text_of(office.get("/returns/"))

    def test_a_unit_with_any_input_has_started(self, signed_in: SignedIn, office: FlaskClient):
        file(signed_in(EAST, Role.REPORTER), HOUSEHOLD, **ISSUE)
        assert listed(office)["东河镇"] == ["填报中", "未到期"]

    def test_a_unit_stays_in_time_when_it_mends_its_return_later(
        self, app: Flask, signed_in: SignedIn, handed_in: str
    ):
        move_clock(app, AFTER)
        file(signed_in(EAST, Role.REPORTER), HOUSEHOLD, **{**ISSUE, "householder": "李某某"})
        assert sign(signed_in(EAST, Role.PRINCIPAL)).status_code == 303
        assert [row["late"] for row in signed_returns(app)] == [False, True]
        assert listed(signed_in(OFFICE, Role.OFFICE))["东河镇"] == ["已报待接收", "按时"]

    def test_the_list_can_be_narrowed(self, office: FlaskClient, handed_in: str):
        assert list(listed(office, "?state=signed")) == ["东河镇"]
        assert list(listed(office, "?state=not_started")) == ["西岭镇", "县水利局"]
        assert len(listed(office, "?state=nonsense")) == 3

    def test_an_inspector_sees_the_units_assigned(self, app: Flask, signed_in: SignedIn, handed_in: str):
        signed_in(WATER, Role.INSPECTOR)
        send_to(app.extensions["huitoukan"].engine, EAST)
        inspector = signed_in(WATER, Role.INSPECTOR)
        assert list(listed(inspector)) == ["东河镇"]
        assert inspector.get(handed_in).status_code == 200
        assert inspector.get(f"/returns/units/{WEST}").status_code == 404

    def test_the_office_sees_what_a_unit_lacks(self, office: FlaskClient):
        words = text_of(office.get(f"/returns/units/{WEST}"))
        assert "签字之前要补齐 5 处" in words
        assert "自查报告的“排查开展情况”还没有写" in words

    def test_a_units_page_leads_to_the_return_that_waits(self, office: FlaskClient, handed_in: str):
        address = f"/returns/units/{EAST}"
        [link] = page(office.get(address)).select(".actions .btn-primary")
        assert (link["href"], link.text) == (handed_in, "查看第 1 次报送，接收或者退回")
        act(office, f"{handed_in}/receive")
        assert page(office.get(address)).select(".actions .btn-primary") == []

    def test_the_text_for_the_telephone(self, app: Flask, signed_in: SignedIn, handed_in: str):
        file(signed_in(WATER, Role.REPORTER), "/records/general-issues/new", level="county",
             problem_type="water", content="没有台账。", responsible_person="王某某", deadline="8月底前")  # fmt: skip
        move_clock(app, AFTER)
        office = signed_in(OFFICE, Role.OFFICE)
        text = page(office.get("/returns/telephone")).textarea.text.strip()
        assert text.split("\n") == [
            "青河县小排查报送催办名单",
            "截至8月31日 12:01，报送截止：8月31日上午下班前（8月31日 12:00）。",
            "还要催办 2 个单位。",
            "",
            "一、还没有开始的（1 个）",
            "1. 西岭镇：已过截止时间",
            "",
            "二、填报中、还没有签字报送的（1 个）",
            "1. 县水利局：已过截止时间，还有 2 类问题没有报，自查报告还有 2 部分没有写",
        ]


class TestJudging:
    def test_it_is_received(self, app: Flask, office: FlaskClient, principal: FlaskClient, handed_in: str):
        answer = act(office, f"{handed_in}/receive")
        assert answer.location == "/returns/"
        assert "已接收东河镇的第 1 次报送" in text_of(office.get("/returns/"))
        row = signed_returns(app)[0]
        assert (row["state"], row["judged_at"]) == ("received", NOW)
        assert "办公室已接收" in text_of(principal.get("/"))
        assert not page(office.get(handed_in)).select(f"form[action='{handed_in}/receive']")

    def test_receiving_twice_is_once(self, app: Flask, office: FlaskClient, handed_in: str):
        for _ in range(2):
            assert act(office, f"{handed_in}/receive").status_code == 303
        with app.extensions["huitoukan"].engine.connect() as connection:
            query = select(tables.audit).where(tables.audit.c.action == "receive")
            assert len(connection.execute(query).all()) == 1

    def test_sending_back_needs_a_reason(self, app: Flask, office: FlaskClient, handed_in: str):
        answer = act(office, f"{handed_in}/send-back", reason="  ")
        assert answer.status_code == 422
        box = page(answer).select_one(".judge .field")
        assert "退回理由”没有填写" in box.select_one(".field-error").text
        assert box.textarea["aria-invalid"] == "true"
        assert box.textarea.has_attr("autofocus")
        long = act(office, f"{handed_in}/send-back", reason="字" * 501)
        assert long.status_code == 422
        assert "字" * 501 in long.get_data(as_text=True)
        assert signed_returns(app)[0]["state"] == "signed"

    def test_the_reason_is_the_first_thing_the_unit_sees(
        self, office: FlaskClient, reporter: FlaskClient, handed_in: str
    ):
        act(office, f"{handed_in}/send-back", reason="合计与台账不一致。")
        reporter.get("/")  # consumes the earlier flash message
        alert = page(reporter.get("/")).select_one("main .alert:not([hidden])")
        assert "第 1 次报送被退回" in alert.text
        assert "合计与台账不一致。" in alert.text
        assert alert.a["href"] == UNIT
        assert page(reporter.get("/")).select_one(".tasks li a").text.startswith("报送被退回")

    def test_one_that_was_received_can_still_be_sent_back_and_the_other_way_round(
        self, app: Flask, office: FlaskClient, handed_in: str
    ):
        act(office, f"{handed_in}/receive")
        act(office, f"{handed_in}/send-back", reason="缺公章。")
        assert signed_returns(app)[0]["state"] == "sent_back"
        act(office, f"{handed_in}/receive")
        assert (signed_returns(app)[0]["state"], signed_returns(app)[0]["reason"]) == ("received", None)

    def test_only_the_newest_is_judged(
        self, app: Flask, office: FlaskClient, reporter: FlaskClient, principal: FlaskClient, handed_in: str
    ):
        file(reporter, HOUSEHOLD, **{**ISSUE, "householder": "李某某"})
        sign(principal)
        act(office, f"{handed_in}/receive")
        assert "已有第 2 次报送" in text_of(office.get("/returns/"))
        assert [row["state"] for row in signed_returns(app)] == ["signed", "signed"]

    @pytest.mark.parametrize("move", ["receive", "send-back"])
    @pytest.mark.parametrize("role", [Role.REPORTER, Role.PRINCIPAL])
    def test_units_do_not_judge_themselves(
        self, app: Flask, signed_in: SignedIn, handed_in: str, move: str, role: Role
    ):
        assert act(signed_in(EAST, role), f"{handed_in}/{move}", reason="好").status_code == 403
        assert signed_returns(app)[0]["state"] == "signed"

    def test_a_return_that_is_not_there(self, office: FlaskClient):
        nobody = "/returns/00000000-0000-4000-8000-000000000000"
        assert act(office, f"{nobody}/receive").status_code == 404
        assert act(office, f"{nobody}/send-back", reason="好").status_code == 404

    def test_who_is_bound_to_a_village_hears_nothing_of_it(
        self, office: FlaskClient, signed_in: SignedIn, handed_in: str
    ):
        act(office, f"{handed_in}/send-back", reason="合计不对。")
        bound = signed_in(EAST, Role.REPORTER, EAST_WILLOW)
        assert "合计不对" not in text_of(bound.get("/"))
        assert "/returns/" not in bound.get("/").get_data(as_text=True)


def test_from_the_first_issue_to_received_after_being_sent_back_once(
    app: Flask, reporter: FlaskClient, principal: FlaskClient, office: FlaskClient
):
    assert "还没有报送，看还缺什么" in text_of(reporter.get("/"))
    issue = complete(reporter)
    assert "请东河镇的主要负责人用自己的账号登录" in text_of(reporter.get(UNIT))
    assert "内容都齐了，可以签字报送" in text_of(principal.get(UNIT))
    first = str(sign(principal).location)
    assert "已签字报送：第 1 次，按时" in text_of(principal.get(first))
    assert upload(reporter, first, PDF).status_code == 303
    assert "报送：已报 1/3 待接收 1 个" in text_of(office.get("/"))

    act(office, f"{first}/send-back", reason="山墙裂缝已修好，请改成已整改。")
    assert "退回以后内容还没有改动" in text_of(principal.get(UNIT))
    post(reporter, f"{issue}/report", outcome="已修好。", rectified_on="2022-08-19", **{"base-version": "1"})
    assert "改好了，去重新签字报送" in text_of(reporter.get("/"))
    assert "状态： 正在整改 → 已整改" in text_of(principal.get(UNIT))

    second = str(sign(principal).location)
    assert listed(office)["东河镇"] == ["已报待接收", "按时"]
    words = text_of(office.get(second))
    assert "已整改数： 0 → 1" in words
    act(office, f"{second}/receive")
    assert [row["state"] for row in signed_returns(app)] == ["sent_back", "received"]
    assert "第 2 次报送办公室已接收" in text_of(reporter.get("/"))
    assert "报送：已报 1/3" in text_of(office.get("/"))

    post(reporter, f"{issue}/withdraw", reason="登记有误", **{"base-version": "2"})
    assert "第 2 次报送以后又有改动" in text_of(reporter.get("/"))
