"""A record form on a page: raw input of its fields, with errors."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from wtforms.fields.core import Field as WebField
from wtforms.form import BaseForm

from checklist.model import Field, RecordForm, Stage
from checklist.problems import Problem
from checklist.values.judge import Context, Value, check_record
from forms_server.web.fields.field_builders import FIELDS
from forms_server.web.fields.offered_choices import Offer

_NOT_IN_HTML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Characters that HTML cannot represent; validation has refused them before."""


def printable(text: str) -> str:
    """Text without characters that HTML cannot represent."""
    return _NOT_IN_HTML.sub("", text)


class RecordFields(BaseForm):
    """The fields of some stages of a record form, in the form's order, holding raw text."""

    def __init__(self, form: RecordForm, stages: Collection[Stage], offer: Offer, prefix: str = "") -> None:
        implied = offer.implied
        fields = (field for field in form.fields if field.stage in stages and field.type not in implied)
        asked = [(field, entry) for field in fields if (entry := FIELDS[field.type])]
        super().__init__({field.id: entry.build(field, offer) for field, entry in asked}, prefix=prefix)
        self.record_form = form
        self.stages = stages
        self.offer = offer
        self.asked = tuple(field for field, _ in asked)
        self.values: Mapping[str, Value] = {}
        self.problems: tuple[Problem, ...] = ()
        self.warnings: tuple[Problem, ...] = ()
        self.process()

    def pairs(self) -> Iterator[tuple[Field, WebField]]:
        """Each field of the model with its field of the page."""
        return ((field, self[field.id]) for field in self.asked)

    def texts(self, values: Mapping[str, Any], stages: Collection[Stage] = tuple(Stage)) -> dict[str, str]:
        """Stored values of those stages, formatted for their fields."""
        return {
            field.id: entry.write(values[field.id])
            for field in self.asked
            if field.stage in stages and field.id in values and (entry := FIELDS[field.type])
        }

    def untouched(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Stored values whose fields were not edited.

        They are not parsed again: in another year, 8月底前 would mean another day.
        """
        return {key: values[key] for key, text in self.texts(values).items() if self[key].data == text}

    def show(self, values: Mapping[str, Any]) -> None:
        """Fill the fields with stored values."""
        self.process(data=self.texts(values))

    def check(self, context: Context) -> dict[str, Value] | None:
        """Validate the input; None on errors, which are shown beside their fields."""
        typed = {field.id: self[field.id].data or "" for field in self.asked}
        for field in self.asked:
            self[field.id].data = printable(typed[field.id])
        checked = check_record(self.record_form, typed, context, self.stages)
        self.values, self.warnings = checked.values, checked.warnings
        for problem in checked.errors:
            self.refuse(problem)
        return None if checked.errors else checked.values

    def refuse(self, problem: Problem) -> None:
        """Add an error to a field and to the summary at the head of the page."""
        self.problems += (problem,)
        if problem.place in self:
            self[problem.place].errors = [*self[problem.place].errors, problem.message]
