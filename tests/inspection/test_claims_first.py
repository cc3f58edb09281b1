"""What a team found is claimed before it is reported, verified by somebody else, and never pressed for once it is over.

By every way on which an issue is reported, closed or withdrawn: its page, many together, the inbox, a workbook.
"""

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import update

from forms_server.access import Role
from forms_server.clock import Clock
from forms_server.db import tables
from forms_server.db.engine import transaction
from tests.builders import EAST, OFFICE, WEST
from tests.inspection.county import (
    County,
    answer,
    check,
    claim,
    county,
    decide,
    quiet_county,
    record_of,
    sent_out,
    visit,
)
from tests.inspection.test_draws import opened
from tests.inspection.test_spot_photos import send, sheet_of
from tests.ledgers.test_pages import upload
from tests.server.conftest import NOW, SignedIn
from tests.server.pages import post, text_of
from tests.whole import vouch

__all__ = ["county", "quiet_county"]

REPORTED = {"outcome": "已加固。", "rectified_on": "2022-08-19"}
CLAIM = {
    "measures": "请人鉴定后加固。",
    "responsible_person": "王某某",
    "responsible_unit": "东河镇",
    "deadline": "2022年8月28日",
}
FIRST = "先由西岭镇在“督导反馈”里认领"


def row_of(county: County, table: str, row_id: str) -> Any:
    return next(each for each in county.rows(table) if each.id == row_id)


def stored(county: County, table: str, row_id: str, **values: object) -> None:
    """Change a stored row, as an older version left it."""
    changed = tables.metadata.tables[table]
    with transaction(county.app.extensions["huitoukan"].engine) as connection:
        connection.execute(update(changed).where(changed.c.id == row_id).values(values))
        vouch(connection, NOW)


def report(unit: FlaskClient, finding: Any, version: int):
    return post(
        unit, f"{record_of(finding)}/report", "/password", **REPORTED, **{"base-version": str(version)}
    )


@pytest.fixture
def missed(county: County) -> Any:
    """A finding of the west that the self-check had missed."""
    sent_out(county)
    opened(county.office)
    assert send(county.inspector, *sheet_of(county, 3)).status_code == 303
    (finding,) = county.rows("inspection_finding")
    assert finding.unit_code == WEST
    return finding


@pytest.fixture
def checked(county: County) -> Any:
    """A finding of the west about an issue that was told as rectified and is not."""
    sent_out(county)
    opened(county.office)
    issue = next(each for each in county.rows("issue") if each.unit_code == WEST)
    visit(county, int(issue.householder.removeprefix("赵某")))
    check(county.inspector, issue, "unfinished", "水龙头没有水。")
    (finding,) = county.rows("inspection_finding")
    return finding


def test_what_is_not_claimed_is_not_reported_by_any_way(county: County, missed: Any) -> None:
    west, page = county.units[WEST], record_of(missed)
    for refused in (west.get(f"{page}/report"), report(west, missed, 1)):
        assert refused.status_code == 409
        assert FIRST in text_of(refused)
        assert f"/inspection/findings/{missed.id}#claim" in refused.text
    assert "已加固。" in report(west, missed, 1).text  # what was typed is not lost
    shown = west.get(page)
    assert FIRST in text_of(shown)
    assert f"{page}/report" not in shown.text
    together = "/records/household-issues/together/report"
    assert FIRST in text_of(post(west, together, "/password", pick=f"{missed.issue_id}.1", **REPORTED))
    told = text_of(upload(west, reported_in_workbook(west, missed)))
    assert "还没有认领，不能报已整改" in told
    assert "“具体内容”不能改" in told
    assert row_of(county, "issue", missed.issue_id).state == "rectifying"

    claim(west, missed)
    assert report(west, missed, 2).status_code == 303


def reported_in_workbook(unit: FlaskClient, finding: Any) -> bytes:
    """The unit's ledger, in which the finding's row is filled in as rectified, and the finder's words are changed."""
    book = load_workbook(io.BytesIO(unit.get("/ledgers/export.xlsx").data))
    sheet = next(each for each in book.worksheets if "户内" in each.title)
    row = next(row for row in sheet.iter_rows() if any(cell.value == finding.content for cell in row))
    assert row[6].value == finding.content
    filled = {"G": "没有问题。", "I": "王某某", "J": "西岭镇", "K": "2022年8月28日", "L": "已整改"}
    for column, words in filled.items():
        sheet[f"{column}{row[0].row}"] = words
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_an_objection_is_decided_before_the_issue_is_reported(county: County, missed: Any) -> None:
    west = county.units[WEST]
    answer(west, missed, "object", objection="已鉴定为安全。")
    assert "等办公室核定以后" in text_of(report(west, missed, 1))
    decide(county.office, missed, "yes")
    assert FIRST in text_of(report(west, missed, 1))
    claim(west, missed)
    assert report(west, missed, 2).status_code == 303


def test_what_an_older_version_let_pass_is_not_closed_and_once_closed_not_pressed_for(
    county: County, missed: Any, signed_in: SignedIn
) -> None:
    stored(county, "issue", missed.issue_id, state="rectified", version=2)
    pick = {"pick": f"household-issues:{missed.issue_id}.2", "move": "verify"}
    county.office.get(record_of(missed))
    assert FIRST in text_of(post(county.office, "/inbox/", "/password", **pick))
    assert (
        post(county.office, f"{record_of(missed)}/verify", "/password", **{"base-version": "2"}).status_code
        == 409
    )
    later = Clock(NOW + timedelta(days=8))
    object.__setattr__(county.app.extensions["huitoukan"], "clock", later)
    office, unit = signed_in(OFFICE, Role.OFFICE), signed_in(WEST, Role.REPORTER)
    pressed = {"督导反馈的问题 1 个过了期限还没有认领": "/reminders/", "逾期未认领": "/inspection/findings"}
    for words, page in pressed.items():
        assert all(words in text_of(client.get(page)) for client in (office, unit))
    assert "西岭镇：过期未认领" in text_of(office.get("/inspection/letters"))
    for state in ("closed", "withdrawn"):
        stored(county, "issue", missed.issue_id, state=state, version=3)
        for words, page in pressed.items():
            assert not any(words in text_of(client.get(page)) for client in (office, unit))
        assert "西岭镇：过期未认领" not in text_of(office.get("/inspection/letters"))
        assert "不用再认领" in text_of(unit.get(f"/inspection/findings/{missed.id}"))
        assert answer(unit, missed, "claim", **CLAIM).status_code == 422
    assert row_of(county, "inspection_finding", missed.id).state == "open"


@pytest.mark.parametrize("way", ["missed", "linked", "check"])
def test_who_found_it_does_not_verify_it_however_it_was_found(
    county: County, checked: Any, way: str, signed_in: SignedIn
) -> None:
    west = county.units[WEST]
    stored(county, "inspection_finding", checked.id, way=way)
    kept = row_of(county, "issue", checked.issue_id).deadline_text
    assert answer(west, checked, "claim", **{**CLAIM, "deadline": kept}).status_code == 303
    version = row_of(county, "issue", checked.issue_id).version
    assert report(west, checked, version).status_code == 303
    issue = row_of(county, "issue", checked.issue_id)
    assert "请别的人去核实" in text_of(check(county.inspector, issue, "confirmed", "", expect=422))
    check(county.other_inspector, issue, "confirmed", "")

    # Whoever found it and is the office's by now does not close it, either.
    office = next(each for each in county.rows("account") if each.role == "office")
    stored(county, "inspection_finding", checked.id, created_by=office.id)
    assert (
        post(
            county.office, f"{record_of(checked)}/verify", "/password", **{"base-version": str(issue.version)}
        ).status_code
        == 403
    )
    county.office.get(record_of(checked))
    pick = {"pick": f"household-issues:{issue.id}.{issue.version}", "move": "verify"}
    assert "谁发现谁不能销号" in text_of(post(county.office, "/inbox/", "/password", **pick))
    other = signed_in(OFFICE, Role.OFFICE, name="另一人")
    other.get(record_of(checked))
    post(other, "/inbox/", "/password", **pick)
    assert row_of(county, "issue", issue.id).state == "closed"


def test_a_unit_does_not_withdraw_its_own_issue_that_a_team_found_again(county: County, checked: Any) -> None:
    west, version = county.units[WEST], str(row_of(county, "issue", checked.issue_id).version)
    gone = {"base-version": version, "reason": "登记有误。"}
    refused = post(west, f"{record_of(checked)}/withdraw", "/password", **gone)
    assert (refused.status_code, "督导发现的问题不能撤销" in text_of(refused)) == (403, True)
    assert f"{record_of(checked)}/withdraw" not in west.get(record_of(checked)).text
    assert row_of(county, "issue", checked.issue_id).state == "rectifying"


def test_a_cancelled_finding_leaves_an_issue_that_another_team_found_too(county: County, missed: Any) -> None:
    west = county.units[WEST]
    row = {**missed._mapping, "id": "11111111-1111-4111-8111-111111111111", "number": 2, "way": "linked"}
    with transaction(county.app.extensions["huitoukan"].engine) as connection:
        connection.execute(tables.inspection_finding.insert().values(row))
        vouch(connection, NOW)
    answer(west, missed, "object", objection="已鉴定为安全。")
    decide(county.office, missed, "no")
    assert row_of(county, "issue", missed.issue_id).state == "rectifying"
    assert county.figures(WEST) == (4, 3, 1)
    assert county.figures(EAST) == (4, 4, 0)


def test_a_cancelled_check_leaves_what_was_reported_after_an_earlier_finding(quiet_county: County) -> None:
    """The first finding was claimed and dealt with: only the second one had reopened the issue."""
    county, east = quiet_county, quiet_county.units[EAST]
    sent_out(county)
    opened(county.office)
    assert send(county.inspector, *sheet_of(county, 0)).status_code == 303
    first = county.rows("inspection_finding")[0]
    claim(east, first)
    reported = {"base-version": "2", "outcome": "已加固。", "rectified_on": "2022-08-20"}
    assert post(east, f"{record_of(first)}/report", **reported).status_code == 303
    check(county.other_inspector, county.rows("issue")[0], "unfinished", "没有加固。")
    assert county.figures(EAST) == (1, 0, 1)
    second = next(each for each in county.rows("inspection_finding") if each.number == 2)
    assert answer(east, second, "object", objection="看的是邻居家。").status_code == 303
    decide(county.office, second, "no")
    (issue,) = county.rows("issue")
    assert (issue.state, issue.rebounds, county.figures(EAST)) == ("rectified", 0, (1, 1, 0))


def test_what_only_teams_found_counts_no_longer_once_all_take_it_back(quiet_county: County) -> None:
    county, east = quiet_county, quiet_county.units[EAST]
    sent_out(county)
    opened(county.office)
    address, sheet = sheet_of(county, 0)
    assert send(county.inspector, address, sheet).status_code == 303
    (issue,) = county.rows("issue")
    again = {**sheet, "visit-id": str(uuid4()), "house-safe.same": issue.id}
    assert send(county.other_inspector, address, again).status_code == 303
    assert sorted(each.way for each in county.rows("inspection_finding")) == ["linked", "missed"]
    for finding, left in zip(
        sorted(county.rows("inspection_finding"), key=lambda each: each.number),
        ((1, 0, 1), (0, 0, 0)),
        strict=True,
    ):
        assert answer(east, finding, "object", objection="鉴定为安全。").status_code == 303
        decide(county.office, finding, "no")
        assert county.figures(EAST) == left
