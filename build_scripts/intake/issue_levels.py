"""Levels of general issues, written together with their place: 村级层面（丁里镇张庄村）."""

import re
from collections.abc import Iterator

from checklist.messages import say
from checklist.model import Choice, FieldType, RecordForm
from checklist.problems import Problem
from checklist.text_normalisation import fold
from checklist.values.judge import Context

_PARTS = re.compile(r"([^(:\-—\s]+)[\s(:\-—]+(.*?)\)?")
_GAP = re.compile(r"[xX×某_]{2,}")
"""The blank form's placeholder for a name: xx乡镇."""


class LevelReader:
    """Splitter of cells that hold level and place, for a form whose levels require places."""

    def __init__(self, form: RecordForm, context: Context) -> None:
        self._context = context
        self._level = next(
            (field for field in form.fields if any(choice.place for choice in field.choices)), None
        )
        self._asking: dict[FieldType, tuple[str, frozenset[str]]] = {
            field.type: (field.id, frozenset(field.when.among))
            for field in form.fields
            if self._level and field.when and field.when.field == self._level.id
        }

    def split(self, raw: dict[str, str]) -> list[Problem]:
        """Move level and place to their fields in ``raw``; return warnings on places that no field records."""
        if not self._level or not raw.get(self._level.id):
            return []
        typed = raw[self._level.id]
        words, place = _parts(typed)
        found = self._context.names.choice(words, self._level.choices)
        if not found:
            self._take_bare_place(self._level.id, typed, raw)
            return []
        raw[self._level.id] = words
        choice = next(choice for choice in self._level.choices if choice.id == found[0])
        if _is_gap(place):
            return list(self._left_as_printed(choice, typed))
        return list(self._put_place(choice, place, typed, raw)) if place else []

    def _put_place(self, choice: Choice, place: str, typed: str, raw: dict[str, str]) -> Iterator[Problem]:
        """Move the place to the field that the level requires; a unit's own name needs no field."""
        assert self._level
        for kind in (FieldType.VILLAGE, FieldType.TOWNSHIP):
            field_id, levels = self._asking.get(kind, ("", frozenset()))
            if choice.id in levels:
                raw[field_id] = raw.get(field_id) or place
                return
        if self._context.unit.code not in self._context.names.unit(place):
            message = say("level-place", label=self._level.label, typed=typed, place=place)
            yield Problem(self._level.id, "level-place", message, warning=True)

    def _left_as_printed(self, choice: Choice, typed: str) -> Iterator[Problem]:
        """Warn of a level whose placeholder was not filled in.

        The place of a level that requires one is validated later; other levels belong to the filing unit. Townships
        have none of these, and may have used a row that is printed for county units.
        """
        asks = any(choice.id in levels for _, levels in self._asking.values())
        if self._level and self._context.township and not asks:
            message = say("level-gap", label=self._level.label, typed=typed)
            yield Problem(self._level.id, "level-gap", message, warning=True)

    def _take_bare_place(self, level: str, typed: str, raw: dict[str, str]) -> None:
        """Infer the level from a place without one."""
        names, township = self._context.names, self._context.township
        village, villages = self._asking.get(FieldType.VILLAGE, ("", frozenset()))
        town, towns = self._asking.get(FieldType.TOWNSHIP, ("", frozenset()))
        if village and names.village(typed, township):
            raw[level], raw[village] = min(villages), raw.get(village) or typed
        elif town and names.township(typed) and len(towns - villages) == 1:
            raw[level], raw[town] = min(towns - villages), raw.get(town) or typed


def _parts(typed: str) -> tuple[str, str]:
    """Split a cell into level and place."""
    parts = _PARTS.fullmatch(fold(typed).strip())
    return (parts[1], parts[2].strip()) if parts else (typed, "")


def _is_gap(place: str) -> bool:
    return bool(_GAP.search(place))
