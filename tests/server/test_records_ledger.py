"""The ledger and the zero reports in the browser."""

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from forms_server.access import Role
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, OFFICE, WATER, WEST, WEST_WILLOW
from tests.server.pages import post, text_of
from tests.server.records import FAMILY, GENERAL, HOUSEHOLD, ISSUE, PROPOSED, file, page, stored

SignedIn = Callable[..., FlaskClient]

LEDGER = "/records/household-issues/"
PAST = {"deadline": "2022-08-19"}


def rows(client: FlaskClient, address: str) -> list[BeautifulSoup]:
    return page(client.get(address)).select(".ledger tbody tr")


def names(client: FlaskClient, address: str) -> list[str]:
    return [row.find("td", attrs={"data-label": "户主姓名"}).text.strip() for row in rows(client, address)]


class TestLedger:
    @pytest.mark.parametrize("form", ["household-issues", "general-issues", "proposed-household"])
    def test_an_empty_one_leads_on(self, reporter: FlaskClient, form: str):
        html = page(reporter.get(f"/records/{form}/"))
        assert html.select_one(".empty a")["href"] == f"/records/{form}/new"
        assert html.select(".filters") == []

    def test_the_office_is_not_led_to_a_form_it_may_not_use(self, signed_in: SignedIn):
        assert (
            "/new" not in signed_in(OFFICE, Role.OFFICE).get(LEDGER).get_data(as_text=True).split("<main")[1]
        )

    def test_columns_are_the_annexs_without_what_is_always_the_same(self, reporter: FlaskClient):
        file(reporter, HOUSEHOLD, **ISSUE)
        heads = [head.text for head in page(reporter.get(LEDGER)).select("thead th")]
        assert heads == [
            "选中", "序号", "状态", "村", "户主姓名", "户类型", "问题类型", "具体内容", "责任人", "责任单位", "整改时限", "打开",
        ]  # fmt: skip

    def test_every_form_has_a_list(self, reporter: FlaskClient):
        file(reporter, PROPOSED, **FAMILY)
        general = {
            name: ISSUE[name] for name in ("problem_type", "content", "responsible_person", "deadline")
        }
        file(reporter, GENERAL, level="township", **general)
        assert "刘某某" in text_of(reporter.get("/records/proposed-household/"))
        assert "镇级层面" in text_of(reporter.get("/records/general-issues/"))

    def test_filters_and_counts(self, reporter: FlaskClient):
        file(reporter, HOUSEHOLD, **{**ISSUE, **PAST, "householder": "甲某"})
        file(
            reporter,
            HOUSEHOLD,
            **{**ISSUE, "householder": "乙某", "village": EAST_DAM, "problem_type": "water"},
        )
        assert set(names(reporter, LEDGER)) == {"甲某", "乙某"}
        assert names(reporter, f"{LEDGER}?overdue=1") == ["甲某"]
        assert names(reporter, f"{LEDGER}?problem_type=water") == ["乙某"]
        assert names(reporter, f"{LEDGER}?village={EAST_WILLOW}") == ["甲某"]
        assert names(reporter, f"{LEDGER}?state=rectified") == []
        tabs = [tab.text for tab in page(reporter.get(LEDGER)).select(".state-tabs a")]
        assert tabs == ["全部 2", "逾期 1", "正在整改 2", "已整改 0", "已销号 0"]

    def test_a_tab_with_nothing_under_it_does_not_say_that_nothing_was_filed(self, reporter: FlaskClient):
        file(reporter, HOUSEHOLD, **ISSUE)
        shown = text_of(reporter.get(f"{LEDGER}?done=1"))
        assert "没有符合条件的记录" in shown
        assert "还没有登记过" not in shown

    def test_the_box_keeps_what_it_has_no_place_for(self, reporter: FlaskClient):
        file(reporter, HOUSEHOLD, **ISSUE)
        query = "area=income&due_on=2022-08-31&filed_on=2022-08-20&overdue=1&words=x"
        box = page(reporter.get(f"{LEDGER}?{query}")).select_one("form.filters")
        hidden = {each["name"]: each["value"] for each in box.select("input[type=hidden]")}
        assert hidden == {"area": "income", "due_on": "2022-08-31", "filed_on": "2022-08-20", "overdue": "1"}
        assert [each["name"] for each in box.select("select, input:not([type=hidden])")] == [
            "whose", "problem_type", "village", "householder", "responsible_unit", "transferred", "words", "sort",
        ]  # fmt: skip

    def test_an_empty_list_of_the_box_says_that_it_asks_for_all(
        self, reporter: FlaskClient, signed_in: SignedIn
    ):
        file(reporter, HOUSEHOLD, **ISSUE)
        box = page(signed_in(OFFICE, Role.OFFICE).get(LEDGER)).select_one("form.filters")
        assert [each.text for each in box.select('option[value=""]')][:3] == [
            "全部单位", "全部问题类型", "全部村（社区）",
        ]  # fmt: skip

    def test_a_ledger_has_no_tab_that_its_form_has_no_words_for(self, reporter: FlaskClient):
        file(reporter, HOUSEHOLD, **ISSUE)
        tabs = page(reporter.get(f"{LEDGER}?waiting=1")).select(".state-tabs a")
        assert [tab for tab in tabs if not tab.text.strip()] == []

    def test_what_is_shown_only_is_reported(self, reporter: FlaskClient):
        shown = text_of(reporter.get(f"{LEDGER}?area=income&filed_on=2022-08-20"))
        assert re.search("只看：收入[^ ]*　?2022年8月20日登记的", shown.replace("　", ""))

    def test_the_list_of_issues_counts_what_was_sent_back(self, reporter: FlaskClient):
        file(reporter, HOUSEHOLD, **ISSUE)
        assert "户内问题 0 条" in text_of(reporter.get("/records/?sent_back=1"))

    @pytest.mark.parametrize(
        "query",
        [
            "state=x",
            "problem_type=x",
            "village=1",
            "unit=x",
            "after=x",
            "after=2022-08-20_",
            "before=_",
            "householder=%ED%A0%80",
            "sort=x",
        ],
    )
    def test_nonsense_in_the_address_asks_for_nothing(self, reporter: FlaskClient, query: str):
        file(reporter, HOUSEHOLD, **ISSUE)
        assert reporter.get(f"{LEDGER}?{query}").status_code == 200

    def test_only_ones_own_are_listed(self, reporter: FlaskClient, signed_in: SignedIn):
        file(reporter, HOUSEHOLD, **{**ISSUE, "householder": "甲某"})
        west = signed_in(WEST, Role.REPORTER)
        file(west, HOUSEHOLD, **{**ISSUE, "householder": "乙某", "village": WEST_WILLOW})
        assert names(reporter, f"{LEDGER}?unit={WEST}") == []
        assert names(reporter, LEDGER) == ["甲某"]
        assert names(signed_in(EAST, Role.REPORTER, EAST_DAM), LEDGER) == []
        office = signed_in(OFFICE, Role.OFFICE)
        assert set(names(office, LEDGER)) == {"甲某", "乙某"}
        assert names(office, f"{LEDGER}?unit={WEST}") == ["乙某"]
        assert "西岭镇" in rows(office, f"{LEDGER}?unit={WEST}")[0].text

    def test_pages_of_fifty_lead_to_each_other(self, reporter: FlaskClient):
        for number in range(52):
            file(reporter, HOUSEHOLD, **{**ISSUE, "householder": f"第{number}户"})
        first = page(reporter.get(LEDGER))
        [older] = first.select(".paging a")
        assert len(first.select(".ledger tbody tr")) == 50
        second = page(reporter.get(str(older["href"])))
        assert len(second.select(".ledger tbody tr")) == 2
        [newer] = second.select(".paging a")
        assert names(reporter, str(newer["href"])) == names(reporter, LEDGER)

    def test_an_administrator_has_no_ledgers(self, signed_in: SignedIn):
        assert signed_in(OFFICE, Role.ADMIN).get(LEDGER).status_code == 403


class TestZeroReports:
    def test_all_problem_types_stand_there_with_what_was_found(self, reporter: FlaskClient):
        file(reporter, HOUSEHOLD, **ISSUE)
        shown = [
            item.get_text(" ", strip=True) for item in page(reporter.get("/zero/")).select(".zero-list li")
        ]
        assert shown == [
            "收入变化方面 已登记 0 个问题 经排查无问题",
            "住房和饮水安全方面 住房安全 已登记 1 个问题 经排查无问题",
            "住房和饮水安全方面 饮水安全 已登记 0 个问题 经排查无问题",
        ]
        assert page(reporter.get("/zero/")).find(id="zero-housing").has_attr("disabled")

    def test_tick_and_untick(self, app: Flask, reporter: FlaskClient):
        assert post(reporter, "/zero/", ticked=["income", "water"]).status_code == 303
        assert {row["problem_type_id"] for row in stored(app, "zero_report")} == {"income", "water"}
        html = page(reporter.get("/zero/"))
        assert [box["value"] for box in html.select("input[checked]")] == ["income", "water"]
        assert [hidden["value"] for hidden in html.select("input[name=shown]")] == ["income", "water"]
        post(reporter, "/zero/", shown=["income", "water"], ticked=["water"])
        assert {row["problem_type_id"] for row in stored(app, "zero_report")} == {"water"}

    def test_nothing_is_ticked_where_something_was_found(self, app: Flask, reporter: FlaskClient):
        file(reporter, HOUSEHOLD, **ISSUE)
        answer = post(reporter, "/zero/", ticked=["housing", "income"])
        assert answer.status_code == 422
        html = page(answer)
        assert html.find(id="zero-housing")["aria-invalid"] == "true"
        assert [box["value"] for box in html.select("input[checked]")] == ["income", "housing"]
        assert stored(app, "zero_report") == []

    def test_a_contradiction_is_shown(self, app: Flask, reporter: FlaskClient):
        post(reporter, "/zero/", ticked=["housing"])
        file(reporter, HOUSEHOLD, **ISSUE)
        assert "前后矛盾" in text_of(reporter.get("/zero/"))
        assert len(stored(app, "zero_report")) == 1
        post(reporter, "/zero/", shown=["housing"])
        assert stored(app, "zero_report") == []

    def test_someone_bound_to_a_village_ticks_for_it_alone(self, app: Flask, signed_in: SignedIn):
        bound = signed_in(EAST, Role.REPORTER, EAST_WILLOW)
        assert bound.get("/zero/").location == f"/zero/villages/{EAST_WILLOW}"
        assert post(bound, "/zero/", page="/password", ticked=["income"]).status_code == 403
        assert stored(app, "zero_report") == []

    def test_posted_units_change_nothing(self, app: Flask, signed_in: SignedIn):
        post(
            signed_in(WATER, Role.PRINCIPAL),
            "/zero/",
            ticked=["income", "nonsense"],
            unit=EAST,
            unit_code=EAST,
        )
        assert [(row["unit_code"], row["problem_type_id"]) for row in stored(app, "zero_report")] == [
            (WATER, "income")
        ]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2022-02-30", "x", "２０２２-08-20"])
@pytest.mark.parametrize("name", ["due_on", "filed_on", "rectified_on"])
@pytest.mark.parametrize(
    "address", ["/records/", "/records/household-issues/", "/records/proposed-household/"]
)
def test_a_day_of_the_address_that_cannot_be_is_no_fault_of_the_server(signed_in, address, name, day):
    assert signed_in(EAST, "reporter").get(f"{address}?{name}={day}").status_code == 200
