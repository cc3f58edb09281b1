"""The column of identity numbers beside a person: what its marks say, and the band of ages that follows."""

from collections.abc import Sequence

from build_scripts.intake.cell_judges import text_of
from build_scripts.intake.cell_table import Cell
from build_scripts.intake.ledger_entry import IDENTITY
from build_scripts.intake.ledger_recognition import Header
from build_scripts.intake.person_marks import PersonKeys, PersonMark
from checklist.messages import say
from checklist.model import Campaign, Field
from checklist.problems import Problem
from checklist.read_result import Refusal
from checklist.values.judge import Value
from checklist.values.judge import display as display_value

_NONE = -1


class PersonColumn:
    """Reads the marks of persons under one header; nothing where it has no such column."""

    def __init__(self, header: Header, campaign: Campaign, keys: PersonKeys | None) -> None:
        person = header.form.person_field
        self._keys, self._campaign = keys, campaign
        self.column = header.identity if header.identity is not None and keys else _NONE
        self._name = person.id if person else ""
        self._label = header.words.get(self.column, "")
        bands = [field for field in header.form.fields if field.is_age_band] if self.column != _NONE else []
        self.bands = {field.id: field for field in bands}
        """The bands of ages that follow from a number."""

    def read(self, cell: Cell, values: dict[str, Value]) -> tuple[PersonMark | None, Sequence[Problem]]:
        """Return who the person of a row is, and what is wrong; fills bands of ages into the row's values."""
        if self.column == _NONE or self._keys is None or not cell:
            return None, ()
        found = self._keys.read(text_of(cell))
        if isinstance(found, Refusal):
            said = say(found.code, label=self._label, **found.params)
            return None, [Problem(IDENTITY, found.code, said)]
        if found is None:
            return None, ()
        return found, [problem for band in self.bands.values() for problem in self._fill(band, found, values)]

    def _fill(self, band: Field, found: PersonMark, values: dict[str, Value]) -> Sequence[Problem]:
        """Put the band that the number tells into a row; a doubt where another one was written."""
        told = band_of(band, found.from_age)
        written = values.get(band.id)
        values[band.id] = told
        if written is None or written == told:
            return ()
        names = {
            "typed": display_value(band, written, self._campaign),
            "told": display_value(band, told, self._campaign) if told else "",
        }
        said = say("age-band-differs", label=band.label, numbers=self._label, **names)
        return [Problem(band.id, "age-band-differs", said, warning=True)]


def band_of(field: Field, age: int) -> str | None:
    """Return the id of the band that an age is in; None below the first one."""
    begun = [(choice.from_age, choice.id) for choice in field.choices if choice.from_age is not None]
    return max(((first, band) for first, band in begun if first <= age), default=(0, None))[1]
