"""The query's result rows of one campaign."""

from collections.abc import Iterable, Sequence, Sized

from build_scripts.counting.count_query import KEYS, BadSource, Line
from build_scripts.counting.regions import county_code
from checklist.messages import say
from checklist.model import Campaign


def own_lines(answer: Sequence[Line], campaign: Campaign) -> list[Line]:
    """Return the campaign's rows; a missing unit or problem type becomes an empty key.

    Raises:
        BadSource: all records belong to other campaigns.
    """
    own = [line for line in answer if line[0] == campaign.id]
    require_any(own, (str(line[0]) for line in answer), campaign)
    figures = len(KEYS)
    return [
        (*(str(key or "") for key in line[:figures]), *(int(figure) for figure in line[figures:]))
        for line in own
    ]


def require_any(own: Sized, named: Iterable[str], campaign: Campaign) -> None:
    """Raise if a non-empty result has no rows of the campaign.

    Raises:
        BadSource: names the campaigns found.
    """
    if not len(own) and (others := sorted(set(named))):
        raise BadSource(say("summary-other-campaign", campaign=campaign.id, found=others))


def within_county(lines: Sequence[Line], campaign: Campaign) -> list[Line]:
    """Strip the county's prefix, which exports add, from its own unit codes."""
    own = f"{county_code(campaign)}/"
    return [(line[0], str(line[1] or "").removeprefix(own), *line[2:]) for line in lines]
