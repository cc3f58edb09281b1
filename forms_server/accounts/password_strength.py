"""Whether a chosen password can be guessed: by its length, and by the parts that it is made of."""

from collections.abc import Iterable
from functools import lru_cache

from checklist.model import Campaign
from checklist.reading.affixes import without_endings
from forms_server.accounts.password_parts import (
    Part,
    PartKind,
    character_bits,
    common_words,
    guessable_parts,
    plain,
)

MIN_LENGTH = 10
MAX_LENGTH = 128
"""Longer ones only cost time to hash."""

ENOUGH_BITS = 28.0
"""Some 270 million guesses by somebody who knows the county; signing in allows a few hundred a day."""

_TELLING = (
    PartKind.OWN, PartKind.PHONE, PartKind.IDENTITY, PartKind.PLACE, PartKind.PERSON, PartKind.COMMON,
    PartKind.SHAPE, PartKind.DATE, PartKind.REPEAT, PartKind.NUMBER, PartKind.SYLLABLE,
)  # fmt: skip
"""The kinds that a refusal names, the most telling first."""


def weakness(password: str, names: Iterable[str] = (), campaign: Campaign | None = None) -> str | None:
    """Why a chosen password is too weak, as a sentence; None where it will do.

    Args:
        password: what was chosen.
        names: the account's and its unit's names and codes, which others guess first.
        campaign: its county, units and villages are guessed next, in pinyin too.
    """
    if not MIN_LENGTH <= len(plain(password)) <= MAX_LENGTH:
        return f"密码应为 {MIN_LENGTH} 到 {MAX_LENGTH} 个字符，请重新设置"
    parts = cheapest_parts(password, names, campaign)
    if sum(part.bits for part in parts) >= ENOUGH_BITS:
        return None
    kinds = {part.kind for part in parts}
    if PartKind.OWN in kinds:
        return "密码不能用账号名或单位名，请换一个"
    if PartKind.COMMON in kinds:
        return "这是常见的密码，容易被猜到，请换一个"
    named = "、".join([kind.value for kind in _TELLING if kind in kinds][:2])
    return f"密码主要由{named or '很少几种字符'}组成，容易被猜到，请换一个：可以把几个不相干的词连起来"


def cheapest_parts(password: str, names: Iterable[str], campaign: Campaign | None) -> list[Part]:
    """Divide a password into parts so that it is guessed with the fewest tries."""
    text = plain(password)
    words = dict.fromkeys(common_words(), PartKind.COMMON)
    if campaign:
        words |= dict.fromkeys(_places(*_names_of(campaign)), PartKind.PLACE)
    words |= dict.fromkeys(_spellings(tuple(name for name in names if name)), PartKind.OWN)
    ending: dict[int, list[Part]] = {}
    for part in guessable_parts(text, words):
        ending.setdefault(part.end, []).append(part)
    typed = (
        password if len(password) == len(text) else text
    )  # capitals count where nothing else was normalized
    best: list[tuple[float, list[Part]]] = [(0.0, [])]
    for end in range(1, len(text) + 1):
        bits, kind = character_bits(typed, end - 1)
        options = [*ending.get(end, ()), Part(end - 1, end, bits, kind)]
        cost, part = min(
            ((best[each.start][0] + each.bits, each) for each in options), key=lambda pair: pair[0]
        )
        best.append((cost, [*best[part.start][1], part]))
    return best[-1][1]


def _names_of(campaign: Campaign) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The campaign's own names, those of units, and those of villages."""
    notice, names = campaign.notice, campaign.reading.names
    own = (notice.county, notice.city, notice.province, notice.short_name, notice.name, notice.id)
    units = [
        name
        for unit in campaign.unit_by_code.values()
        for name in (unit.name, unit.full_name, *unit.aliases, unit.code)
    ]
    villages = {
        name
        for village in campaign.village_by_code.values()
        for each in (village.name, *village.aliases)
        for name in (each, without_endings(each, (*names.villages, *names.communities)))
    }
    return own, tuple(units), tuple(sorted(villages))


@lru_cache(maxsize=4)
def _places(own: tuple[str, ...], units: tuple[str, ...], villages: tuple[str, ...]) -> frozenset[str]:
    return _spellings((*own, *units)) | _spellings(villages, initials=False)


_SUFFIXES = ("省", "市", "县", "区", "镇", "乡", "街道", "村", "局", "委", "社区")


@lru_cache(maxsize=64)
def _spellings(names: tuple[str, ...], initials: bool = True) -> frozenset[str]:
    """The names, with and without what all of their kind end in, also in pinyin and as its first letters."""
    from pypinyin import lazy_pinyin  # here: its dictionary is large, and most requests ask for no password

    spelt: set[str] = set()
    for name in {each for each in map(plain, names) if each}:
        for form in {name, *(name.removesuffix(suffix) for suffix in _SUFFIXES), name.removeprefix("县")}:
            if len(form) < 2:
                continue
            spelt.add(form)
            syllables = lazy_pinyin(form)
            if len(syllables) > 1:
                spelt.add("".join(syllables))
                if initials:
                    spelt.add("".join(each[0] for each in syllables))
    tight = {each.replace(" ", "") for each in spelt}
    backwards = {each[::-1] for each in tight if len(each) > 4}
    return frozenset(each for each in tight | backwards if len(each) > 1)
