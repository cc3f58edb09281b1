"""Verification with open eyes: the inbox shows what is judged, and many are closed only after some were opened."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forms_server.access import Role
from tests.builders import EAST, OFFICE
from tests.server.conftest import SignedIn
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file, page, stored

COUNT = 6
REPORTED = {"base-version": "1", "outcome": "已接通自来水。", "rectified_on": "2022-08-19"}


@pytest.fixture
def issues(app: Flask, signed_in: SignedIn) -> list[str]:
    """Ids of issues that were reported rectified: of six, a fifth is two."""
    unit = signed_in(EAST, Role.REPORTER)
    for number in range(COUNT):
        typed = {**ISSUE, "householder": f"户主{number}", "source": "self", "people": "3"}
        post(unit, f"{file(unit, HOUSEHOLD, **typed).location}/report", **REPORTED)
    return [row["id"] for row in stored(app)]


@pytest.fixture
def office(signed_in: SignedIn) -> FlaskClient:
    return signed_in(OFFICE, Role.OFFICE)


def record(issue_id: str) -> str:
    return f"/records/household-issues/{issue_id}"


def close(client: FlaskClient, issues: list[str], version: int = 2):
    picks = [f"household-issues:{each}.{version}" for each in issues]
    return post(client, "/inbox/", page="/password", pick=picks, move="verify")


def states(app: Flask) -> list[tuple[str, bool]]:
    return [(row["state"], row["opened_before_closing"]) for row in stored(app)]


def test_the_inbox_shows_problem_outcome_and_days(office: FlaskClient, issues: list[str]):
    [first, *_] = page(office.get("/inbox/")).select(".waiting > li")
    words = first.get_text(" ", strip=True)
    assert ISSUE["content"] in words
    assert "已接通自来水。" in words
    assert "完成 2022年8月19日" in words
    assert "没有照片" in words


def test_many_are_closed_together_once_a_fifth_was_opened(app: Flask, office: FlaskClient, issues: list[str]):
    refused = close(office, issues)
    assert refused.status_code == 422
    assert "至少要先打开看过 2 条" in text_of(refused)
    assert len(page(refused).select("input[name=pick][checked]")) == COUNT
    office.get(record(issues[0]))
    assert close(office, issues).status_code == 422
    office.get(record(issues[1]))
    assert text_of(office.get("/inbox/")).count("看过") >= 2
    done = text_of(close(office, issues))
    assert f"已销号 {COUNT} 条。其中打开看过 2 条（33%）。" in done
    assert states(app) == [("closed", each in issues[:2]) for each in issues]
    assert "已销号 6 条，销号的人打开看过 2 条（33%）" in text_of(office.get("/inspection/rates"))


def test_what_another_person_or_an_older_version_saw_does_not_count(
    app: Flask, office: FlaskClient, issues: list[str], signed_in: SignedIn
):
    signed_in(OFFICE, Role.OFFICE, name="另一人").get(record(issues[0]))
    assert close(office, issues[:1]).status_code == 422
    office.get(record(issues[0]))
    unit = signed_in(EAST, Role.REPORTER)
    post(office, f"{record(issues[0])}/send-back", reason="照片看不清。", **{"base-version": "2"})
    post(unit, f"{record(issues[0])}/report", **{**REPORTED, "base-version": "3", "outcome": "补了照片。"})
    assert close(office, issues[:1], version=4).status_code == 422
    office.get(record(issues[0]))
    assert close(office, issues[:1], version=4).status_code == 200
    assert states(app)[0] == ("closed", True)


def test_the_ledgers_bulk_page_wants_the_same(app: Flask, office: FlaskClient, issues: list[str]):
    address, picks = "/records/household-issues/together/verify", [f"{each}.2" for each in issues]
    refused = post(office, address, page="/password", pick=picks)
    assert refused.status_code == 422
    assert "至少要先打开看过 2 条" in text_of(refused)
    for each in issues[:2]:
        office.get(record(each))
    assert post(office, address, page="/password", pick=picks).status_code == 303
    assert sum(seen for _, seen in states(app)) == 2
