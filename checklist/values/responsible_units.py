"""Which units a typed 责任单位 names: a list with the lead first, and the words that are no unit."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from checklist.identity_cache import IdentityCache
from checklist.model import Campaign
from checklist.text_normalisation import fold
from checklist.values.campaign_names import Names

SEPARATOR = "、"
"""Between the units of a text that the program writes."""

LEADS = "（牵头）"
"""Behind the name of the unit that leads."""

_STRONG = re.compile(r"[、,;/|\n。]+")
_WEAK = re.compile(r"以及|和|及|与|\s+")
_EDGES = " 、,;/|。\n\t"
_LEADS = r"(?:牵头|主办|主责)"
_ROLE = r"(?:牵头|主办|主责|责任|配合|协办|协同|负责)"
_WORD = r"(?:责任)?(?:单位|部门)?"
_MARK = re.compile(rf"^(?:整改)?{_ROLE}{_WORD}:|\({_ROLE}[^()]*\)|(?<=.){_ROLE}$|(?<=.)等$")
_LEAD = re.compile(rf"^(?:整改)?{_LEADS}{_WORD}:|\({_LEADS}[^()]*\)|(?<=.){_LEADS}$")
_MOST_SEEN = 20_000


@dataclass(frozen=True)
class NamedUnits:
    """What a text names.

    Attributes:
        codes: of its units, the lead first, each once.
        others: what is no unit of the campaign, as it was written; 各乡镇 is none either.
    """

    codes: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    parts: Mapping[str, str] = field(default_factory=dict)
    """Of ``others``, those whose name begins with a unit's: its stations and offices (丁里镇民政所), with its code.

    They are offered and never decided: the unit is named only where its own name is written.
    """

    @property
    def lead(self) -> str | None:
        """The first unit; None where no unit is named."""
        return self.codes[0] if self.codes else None


class UnitReader:
    """Reads texts of one campaign; ledgers repeat a few of them, so that results are kept."""

    def __init__(self, campaign: Campaign) -> None:
        self._names = Names(campaign)
        self._township_of = {
            village.code: unit.code for unit in campaign.units.townships for village in unit.villages
        }
        self._seen: dict[str, NamedUnits] = {}

    def read(self, text: str | None) -> NamedUnits:
        """The units that a text names, by any of their names; a village stands for its township."""
        if not text:
            return NamedUnits()
        found = self._seen.get(text)
        if found is None:
            found = self._read(text)
            if len(self._seen) < _MOST_SEEN:
                self._seen[text] = found
        return found

    def _read(self, text: str) -> NamedUnits:
        pieces = list(self._pieces(fold(text)))
        leading = [piece for piece in pieces if piece.leads]
        codes = [piece.code for piece in (*leading, *pieces) if piece.code]
        others = tuple(dict.fromkeys(piece.words for piece in pieces if not piece.code))
        parts = {words: code for words in others if (code := self._names.unit_opening(words))}
        named = tuple(dict.fromkeys(codes))
        return NamedUnits(named, others, {words: code for words, code in parts.items() if code not in named})

    def _pieces(self, text: str) -> Iterator["_Piece"]:
        """The parts of a text; one that is a name as a whole is not divided (丁里镇党委、政府)."""
        text = text.strip(_EDGES)
        whole = self._piece(text)
        if whole.code or not whole.words:
            yield from [whole] if whole.code else []
            return
        for separator in (_STRONG, _WEAK):
            parts = [part for part in separator.split(text) if part.strip()]
            if len(parts) > 1:
                divided = [piece for part in parts for piece in self._pieces(part)]
                if separator is _STRONG or any(piece.code for piece in divided):
                    yield from divided
                    return
        yield whole

    def _piece(self, text: str) -> "_Piece":
        words = _MARK.sub("", text).strip(_EDGES)
        return _Piece(words, self._code(words), _LEAD.search(text) is not None)

    def _code(self, words: str) -> str | None:
        if not words:
            return None
        units = self._names.unit(words)
        if len(units) == 1:
            return units[0]
        townships = {self._township_of[code] for code in self._names.village(words)}
        return townships.pop() if len(townships) == 1 and not units else None


@dataclass(frozen=True)
class _Piece:
    words: str
    code: str | None
    leads: bool


def with_picked(campaign: Campaign, text: str, picked: Sequence[str]) -> str:
    """A typed text with the units that were picked beside it; one that is picked as the lead comes first.

    Args:
        campaign: whose units they are.
        text: what was typed; stays letter by letter where it needs no other order.
        picked: names of units, each with ``LEADS`` behind it where it leads.
    """
    read = unit_reader(campaign).read
    for words in picked:
        [*codes] = read(words).codes
        named = read(text)
        if len(codes) != 1 or codes[0] == named.lead:
            continue
        name = campaign.unit_by_code[codes[0]].name
        if words.endswith(LEADS):
            others = [campaign.unit_by_code[code].name for code in named.codes if code not in codes]
            text = SEPARATOR.join([name, *others, *named.others])
        elif codes[0] not in named.codes:
            text = SEPARATOR.join(filter(None, [text.strip(_EDGES + "，；"), name]))
    return text


_READERS: IdentityCache[UnitReader] = IdentityCache(4)


def unit_reader(campaign: Campaign) -> UnitReader:
    """The reader of a campaign, made once: its look-ups take longer to build than a text takes to read."""
    return _READERS.get(lambda: UnitReader(campaign), (campaign,))


def lead_names(campaign: Campaign) -> Callable[[str], str]:
    """A function from a text to the display name of its lead; empty where it names no unit."""
    return partial(_lead_name, campaign)


def _lead_name(campaign: Campaign, text: str) -> str:
    lead = unit_reader(campaign).read(text).lead
    return campaign.unit_by_code[lead].name if lead else ""
