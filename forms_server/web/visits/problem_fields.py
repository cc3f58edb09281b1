"""Input fields of a problem on a visit's sheet."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import g

from checklist.messages import say
from checklist.model import Area, FieldType, Item, Stage
from checklist.problems import Problem
from checklist.visit_forms import asked_of_each, problem_types_of
from forms_server.visits.visit import Visit
from forms_server.web.current_services import services
from forms_server.web.fields.offered_choices import Offer
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.records.requested_record import context

FOUND = frozenset({Stage.FOUND})
BLANK = "ITEM"
"""Placeholder of the item's id in the template fields copied by the script."""
TYPE = "problem_type"
_PROSE = frozenset({FieldType.PARAGRAPH})


class Problems:
    """All problem fields of a sheet."""

    def __init__(self, visit: Visit, texts: Mapping[str, str]) -> None:
        self._visit, self._texts = visit, texts
        self._form = asked_of_each(visit.form)
        self._offer = Offer(services().campaign, g.account)
        self._context = context()
        self._made: dict[str, RecordFields] = {}
        self._of_item = {item.id: (area, item) for area, items in visit.groups for item in items}

    def fields(self, item_id: str) -> RecordFields:
        """Fields of an item, with submitted or known values."""
        if item_id not in self._made:
            area, item = self._of_item[item_id]
            fields = RecordFields(self._form, FOUND, self._offer, prefix=f"{item_id}.")
            known = self._known(area, item)
            fields.process(
                data={f.id: self._texts.get(f"{item_id}.{f.id}", known.get(f.id, "")) for f in fields.asked}
            )
            self._narrow(fields, area, item)
            self._made[item_id] = fields
        return self._made[item_id]

    def judge(self, item_id: str) -> Mapping[str, Any] | None:
        """Validate an item's input; None if invalid, with errors beside the fields."""
        fields = self.fields(item_id)
        values = fields.check(self._context)
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
        fields = RecordFields(self._form, FOUND, self._offer, prefix=f"{BLANK}.")
        fields.process(data={"responsible_unit": self._unit_name()})
        return fields

    def types(self, area: Area, item: Item) -> list[str]:
        """Problem types to choose from at an item; empty if there is only one."""
        kinds = [kind.id for kind in problem_types_of(area, item)]
        return kinds if len(kinds) > 1 else []

    def _known(self, area: Area, item: Item) -> dict[str, str]:
        kinds = problem_types_of(area, item)
        known = {TYPE: kinds[0].id if len(kinds) == 1 else "", "responsible_unit": self._unit_name()}
        return {name: text for name, text in known.items() if text}

    def _unit_name(self) -> str:
        return services().campaign.unit_by_code[self._visit.unit_code].name

    def _narrow(self, fields: RecordFields, area: Area, item: Item) -> None:
        """Limit the choice to the item's problem types; a single one needs no field."""
        kinds = {kind.id for kind in problem_types_of(area, item)}
        for field in fields.asked:
            if field.type is FieldType.PROBLEM_TYPE:
                control: Any = fields[field.id]
                control.offered = [choice for choice in control.offered if choice.value in kinds]
                if len(kinds) == 1:
                    control.data = next(iter(kinds))
