"""No account bears a person's number."""

from checklist.model import Campaign
from forms_server.accounts.account_check import check_account
from tests.builders import EAST, small_campaign


def test_no_name_of_an_account_holds_a_persons_number() -> None:
    campaign: Campaign = small_campaign()
    faults = check_account(
        campaign, name="13900001111", unit=EAST, role="reporter", display_name="张某 11010519491231002X"
    )
    assert isinstance(faults, dict)
    assert set(faults) == {"name", "display_name"}
    assert not any("1390000" in fault or "110105" in fault for fault in faults.values())
