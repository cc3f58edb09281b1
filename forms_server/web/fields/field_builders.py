"""Builds WTForms fields from a form's fields: one entry per type.

The web fields carry what was typed, letter by letter; ``checklist.values.judge`` alone decides whether it is good,
so that the Excel reader refuses the same value with the same sentence.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from markupsafe import Markup
from wtforms import (  # type: ignore[attr-defined] # the stubs are of WTForms 3.2
    DataList,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # as above
from wtforms.widgets import DateInput, TextInput

from checklist.model import Field, FieldType
from forms_server.web.fields.offered_choices import Offer

Unbound = Any
"""A field that is not yet part of a form: WTForms makes it where its classes are called without one."""


class _DateWidget(DateInput):
    """The device's own date picker; a plain input where what was typed would vanish from the picker."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        return super().__call__(field, type="date" if _is_iso(field.data) else "text", **kwargs)


class _OpenSelect(SelectField):
    """A list that refuses nothing by itself and keeps an answer that it does not offer.

    ``choices`` gives them without the empty one.
    """

    def __init__(self, label: str, *, choices: Callable[[], Iterable[SelectChoice]], **kwargs: Any) -> None:
        self._choices_of = choices
        super().__init__(label, choices=self._with_what_was_typed, validate_choice=False, **kwargs)

    def _with_what_was_typed(self) -> list[SelectChoice]:
        offered = list(self._choices_of())
        known = {choice.value for choice in offered}
        kept = [SelectChoice(self.data, self.data)] if self.data and self.data not in known else []
        return [SelectChoice("", "请选择"), *offered, *kept]


def _is_iso(typed: str | None) -> bool:
    try:
        return not typed or date.fromisoformat(typed).isoformat() == typed
    except ValueError:
        return False


def _select(
    choices: Callable[[Field, Offer], Iterable[SelectChoice]], **attributes: str
) -> Callable[[Field, Offer], Unbound]:
    return lambda field, offer: _OpenSelect(
        field.label, choices=lambda: choices(field, offer), render_kw={"class": "form-select", **attributes}
    )


_SHORT = 30
"""Characters of a text whose field is as wide as a name."""


def _attributes(field: Field, width: str = "", **more: str) -> dict[str, str]:
    """Attributes of an input; ``width`` is the class of one as wide as its content."""
    example = {"placeholder": f"如：{field.example}"} if field.example else {}
    return {"class": f"form-control {width}".strip(), "autocomplete": "off", **example, **more}


def _text(field: Field, offer: Offer) -> Unbound:
    words = offer.suggestions(field.suggest)
    suggestions: dict[str, Any] = {"datalist": DataList(words)} if words else {}
    width = "wide-name" if field.max_length and field.max_length <= _SHORT else ""
    return StringField(field.label, render_kw=_attributes(field, width), **suggestions)


def _deadline(field: Field, offer: Offer) -> Unbound:
    return StringField(field.label, render_kw=_attributes(field, "wide-day", **{"data-calendar": "yes"}))


def _paragraph(field: Field, offer: Offer) -> Unbound:
    return TextAreaField(field.label, render_kw=_attributes(field, rows="3"))


def _integer(field: Field, offer: Offer) -> Unbound:
    return StringField(
        field.label, widget=TextInput(), render_kw=_attributes(field, "wide-number", inputmode="numeric")
    )


def _date(field: Field, offer: Offer) -> Unbound:
    return StringField(field.label, widget=_DateWidget(), render_kw=_attributes(field, "wide-day"))


class _Entry(NamedTuple):
    """Builder of a type's web field, and formatter of stored values for editing."""

    build: Callable[[Field, Offer], Unbound]
    write: Callable[[Any], str] = str


FIELDS: Mapping[FieldType, _Entry | None] = {
    FieldType.SERIAL: None,
    FieldType.TOWNSHIP: _Entry(_select(lambda field, offer: offer.townships())),
    FieldType.VILLAGE: _Entry(
        _select(lambda field, offer: offer.villages(), **{"data-search": "输入几个字找村"})
    ),
    FieldType.PROBLEM_TYPE: _Entry(_select(lambda field, offer: offer.problem_types())),
    FieldType.CHOICE: _Entry(
        _select(lambda field, offer: [SelectChoice(c.id, c.label) for c in field.choices])
    ),
    FieldType.TEXT: _Entry(_text),
    FieldType.PARAGRAPH: _Entry(_paragraph),
    FieldType.INTEGER: _Entry(_integer),
    FieldType.DATE: _Entry(_date, date.isoformat),
    FieldType.DEADLINE: _Entry(_deadline, lambda value: value.text),
}
"""One entry per field type; None for types without input."""
