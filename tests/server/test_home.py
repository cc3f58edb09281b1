import re

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import insert, update

from build_scripts.counting.count_query import COLUMNS, QUERY
from forms_server.accounts import account_store
from forms_server.clock import Clock
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.figures.county_figures import county, days
from tests.builders import EAST, EAST_WILLOW, OFFICE, WATER, WEST
from tests.inspecting import send_to
from tests.server.conftest import NOW
from tests.server.pages import text_of
from tests.server.records import HOUSEHOLD, ISSUE, file
from tests.whole import vouch


@pytest.fixture
def filed(app, signed_in):
    """East has filed two issues under income, one of them rectified, and a household; and ticked water."""
    signed_in(EAST, "reporter", name="zhang")
    with transaction(app.extensions["huitoukan"].engine) as connection:
        account = account_store.find_by_name(connection, "zhang")
        common = {
            "campaign_id": "small", "form_version": 1, "unit_code": EAST, "problem_type_id": "income", "extra": {},
            "version": 1, "created_by": account.id, "created_at": NOW, "changed_at": NOW,
        }  # fmt: skip
        issue = common | {"form_id": "household-issues", "area_id": "income"}
        for number, state in enumerate(("rectifying", "rectified", "withdrawn")):
            row = issue | {"id": str(number), "state": state, "deadline": NOW.date()}
            connection.execute(insert(tables.issue).values(row))
        household = common | {"id": "h", "form_id": "proposed", "state": "proposed", "people": 3}
        connection.execute(insert(tables.proposed_household).values(household))
        tick = {"campaign_id": "small", "unit_code": EAST, "problem_type_id": "water"}
        connection.execute(
            insert(tables.zero_report).values(tick | {"created_by": account.id, "created_at": NOW})
        )


def test_a_unit_sees_its_deadline_what_to_do_and_how_far_it_is(filed, signed_in):
    page = signed_in(EAST, "reporter").get("/")
    text = text_of(page)
    assert "东河镇" in text
    assert "还有 11 天" in text
    assert "还有 1 类问题没有报过" in text
    assert "正在整改 1" in text
    assert "已整改 1" in text
    assert "/records/household-issues/new" in page.text


def test_what_is_to_be_done_stands_in_order_and_leads_to_where_it_is_done(app, filed, signed_in):
    with transaction(app.extensions["huitoukan"].engine) as connection:
        late = update(tables.issue).where(tables.issue.c.id == "0")
        connection.execute(late.values(deadline=NOW.date().replace(day=10), state_reason="照片不清"))
    reporter = signed_in(EAST, "reporter")
    page = BeautifulSoup(reporter.get("/").text, "html.parser")
    told = [item.get_text(" ", strip=True) for item in page.select(".tasks li")]
    assert told == [
        "户内问题 1 条被退回，按理由改好再报 请先处理",
        "户内问题 1 条过了整改时限还没有整改 请先处理",
        "还有 1 类问题没有报过：有问题的登记，没有的报零报告 8月31日前",
        "自查报告还有 2 部分没有写 8月31日前",
        "核对报送还缺什么，请主要负责人签字 8月31日前",
    ]
    for link in page.select(".tasks a"):
        assert reporter.get(link["href"]).status_code == 200
    assert reporter.get(page.select(".tasks a")[1]["href"]).text.count("stretched-link") == 1


def test_what_is_due_soon_is_reported_before_it_is_late(app, filed, signed_in):
    reporter = signed_in(EAST, "reporter")
    page = BeautifulSoup(reporter.get("/").text, "html.parser")
    link = page.find("a", string="户内问题 1 条在 3 天内到整改时限")
    assert reporter.get(link["href"]).text.count("stretched-link") == 1


def test_the_principal_is_asked_to_sign(filed, signed_in):
    assert "核对后签字报送" in text_of(signed_in(EAST, "principal").get("/"))


def test_an_account_bound_to_a_village_sees_nothing_of_the_whole_unit(filed, signed_in):
    page = text_of(signed_in(EAST, "reporter", village=EAST_WILLOW).get("/"))
    assert "要办的都办了" in page
    assert "自查报告还有" not in page


def test_an_overdue_issue_is_shown(app, filed, signed_in):
    object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW.replace(day=22)))
    assert "逾期 1" in text_of(signed_in(EAST, "reporter").get("/"))


def test_after_the_deadline_the_page_says_so(app, signed_in):
    object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW.replace(month=9)))
    assert "已过截止时间" in text_of(signed_in(WEST, "reporter").get("/"))


def test_what_was_due_by_noon_is_late_in_the_afternoon(app, filed, signed_in):
    object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW.replace(day=31, hour=11)))
    reporter, words = signed_in(EAST, "reporter"), "还有 1 类问题没有报过：有问题的登记，没有的报零报告"
    assert f"{words} 8月31日前" in text_of(reporter.get("/"))
    object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW.replace(day=31, hour=15)))
    assert f"{words} 请先处理" in text_of(reporter.get("/"))


def test_another_unit_sees_nothing_of_it(filed, signed_in):
    assert text_of(signed_in(WEST, "principal").get("/")).count("还没有登记") == 3


def test_an_account_bound_to_a_village_sees_a_notice_and_reports_no_zero(signed_in):
    page = text_of(signed_in(EAST, "reporter", village=EAST_WILLOW).get("/"))
    assert "只填报柳林村委会" in page
    assert "类问题没有报过" not in page


def test_who_does_not_file_is_offered_no_form(signed_in):
    page = signed_in(WATER, "inspector").get("/").text
    assert "/new" not in page


def test_the_office_sees_every_unit_in_order(filed, signed_in):
    page = text_of(signed_in(OFFICE, "office").get("/"))
    assert "3 个单位，1 个已开始填报。共排查问题 2 个，已整改 1 个，正在整改 1 个。" in page
    assert re.search(r"东河镇 2/3 2 1 1 50% 0 1 1 西岭镇 0/3 — — — — — 0 — 县水利局 0/3", page)
    assert re.search(r"收入方面 2 1 1 50% 0 |收入[^ ]* 2 1 1 50% 0 ", page)


def test_the_office_sorts_its_units_by_any_column_and_what_is_not_reported_stays_last(filed, signed_in):
    office = signed_in(OFFICE, "office")
    file(signed_in(WATER, "reporter"), HOUSEHOLD, **{**ISSUE, "township": EAST, "householder": "李某某"})

    def units(address):
        page = BeautifulSoup(office.get(address).text, "html.parser")
        return [each.th.text for each in page.select("#by-unit ~ .table-box")[0].select("tbody tr")]

    page = BeautifulSoup(office.get("/").text, "html.parser")
    headers = {link.text.strip(): link["href"] for link in page.select(".sort-link")}
    assert units(headers["整改率"]) == ["东河镇", "县水利局", "西岭镇"]
    again = BeautifulSoup(office.get(headers["整改率"]).text, "html.parser")
    assert again.select_one("[aria-sort]")["aria-sort"] == "descending"
    assert units(again.select_one("[aria-sort] a")["href"]) == ["县水利局", "东河镇", "西岭镇"]
    for link in headers.values():
        assert units(link)[-1] in {"西岭镇", "县水利局"}
    assert units("/?sort=unit_code;--") == ["东河镇", "西岭镇", "县水利局"]


def test_the_office_sees_drawings_with_their_values(filed, signed_in):
    page = BeautifulSoup(signed_in(OFFICE, "office").get("/").text, "html.parser")
    titles = [each.title.text for each in page.select(".diagram svg")]
    assert titles == [
        "还没有整改的问题和时限",
        "每天累计排查和整改的问题",
        "各乡镇还没有整改的问题",
        "哪类问题多",
        "各单位整改率",
    ]
    assert "还有 1 个没有整改，离报送时限还有 11 天，从今天算起平均每天要整改 1 个。" in page.text


def test_the_offices_first_steps_tick_themselves_and_go_once_all_are_done(app, signed_in):
    office = signed_in(OFFICE, "office")
    said = text_of(office.get("/"))
    assert "给每个单位建账号 还有 3 个单位没有" in said
    assert "打印账号单，发下去 还有 3 个单位没有人登录过" in said
    assert "还没有备份" in said
    for unit in (EAST, WEST, WATER):
        signed_in(unit, "reporter")
    said = text_of(office.get("/"))
    assert "给每个单位建账号 已做好，3 个单位都有了" in said
    assert "每个单位都有人登录过" in said
    backups = app.extensions["huitoukan"].config.backups
    backups.mkdir()
    (backups / "huitoukan-20220820_010000.zip").write_bytes(b"")
    with transaction(app.extensions["huitoukan"].engine) as connection:
        row = {
            "id": "h",
            "campaign_id": "small",
            "township_code": EAST,
            "village_code": EAST_WILLOW,
            "listed": True,
            "active": True,
        }
        words = {"householder": "张某某", "household_type": "tuopin", "created_at": NOW, "changed_at": NOW}
        connection.execute(insert(tables.household).values(**row, **words))
        vouch(connection, NOW)
    assert "开始用以前" not in text_of(office.get("/")), "mail and https are for whoever wants them"


def test_every_figure_of_the_office_leads_to_the_records_behind_it(app, filed, signed_in):
    object.__setattr__(app.extensions["huitoukan"], "clock", Clock(NOW.replace(day=22)))
    office = signed_in(OFFICE, "office")
    page = BeautifulSoup(office.get("/").text, "html.parser")
    row = page.find("th", string="东河镇").find_parent("tr")
    for place, count in ((1, "2"), (2, "1"), (3, "1"), (5, "1")):
        link = row.find_all("td")[place].a
        assert link.text == count
        behind = BeautifulSoup(office.get(link["href"]).text, "html.parser")
        assert len(behind.select(".row-link")) == int(count)
        ledger = office.get(behind.find("a", string=re.compile("看全部"))["href"])
        assert ledger.text.count("stretched-link") == int(count)
    heat = page.select_one("td.heat-5 a, td.heat-1 a")
    assert len(BeautifulSoup(office.get(heat["href"]).text, "html.parser").select(".row-link")) == 2
    day = page.find("th", string="8月20日").find_parent("tr").a
    assert len(BeautifulSoup(office.get(day["href"]).text, "html.parser").select(".row-link")) == 2


def test_an_inspector_sees_the_figures_of_the_assigned_units_only(app, filed, signed_in):
    inspector = signed_in(OFFICE, "inspector", name="ins")
    send_to(app.extensions["huitoukan"].engine, WEST, name="ins")
    page = text_of(inspector.get("/"))
    assert "西岭镇" in page
    assert "东河镇" not in page
    assert "合计 0 0 0 — 0 0 0" in page
    assert not BeautifulSoup(inspector.get(f"/records/?unit={EAST}").text, "html.parser").select(".row-link")


def test_an_issue_that_was_sent_back_is_not_rectified_on_any_day(app, filed):
    campaign, engine = app.extensions["huitoukan"].campaign, app.extensions["huitoukan"].engine
    with transaction(engine) as connection:
        connection.execute(update(tables.issue).values(rectified_on=NOW.date()))
        seen = days(connection, campaign, campaign.filing_units)
        assert [(day.found, day.rectified) for day in seen] == [(2, 1)]


def test_the_overview_counts_as_the_summary_does(app, filed, signed_in):
    campaign = app.extensions["huitoukan"].campaign
    with app.extensions["huitoukan"].engine.connect() as connection:
        seen = county(connection, campaign, campaign.filing_units, NOW.date())
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in connection.exec_driver_sql(QUERY)]
    assert seen.total.found == sum(row["found"] for row in rows) == 2
    assert seen.total.done == sum(row["rectified"] for row in rows) == 1
    assert seen.total.open == sum(row["rectifying"] for row in rows) == 1


def test_the_administrator_goes_to_the_accounts_and_sees_no_records(signed_in):
    admin = signed_in(OFFICE, "admin")
    assert admin.get("/").headers["Location"] == "/accounts/"
    menu = admin.get("/accounts/").text
    assert "/records/" not in menu
    assert "/zero/" not in menu


def test_an_inspectors_figures_lead_to_as_many_records(app, signed_in):
    file(signed_in(EAST, "reporter"), HOUSEHOLD, **ISSUE)
    file(signed_in(WATER, "reporter"), HOUSEHOLD, **{**ISSUE, "township": EAST, "householder": "李某某"})
    inspector = signed_in(OFFICE, "inspector", name="inspector-of-east")
    send_to(app.extensions["huitoukan"].engine, EAST, name="inspector-of-east")
    html = BeautifulSoup(inspector.get("/").text, "html.parser")
    links = [link for link in html.select("main td a") if link["href"].startswith("/records/?")]
    assert links
    for link in links:
        shown = BeautifulSoup(inspector.get(link["href"]).text, "html.parser").select(".row-link")
        assert len(shown) == int(link.text), link
    ledger = BeautifulSoup(inspector.get("/records/household-issues/").text, "html.parser")
    assert len(ledger.select(".stretched-link")) == 2
