"""References of issue forms: each page offers the rows that may be named, and takes no other."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checklist.model import Campaign, Field, FieldType, RecordForm
from tests.builders import EAST, EAST_WILLOW, WEST, WEST_BRIDGE
from tests.inspection.conftest import supervised_campaign
from tests.inspection.county import County, answer, quiet_county, sent_out
from tests.inspection.test_spot_photos import send
from tests.registers.test_register_pages import asset
from tests.registers.test_register_pages import file as file_row
from tests.server.conftest import application
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file, page
from tests.server.visiting import HEAD, LIST
from tests.small_registers import campaign_with_registers

__all__ = ["quiet_county"]

ASSET = Field(id="asset", label="资产编号", type=FieldType.REFERENCE, column=False, refers_to="asset")
REFUSED = "“资产编号”写的“2019-9”，在您能看到的资产登记台账里没有"


def referring_campaign() -> Campaign:
    """The supervised county with registers, whose issues name assets."""
    registers = campaign_with_registers()
    campaign = supervised_campaign()
    forms = tuple(
        each.model_copy(update={"fields": (*each.fields, ASSET)})
        if isinstance(each, RecordForm) and each.kind == "issue"
        else each
        for each in campaign.forms
    )
    units = campaign.units.model_copy(update={"groups": registers.units.groups})
    assert campaign.inspection
    plan = campaign.inspection.model_copy(update={"claimed": (*campaign.inspection.claimed, ASSET.id)})
    more = {"forms": forms, "units": units, "registers": registers.registers, "inspection": plan}
    return campaign.model_copy(update=more)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with application(tmp_path, referring_campaign()) as app:
        yield app


def offered(client: FlaskClient, address: str) -> list[str]:
    """The rows in the list of a page."""
    chosen = page(client.get(address)).select_one("select[name$=asset]")
    assert chosen is not None
    assert chosen["data-search"]
    return [str(each["value"]) for each in chosen.select("option") if each["value"]]


def test_pages_of_units_and_of_teams_offer_rows_and_take_no_other(quiet_county: County) -> None:
    east = quiet_county.units[EAST]
    for client, number, village in ((east, 1, EAST_WILLOW), (quiet_county.units[WEST], 2, WEST_BRIDGE)):
        assert file_row(client, "asset", **asset(number, village=village)).status_code == 303
    of_a_filed_issue(east)
    of_a_visit(east)
    sent_out(quiet_county)
    of_a_claim(quiet_county)


def of_a_filed_issue(east: FlaskClient) -> None:
    assert offered(east, HOUSEHOLD) == ["2019-1"]  # not the other township's
    copy = page(east.get(f"{HOUSEHOLD}?copy=1"))  # lies unencrypted in the browser: the number is typed there
    assert copy.select_one("input[name=asset]")
    assert "2019-1" not in copy.text
    typed = {**ISSUE, "people": "3", "source": "self"}
    assert REFUSED in text_of(file(east, HOUSEHOLD, **typed, asset="2019-9"))
    issue = file(east, HOUSEHOLD, **typed, asset="2019-1").location
    assert offered(east, f"{issue}/edit") == ["2019-1"]


def of_a_visit(east: FlaskClient) -> None:
    begun = {"visit-id": str(uuid4()), **HEAD}
    assert offered(east, f"{LIST}new") == ["2019-1"]
    refused = post(east, f"{LIST}new", **begun, asset="2019-9")
    assert (refused.status_code, REFUSED in text_of(refused)) == (422, True)
    sheet = post(east, f"{LIST}new", **begun, asset="2019-1").location
    head = sheet.replace("/fill", "/head")
    refused = post(east, head, **HEAD, **{"base-version": "1"}, asset="2019-9")
    assert (refused.status_code, REFUSED in text_of(refused)) == (422, True)


def of_a_claim(county: County) -> None:
    """What the unit adds when it claims a finding."""
    address, east = f"/inspection/units/{EAST}/findings/new", county.units[EAST]
    typed = {
        "level": "township",
        "problem_type": "income",
        "content": "没有记录。",
        "finding-id": str(uuid4()),
    }
    assert send(county.inspector, address, typed).status_code == 303
    *_, finding = county.rows("inspection_finding")
    there = f"/inspection/findings/{finding.id}"
    assert offered(east, there) == ["2019-1"]
    told = {
        "measures": "补记。",
        "responsible_person": "王某某",
        "responsible_unit": "东河镇",
        "deadline": "2022年8月28日",
    }
    refused = answer(east, finding, "claim", **told, asset="2019-9")
    assert (refused.status_code, REFUSED in text_of(refused)) == (422, True)
    assert answer(east, finding, "claim", **told, asset="2019-1").status_code == 303
    issue = next(each for each in county.rows("issue") if each.form_id == "general-issues")
    assert issue.extra["asset"] == "2019-1"
