"""Proposed households: fifteen days from identification to entry in the national system, and who is the same household."""

from datetime import timedelta

import pytest

from tests.builders import EAST_DAM, OFFICE, WEST
from tests.server.conftest import NOW
from tests.server.pages import text_of, token
from tests.server.records import FAMILY, PROPOSED, file, page

LEDGER = "/records/proposed-household/"


def days_ago(days: int) -> str:
    return str((NOW - timedelta(days=days)).date())


def tabs(answer) -> dict[str, str]:
    """The tabs over a ledger: their words and addresses."""
    return {link.text.strip(): link["href"] for link in page(answer).select(".state-tabs a")}


def names(answer) -> list[str]:
    return [cell.text.strip() for cell in page(answer).select("td[data-label=户主姓名]")]


def edit(client, record, **changed):
    fields = {**FAMILY, "csrf_token": token(client, "/password"), "base-version": "1", **changed}
    return client.post(f"{record}/edit", data=fields)


@pytest.fixture
def three(reporter):
    """Identified 16 and 15 days ago and today: late, due today, and in good time."""
    return [
        str(
            file(
                reporter, PROPOSED, **FAMILY | {"householder": name, "identified_on": days_ago(days)}
            ).location
        )
        for name, days in (("张某甲", 16), ("张某乙", 15), ("张某丙", 0))
    ]


def test_what_waits_and_what_is_late_is_reported_on_its_page(reporter, three):
    late, today, fresh = (text_of(reporter.get(record)) for record in three)
    assert "待录入，期限 2022年8月19日，已超 1 天" in late
    assert "逾期" in late
    assert "期限 2022年8月20日，就在今天" in today
    assert "还剩 15 天" in fresh


def test_the_ledger_lists_what_waits_the_first_due_on_top(reporter, three):
    found = tabs(reporter.get(LEDGER))
    assert {"待录入 3", "逾期 1"} <= set(found)
    assert names(reporter.get(found["待录入 3"])) == ["张某甲", "张某乙", "张某丙"]
    assert names(reporter.get(found["逾期 1"])) == ["张某甲"]


def test_once_it_is_entered_it_waits_no_more(reporter, three):
    assert (
        edit(
            reporter, three[0], householder="张某甲", identified_on=days_ago(16), entered_on=days_ago(1)
        ).status_code
        == 303
    )
    told = text_of(reporter.get(three[0]))
    assert "录入日期 2022年8月19日" in told
    assert "逾期" not in told
    assert "待录入 2" in tabs(reporter.get(LEDGER))
    assert "逾期 1" not in tabs(reporter.get(LEDGER))


def test_it_can_be_told_when_it_is_filed(reporter):
    record = file(
        reporter, PROPOSED, **FAMILY | {"identified_on": days_ago(20), "entered_on": days_ago(6)}
    ).location
    assert "待录入" not in text_of(reporter.get(record))


@pytest.mark.parametrize(("day", "sentence"), [(days_ago(17), "早于“识别日期”"), ("2022-08-21", "还没有到")])
def test_it_is_entered_neither_before_it_was_identified_nor_tomorrow(reporter, three, day, sentence):
    answer = edit(reporter, three[0], householder="张某甲", identified_on=days_ago(16), entered_on=day)
    assert answer.status_code == 422
    assert sentence in page(answer).find(id="error-entered_on").text


def test_the_office_sees_what_is_late_in_all_units_and_others_only_their_own(signed_in, three):
    assert "逾期 1" in tabs(signed_in(OFFICE, "office").get(LEDGER))
    assert "逾期 1" not in tabs(signed_in(WEST, "reporter").get(LEDGER))


def test_the_home_page_counts_what_is_late(reporter, three):
    assert "逾期 1" in text_of(reporter.get("/"))


def test_a_withdrawn_one_waits_for_nothing(reporter, three):
    reporter.post(
        f"{three[0]}/withdraw",
        data={"csrf_token": token(reporter, "/password"), "base-version": "1", "reason": "重复登记"},
    )
    assert "已超" not in text_of(reporter.get(three[0]))
    assert {"待录入 2"} <= set(tabs(reporter.get(LEDGER)))


def test_the_same_name_in_the_same_village_asks_and_shows_the_other(reporter):
    first = file(reporter, PROPOSED, **FAMILY)
    asked = file(reporter, PROPOSED, **FAMILY)
    assert asked.status_code == 409
    assert "是同一户吗" in text_of(asked)
    assert page(asked).find("a", href=first.location)
    assert file(reporter, PROPOSED, **FAMILY | {"village": EAST_DAM}).status_code == 303
    assert file(reporter, PROPOSED, **FAMILY, **{"is-different": "yes"}).status_code == 303
