"""Short names of villages, for lists where the township is plain."""

from collections import Counter
from collections.abc import Mapping

from checklist.identity_cache import IdentityCache
from checklist.model import Campaign
from checklist.reading.names import short_village

_NAMES: IdentityCache[Mapping[str, str]] = IdentityCache(4)


def village_names(campaign: Campaign) -> Mapping[str, str]:
    """Each village's name as people say it, by code; the whole name where two of a township would be alike."""
    return _NAMES.get(lambda: _short(campaign), (campaign,))


def _short(campaign: Campaign) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for unit in campaign.units.townships:
        short = {each.code: short_village(each.name, campaign.reading.names) for each in unit.villages}
        alike = Counter(short.values())
        found |= {
            each.code: short[each.code] if alike[short[each.code]] == 1 else each.name
            for each in unit.villages
        }
    return found
