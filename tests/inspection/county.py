"""The county that is supervised: forty households, seven issues told as rectified, a team, and what people do."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from forms_server.access import Role
from forms_server.clock import Clock
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.returns.return_figures import unit_rows
from tests.builders import EAST, EAST_WILLOW, OFFICE, WEST, WEST_BRIDGE
from tests.inspection.conftest import supervised_campaign
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


def _with_households(app: Flask, office: FlaskClient, signed_in: SignedIn) -> County:
    """Twenty households in a village of each township."""
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
    return County(
        app, office, signed_in(OFFICE, Role.INSPECTOR, name="周某"), signed_in(OFFICE, Role.INSPECTOR, name="吴某"),
        {unit: signed_in(unit, Role.REPORTER) for unit in HERE},
    )  # fmt: skip


@pytest.fixture
def quiet_county(app: Flask, office: FlaskClient, signed_in: SignedIn) -> County:
    """Twenty households in a village of each township, of which nothing was reported."""
    return _with_households(app, office, signed_in)


@pytest.fixture
def county(app: Flask, office: FlaskClient, signed_in: SignedIn) -> County:
    """The same, and seven issues that were reported rectified."""
    made = _with_households(app, office, signed_in)
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
        filed = file(unit, HOUSEHOLD, str(UUID(int=9100 + number)), **typed)  # a draw goes by ids
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


def later(county: County, signed_in: SignedIn, moment: datetime) -> None:
    """At that moment: the office and the units sign in anew."""
    object.__setattr__(county.app.extensions["huitoukan"], "clock", Clock(moment))
    county.office = signed_in(OFFICE, Role.OFFICE)
    county.units = {unit: signed_in(unit, Role.REPORTER) for unit in county.units}


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
    opened = (
        county.inspector.get if number < 2 else partial(FlaskClient.open, county.inspector, buffered=True)
    )
    sheet = BeautifulSoup(opened(address).text, "html.parser")  # two of forty pages are checked as HTML
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
    """Send one of a finding's forms with what is hidden in it; without the form, with the token only."""
    page = f"/inspection/findings/{finding.id}"
    form = BeautifulSoup(client.get(page).text, "html.parser").select_one(f"form[action$='/{what}']")
    hidden = form.select("input[type=hidden]") if form else []
    kept = {str(each["name"]): str(each["value"]) for each in hidden} or {
        "csrf_token": token(client, "/password"),
        "base-version": "1",
    }
    return client.post(f"{page}/{what}", data={**kept, **typed})


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
