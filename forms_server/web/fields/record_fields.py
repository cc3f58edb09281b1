"""A record form on a page: raw input of its fields, with errors."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms.fields.core import Field as WebField
from wtforms.form import BaseForm

from checklist.model import Field, FieldType, FilledForm, Stage
from checklist.problems import Problem
from checklist.reading.personal_numbers import PERSONAL_NUMBER, take_out
from checklist.values.answer_types import BETWEEN
from checklist.values.judge import Context, Value, check_record
from checklist.values.responsible_units import with_picked
from forms_server.web.fields.field_builders import FIELDS
from forms_server.web.fields.offered_choices import RESPONSIBLE_UNITS, Offer

_NOT_IN_HTML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Characters that HTML cannot represent; validation has refused them before."""


def printable(text: str) -> str:
    """Text without characters that HTML cannot represent."""
    return _NOT_IN_HTML.sub("", text)


class RecordFields:
    """The fields of some stages of a record form, in the form's order, holding raw text.

    WTForms draws them; its form is built when the first field is shown, since what is stored at once shows none.
    """

    def __init__(self, form: FilledForm, stages: Collection[Stage], offer: Offer, prefix: str = "") -> None:
        implied = offer.implied
        self.record_form = form
        self.stages = stages
        self.offer = offer
        self.asked = tuple(
            field
            for field in form.fields
            if field.stage in stages and field.type not in implied and FIELDS[field.type]
        )
        self.values: Mapping[str, Value] = {}
        self.problems: tuple[Problem, ...] = ()
        self.warnings: tuple[Problem, ...] = ()
        self._prefix = prefix
        self._suggested: dict[str, Sequence[str]] = {}
        self._typed: Mapping[str, str] = {}

    def __contains__(self, field_id: str) -> bool:
        return any(field.id == field_id for field in self.asked)

    def __getitem__(self, field_id: str) -> WebField:
        return self._drawn[field_id]

    def pairs(self) -> Iterator[tuple[Field, WebField]]:
        """Each field of the model with its field of the page."""
        return ((field, self._drawn[field.id]) for field in self.asked)

    @cached_property
    def _drawn(self) -> BaseForm:
        entries = ((field, FIELDS[field.type]) for field in self.asked)
        offer = replace(self.offer, words=self._suggested)
        built = {field.id: entry.build(field, offer) for field, entry in entries if entry}
        drawn = BaseForm(built, prefix=self._prefix)
        drawn.process(data=self._typed)
        for problem in self.problems:
            if problem.place in drawn:
                drawn[problem.place].errors = [*drawn[problem.place].errors, problem.message]
        return drawn

    def process(self, sent: MultiDict[str, str] | None = None, data: Mapping[str, str] | None = None) -> None:
        """Take the texts that were sent; those of ``data`` where a field was not."""
        typed = {field.id: (data or {}).get(field.id, "") for field in self.asked}
        for field in self.asked:
            if sent and (texts := sent.getlist(self._prefix + field.id)):
                typed[field.id] = _one_text(field, texts, self.offer)
        self._hold(typed)

    def suggest(self, field_id: str, words: Sequence[str]) -> None:
        """Offer words beside a field; others may be typed."""
        self._suggested[field_id] = words
        self._redraw()

    def _hold(self, typed: Mapping[str, str]) -> None:
        self._typed = typed
        self._redraw()

    def _redraw(self) -> None:
        self.__dict__.pop("_drawn", None)

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
        return {key: values[key] for key, text in self.texts(values).items() if self._typed.get(key) == text}

    def show(self, values: Mapping[str, Any]) -> None:
        """Fill the fields with stored values."""
        self.process(data=self.texts(values))

    def check(self, context: Context, known: Mapping[str, Value] | None = None) -> dict[str, Value] | None:
        """Validate the input; None on errors, which are shown beside their fields.

        Args:
            context: of the judge.
            known: stored values of the record's other fields, which its rules read.
        """
        typed = {field.id: self._typed.get(field.id, "") for field in self.asked}
        checked = check_record(self.record_form, typed, context, self.stages, known)
        numbered = {problem.place for problem in checked.errors if problem.code == PERSONAL_NUMBER}
        shown = {name: str(take_out(text)) if name in numbered else text for name, text in typed.items()}
        self._hold({name: printable(text) for name, text in shown.items()})
        self.values, self.warnings = checked.values, checked.warnings
        self.refuse_all(checked.errors)
        return None if checked.errors else checked.values

    def refuse_all(self, problems: Iterable[Problem]) -> None:
        """Add several errors."""
        for problem in problems:
            self.refuse(problem)

    def refuse(self, problem: Problem) -> None:
        """Add an error to a field and to the summary at the head of the page."""
        self.problems += (problem,)
        self._redraw()


def _one_text(field: Field, texts: Sequence[str], offer: Offer) -> str:
    """The text of a field: all ticked choices; units that are picked beside what is typed come after it."""
    if field.type is FieldType.CHOICES:
        return BETWEEN.join(filter(None, texts))
    picked = texts[1:] if field.suggest == RESPONSIBLE_UNITS else ()
    return with_picked(offer.campaign, texts[0], picked) if picked else texts[0]
