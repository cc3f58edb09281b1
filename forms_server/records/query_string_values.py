"""Parsing and formatting of a ledger's filter values in query strings."""

import unicodedata
from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import date
from typing import Any

from checklist.model import Campaign, RecordForm
from checklist.reading.personal_numbers import masked
from checklist.states import STATES_BY_KIND, State
from forms_server.scope import Relation

LONGEST = 60
"""Maximal length of search words."""

YEARS = range(1900, 2200)
"""Years of accepted dates: date arithmetic at the ends of Python's calendar raises OverflowError."""


@dataclass(frozen=True)
class AddressValue:
    """One kind of value; an empty one (None, False, no text) asks for nothing."""

    read: Callable[[str, Campaign, RecordForm], Any]
    """Parse a text; empty if it is missing or unknown to the campaign."""
    write: Callable[[Any], str]
    """Format a non-empty value."""


def _flag(text: str, _campaign: Campaign, _form: RecordForm) -> bool:
    return text == "1"


def _day(text: str, _campaign: Campaign, _form: RecordForm) -> date | None:
    """Parse a date; None if invalid or too close to the calendar's ends for date arithmetic."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _words(text: str, _campaign: Campaign, _form: RecordForm) -> str:
    """Normalize search words, personal numbers masked; empty if they hold control characters."""
    words = str(masked(unicodedata.normalize("NFC", text).strip()[:LONGEST].rstrip()))
    unseen = any(unicodedata.category(character) in {"Cc", "Cs"} for character in words)
    return "" if unseen else words


def _state(text: str, _campaign: Campaign, form: RecordForm) -> State | None:
    return {state.value: state for state in STATES_BY_KIND[form.kind]}.get(text)


def _relation(text: str, _campaign: Campaign, _form: RecordForm) -> Relation | None:
    return Relation(text) if text in set(Relation) else None


FLAG = AddressValue(_flag, lambda _: "1")
DAY = AddressValue(_day, date.isoformat)
WORDS = AddressValue(_words, str)
STATE = AddressValue(_state, lambda state: State(state).value)
RELATION = AddressValue(_relation, lambda relation: Relation(relation).value)


def code(known: Callable[[Campaign], Container[str]]) -> AddressValue:
    """Codes of the campaign; unknown ones are ignored."""

    def read(text: str, campaign: Campaign, _form: RecordForm) -> str | None:
        return text if text in known(campaign) else None

    return AddressValue(read, str)
