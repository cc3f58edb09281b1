"""The box of a ledger's filters: controls, hidden parameters, and labels of active filters."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from checklist.date_formats import full_day
from checklist.model import Campaign, RecordForm, Unit
from checklist.states import STATE_NAMES
from forms_server.records.ledger_filters import LEDGER_FILTERS, Filters, LedgerFilter
from forms_server.records.query_string_values import FLAG, LONGEST
from forms_server.scope import Relation
from forms_server.web.fields.offered_choices import Offer


@dataclass(frozen=True)
class FilterControl:
    """A place in the box: a list where it has choices, or else words to be typed."""

    name: str
    label: str
    value: str
    hint: str
    choices: Sequence[tuple[str, str]] = ()
    """Value and words of each."""
    longest: int = LONGEST

    @property
    def html_id(self) -> str:
        """The id of its element."""
        return f"filter-{self.name.replace('_', '-')}"


@dataclass(frozen=True)
class BoxFacts:
    """Choices of the box's controls."""

    form: RecordForm
    units: Sequence[Unit]
    """Those among which the account may choose."""
    offer: Offer
    relations: Sequence[Relation] = ()
    """Those among which the account may choose."""


Choices = Callable[[BoxFacts], Sequence[tuple[str, str]]]


def _units(facts: BoxFacts) -> Sequence[tuple[str, str]]:
    return [(unit.code, unit.name) for unit in facts.units] if len(facts.units) > 1 else []


def _relations(facts: BoxFacts) -> Sequence[tuple[str, str]]:
    return [(relation.value, RELATION_NAMES[relation]) for relation in facts.relations]


def _villages(facts: BoxFacts) -> Sequence[tuple[str, str]]:
    villages = list(facts.offer.villages())
    named = [
        (each.value, f"{each.optgroup} {each.label}" if each.optgroup else each.label) for each in villages
    ]
    return named if len(named) > 1 else []


def _problem_types(facts: BoxFacts) -> Sequence[tuple[str, str]]:
    return [(each.value, each.label) for each in facts.offer.problem_types()]


def _of_field(field_id: str) -> Choices:
    def choices(facts: BoxFacts) -> Sequence[tuple[str, str]]:
        return [(choice.id, choice.label) for choice in facts.form.field(field_id).choices]

    return choices


RELATION_NAMES: Mapping[Relation, str] = {
    Relation.OWN: "本单位登记的",
    Relation.HERE: "在本地、别的单位登记的",
    Relation.RESPONSIBLE: "由本单位负责的",
}

CHOICES: Mapping[str, Choices] = {
    "relation": _relations,
    "unit_code": _units,
    "problem_type_id": _problem_types,
    "village_code": _villages,
    "source": _of_field("source"),
    "transferred": lambda facts: [(FLAG.write(True), "转来的")] if facts.form.kind == "issue" else [],
}
"""What the lists of the box offer; one that offers nothing is left out."""


def controls(facts: BoxFacts, filters: Filters) -> Iterator[FilterControl]:
    """The places of the box, in the order of the table."""
    for name, row in LEDGER_FILTERS.items():
        if (label := _label(row, name, facts.form)) and row.box:
            choices = CHOICES[name](facts) if row.box.choices else ()
            if choices or not row.box.choices:
                value = row.value.write(getattr(filters, name)) if getattr(filters, name) else ""
                yield FilterControl(row.id, label, value, row.box.words(label), choices)


def _label(row: LedgerFilter, name: str, form: RecordForm) -> str:
    """Label of a control; empty if the form has no such field."""
    if row.box is None or row.box.label:
        return row.box.label if row.box else ""
    return form.field(name).label if form.has(name) else ""


def kept(filters: Filters) -> dict[str, str]:
    """Parameters without a control, carried along as hidden inputs."""
    return {row.id: row.value.write(value) for row, value in filters.asked() if row.box is None}


def remarks(filters: Filters, campaign: Campaign) -> list[tuple[str | date, str]]:
    """Labels of active filters without a control: each with its value and suffix."""
    areas = {area.id: area.name for area in campaign.areas}
    said = ((row.remark, value) for row, value in filters.asked())
    return [(areas.get(value, value), words) for words, value in said if words is not None]


def filter_words(facts: BoxFacts, filters: Filters) -> list[str]:
    """What a list shows only, in words: state, values of the box, then what has no place in it."""
    said = [STATE_NAMES[filters.state]] if filters.state else []
    for each in controls(facts, filters):
        if each.value:
            said.append(f"{each.label}：{dict(each.choices).get(each.value, each.value)}")
    for value, words in remarks(filters, facts.offer.campaign):
        said.append(f"{value if isinstance(value, str) else full_day(value)}{words}")
    return said


def heading(filters: Filters) -> str:
    """Heading of the list of issues; the last of several filters wins."""
    found = [row.heading for row, _ in filters.asked() if row.heading]
    if filters.state:
        found.insert(0, STATE_NAMES[filters.state])
    return f"{found[-1]}的问题" if found else "排查出的问题"
