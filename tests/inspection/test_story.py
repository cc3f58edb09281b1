"""The second phase over HTTP: plan, seal, draw, visit, find, claim, object, decide, rectify, check, close.

40 households are looked at; 5 problems that the self-check missed and 3 false rectifications are planted and all found.
"""

from dataclasses import dataclass
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from build_scripts.counting.supervision_rates import Rate
from forms_server.access import Role
from forms_server.accounts import account_store
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.desk import Desk
from forms_server.inspection import self_check_rates
from forms_server.returns.return_figures import unit_rows
from tests.builders import EAST, EAST_WILLOW, OFFICE, WEST, WEST_BRIDGE
from tests.inspection.conftest import supervised_campaign
from tests.inspection.test_draws import opened
from tests.server.conftest import NOW, SignedIn
from tests.server.pages import post, text_of, token
from tests.server.records import HOUSEHOLD, ISSUE, file
from tests.visits.builders import household_id
from tests.whole import vouch

HERE = {EAST: EAST_WILLOW, WEST: WEST_BRIDGE}
MISSED = {0, 2, 4, 1, 3}
"""Numbers of the households with a planted problem: three of the east's, two of the west's."""

TOLD = (6, 8, 10, 12, 5, 7, 9)
FALSE = {6, 8, 5}
"""Households with an issue that was reported rectified; those where it is not so."""

WORDS = "厨房梁有裂缝，没有鉴定。"


@dataclass
class County:
    """Who is there."""

    app: Flask
    office: FlaskClient
    inspector: FlaskClient
    other_inspector: FlaskClient
    units: dict[str, FlaskClient]

    def rows(self, name: str) -> list:
        with self.app.extensions["huitoukan"].engine.connect() as connection:
            return list(connection.execute(select(tables.metadata.tables[name])))

    def figures(self, unit_code: str) -> tuple[int, int, int]:
        """Annex 2 of a unit: found, rectified, being rectified."""
        campaign = supervised_campaign()
        with self.app.extensions["huitoukan"].engine.connect() as connection:
            lines = unit_rows(connection, campaign, campaign.unit_by_code[unit_code])
        return (
            sum(each.found for each in lines),
            sum(each.rectified for each in lines),
            sum(each.rectifying for each in lines),
        )


def unit_of(number: int) -> str:
    return (EAST, WEST)[number % 2]


@pytest.fixture
def county(app: Flask, office: FlaskClient, signed_in: SignedIn) -> County:
    """Twenty households in a village of each township, and seven issues that were reported rectified."""
    with transaction(app.extensions["huitoukan"].engine) as connection:
        for number in range(40):
            village = HERE[unit_of(number)]
            row = {
                "id": household_id(number), "campaign_id": "small", "township_code": unit_of(number), "village_code": village,
                "householder": f"赵某{number}", "folded_name": f"赵某{number}", "household_type": "yiban", "people": 3,
                "active": True, "created_at": NOW, "changed_at": NOW,
            }  # fmt: skip
            connection.execute(insert(tables.household).values(row))
        vouch(connection, NOW)
    made = County(
        app, office, signed_in(OFFICE, Role.INSPECTOR, name="周某"), signed_in(OFFICE, Role.INSPECTOR, name="吴某"),
        {unit: signed_in(unit, Role.REPORTER) for unit in HERE},
    )  # fmt: skip
    for number in TOLD:
        unit = made.units[unit_of(number)]
        typed = {
            **ISSUE,
            "village": HERE[unit_of(number)],
            "householder": f"赵某{number}",
            "problem_type": "water",
            "people": "3",
            "source": "self",
        }
        filed = file(unit, HOUSEHOLD, **typed)
        assert filed.status_code == 303, text_of(filed)
        address = f"{filed.location}/report"
        assert (
            post(
                unit,
                address,
                **{"base-version": "1", "outcome": "已接通自来水。", "rectified_on": "2022-08-19"},
            ).status_code
            == 303
        )
    return made


def sent_out(county: County) -> None:
    """The office forms the team and sends it to both townships today."""
    office, plan = county.office, "/inspection/plan"
    post(office, "/inspection/teams", plan, **{"team-id": str(uuid4()), "name": "第一督导组"})
    (team,) = county.rows("team")
    for account in county.rows("account"):
        if account.name in {"周某", "吴某"}:
            post(office, f"/inspection/teams/{team.id}/members", plan, account=account.id)
    days = {
        "first": NOW.date().isoformat(),
        "last": NOW.date().isoformat(),
        "assignment-id": str(uuid4()),
        "unit": list(HERE),
    }
    post(office, f"/inspection/teams/{team.id}/assignments", plan, **days)


def visit(county: County, number: int) -> str:
    """Go through the sheet of a household; return the page of what was seen."""
    address = f"/inspection/households/{household_id(number)}"
    sheet = BeautifulSoup(county.inspector.get(address).text, "html.parser")
    assert "自来水" not in sheet.text  # nothing of what the unit wrote
    assert "裂缝" not in sheet.text
    assert not sheet.select("button[value=rest]")
    answers = {str(each["name"]): "fine" for each in sheet.select("input[type=radio]")}
    if number in MISSED:
        answers["house-safe.is"] = "problem"
    if sheet.find(id="outside") is not None:
        answers["outside"] = "群众反映"
    kept = {
        name: str(sheet.find(attrs={"name": name})["value"]) for name in ("visit-id", "begun", "csrf_token")
    }
    done = county.inspector.post(address, data={**kept, **answers})
    assert done.status_code == 303, text_of(done)
    return str(done.location)


def test_the_second_phase(county: County):
    before = {unit: county.figures(unit) for unit in HERE}
    assert before == {EAST: (4, 4, 0), WEST: (3, 3, 0)}

    # Plan, seal, draw: every household of the two villages is in the sample.
    sent_out(county)
    opened(county.office)
    assert county.units[EAST].get("/inspection/").status_code == 403

    # The visits, and the five problems that the self-check had missed.
    for number in range(40):
        seen = visit(county, number)
        if number in MISSED:
            form = BeautifulSoup(county.inspector.get(seen).text, "html.parser").select_one("form.found")
            kept = {str(each["name"]): str(each["value"]) for each in form.select("input[type=hidden]")}
            chosen = {} if "problem-type" in kept else {"problem-type": "housing"}
            for _ in range(2):  # sent twice, it is one finding
                filed = county.inspector.post(f"{seen}/findings", data={**kept, **chosen, "content": WORDS})
                assert filed.status_code == 303, text_of(filed)
    assert len(county.rows("inspection_finding")) == 5
    assert {unit: county.figures(unit) for unit in HERE} == {EAST: (7, 4, 3), WEST: (5, 3, 2)}

    # The seven issues that were told as rectified, three of them falsely.
    for issue in county.rows("issue"):
        if issue.finding_number is None:
            false = int(issue.householder.removeprefix("赵某")) in FALSE
            check(
                county.inspector, issue, "false" if false else "confirmed", "水龙头没有水。" if false else ""
            )
    findings = county.rows("inspection_finding")
    assert sorted(each.number for each in findings) == list(range(1, 9))
    assert {unit: county.figures(unit) for unit in HERE} == {EAST: (7, 2, 5), WEST: (5, 2, 3)}
    assert sorted(each.rebounds for each in county.rows("issue") if each.rebounds) == [1, 1, 1]

    the_rates_are_right(county)

    what_the_finder_wrote_is_locked(county)
    the_units_answer_and_the_office_decides(county)


def record_of(finding) -> str:
    return f"/records/household-issues/{finding.issue_id}"


def check(inspector: FlaskClient, issue, verdict: str, words: str, expect: int = 303):
    address = f"/inspection/issues/household-issues/{issue.id}"
    kept = {"check-id": str(uuid4()), "begun": NOW.isoformat(), "verdict": verdict, "words": words}
    done = post(inspector, address, **kept)
    assert done.status_code == expect, text_of(done)
    return done


def claim(unit: FlaskClient, finding) -> None:
    typed = {
        "measures": "请人鉴定后加固。",
        "responsible_person": "王某某",
        "responsible_unit": "东河镇",
        "deadline": "2022年8月28日",
    }
    done = answer(unit, finding, "claim", **typed)
    assert done.status_code == 303, text_of(done)


def decide(office: FlaskClient, finding, upheld: str) -> None:
    assert answer(office, finding, "decide", upheld=upheld, decision="看了鉴定报告。").status_code == 303


def answer(client: FlaskClient, finding, what: str, **typed: str):
    page = f"/inspection/findings/{finding.id}"
    return client.post(
        f"{page}/{what}",
        data={
            "csrf_token": token(client, page)
            if "csrf_token" in client.get(page).text
            else token(client, "/password"),
            **typed,
        },
    )


def edited(unit: FlaskClient, record: str, issue, **changed: str):
    page = BeautifulSoup(unit.get(f"{record}/edit").text, "html.parser")
    kept = {
        str(each["name"]): str(each.get("value", ""))
        for each in page.select("form[data-record-form] input[name]")
    }
    kept |= {str(each["name"]): each.text for each in page.select("textarea[name]")}
    for each in page.select("select[name]"):
        chosen = each.select_one("option[selected]")
        kept[str(each["name"])] = str(chosen["value"]) if chosen else ""
    return unit.post(
        f"{record}/edit",
        data={
            **kept,
            "measures": "鉴定。",
            "responsible_person": "王",
            "responsible_unit": "东河镇",
            "deadline": "2022年8月28日",
            **changed,
        },
    )


def the_rates_are_right(county: County) -> None:
    """The table worked out by hand: 3 of 20 and 2 of 20 households, 2 of 4 and 1 of 3 issues."""
    with county.app.extensions["huitoukan"].engine.connect() as connection:
        account = account_store.find_by_name(connection, f"{OFFICE}-office-")
        total, units = self_check_rates.rates(Desk(connection, supervised_campaign(), account, NOW))
    assert {each.unit.code: each.missed for each in units} == {EAST: Rate(3, 20), WEST: Rate(2, 20)}
    assert total.missed == Rate(5, 40)
    assert {each.unit.code: each.false for each in units} == {EAST: Rate(2, 4), WEST: Rate(1, 3)}
    assert total.false == Rate(3, 7)
    assert all(each.false_place is None for each in units)  # the intervals overlap
    shown = text_of(county.office.get("/inspection/rates"))
    assert "42.9% 3/7" in shown


def what_the_finder_wrote_is_locked(county: County) -> None:
    missed = next(each for each in county.rows("issue") if each.finding_number and each.unit_code == EAST)
    assert (missed.source, missed.found_by) == ("supervision", "第一督导组（周某）")
    record, east = f"/records/household-issues/{missed.id}", county.units[EAST]
    assert east.get(f"{record}/withdraw").status_code == 403
    assert "不能改" in text_of(edited(east, record, missed, content="没有问题。"))


def the_units_answer_and_the_office_decides(county: County) -> None:
    east, findings = county.units[EAST], county.rows("inspection_finding")
    assert "督导反馈的问题 5 个等着认领" in text_of(east.get("/reminders/"))

    # The unit claims one and objects to another; the office decides.
    of_east = [each for each in findings if each.unit_code == EAST]
    claimed, objected, cancelled = [each for each in of_east if each.way == "missed"]
    claim(east, claimed)
    for each in (objected, cancelled):
        answer(east, each, "object", objection="已请人鉴定为安全，报告在村部。")
    assert "督导反馈的异议 2 个等着核定" in text_of(county.office.get("/reminders/"))
    decide(county.office, objected, "yes")
    refused = answer(east, objected, "object", objection="再说一次。")
    assert refused.status_code == 422
    claim(east, objected)
    decide(county.office, cancelled, "no")
    assert county.figures(EAST) == (6, 2, 4)

    # Rectified, checked by another one than the finder, closed.
    assert (
        post(
            east,
            f"{record_of(claimed)}/report",
            **{"base-version": "2", "outcome": "已加固。", "rectified_on": "2022-08-20"},
        ).status_code
        == 303
    )
    issue = next(each for each in county.rows("issue") if each.id == claimed.issue_id)
    own = check(county.inspector, issue, "confirmed", "", expect=422)
    assert "请别的人去核实" in text_of(own)
    check(county.other_inspector, issue, "confirmed", "")
    assert post(county.office, f"{record_of(claimed)}/verify", **{"base-version": "3"}).status_code == 303
    assert county.figures(EAST) == (6, 3, 3)
    answer(east, claimed, "alike", **{"looked-at": "12", "found-alike": "1"})
    assert "又排查了 12 户，发现同类问题 1 个" in text_of(
        county.office.get(f"/inspection/findings/{claimed.id}")
    )

    # Nobody sees another's findings.
    other = county.units[WEST]
    assert other.get(f"/inspection/findings/{claimed.id}").status_code == 404
    assert text_of(other.get("/inspection/findings")).count("督导第") == 3
