"""Builds WTForms fields from a form's fields: one entry per type.

The web fields carry what was typed, letter by letter; ``checklist.values.judge`` alone decides whether it is good,
so that the Excel reader refuses the same value with the same sentence.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
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
from wtforms.widgets import DateInput, TextInput, html_params

from checklist.model import Field, FieldType
from checklist.values.answer_types import BETWEEN
from checklist.values.type_families import FAMILIES
from checklist.values.value_types import Asked, ValueType
from forms_server.web.fields.offered_choices import Offer

Unbound = Any
"""A field that is not yet part of a form: WTForms makes it where its classes are called without one."""


class _DateWidget(DateInput):
    """The device's own date picker; a plain input where what was typed would vanish from the picker."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        return super().__call__(field, type="date" if _is_iso(field.data) else "text", **kwargs)


class _OpenSelect(SelectField):
    """A list that refuses nothing by itself and keeps an answer that it does not offer.

    ``choices`` gives them without the empty one; ``names`` those of answers that are kept but no longer offered.
    """

    def __init__(
        self,
        label: str,
        *,
        choices: Callable[[], Iterable[SelectChoice]],
        names: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self._choices_of, self._names = choices, names or {}
        super().__init__(label, choices=self._with_what_was_typed, validate_choice=False, **kwargs)

    def _with_what_was_typed(self) -> list[SelectChoice]:
        offered = list(self._choices_of())
        known = {choice.value for choice in offered}
        name = self._names.get(self.data or "", self.data)
        kept = [SelectChoice(self.data, name)] if self.data and self.data not in known else []
        return [SelectChoice("", "请选择"), *offered, *kept]


class _MonthWidget(DateInput):
    """The device's own picker of months; a plain input where there is none, or what was typed would vanish from it."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        as_day = f"{field.data}-01" if field.data else ""
        return super().__call__(field, type="month" if _is_iso(as_day) else "text", **kwargs)


class _TickBoxes:
    """A box to tick for each option, and one for each part of the text that is no option, so that nothing vanishes.

    The empty input says that nothing is ticked.
    """

    def __init__(self, options: Sequence[tuple[str, str]]) -> None:
        self._options = options

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        kwargs.pop("aria_required", None)  # not of a group
        typed = dict.fromkeys(filter(None, (field.data or "").split(BETWEEN)))
        known = dict(self._options)
        boxes = [
            Markup('<label class="tick-box"><input {}> {}</label>').format(
                _attributes_of(
                    type="checkbox",
                    class_="form-check-input",
                    name=field.name,
                    value=value,
                    checked=value in typed,
                ),
                label,
            )
            for value, label in (*self._options, *((each, each) for each in typed if each not in known))
        ]
        group = _attributes_of(id=field.id, aria_label=field.label.text, tabindex="-1", **kwargs)
        empty = _attributes_of(type="hidden", name=field.name, value="")
        return Markup("<div {}><input {}>{}</div>").format(group, empty, Markup("").join(boxes))


def _attributes_of(**attributes: Any) -> Markup:
    return Markup(html_params(**attributes))  # noqa: S704 - WTForms escapes them


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


def _line(field: Field, asked: Asked, words: Sequence[str] = ()) -> Unbound:
    keyboard = {"inputmode": asked.keyboard} if asked.keyboard else {}
    offered: dict[str, Any] = {"datalist": DataList(words)} if words else {}
    kwargs = _attributes(field, asked.wide, **keyboard)
    return StringField(field.label, widget=TextInput(), render_kw=kwargs, **offered)


def _one(field: Field, asked: Asked) -> Unbound:
    choices = [SelectChoice(value, label) for value, label in asked.options]
    return _OpenSelect(field.label, choices=lambda: choices, render_kw={"class": "form-select"})


def _several(field: Field, asked: Asked) -> Unbound:
    kwargs = {"class": "tick-boxes", "role": "group"}
    return StringField(field.label, widget=_TickBoxes(asked.options), render_kw=kwargs)


def _month(field: Field, asked: Asked) -> Unbound:
    return StringField(field.label, widget=_MonthWidget(), render_kw=_attributes(field, asked.wide))


ASKED: Mapping[str, Callable[[Field, Asked], Unbound]] = {
    "line": _line,
    "one": _one,
    "several": _several,
    "month": _month,
}
"""How a page asks (``Asked.by``) to builder."""


def _row_of(rows: Sequence[tuple[str, str]]) -> Callable[[Field, Offer], Unbound]:
    """A list of another register's rows, which a script lets be searched."""
    choices = [SelectChoice(key, title) for key, title in rows]
    return _select(lambda field, offer: choices, **{"data-search": "输入几个字找一行"})


def _choice(field: Field, offer: Offer) -> Unbound:
    offered = [SelectChoice(each.id, each.label) for each in offer.choices(field)]
    names = {each.id: each.label for each in field.choices}
    return _OpenSelect(field.label, choices=lambda: offered, names=names, render_kw={"class": "form-select"})


class _Entry(NamedTuple):
    """Builder of a type's web field, and formatter of stored values for editing."""

    build: Callable[[Field, Offer], Unbound]
    write: Callable[[Any], str] = str


def _entry(kind: ValueType) -> _Entry:
    def build(field: Field, offer: Offer) -> Unbound:
        if rows := offer.rows.get(field.refers_to or ""):
            return _row_of(rows)(field, offer)
        asked = kind.asked(field)
        if words := offer.words.get(field.id):
            return _line(field, asked, words)
        return ASKED[asked.by](field, asked)

    return _Entry(build, kind.write)


FIELDS: Mapping[FieldType, _Entry | None] = {
    FieldType.SERIAL: None,
    FieldType.TOWNSHIP: _Entry(_select(lambda field, offer: offer.townships())),
    FieldType.VILLAGE: _Entry(
        _select(lambda field, offer: offer.villages(), **{"data-search": "输入几个字找村"})
    ),
    FieldType.PROBLEM_TYPE: _Entry(_select(lambda field, offer: offer.problem_types())),
    FieldType.CHOICE: _Entry(_choice),
    FieldType.TEXT: _Entry(_text),
    FieldType.PARAGRAPH: _Entry(_paragraph),
    FieldType.INTEGER: _Entry(_integer),
    FieldType.DATE: _Entry(_date, date.isoformat),
    FieldType.DEADLINE: _Entry(_deadline, lambda value: value.text),
    FieldType.COMPUTED: None,
    **{kind: _entry(each) if each.typed else None for kind, each in FAMILIES.items()},
}
"""One entry per field type; None for types without input."""
