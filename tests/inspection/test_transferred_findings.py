"""A finding whose issue is transferred is the new unit's to claim, and comes back when that one refuses."""

from datetime import date, timedelta

import pytest

from forms_server.access import Role
from tests.builders import EAST, EAST_WILLOW, WATER, WEST
from tests.inspection.county import County, answer, later, quiet_county, record_of, sent_out
from tests.inspection.test_draws import opened
from tests.inspection.test_letters import LETTERS, sent
from tests.inspection.test_spot_photos import send, sheet_of
from tests.server.conftest import NOW, SignedIn
from tests.server.pages import post, text_of

__all__ = ["quiet_county"]

FINDINGS = "/inspection/findings"
CLAIM = {"measures": "请人鉴定。", "responsible_person": "孙某", "deadline": "2022年8月30日"}


@pytest.fixture
def county(quiet_county: County, signed_in: SignedIn) -> County:
    """The team is there, and the county unit has an account."""
    sent_out(quiet_county)
    opened(quiet_county.office)
    quiet_county.units[WATER] = signed_in(WATER, Role.REPORTER)
    return quiet_county


def found(county: County, number: int):
    assert send(county.inspector, *sheet_of(county, number)).status_code == 303
    return county.rows("inspection_finding")[-1]


def moved(client, finding, move: str, version: int, **typed: str) -> None:
    done = post(client, f"{record_of(finding)}/{move}", **{"base-version": str(version), **typed})
    assert done.status_code == 303, text_of(done)


def reminded(client, words: str) -> bool:
    return words in text_of(client.get("/reminders/"))


def test_the_unit_to_which_it_was_transferred_claims_it(county: County, signed_in: SignedIn):
    finding = found(county, 0)
    page, one = f"{FINDINGS}/{finding.id}", "督导反馈的问题 1 个等着认领"
    assert county.units[WATER].get(page).status_code == 404
    assert reminded(county.units[EAST], one)

    later(county, signed_in, NOW + timedelta(days=2))
    moved(county.office, finding, "transfer", 1, handed_to="县水利局", reason="是管网的事。")
    east, water = county.units[EAST], county.units[WATER]
    assert county.rows("inspection_finding")[-1].claim_due == date(2022, 8, 25), "as many days as others have"
    assert "已转给县水利局，由它答复" in text_of(east.get(page))
    assert "认领并整改" not in text_of(east.get(page))
    assert "认领并整改" in text_of(water.get(page))
    assert [reminded(each, one) for each in (east, water)] == [False, True]
    assert answer(east, finding, "claim", **CLAIM, responsible_unit="县水利局").status_code == 403
    assert answer(east, finding, "object", objection="不归我们。").status_code == 403
    assert county.units[WEST].get(page).status_code == 404
    bound = signed_in(EAST, Role.REPORTER, EAST_WILLOW)
    assert answer(bound, finding, "claim", **CLAIM, responsible_unit="县水利局").status_code == 403

    # What is late is pressed for where it is, and the register of what was handed over says so, too.
    later(county, signed_in, NOW + timedelta(days=6))
    east, water = county.units[EAST], county.units[WATER]
    letters = text_of(county.office.get(LETTERS))
    assert "县水利局：过期未认领" in letters
    assert "东河镇：过期未认领" not in letters
    assert sent(county, unit=EAST)[0] == LETTERS
    urging, _ = sent(county, unit=WATER)
    sent(county)
    assert county.rows("letter")[-1].facts["过期未认领"] == "县水利局（1个）"
    of_units = {each["单位"]: each["未认领"] for each in county.rows("letter")[-1].facts["各单位"]}
    assert (of_units.get("东河镇"), of_units.get("县水利局")) == (0, 1), "nobody looked at anything there"

    # It claims, as the one that leads, and no longer refuses then.
    wrong = answer(water, finding, "claim", **CLAIM, responsible_unit="东河镇")
    assert (wrong.status_code, "责任单位先写县水利局" in text_of(wrong)) == (422, True)
    done = answer(water, finding, "claim", **CLAIM, responsible_unit="县水利局")
    assert done.status_code == 303, text_of(done)
    assert county.rows("inspection_finding")[-1].state == "claimed"
    assert water.get(f"{record_of(finding)}/turn-back").status_code in {403, 409}
    assert county.figures(EAST) == (1, 0, 1), "the unit that filed it counts it"
    report = {"outcome": "已接通。", "rectified_on": "2022-08-26"}
    moved(water, finding, "report", 4, **report)
    assert "已转给县水利局" in text_of(east.get(FINDINGS))
    assert "看到的问题" not in text_of(east.get(urging))


def test_refused_it_is_the_former_ones_again(county: County, signed_in: SignedIn):
    finding = found(county, 0)
    page = f"{FINDINGS}/{finding.id}"
    moved(county.units[EAST], finding, "transfer", 1, handed_to="县水利局", reason="是管网的事。")
    later(county, signed_in, NOW + timedelta(days=5))
    urging, _ = sent(county, unit=WATER)
    moved(county.units[WATER], finding, "turn-back", 2, answer="是户内水管。")
    east, water = county.units[EAST], county.units[WATER]
    assert water.get(page).status_code == 404
    assert finding.content in text_of(water.get(urging)), "a letter says the same ever after"
    assert "2022年8月28日前认领" in text_of(east.get(page))
    done = answer(east, finding, "claim", **CLAIM, responsible_unit="东河镇")
    assert done.status_code == 303, text_of(done)
