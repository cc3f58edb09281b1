"""Spellings of names, and the normalised keys under which they are looked up."""

import re
from collections.abc import Iterable

from checklist.chinese_numerals import UP_TO_99
from checklist.model.reading import NameWords
from checklist.reading.affixes import longest_first, without_endings, without_openings
from checklist.text_normalisation import compact

_QUOTES = re.compile("[“”\"'‘’「」『』《》]")
_NOTE = re.compile(r"\(([^()]*)\)")
_NUMBERING = re.compile(rf"(?:[(][{UP_TO_99}\d]{{1,3}}[)][、.]?|[{UP_TO_99}\d]{{1,3}}[、.)])(?=.)", re.ASCII)

_COPY = re.compile(r"(?<=.)\(\d{1,2}\)$", re.ASCII)


def key(text: str, words: NameWords) -> str:
    """Normalise a name for comparison: folded, without blanks, quotes and empty notes, variant characters unified."""
    plain = _QUOTES.sub("", compact(text))
    for variants in words.variants:
        plain = plain.translate(dict.fromkeys(map(ord, variants[1:]), variants[0]))
    return _NOTE.sub(lambda found: "" if found.group(1) in words.notes else found.group(), plain).upper()


def village_spellings(name: str, words: NameWords) -> set[str]:
    """Return the keys of a village's name: 瓦房村委会 is also 瓦房村, 瓦房行政村 and 瓦房.

    Communities and villages do not share spellings, since both may exist under one name.
    """
    full = key(name, words)
    for endings in (words.communities, words.villages):
        core = _core(full, endings)
        if core != full:
            # 姬村村委会 is also written 姬村委会.
            cores = {core, core[:-1]} if any(core[1:].endswith(ending) for ending in endings) else {core}
            # 河头 is 河头村, and that is 河头村村委会.
            doubled = {min(endings, key=len) + ending for ending in endings}
            return (
                {full}
                | {stem for stem in cores if len(stem) > 1 or stem == core}
                | {stem + ending for stem in cores for ending in {*endings, *doubled}}
            )
    return {full}


def short_village(name: str, words: NameWords) -> str:
    """Return a village's name as people say it: 姬村村委会 is 姬村, 岱湖社区居民委员会 is 岱湖社区."""
    for endings in (words.communities, words.villages):
        core = _core(name, endings)
        if core != name:
            shortest = min(endings, key=len)
            return core if core.endswith(shortest) else core + shortest
    return name


def township_spellings(name: str, words: NameWords) -> set[str]:
    """Return the keys of a township's name: 丁里镇 is also 丁里 and 丁里镇人民政府."""
    full = _core_of_county(key(name, words), words)
    core = _core(full, words.townships)
    return {full, core} | {core + ending for ending in words.townships}


def place_key(text: str, words: NameWords) -> str:
    """Return the key of a typed township or village, without the county's prefix."""
    return _core_of_county(key(text, words), words)


def choice_key(text: str, words: NameWords) -> str:
    """Return the key of a choice: without numbering (一、), prefixes (其中：) and suffixes (方面)."""
    plain = without_numbering(key(text, words))
    core = without_endings(without_openings(plain, words.openings), words.endings)
    return core or plain


def without_numbering(plain: str) -> str:
    """Strip a leading number or a trailing one in brackets: (1)河头村, and 河头村(2) of a copied sheet."""
    numbering = _NUMBERING.match(plain)
    return _COPY.sub("", plain[numbering.end() :] if numbering else plain)


def _core(name: str, endings: Iterable[str]) -> str:
    """Strip the longest suffix that leaves something."""
    ending = next((word for word in longest_first(endings) if name.endswith(word) and name != word), "")
    return name.removesuffix(ending)


def _core_of_county(name: str, words: NameWords) -> str:
    county = next(
        (word for word in longest_first(words.counties) if name.startswith(word) and name != word), ""
    )
    return name.removeprefix(county)
