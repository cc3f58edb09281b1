"""Input fields of a problem on a visit's sheet."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # the stubs are of WTForms 3.2

from checklist.messages import say
from checklist.model import Area, FieldType, Item, Stage
from checklist.problems import Problem
from checklist.visit_forms import asked_of_each, problem_types_of
from forms_server.visits.visit import Visit
from forms_server.web.current_services import services
from forms_server.web.fields.offered_choices import Offer
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.records.checked_record import checked_record
from forms_server.web.records.offered_rows import offer_of
from forms_server.web.records.requested_record import context

FOUND = frozenset({Stage.FOUND})
BLANK = "ITEM"
"""Placeholder of the item's id in the template fields copied by the script."""
TYPE = "problem_type"
_PROSE = frozenset({FieldType.PARAGRAPH})


@dataclass(frozen=True)
class _ItemOffer(Offer):
    """Choices at one item: of its problem types only."""

    kinds: frozenset[str]

    def problem_types(self) -> Iterator[SelectChoice]:
        """The item's problem types; a single one needs no field."""
        return (choice for choice in super().problem_types() if choice.value in self.kinds)


class Problems:
    """All problem fields of a sheet."""

    def __init__(self, visit: Visit, texts: Mapping[str, str]) -> None:
        self._visit, self._texts = visit, texts
        self._form = asked_of_each(visit.form)
        self._context, self._rows = context(), offer_of(self._form).rows
        self._made: dict[str, RecordFields] = {}
        self._of_item = {item.id: (area, item) for area, items in visit.groups for item in items}

    def fields(self, item_id: str) -> RecordFields:
        """Fields of an item, with submitted or known values."""
        if item_id not in self._made:
            kinds = [kind.id for kind in problem_types_of(*self._of_item[item_id])]
            offer = _ItemOffer(services().campaign, g.account, frozenset(kinds), rows=self._rows)
            fields = RecordFields(self._form, FOUND, offer, prefix=f"{item_id}.")
            names = {field.id: f"{item_id}.{field.id}" for field in fields.asked}
            typed = {key: self._texts[name] for key, name in names.items() if name in self._texts}
            only = {TYPE: kinds[0]} if len(kinds) == 1 else {}
            fields.process(data={"responsible_unit": self._unit_name()} | typed | only)
            self._made[item_id] = fields
        return self._made[item_id]

    def judge(self, item_id: str) -> Mapping[str, Any] | None:
        """Validate an item's input; None if invalid, with errors beside the fields."""
        fields = self.fields(item_id)
        values = checked_record(fields, self._context, {})
        kinds = {kind.id: kind.name for kind in problem_types_of(*self._of_item[item_id])}
        if values is None or values[TYPE] in kinds:
            return values
        label, names = self._form.field(TYPE).label, list(kinds.values())
        words = say("not-a-choice", label=label, typed=str(values[TYPE]), choices=names)
        fields.refuse(Problem(TYPE, "not-a-choice", words))
        return None

    def lost(self, live: Collection[str]) -> dict[str, list[tuple[str, str]]]:
        """Submitted input of items that meanwhile have an issue, with labels, to be copied by hand."""
        typed = {
            item_id: [
                (field.label, self._texts[name])
                for field in self._form.fields
                if field.type in _PROSE and self._texts.get(name := f"{item_id}.{field.id}")
            ]
            for item_id in live
        }
        return {item_id: pairs for item_id, pairs in typed.items() if pairs}

    def blank(self) -> RecordFields:
        """Template fields, copied by the script to items with a problem."""
        offer = Offer(services().campaign, g.account, rows=self._rows)
        fields = RecordFields(self._form, FOUND, offer, prefix=f"{BLANK}.")
        fields.process(data={"responsible_unit": self._unit_name()})
        return fields

    def types(self, area: Area, item: Item) -> list[str]:
        """Problem types to choose from at an item; empty if there is only one."""
        kinds = [kind.id for kind in problem_types_of(area, item)]
        return kinds if len(kinds) > 1 else []

    def _unit_name(self) -> str:
        return services().campaign.unit_by_code[self._visit.unit_code].name
