"""Findings about issues of one unit that lie in another one, and what a unit found alike: who sees, who writes last."""

from typing import Any
from uuid import uuid4

from forms_server.access import Role
from tests.builders import EAST, EAST_WILLOW, WATER, WEST_BRIDGE
from tests.inspection.county import County, answer, check, claim, quiet_county, record_of, sent_out
from tests.inspection.test_draws import opened
from tests.inspection.test_spot_photos import send, sheet_of
from tests.server.conftest import SignedIn
from tests.server.pages import post, text_of, token
from tests.server.pictures import jpeg
from tests.server.records import HOUSEHOLD, ISSUE, file

__all__ = ["quiet_county"]


def filed(client: Any, number: int, **more: str) -> str:
    typed = {**ISSUE, "village": EAST_WILLOW, "householder": f"赵某{number}", "people": "3", "source": "self"}
    done = file(client, HOUSEHOLD, **{**typed, **more})
    assert done.status_code == 303, text_of(done)
    return str(done.location)[-36:]


def found(county: County, number: int) -> Any:
    assert send(county.inspector, *sheet_of(county, number)).status_code == 303
    return county.rows("inspection_finding")[-1]


def test_a_team_sees_its_finding_about_an_issue_that_a_county_unit_filed(
    quiet_county: County, signed_in: SignedIn
) -> None:
    county, bureau = quiet_county, signed_in(WATER, Role.REPORTER)
    told, known = filed(bureau, 0), filed(bureau, 2)
    reported = {"base-version": "1", "outcome": "已加固。", "rectified_on": "2022-08-19"}
    done = post(bureau, f"/records/household-issues/{told}/report", **reported)
    assert done.status_code == 303, text_of(done)
    sent_out(county)  # to the townships only
    check(
        county.inspector,
        next(each for each in county.rows("issue") if each.id == told),
        "false",
        "没有加固。",
    )
    address, sheet = sheet_of(county, 2)
    sheet |= {"house-safe.same": known, "outside": "群众反映"}
    assert send(county.inspector, address, sheet, ("house-safe.photos", jpeg("red"))).status_code == 303
    assert [each.spot_id for each in county.rows("photo")] == [sheet["visit-id"]]
    listed = county.inspector.get("/inspection/findings").text
    for finding in county.rows("inspection_finding"):
        assert finding.unit_code == WATER
        assert finding.id in listed
        assert county.inspector.get(f"/inspection/findings/{finding.id}").status_code == 200


def test_what_was_found_alike_is_not_overwritten_from_a_stale_page(
    quiet_county: County, signed_in: SignedIn
) -> None:
    county, east, other = quiet_county, quiet_county.units[EAST], signed_in(EAST, Role.REPORTER, name="孙某")
    sent_out(county)
    opened(county.office)
    finding = found(county, 0)
    early = answer(east, finding, "alike", **{"looked-at": "12"})
    assert (early.status_code, "先认领" in text_of(early)) == (422, True)
    claim(east, finding)
    first, second = filed(east, 8), filed(east, 10)
    page, stale = f"/inspection/findings/{finding.id}", {"csrf_token": token(other, "/password"), "told": ""}
    for _ in range(2):  # sent again as if the answer had been lost
        assert answer(east, finding, "alike", **{"looked-at": "12", "alike": first}).status_code == 303
    late = other.post(f"{page}/alike", data={**stale, "looked-at": "5", "alike": second})
    assert (late.status_code, "刚才有人填过了" in text_of(late)) == (409, True)
    assert "又排查了 5" in text_of(late), "what was typed is shown"
    told = county.rows("inspection_finding")[-1]
    assert (told.looked_at, [each.issue_id for each in county.rows("alike_issue")]) == (12, [first])
    seen = answer(other, finding, "alike", **{"looked-at": "17", "alike": [first, second]})
    assert seen.status_code == 303
    assert county.rows("inspection_finding")[-1].looked_at == 17


def test_names_that_another_unit_found_alike_are_not_shown(quiet_county: County, signed_in: SignedIn) -> None:
    """The unit that counts the finding reads how many; the one that answers sees them, and keeps what it does not see."""
    county, east, bureau = quiet_county, quiet_county.units[EAST], signed_in(WATER, Role.REPORTER)
    sent_out(county)
    opened(county.office)
    finding = found(county, 0)
    claim(east, finding)
    here = filed(east, 8)
    assert answer(east, finding, "alike", **{"looked-at": "5", "alike": here}).status_code == 303
    moved = {"base-version": "2", "handed_to": "县水利局", "reason": "是管网的事。"}
    done = post(county.office, f"{record_of(finding)}/transfer", **moved)
    assert done.status_code == 303, text_of(done)
    there = filed(bureau, 9, village=WEST_BRIDGE)
    assert answer(bureau, finding, "alike", **{"looked-at": "9", "alike": there}).status_code == 303
    assert {each.issue_id for each in county.rows("alike_issue")} == {here, there}
    page = east.get(f"/inspection/findings/{finding.id}")
    assert "又排查了 9 户，发现同类问题 2 个，其中您能看到、还计数的 1 个" in text_of(page)
    assert (here in page.text, there in page.text, "赵某9" in page.text) == (True, False, False)


def test_what_was_closed_and_is_not_so_goes_back_and_was_not_missed(quiet_county: County) -> None:
    county, east = quiet_county, quiet_county.units[EAST]
    record = f"/records/household-issues/{filed(east, 0)}"
    reported = {"base-version": "1", "outcome": "已加固。", "rectified_on": "2022-08-19"}
    assert post(east, f"{record}/report", **reported).status_code == 303
    assert post(county.office, f"{record}/verify", **{"base-version": "2"}).status_code == 303
    sent_out(county)
    opened(county.office)
    address, sheet = sheet_of(county, 0)
    asked = send(county.inspector, address, sheet)
    assert (asked.status_code, county.rows("inspection_finding")) == (409, [])
    assert send(county.inspector, address, {**sheet, "house-safe.same": record[-36:]}).status_code == 303
    finding, issue = county.rows("inspection_finding")[-1], county.rows("issue")[-1]
    assert (finding.way, finding.issue_id, finding.state_before) == ("linked", record[-36:], "closed")
    assert (issue.state, issue.rebounds, county.figures(EAST)) == ("rectifying", 1, (1, 0, 1))
    # To the unit itself, what comes after the closing is a new problem.
    assert (
        file(east, HOUSEHOLD, **{**ISSUE, "householder": "赵某2", "people": "3"}, asks=True).status_code
        == 303
    )


def test_words_that_were_refused_are_not_lost(quiet_county: County) -> None:
    county, east = quiet_county, quiet_county.units[EAST]
    sent_out(county)
    opened(county.office)
    finding, number = found(county, 0), "看了鉴定报告，户主 13800138000。"
    refused = answer(east, finding, "object", objection=number)
    assert (refused.status_code, number in text_of(refused)) == (422, True)
    assert answer(east, finding, "object", objection="鉴定为安全。").status_code == 303
    refused = answer(county.office, finding, "decide", upheld="yes", decision=number)
    assert (refused.status_code, number in text_of(refused)) == (422, True)
    letters = "/inspection/letters"
    letter = str(post(county.office, letters, letters, **{"letter-id": str(uuid4())}).location)
    for words, status in (
        (number, 422),
        ("已改。", 303),
        ("另有补充。", 422),
    ):  # the last one from a stale page
        done = post(east, f"{letter}/answer", "/password", answer=words)
        assert (done.status_code, words in text_of(done)) == (status, status == 422)
