"""Choices of a web form's lists, per account."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # the stubs are of WTForms 3.2

from checklist.model import (
    Area,
    Campaign,
    Choice,
    Field,
    FieldType,
    FilledForm,
    Item,
    Unit,
    UnitKind,
    Village,
)
from checklist.values.findings_source import SOURCE, becomes_findings
from checklist.values.village_names import village_names
from forms_server.account import Account
from forms_server.accounts.account_check import KIND_NAMES

RESPONSIBLE_UNITS = "responsible-units"
"""``Field.suggest`` of the field that names the responsible units."""


@dataclass(frozen=True)
class Offer:
    """The lists that depend on the campaign and on who fills in the form."""

    campaign: Campaign
    account: Account
    rows: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict, kw_only=True)
    """Id of a register to the rows that a field may refer to: key and title; none where they are too many."""

    words: Mapping[str, Sequence[str]] = field(default_factory=dict, kw_only=True)
    """By the id of a field the words that are offered beside it; others may be typed."""

    @property
    def _townships(self) -> tuple[Unit, ...]:
        """The account's township, or all for county accounts."""
        unit = self.campaign.unit_by_code[self.account.unit_code]
        own = self.campaign.kind_of(unit) is UnitKind.TOWNSHIP
        return (unit,) if own else self.campaign.units.townships

    def townships(self) -> Iterator[SelectChoice]:
        """The townships that the account files for."""
        return (SelectChoice(unit.code, unit.name) for unit in self._townships)

    def villages(self) -> Iterator[SelectChoice]:
        """Their villages, grouped by township where there are several; only its own for one that is bound to it."""
        several, names = len(self._townships) > 1, village_names(self.campaign)
        for unit, village in self._villages():
            group = unit.name if several else None
            yield SelectChoice(village.code, names[village.code], {"data-township": unit.code}, group)

    def _villages(self) -> Iterator[tuple[Unit, Village]]:
        own = self.account.village_code
        return (
            (unit, each) for unit in self._townships for each in unit.villages if own in (None, each.code)
        )

    def problem_types(self) -> Iterator[SelectChoice]:
        """All problem types in the campaign's order, grouped under an area that has several."""
        for area in self.campaign.areas:
            group = area.name if len(area.problem_types) > 1 else None
            for problem_type in area.problem_types:
                yield SelectChoice(problem_type.id, problem_type.name, optgroup=group)

    def choices(self, field: Field) -> Iterator[Choice]:
        """A field's choices without the source that only a team's findings have."""
        for each in field.choices:
            if field.id != SOURCE or not becomes_findings(self.campaign, None, each.id):
                yield each

    def unit_groups(self) -> Iterator[tuple[str, tuple[Unit, ...]]]:
        """The units to pick responsible ones from, by kind; the account's own unit first, with its kind's group."""
        own = self.campaign.unit_by_code.get(self.account.unit_code)
        units = self.campaign.units
        groups = [
            (KIND_NAMES[UnitKind.COUNTY], units.county_units),
            (KIND_NAMES[UnitKind.TOWNSHIP], units.townships),
        ]
        for name, group in sorted(groups, key=lambda group: own not in group[1]):
            if group:
                yield (
                    name,
                    (*(unit for unit in group if unit == own), *(unit for unit in group if unit != own)),
                )

    def suggestions(self, source: str) -> tuple[str, ...]:
        """Suggestions of a text field."""
        return {
            "": (),
            RESPONSIBLE_UNITS: (),  # a list of its own stands beside the field
            "own-name": tuple(filter(None, [self.account.display_name])),
        }[source]

    @property
    def same(self) -> frozenset[FieldType]:
        """Field types that are constant in the account's records: its one township, its one village."""
        lists = {FieldType.TOWNSHIP: self._townships, FieldType.VILLAGE: [*islice(self._villages(), 2)]}
        return frozenset(name for name, choices in lists.items() if len(choices) == 1)

    @property
    def implied(self) -> frozenset[FieldType]:
        """Field types without input: validation fills in a township account's township."""
        return frozenset({FieldType.TOWNSHIP} if len(self._townships) == 1 else ())

    def known(self, form: FilledForm, item: tuple[Area, Item] | None = None) -> dict[str, str]:
        """Initial values of an empty form, by field id.

        The one village, the person's name, the item's text and responsible units, and the form's defaults.
        Conditional fields stay empty, since they may not apply.
        """
        by_type = {FieldType.VILLAGE: self.account.village_code}
        if item and (problem_type := _problem_type(*item)):
            by_type[FieldType.PROBLEM_TYPE] = problem_type
        known = {
            field.id: by_type.get(field.type) or self._suggested(field, item) or field.default
            for field in form.fields
        }
        conditional = {field.id for field in form.fields if field.when}
        return {field_id: text for field_id, text in known.items() if text and field_id not in conditional}

    def _suggested(self, field: Field, item: tuple[Area, Item] | None) -> str:
        """The words of its suggestions that a text field begins with; none where it has no suggestions."""
        if field.suggest == RESPONSIBLE_UNITS:
            return self._responsible(field, item)
        return self.account.display_name if field.suggest == "own-name" else ""

    def _responsible(self, field: Field, item: tuple[Area, Item] | None) -> str:
        """Responsible units of an item, with the account's own in place of all townships.

        The own unit alone, where no item says more or its units are too many for the field.
        """
        own = self.campaign.unit_by_code[self.account.unit_code]
        named = self.campaign.responsible_for(*item) if item else ()
        county = [unit for unit in named if self.campaign.kind_of(unit) is UnitKind.COUNTY]
        units = [*county, *(unit for unit in named if unit == own and unit not in county)]
        words = "、".join(unit.name for unit in units)
        fits = len(words) <= (field.max_length or len(words))
        return words if words and fits else own.name


def _problem_type(area: Area, item: Item) -> str | None:
    """The problem type that a finding at an item counts under, where there is no choice."""
    only = area.problem_types[0].id if len(area.problem_types) == 1 else None
    return item.problem_type or only
