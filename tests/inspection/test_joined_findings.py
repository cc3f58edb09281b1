"""A finding whose issue the office joins with another one is claimed there, and comes back when they are parted."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import update

from forms_server.access import Role
from forms_server.db import tables
from forms_server.db.engine import transaction
from tests.builders import EAST, EAST_WILLOW, WATER
from tests.inspection import county as people
from tests.inspection.county import County, answer, claim, county, record_of, sent_out
from tests.inspection.test_draws import opened
from tests.inspection.test_spot_photos import send, sheet_of
from tests.server.conftest import NOW, SignedIn
from tests.server.pages import post, text_of, token
from tests.server.records import HOUSEHOLD, ISSUE, file
from tests.whole import vouch

__all__ = ["county"]


def decide(county: County, first: str, second: str, decision: str) -> str:
    typed = {"first": first, "second": second, "decision": decision}
    return text_of(
        county.office.post(
            "/doubles/",
            data={**typed, "csrf_token": token(county.office, "/password")},
            follow_redirects=True,
        )
    )


def finding_of(county: County) -> Any:
    (finding,) = county.rows("inspection_finding")
    return finding


def found_twice(county: County, signed_in: SignedIn) -> tuple[FlaskClient, str, str]:
    """A county unit's issue that a team files again as another one: the unit, and the ids of both."""
    bureau = signed_in(WATER, Role.REPORTER)
    typed = {
        **ISSUE,
        "village": EAST_WILLOW,
        "householder": "赵某4",
        "problem_type": "housing",
        "people": "3",
    }
    first = str(file(bureau, HOUSEHOLD, **typed, source="self").location)[-36:]
    sent_out(county)
    opened(county.office)
    address, sheet = sheet_of(county, 4)
    assert send(county.inspector, address, {**sheet, "house-safe.same": "different"}).status_code in {
        303,
        409,
    }
    if not county.rows("inspection_finding"):
        assert send(county.inspector, address, {**sheet, "house-safe.same": "different"}).status_code == 303
    return bureau, first, finding_of(county).issue_id


def test_a_finding_follows_its_issue_into_another_one_and_back(county: County, signed_in: SignedIn) -> None:
    bureau, first, second = found_twice(county, signed_in)
    finding = finding_of(county)
    assert (finding.unit_code, finding.way, second != first) == (EAST, "missed", True)

    # What counts as rectified and is found again is reopened before, not closed behind the finding's back.
    with transaction(county.app.extensions["huitoukan"].engine) as connection:
        issue = tables.issue
        connection.execute(update(issue).where(issue.c.id == first).values(state="rectified"))
        vouch(connection, NOW)
    assert "请先把那一条重新打开" in decide(county, first, second, "same")
    assert finding_of(county).issue_id == second
    back = {"base-version": "1", "reason": "督导又看到了。"}
    assert (
        post(county.office, f"/records/household-issues/{first}/reopen", "/password", **back).status_code
        == 303
    )

    assert "已并为一条" in decide(county, first, second, "same")
    moved = finding_of(county)
    assert (moved.issue_id, moved.unit_code, moved.state) == (first, WATER, "open")
    assert moved.way == "linked", (
        "it stood in a ledger before the team came: the self-check had not missed it"
    )
    assert county.units[EAST].get(f"/inspection/findings/{finding.id}").status_code == 404
    assert "等着认领" in text_of(bureau.get("/reminders/"))
    assert "等着认领" not in text_of(county.units[EAST].get("/reminders/"))
    reported = {"base-version": "2", "outcome": "已加固。", "rectified_on": "2022-08-19"}
    early = post(bureau, f"/records/household-issues/{first}/report", "/password", **reported)
    assert (early.status_code, "先由县水利局" in text_of(early)) == (409, True)

    assert "已拆开" in decide(county, first, second, "part")
    parted = finding_of(county)
    assert (parted.issue_id, parted.unit_code, parted.way) == (second, EAST, "missed")
    claim(county.units[EAST], parted)
    assert county.units[EAST].get(record_of(parted)).status_code == 200


def test_a_cancelled_finding_leaves_the_issue_that_it_was_joined_with(
    county: County, signed_in: SignedIn
) -> None:
    bureau, first, second = found_twice(county, signed_in)
    assert "已并为一条" in decide(county, first, second, "same")
    assert answer(bureau, finding_of(county), "object", objection="已有鉴定报告。").status_code == 303
    people.decide(county.office, finding_of(county), "no")
    states = {each.id: each.state for each in county.rows("issue")}
    assert (finding_of(county).state, states[first]) == ("cancelled", "rectifying")
    assert county.figures(WATER) == (1, 0, 1)
