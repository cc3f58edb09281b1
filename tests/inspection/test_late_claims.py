"""A finding whose issue was closed meanwhile: claiming it is refused in words."""

from forms_server.access import Role
from tests.inspection.county import County, answer, county, record_of, sent_out
from tests.inspection.test_draws import opened
from tests.inspection.test_spot_photos import send, sheet_of
from tests.server.conftest import SignedIn
from tests.server.pages import post, text_of

__all__ = ["county"]

CLAIM = {
    "measures": "请人鉴定后加固。",
    "responsible_person": "王某某",
    "responsible_unit": "东河镇",
    "deadline": "2022年8月28日",
}


def test_a_finding_whose_issue_is_closed_is_not_claimed(county: County, signed_in: SignedIn) -> None:
    sent_out(county)
    opened(county.office)
    assert send(county.inspector, *sheet_of(county, 3)).status_code == 303
    finding = county.rows("inspection_finding")[0]
    unit, record = signed_in(finding.unit_code, Role.REPORTER), record_of(finding)
    version = {"base-version": "1", "outcome": "已加固。", "rectified_on": "2022-08-19"}
    assert post(unit, f"{record}/report", **version).status_code == 303
    assert post(county.office, f"{record}/verify", **{"base-version": "2"}).status_code == 303
    refused = answer(unit, finding, "claim", **CLAIM)
    assert refused.status_code == 422
    assert "已销号" in text_of(refused)
    assert county.rows("inspection_finding")[0].state == "open"
