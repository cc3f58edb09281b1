"""The query's answer as plain lines of one campaign, before anything is shaped from them."""

from collections.abc import Iterable, Sequence, Sized

from build_scripts.counting.count_query import KEYS, BadSource, Line
from build_scripts.counting.counties import county_code
from checklist.messages import say
from checklist.model import Campaign


def own_lines(answer: Sequence[Line], campaign: Campaign) -> list[Line]:
    """The campaign's lines; where a file lacks a unit or a problem type, the key is empty.

    Raises:
        BadSource: there are records, but all of them are of other campaigns.
    """
    own = [line for line in answer if line[0] == campaign.id]
    require_any(own, (str(line[0]) for line in answer), campaign)
    figures = len(KEYS)
    return [
        (*(str(key or "") for key in line[:figures]), *(int(figure) for figure in line[figures:]))
        for line in own
    ]


def require_any(own: Sized, named: Iterable[str], campaign: Campaign) -> None:
    """Refuse an answer that has lines, but none of the campaign's own.

    Raises:
        BadSource: with the campaigns that are named.
    """
    if not len(own) and (others := sorted(set(named))):
        raise BadSource(say("summary-other-campaign", campaign=campaign.id, found=others))


def within_county(lines: Sequence[Line], campaign: Campaign) -> list[Line]:
    """The same with the county's own units called as ``units.yml`` does: an export has put the county before them."""
    own = f"{county_code(campaign)}/"
    return [(line[0], str(line[1] or "").removeprefix(own), *line[2:]) for line in lines]
