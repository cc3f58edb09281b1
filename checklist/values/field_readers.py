"""The registry of readers by field type: from typed text to a value or a refusal."""

import re
from collections.abc import Callable
from datetime import date

from checklist.date_formats import typed_day
from checklist.loading.form_rules import IDENTIFYING
from checklist.model import Field, FieldType
from checklist.read_result import Read, Refusal
from checklist.reading.amounts import plain_number
from checklist.reading.computed_cells import refuse_computed
from checklist.reading.dates import read_date
from checklist.reading.deadlines import Deadline, read_deadline
from checklist.reading.numbers import read_integer
from checklist.reading.person_names import PARTINGS, holds_several
from checklist.reading.personal_numbers import refuse_personal_numbers
from checklist.text_normalisation import clean_line, clean_paragraph, compact
from checklist.values.answer_types import says
from checklist.values.campaign_years import in_campaign, years_of
from checklist.values.judge_context import Context
from checklist.values.judge_results import Value
from checklist.values.places import read_choice, read_problem_type, read_township, read_village
from checklist.values.type_families import FAMILIES

Reader = Callable[[Field, str, Context], Read[Value] | Refusal]

_DECIMALS = re.compile(r"(?<=\d)\.\d{1,6}(?=\D*$)")
_LONGEST_MARK = 40
"""Maximum length of a mark with blanks; longer text is skipped."""


def _written(clean: Callable[[str], str | Refusal], read: Reader) -> Reader:
    """Wrap a reader: clean the raw text, refuse what must not be stored, and skip the reader for empty text."""

    def reader(field: Field, raw: str, context: Context) -> Read[Value] | Refusal:
        text = refuse_computed(raw) or clean(raw)
        if isinstance(text, Refusal):
            return text
        if not text:
            return Refusal("required") if field.required else Read(None)
        personal = refuse_personal_numbers(_without_decimals(field, text))
        if personal:
            return personal
        return _mark(field, text, context) or read(field, text, context)

    return reader


def _mark(field: Field, text: str, context: Context) -> Read[Value] | Refusal | None:
    """Return the result for a mark such as / or 同上; None if the text is none."""
    if len(text) > _LONGEST_MARK:
        return None
    plain = compact(text)
    if plain in context.campaign.reading.marks.ditto:
        return Refusal("ditto")
    if plain not in context.campaign.reading.marks.nothing or _is_an_answer(field, plain, context):
        return None
    return Refusal("nothing-written") if field.required else Read(None, (Refusal("taken-as-empty"),))


def _is_an_answer(field: Field, plain: str, context: Context) -> bool:
    """Whether a mark is one of the field's own answers: 无 says no, or is one of its choices."""
    if field.type is FieldType.YESNO:
        return says(plain, context) is not None
    return any(plain in map(compact, (choice.label, *choice.aliases)) for choice in field.choices)


def _without_decimals(field: Field, text: str) -> str:
    """The text in which to look for personal numbers: 138626147.55 is an amount."""
    return _DECIMALS.sub("", text) if field.type in {FieldType.MONEY, FieldType.DECIMAL} else text


def _never(field: Field, raw: str, context: Context) -> Read[Value] | Refusal:
    """Read nothing: the system numbers the rows."""
    return Read(None)


def _kept(field: Field, raw: str, context: Context) -> Read[Value] | Refusal:
    """Read nothing: the system keeps it, and nobody types it; only personal numbers are refused."""
    return refuse_personal_numbers(raw) or Read(None)


def _text(field: Field, text: str, context: Context) -> Read[Value] | Refusal:
    if field.max_length is not None and len(text) > field.max_length:
        return Refusal("too-long", {"length": len(text), "limit": field.max_length})
    words = _words_of_several(field, context)
    if words and (any(word in text for word in words) or holds_several(text)):
        return Read(text, (Refusal("several-households"),))
    return Read(text)


def signs_of_several(field: Field, context: Context) -> tuple[str, ...]:
    """Return the signs that make a household's name doubtful; none for other fields."""
    words = _words_of_several(field, context)
    return (*words, *PARTINGS) if words else ()


def _words_of_several(field: Field, context: Context) -> tuple[str, ...]:
    """Return the words that make a household's name doubtful; none if the campaign does not visit persons."""
    return context.campaign.reading.names.several if field.id in IDENTIFYING else ()


def _integer(field: Field, text: str, context: Context) -> Read[Value] | Refusal:
    number = read_integer(text, context.campaign.reading.numbers)
    if isinstance(number, Refusal):
        return number
    if field.min_value is not None and number < field.min_value:
        return Refusal("too-small", {"number": number, "limit": plain_number(field.min_value)})
    if field.max_value is not None and number > field.max_value:
        return Refusal("too-large", {"number": number, "limit": plain_number(field.max_value)})
    return Read(number)


def _date(field: Field, text: str, context: Context) -> Read[Value] | Refusal:
    words = context.campaign.reading.dates

    def read(year: int | None) -> Read[date] | Refusal:
        return read_date(text, words, context.today if year is None else date(year, 1, 1))

    found = in_campaign(read, lambda day: day, context)
    if isinstance(found, Refusal):
        return found
    if field.not_future and found.value > context.today:
        return Refusal("in-future", {"date": typed_day(found.value), "today": typed_day(context.today)})
    beyond = found.value.year >= years_of(context).stop
    return Read(found.value, (*found.doubts, _beside(found.value.year)) if beyond else found.doubts)


def _deadline(field: Field, text: str, context: Context) -> Read[Value] | Refusal:
    too_long = _text(field, text, context)
    if isinstance(too_long, Refusal):
        return too_long
    words = context.campaign.reading

    def read(year: int | None) -> Read[Deadline] | Refusal:
        return read_deadline(text, words, context.today, year)

    found = in_campaign(read, lambda deadline: deadline.due, context)
    if isinstance(found, Refusal) or not found.value.due or found.value.due.year in years_of(context):
        return found
    return Read(found.value, (*found.doubts, _beside(found.value.due.year)))


def _beside(year: int) -> Refusal:
    return Refusal("year-beside", {"year": year})


READERS: dict[FieldType, Reader] = {
    FieldType.SERIAL: _never,
    FieldType.TOWNSHIP: _written(clean_line, read_township),
    FieldType.VILLAGE: _written(clean_line, read_village),
    FieldType.PROBLEM_TYPE: _written(clean_line, read_problem_type),
    FieldType.CHOICE: _written(clean_line, read_choice),
    FieldType.TEXT: _written(clean_line, _text),
    FieldType.PARAGRAPH: _written(clean_paragraph, _text),
    FieldType.INTEGER: _written(clean_line, _integer),
    FieldType.DATE: _written(clean_line, _date),
    FieldType.DEADLINE: _written(clean_line, _deadline),
    FieldType.COMPUTED: _kept,
    **{kind: _written(clean_line, each.read) if each.typed else _kept for kind, each in FAMILIES.items()},
}
"""Field type to reader; missing required values are refused here, too."""
