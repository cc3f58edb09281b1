"""Look-up of a campaign's names in any spelling: townships, villages, problem types, choices."""

import re
from collections.abc import Callable, Iterable
from functools import cached_property

from checklist.model import Campaign, Choice, Unit
from checklist.model.reading import NameWords
from checklist.reading.affixes import longest_first
from checklist.reading.name_index import NameIndex
from checklist.reading.names import (
    choice_key,
    place_key,
    township_spellings,
    village_spellings,
    without_numbering,
)
from checklist.text_normalisation import compact, fold

_BETWEEN_CHOICES = re.compile("[、/,;和及]")
_SHORTEST_PART = 2
"""Characters of a unit's part behind its name: 站, 所 alone are no name."""
_BETWEEN_HEADINGS = re.compile("[-—–―/:()]+")


class Names:
    """Lazily built, cached look-ups.

    Every look-up takes cleaned input and returns the ids that it may mean: none, one, or several if ambiguous. The
    ``near_`` ones return similar names, only for suggestions in messages.
    """

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign
        self._words = campaign.reading.names
        self._villages: dict[str, NameIndex] = {}
        self._choices: dict[int, tuple[tuple[Choice, ...], NameIndex]] = {}

    def township(self, typed: str) -> tuple[str, ...]:
        """Return codes of townships."""
        return self._townships.find(place_key(typed, self._words))

    def near_township(self, typed: str) -> tuple[str, ...]:
        """Return codes of townships with a similar name."""
        return self._townships.near(place_key(typed, self._words))

    def unit(self, typed: str) -> tuple[str, ...]:
        """Return codes of units of every kind, also by code."""
        return self._units.find(place_key(typed, self._words))

    def unit_opening(self, typed: str) -> str | None:
        """Return the code of the unit whose name opens a longer one: 丁里镇民政所, 县住建局村镇股; the longest wins."""
        key = place_key(typed, self._words)
        opening = next((name for name in self._openings if key.startswith(name)), "")
        return self._openings[opening] if opening and len(key) - len(opening) >= _SHORTEST_PART else None

    def units_in(self, text: str) -> tuple[str, ...]:
        """Return codes of the filing units whose names stand in a text, such as a title or a file's name."""
        rest, found = compact(fold(text)), dict[str, None]()
        for name, code in self._openings.items():
            if len(name) >= _SHORTEST_PART and name in rest:
                found[code] = None
                rest = rest.replace(name, "\n")  # 丁里 in 丁里镇 is no second name
        return tuple(found)

    def village(self, typed: str, township: Unit | None = None) -> tuple[str, ...]:
        """Return codes of villages in one township or the whole county; 丁里镇张庄村 works in both."""
        key = place_key(typed, self._words)
        return self._village(key, township) or self._village(without_numbering(key), township)

    def _village(self, key: str, township: Unit | None) -> tuple[str, ...]:
        return self._villages_of(township).find(key) or tuple(self._with_township(key, township))

    def near_village(self, typed: str, township: Unit | None = None) -> tuple[str, ...]:
        """Return codes of villages with a similar name; a township's name before it is ignored."""
        key = place_key(typed, self._words)
        parts = (key.removeprefix(name) for name, _ in self._township_openings if key.startswith(name))
        village = next(parts, "")
        return self._villages_of(township).near(village if len(village) > 1 else key)

    def problem_type(self, typed: str) -> tuple[str, ...]:
        """Return ids of problem types; the name of an area means each of its problem types."""
        return self._choice(typed, self._problem_types)

    def near_problem_type(self, typed: str) -> tuple[str, ...]:
        """Return ids of problem types with a similar name."""
        return self._problem_types.near(choice_key(typed, self._words), alone=True)

    def choice(self, typed: str, choices: tuple[Choice, ...]) -> tuple[str, ...]:
        """Return ids of choices."""
        return self._choice(typed, self._index_of(choices))

    def near_choice(self, typed: str, choices: tuple[Choice, ...]) -> tuple[str, ...]:
        """Return ids of choices with a similar name."""
        return self._index_of(choices).near(choice_key(typed, self._words), alone=True)

    def _choice(self, typed: str, index: NameIndex) -> tuple[str, ...]:
        """Look up a text; if its parts mean different things (脱贫户、边缘户), return all of them."""
        found = index.find(choice_key(typed, self._words))
        if found:
            return found
        narrowed = self._narrowed(typed, index)
        if narrowed:
            return narrowed
        parts = _BETWEEN_CHOICES.split(choice_key(typed, self._words))
        ids = {entry: None for part in parts for entry in index.find(choice_key(part, self._words))}
        return tuple(ids) if len(ids) > 1 else ()

    def _narrowed(self, typed: str, index: NameIndex) -> tuple[str, ...]:
        """The one thing that all parts may mean, where one is a heading of the other: 三保障-住房安全."""
        parts = [part for part in _BETWEEN_HEADINGS.split(fold(typed)) if part.strip()]
        if len(parts) < 2:
            return ()
        meant = [set(index.find(choice_key(part, self._words))) for part in parts]
        common = set.intersection(*meant)
        return tuple(common) if len(common) == 1 else ()

    @cached_property
    def _townships(self) -> NameIndex:
        return NameIndex(
            (unit.code, _township_keys(unit, self._words)) for unit in self._campaign.units.townships
        )

    @cached_property
    def _units(self) -> NameIndex:
        townships = set(self._campaign.units.townships)
        return NameIndex(
            (code, {place_key(code, self._words)} | keys_of(unit, self._words))
            for code, unit in self._campaign.unit_by_code.items()
            for keys_of in (_township_keys if unit in townships else _unit_keys,)
        )

    @cached_property
    def _openings(self) -> dict[str, str]:
        """Every spelling of every filing unit's name with its code, the longest first."""
        townships = set(self._campaign.units.townships)
        codes = {
            key: unit.code
            for unit in self._campaign.filing_units
            for key in (_township_keys if unit in townships else _unit_keys)(unit, self._words)
        }
        return {key: codes[key] for key in longest_first(codes)}

    @cached_property
    def _township_openings(self) -> list[tuple[str, Unit]]:
        """Every spelling of every township's name, the longest first."""
        units = {
            key: unit for unit in self._campaign.units.townships for key in _township_keys(unit, self._words)
        }
        return [(key, units[key]) for key in longest_first(units)]

    @cached_property
    def _problem_types(self) -> NameIndex:
        return NameIndex(
            (
                kind.id,
                _keys(
                    (kind.name, kind.annex_name, *kind.aliases, *kind.may_mean, area.name),
                    self._words,
                    _choice_keys,
                ),
            )
            for area in self._campaign.areas
            for kind in area.problem_types
        )

    def _villages_of(self, township: Unit | None) -> NameIndex:
        """Return the index of one township's villages, or of all villages."""
        code = township.code if township else ""
        if code not in self._villages:
            townships = (township,) if township else self._campaign.units.townships
            self._villages[code] = NameIndex(
                (village.code, _keys((village.name, *village.aliases), self._words, village_spellings))
                for unit in townships
                for village in unit.villages
            )
        return self._villages[code]

    def _with_township(self, key: str, township: Unit | None) -> Iterable[str]:
        """Look up villages with the township's name before the village's."""
        for opening, unit in self._township_openings:
            if key.startswith(opening) and (township is None or unit.code == township.code):
                found = self._villages_of(unit).find(key.removeprefix(opening))
                if found:
                    return found
        return ()

    def _index_of(self, choices: tuple[Choice, ...]) -> NameIndex:
        # Keyed by identity, since hashing a model hashes all of its content; the tuple is kept with its index
        # so that its id is not reused.
        if id(choices) not in self._choices:
            index = NameIndex(
                (
                    choice.id,
                    _keys((choice.label, *choice.aliases, *choice.may_mean), self._words, _choice_keys),
                )
                for choice in choices
            )
            self._choices[id(choices)] = (choices, index)
        return self._choices[id(choices)][1]


def _keys(
    names: Iterable[str], words: NameWords, spellings: Callable[[str, NameWords], set[str]]
) -> set[str]:
    """Return the keys of all names of one thing."""
    return {spelling for name in names if name for spelling in spellings(name, words)}


def _choice_keys(name: str, words: NameWords) -> set[str]:
    return {choice_key(name, words)}


def _unit_keys(unit: Unit, words: NameWords) -> set[str]:
    return _keys(
        (unit.name, unit.full_name, *unit.aliases), words, lambda name, words: {place_key(name, words)}
    )


def _township_keys(unit: Unit, words: NameWords) -> set[str]:
    return _keys((unit.name, unit.full_name, *unit.aliases), words, township_spellings)
