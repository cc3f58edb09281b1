"""What a team writes and photographs at its sheet's items and checks: filed with the sheet, once, and seen by whom it concerns."""

from uuid import uuid4

from bs4 import BeautifulSoup
from urllib3 import encode_multipart_formdata
from werkzeug.test import TestResponse

from tests.builders import EAST, EAST_WILLOW, WEST
from tests.inspection.county import County, county, record_of, sent_out, visit
from tests.inspection.test_draw_packs import take
from tests.inspection.test_draws import opened
from tests.server.conftest import NOW
from tests.server.pages import post, text_of, token
from tests.server.pictures import jpeg
from tests.server.records import HOUSEHOLD, ISSUE, file
from tests.visits.builders import household_id

__all__ = ["county"]

WORDS = "南屋漏雨，没有鉴定。"


def send(client, address: str, typed: dict[str, str], *photos: tuple[str, bytes]) -> TestResponse:
    parts = [(name, (f"{number}.jpg", data)) for number, (name, data) in enumerate(photos)]
    body, kind = encode_multipart_formdata(
        [("csrf_token", token(client, "/password")), *typed.items(), *parts]
    )
    return client.post(address, data=body, content_type=kind)


def sheet_of(county: County, number: int) -> tuple[str, dict[str, str]]:
    """A household's sheet with one problem that is written down."""
    address = f"/inspection/households/{household_id(number)}"
    page = BeautifulSoup(county.inspector.get(address).text, "html.parser")
    typed = {str(each["name"]): "fine" for each in page.select("input[type=radio]")}
    typed |= {"house-safe.is": "problem", "house-safe.content": WORDS, "house-safe.problem_type": "housing"}
    return address, {**typed, "visit-id": str(uuid4()), "begun": NOW.isoformat()}


def pictures(client, page: str) -> list[str]:
    return [
        str(each["href"])
        for each in BeautifulSoup(client.get(page).text, "html.parser").select(".photos li > a")
    ]


def test_what_a_team_writes_and_photographs_is_filed_once(county: County):
    beside = "/inspection/outside?name=赵某3"
    assert household_id(3) not in county.inspector.get(beside).text
    sent_out(county)
    assert f"/inspection/households/{household_id(3)}" in county.inspector.get(beside).text
    told = f"/records/household-issues/{county.rows('issue')[0].id}"
    looks = "现场核实"
    assert [looks in text_of(each.get(told)) for each in (county.inspector, county.office)] == [True, False]
    opened(county.office)
    a_sheet_files_its_problems_with_their_photographs(county)
    what_the_ledger_may_hold_is_asked_once_the_sheet_stands(county)
    a_general_finding_keeps_its_photographs(county)


def a_sheet_files_its_problems_with_their_photographs(county: County) -> None:
    address, typed = sheet_of(county, 0)
    photo = ("house-safe.photos", jpeg("red"))
    bare = send(county.inspector, address, {**typed, "house-safe.content": " "}, photo)
    assert (bare.status_code, "有照片，请写看到的问题" in text_of(bare)) == (422, True)
    assert county.rows("spot_visit") == []
    number = {**typed, "house-safe.content": "户主电话 13800138000"}
    assert send(county.inspector, address, number).status_code == 422
    for _ in range(2):  # sent again as if the answer had been lost
        assert send(county.inspector, address, typed, photo).status_code == 303
    (finding,) = county.rows("inspection_finding")
    (taken,) = county.rows("photo")
    assert (finding.content, finding.way, taken.side, taken.spot_id) == (
        WORDS, "missed", "spot", finding.visit_id,
    )  # fmt: skip

    # The team, the unit and the office see it; nobody else does, and the unit removes nothing.
    page = f"/inspection/findings/{finding.id}"
    for client in (county.inspector, county.units[EAST], county.office):
        (shown,) = pictures(client, page)
        assert pictures(client, record_of(finding)) == [shown]
        assert client.get(shown).mimetype == "image/jpeg"
    assert county.units[WEST].get(shown).status_code == 404
    assert "督导现场" in county.units[EAST].get(record_of(finding)).text
    post(county.units[EAST], f"{shown}/remove", "/password")
    assert len(county.rows("photo")) == 1
    add = {"side": "spot"}
    assert send(county.units[EAST], f"{record_of(finding)}/photos", add, photo).status_code == 400


def what_the_ledger_may_hold_is_asked_once_the_sheet_stands(county: County) -> None:
    typed = {
        **ISSUE, "village": EAST_WILLOW, "householder": "赵某2", "problem_type": "housing", "people": "3",
        "source": "self",
    }  # fmt: skip
    recorded = str(file(county.units[EAST], HOUSEHOLD, **typed).location)
    address, sheet = sheet_of(county, 2)
    photo = ("house-safe.photos", jpeg("blue"))
    asked = send(county.inspector, address, sheet, photo)
    assert asked.status_code == 409
    (visit,) = [each for each in county.rows("spot_visit") if each.household_id == household_id(2)]
    assert len(county.rows("inspection_finding")) == 1
    listed = text_of(county.inspector.get("/inspection/"))
    assert "还有 1 个问题没有记入台账" in listed

    form = BeautifulSoup(asked.text, "html.parser").select_one("form[data-send]")
    kept = {str(each["name"]): str(each["value"]) for each in form.select("input[type=hidden]")}
    assert kept["house-safe.content"] == WORDS
    assert ISSUE["content"] in form.text
    del kept["csrf_token"]
    same = {**kept, "house-safe.is": "fine", "house-safe.same": recorded[-36:]}
    changed = send(county.inspector, address, same, photo)
    assert (changed.status_code, "这次是“无问题”" in text_of(changed)) == (409, True)
    assert len(county.rows("inspection_finding")) == 1, "an answer that was changed after the question"
    again = send(county.inspector, address, {**same, "house-safe.is": "problem"}, photo)
    assert again.status_code == 303
    _, finding = county.rows("inspection_finding")
    assert (finding.way, finding.issue_id, finding.visit_id) == ("linked", recorded[-36:], visit.id)
    assert [each.issue_id for each in county.rows("photo") if each.spot_id == visit.id] == [recorded[-36:]]
    assert "没有记入台账" not in text_of(county.inspector.get("/inspection/"))


def test_a_check_shows_both_sides_and_keeps_what_the_team_saw(county: County):
    sent_out(county)
    opened(county.office)
    issue = next(each for each in county.rows("issue") if each.unit_code == EAST)
    visit(county, int(issue.householder.removeprefix("赵某")))
    assert issue.id in {each["id"] for each in take(county.inspector).json["issues"]}
    record, east = f"/records/household-issues/{issue.id}", county.units[EAST]
    back = {"base-version": "2", "reason": "照片没有传，请补。"}
    assert post(county.office, f"{record}/reopen", **back).status_code == 303
    for side, color in (("before", "red"), ("after", "green")):
        assert send(east, f"{record}/photos", {"side": side}, ("photos", jpeg(color))).status_code == 303
    report = {"base-version": "3", "outcome": "已接通。", "rectified_on": "2022-08-19"}
    assert post(east, f"{record}/report", **report).status_code == 303

    page = f"/inspection/issues/household-issues/{issue.id}"
    shown = BeautifulSoup(county.inspector.get(page).text, "html.parser")
    assert [each.text for each in shown.select(".evidence-sides h2")] == ["整改前", "整改后"]
    assert len(shown.select(".evidence-sides img")) == 2
    (packed,) = [each for each in take(county.inspector).json["issues"] if each["id"] == issue.id]
    inside = BeautifulSoup(packed["html"], "html.parser").select(".evidence-sides img")
    assert [str(each["src"])[:23] for each in inside] == ["data:image/jpeg;base64,"] * 2

    typed = {"check-id": str(uuid4()), "begun": NOW.isoformat(), "verdict": "false", "words": "龙头没有水。"}
    for _ in range(2):
        done = send(county.inspector, page, typed, ("photos", jpeg("black")))
        assert done.status_code == 303, text_of(done)
    spot = [each for each in county.rows("photo") if each.side == "spot"]
    assert [(each.issue_id, each.spot_id) for each in spot] == [(issue.id, typed["check-id"])]
    (finding,) = county.rows("inspection_finding")
    assert len(pictures(county.units[EAST], f"/inspection/findings/{finding.id}")) == 1
    assert len(pictures(county.units[EAST], record)) == 3


def a_general_finding_keeps_its_photographs(county: County) -> None:
    page = f"/inspection/units/{EAST}/findings/new"
    typed = {
        "level": "township", "problem_type": "income", "content": "没有研判记录。", "finding-id": str(uuid4()),
    }  # fmt: skip
    for _ in range(2):
        done = send(county.inspector, page, typed, ("photos", jpeg("red")), ("photos", b"no picture"))
        assert done.status_code == 303, text_of(done)
    *_, finding = county.rows("inspection_finding")
    assert finding.number == 3
    assert len(pictures(county.units[EAST], f"/inspection/findings/{finding.id}")) == 1
