"""An old page sent again: the same content is one record, other content is refused, shown in both versions, and not lost."""

from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from forms_server.web.inspection import spot_visit_page
from tests.builders import EAST, EAST_WILLOW, WEST
from tests.inspection.county import County, answer, claim, county, sent_out, visit
from tests.inspection.test_drawn_and_beside import undrawn
from tests.inspection.test_draws import LIST, opened
from tests.inspection.test_spot_photos import WORDS, send, sheet_of
from tests.server.conftest import NOW
from tests.server.pages import post, text_of
from tests.visits.builders import household_id

__all__ = ["county"]

CLAIM = {
    "measures": "请人鉴定后加固。",
    "responsible_person": "王某某",
    "responsible_unit": "东河镇",
    "deadline": "2022年8月28日",
}


@pytest.fixture
def county_at_work(county: County) -> County:
    sent_out(county)
    opened(county.office)
    return county


def said(client: Any, address: str, typed: dict[str, str]) -> tuple[int, str]:
    done = post(client, address, "/password", **typed)
    return done.status_code, text_of(done)


def test_a_second_claim_with_other_values_is_refused(county_at_work: County) -> None:
    assert send(county_at_work.inspector, *sheet_of(county_at_work, 3)).status_code == 303
    (finding,) = county_at_work.rows("inspection_finding")
    west = county_at_work.units[WEST]
    claim(west, finding)
    assert answer(west, finding, "claim", **CLAIM).status_code == 303, "the same again"
    other = answer(west, finding, "claim", **{**CLAIM, "measures": "拆了重建。"})
    assert other.status_code == 409
    assert "整改措施：存的是“请人鉴定后加固。”，这次是“拆了重建。”" in text_of(other)
    (issue,) = [each for each in county_at_work.rows("issue") if each.id == finding.issue_id]
    assert (issue.measures, issue.version) == ("请人鉴定后加固。", 2)


def test_a_verdict_under_the_same_id_with_other_content_is_refused(county_at_work: County) -> None:
    county, inspector = county_at_work, county_at_work.inspector
    issue = next(each for each in county.rows("issue") if each.unit_code == EAST)
    visit(county, int(issue.householder.removeprefix("赵某")))
    address = f"/inspection/issues/household-issues/{issue.id}"
    typed = {"check-id": str(uuid4()), "begun": NOW.isoformat(), "verdict": "confirmed", "words": ""}
    for _ in range(2):
        assert said(inspector, address, typed)[0] == 303
    code, words = said(inspector, address, {**typed, "verdict": "false", "words": "没有水。"})
    assert code == 409
    assert "核实结果：存的是“属实”，这次是“虚假整改”；看到的情况：存的是“空”，这次是“没有水。”" in words
    assert [each.verdict for each in county.rows("spot_check")] == ["confirmed"]
    assert county.rows("inspection_finding") == []
    assert said(county.other_inspector, address, typed)[0] == 404, "another's id"

    # The page that tells so is sent as another check.
    page = post(inspector, address, "/password", **{**typed, "verdict": "false", "words": "没有水。"})
    form = BeautifulSoup(page.text, "html.parser")
    assert form.select_one("textarea[name=words]").text == "没有水。"
    new_id = str(form.select_one("[name=check-id]")["value"])
    assert (
        said(inspector, address, {**typed, "check-id": new_id, "verdict": "false", "words": "没有水。"})[0]
        == 303
    )
    assert sorted(each.verdict for each in county.rows("spot_check")) == ["confirmed", "false"]


def test_a_sheet_and_what_is_written_on_it_are_not_dropped(county_at_work: County) -> None:
    county, inspector = county_at_work, county_at_work.inspector
    address, typed = sheet_of(county, 3)
    for _ in range(2):
        assert send(inspector, address, typed).status_code == 303
    fine = {**typed, "house-safe.is": "fine"}
    refused = send(inspector, address, fine)
    assert refused.status_code == 409
    assert "存的是“有问题”，这次是“无问题”" in text_of(refused)
    again = str(BeautifulSoup(refused.text, "html.parser").select_one("[name=visit-id]")["value"])
    assert again not in {"", typed["visit-id"]}
    other = send(inspector, address, {**typed, "house-safe.content": "屋顶也漏。"})
    assert other.status_code == 303
    shown = text_of(inspector.get(other.location))
    assert f"存的是“{WORDS}”，这次是“屋顶也漏。”" in shown
    assert [each.content for each in county.rows("inspection_finding")] == [WORDS]
    assert len(county.rows("spot_visit")) == 1
    another = send(inspector, address, {**fine, "visit-id": again})
    assert another.status_code == 303
    assert len(county.rows("spot_visit")) == 2

    seen = f"/inspection/visits/{typed['visit-id']}"
    found = {
        "finding-id": county.rows("inspection_finding")[0].id, "item": "house-safe", "problem-type": "housing",
        "content": "屋顶也漏。",
    }  # fmt: skip
    refused = post(inspector, f"{seen}/findings", "/password", **found)
    assert refused.status_code == 409
    new = BeautifulSoup(refused.text, "html.parser").select_one("#found-house-safe [name=finding-id]")
    assert str(new["value"]) not in {"", found["finding-id"]}


def test_a_general_finding_is_not_dropped(county_at_work: County) -> None:
    page, inspector = f"/inspection/units/{EAST}/findings/new", county_at_work.inspector
    typed = {
        "finding-id": str(uuid4()), "level": "village", "village": EAST_WILLOW, "problem_type": "water",
        "content": "管护台账没有记录。",
    }  # fmt: skip
    for _ in range(2):
        assert said(inspector, page, typed)[0] == 303
    refused = post(inspector, page, "/password", **{**typed, "content": "没有管护人。"})
    assert refused.status_code == 409
    assert "存的是“管护台账没有记录。”，这次是“没有管护人。”" in text_of(refused)
    form = BeautifulSoup(refused.text, "html.parser")
    assert form.select_one("textarea[name=content]").text.strip() == "没有管护人。"
    assert form.select_one("[name=finding-id]")["value"] != typed["finding-id"]
    assert len(county_at_work.rows("inspection_finding")) == 1


def test_the_offices_pages_sent_again_with_other_content_are_refused(county: County) -> None:
    sent_out(county)
    (team,), plan = county.rows("team"), "/inspection/plan"
    days = {"assignment-id": str(uuid4()), "first": "2022-08-22", "last": "2022-08-23", "unit": EAST}
    address = f"/inspection/teams/{team.id}/assignments"
    for _ in range(2):
        post(county.office, address, plan, **days)
    assert len(county.rows("assignment")) == 3
    moved = county.office.post(
        address,
        data={**days, "last": "2022-08-24", "csrf_token": token_of(county)},
        follow_redirects=True,
    )
    assert "这次的没有保存" in text_of(moved)
    letter = {"letter-id": str(uuid4())}
    for _ in range(2):
        assert post(county.office, "/inspection/letters", "/inspection/letters", **letter).status_code == 303
    urging = {**letter, "unit": EAST, "csrf_token": token_of(county)}
    refused = county.office.post("/inspection/letters", data=urging, follow_redirects=True)
    assert "这次的没有发" in text_of(refused)


def token_of(county: County) -> str:
    page = BeautifulSoup(county.office.get("/password").text, "html.parser")
    return str(page.select_one("[name=csrf_token]")["value"])


def test_a_household_that_was_looked_at_is_not_replaced(county_at_work: County) -> None:
    county, inspector = county_at_work, county_at_work.inspector
    (drawn,) = county.rows("draw")
    assert send(inspector, *sheet_of(county, 3)).status_code == 303
    replacing = f"/inspection/draws/{drawn.id}/households/{household_id(3)}/replace"
    assert replacing not in inspector.get(LIST).text
    post(inspector, replacing, LIST, reason="全户外出", back=LIST)
    assert "已经看过" in text_of(inspector.get(LIST))
    assert county.rows("draw_replacement") == []


def test_who_is_replaced_while_he_is_looked_at_is_no_drawn_household(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other member of the team replaces him between the sheet's check and its storage."""
    sent_out(county)
    opened(county.office)
    undrawn(county, household_id(38))
    (drawn,) = county.rows("draw")
    address, typed = sheet_of(county, 4)
    replacing = f"/inspection/draws/{drawn.id}/households/{household_id(4)}/replace"
    real = spot_visit_page.written_in

    def meanwhile(*args: Any) -> Any:
        assert post(county.other_inspector, replacing, "/password", reason="全户外出").status_code == 303
        return real(*args)

    monkeypatch.setattr(spot_visit_page, "written_in", meanwhile)
    refused = send(county.inspector, address, typed)
    assert (refused.status_code, "已经换成了下一户" in text_of(refused)) == (422, True)
    assert county.rows("spot_visit") == []
    assert WORDS in refused.text
    monkeypatch.undo()
    stored = send(county.inspector, address, {**typed, "outside": "换户以后又回来了"})
    assert stored.status_code == 303
    assert [each.draw_id for each in county.rows("spot_visit")] == [None]
    other = post(county.inspector, replacing, LIST, reason="锁着门", back=LIST)
    assert other.status_code == 303
    assert "存的是“全户外出”，这次是“锁着门”" in text_of(county.inspector.get(LIST))
