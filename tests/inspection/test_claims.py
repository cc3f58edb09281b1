"""A finding's claim accepts what it offers, and what the issue's form accepts, and nothing that another one wrote since."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.builders import EAST
from tests.inspection.county import County, answer, decide, edited, later, quiet_county, record_of, sent_out
from tests.inspection.test_draws import opened
from tests.inspection.test_spot_photos import send, sheet_of
from tests.server.conftest import NOW, SignedIn
from tests.server.pages import text_of
from tests.server.records import HOUSEHOLD, ISSUE, file

__all__ = ["quiet_county"]


@pytest.fixture
def county(quiet_county: County) -> County:
    """Everybody may look: the team is there."""
    sent_out(quiet_county)
    opened(quiet_county.office)
    return quiet_county


CLAIM = {"measures": "请人鉴定后加固。", "responsible_person": "王某某", "responsible_unit": "东河镇"}


def prefilled(client: FlaskClient, finding) -> dict[str, str]:
    """What stands in the claim's fields."""
    page = BeautifulSoup(client.get(f"/inspection/findings/{finding.id}").text, "html.parser")
    form = page.select_one("form[action$='/claim']")
    kept = {str(each["name"]): str(each.get("value", "")) for each in form.select("input[name]")}
    return kept | {str(each["name"]): each.text.lstrip("\r\n") for each in form.select("textarea[name]")}


def linked(county: County, number: int, deadline: str):
    """A finding at a household that is linked to an issue which the unit had filed with a deadline."""
    typed = {**ISSUE, "householder": f"赵某{number}", "people": "3", "deadline": deadline, "source": "self"}
    recorded = str(file(county.units[EAST], HOUSEHOLD, **typed).location)
    address, sheet = sheet_of(county, number)
    same = {"house-safe.same": recorded[-36:]}
    assert send(county.inspector, address, {**sheet, **same}).status_code == 303
    finding = county.rows("inspection_finding")[-1]
    assert (finding.way, finding.issue_id) == ("linked", recorded[-36:])
    return finding


def issue_of(county: County, finding):
    return next(each for each in county.rows("issue") if each.id == finding.issue_id)


def test_what_the_claim_offers_is_accepted_days_later(county: County, signed_in: SignedIn):
    """As the form of issues does: the day that was meant then, not one that is counted anew."""
    found = {
        typed: linked(county, number, typed)
        for number, typed in (
            (0, "立行立改"),
            (2, "一周内"),
            (4, "8月底前"),
            (6, "本月底"),
            (8, "2022年8月28日"),
        )
    }
    later(county, signed_in, NOW + timedelta(days=2))
    east = county.units[EAST]
    for typed, finding in found.items():
        before = issue_of(county, finding)
        offered = prefilled(east, finding)
        assert offered["deadline"] == typed
        done = answer(east, finding, "claim", **offered)
        assert done.status_code == 303, text_of(done)
        after = issue_of(county, finding)
        assert before.deadline is not None
        assert (after.deadline, after.deadline_text) == (before.deadline, typed)


def test_a_claim_understands_relative_deadlines(county: County):
    """Each as many days on as the form of issues says."""
    understood = {
        "立行立改": date(2022, 8, 27),
        "一周内": date(2022, 8, 27),
        "月底": date(2022, 8, 31),
        "长期坚持": None,
    }
    for number, (typed, due) in enumerate(understood.items()):
        assert send(county.inspector, *sheet_of(county, number * 2)).status_code == 303
        finding = county.rows("inspection_finding")[-1]
        done = answer(county.units[EAST], finding, "claim", **CLAIM, deadline=typed)
        assert done.status_code == 303, text_of(done)
        assert (issue_of(county, finding).deadline, issue_of(county, finding).deadline_text) == (due, typed)


def test_the_clock_starts_anew_when_an_objection_is_turned_down(county: County, signed_in: SignedIn):
    """So many days from the decision (YAML); and the page no longer offers what is used up."""
    assert send(county.inspector, *sheet_of(county, 0)).status_code == 303
    finding, page = county.rows("inspection_finding")[-1], "/inspection/findings"
    assert "8月23日前认领或提异议" in text_of(county.units[EAST].get(page))
    assert answer(county.units[EAST], finding, "object", objection="鉴定为安全。").status_code == 303
    later(county, signed_in, NOW + timedelta(days=6))
    decide(county.office, finding, "yes")
    assert county.rows("inspection_finding")[-1].claim_due == date(2022, 8, 28)
    east = county.units[EAST]
    assert "2022年8月28日前认领" in text_of(east.get(f"{page}/{finding.id}"))
    for address in (page, f"{page}/{finding.id}"):
        said = text_of(east.get(address))
        assert "8月28日前认领" in said
        assert "或提" not in said
        assert "逾期" not in said
    assert "督导反馈的问题 1 个等着认领" in text_of(east.get("/reminders/"))


def test_a_claim_over_what_was_changed_meanwhile_is_asked_again(county: County):
    finding = linked(county, 0, "立行立改")
    east, record = county.units[EAST], record_of(finding)
    page = prefilled(east, finding)
    assert edited(east, record, finding, measures="已联系鉴定单位。", deadline="立行立改").status_code == 303
    refused = answer(east, finding, "claim", **page)
    assert refused.status_code == 409
    assert "刚才有人改过" in text_of(refused)
    assert prefilled(east, finding)["measures"] == "已联系鉴定单位。"
    assert county.rows("inspection_finding")[0].state == "open"
