"""The unit that somebody names, on the command line or on an account's page: by its code or any of its names."""

from checklist.messages import say
from checklist.model import Campaign, Unit
from checklist.values.campaign_names import Names


class NoSuchUnit(LookupError):
    """No unit of that name files; the message is a sentence for people."""


def find_unit(campaign: Campaign, typed: str) -> Unit | None:
    """The one unit of that code or name, in any spelling that workbooks are read with; None where there is none."""
    found = Names(campaign).unit(typed)
    return campaign.unit_by_code[found[0]] if len(found) == 1 else None


def find_filing_unit(campaign: Campaign, typed: str) -> Unit:
    """The township or county unit of that code or name.

    Raises:
        NoSuchUnit: there is none, or it files nothing.
    """
    unit = find_unit(campaign, typed)
    if unit is None or unit not in campaign.filing_units:
        known = [unit.name for unit in campaign.filing_units[:3]]
        raise NoSuchUnit(say("unit-unknown", typed=typed, known=known))
    return unit
