"""Look-up of a unit by its code or any of its names, for command line and account pages."""

from checklist.messages import say
from checklist.model import Campaign, Unit
from checklist.values.campaign_names import Names


class NoSuchUnit(LookupError):
    """No filing unit of that name; the message is a sentence for users."""


def find_unit(campaign: Campaign, typed: str) -> Unit | None:
    """Return the one unit of that code or name, in any spelling that workbooks accept; None if there is none."""
    found = Names(campaign).unit(typed)
    return campaign.unit_by_code[found[0]] if len(found) == 1 else None


def find_filing_unit(campaign: Campaign, typed: str) -> Unit:
    """Return the township or county unit of that code or name.

    Raises:
        NoSuchUnit: there is none, or it files nothing.
    """
    unit = find_unit(campaign, typed)
    if unit is None or unit not in campaign.filing_units:
        known = [unit.name for unit in campaign.filing_units[:3]]
        raise NoSuchUnit(say("unit-unknown", typed=typed, known=known))
    return unit
