"""Answers to questions: yes or no, and several choices of a list."""

import random
import re
from collections.abc import Mapping, Sequence

from checklist.model import Campaign, Field, FieldType
from checklist.read_result import Read, Refusal
from checklist.text_normalisation import compact
from checklist.values.judge_context import Context
from checklist.values.judge_results import Value
from checklist.values.places import read_choice
from checklist.values.value_types import Asked, CellLook, Schema, ValueType

YES, NO = "是", "否"
_IDS = {"yes": True, "no": False, YES: True, NO: False}

BETWEEN = "、"
"""Between several choices of a text that the program writes."""

_PARTING = re.compile(r"(?:[、，,；;/|\s]|(?<![^、，,；;/|\s])\d{1,2}[.)）](?!\d))+")
_MOST_PARTS = 4
"""Parts that one choice's name may have: more than any list of this kind holds."""


_OF_A_PART = {
    "near-choice": "part-near-choice",
    "not-a-choice": "part-not-a-choice",
    "ambiguous": "part-ambiguous",
}
"""Refusals of one choice to those of one among several, of which a question could not say what becomes of the rest."""


def says(text: str, context: Context) -> bool | None:
    """Return what a text answers, in the campaign's words; None if it is no answer."""
    plain, words = compact(text), context.campaign.reading.answers
    if plain in _IDS:
        return _IDS[plain]
    return True if plain in words.yes else False if plain in words.no else None


def _yes_or_no(field: Field, text: str, context: Context) -> Read[Value] | Refusal:
    said = says(text, context)
    if said is None or (_denies(field, context) and _is_other_word(text)):
        return Refusal("not-yes-no")
    return Read(said)


def _denies(field: Field, context: Context) -> bool:
    """Whether a label begins with a word for no: under 无新情况, 无 may say that there is nothing, or that there is."""
    return any(
        _is_other_word(word) and field.label.startswith(word) for word in context.campaign.reading.answers.no
    )


def _is_other_word(text: str) -> bool:
    """Whether an answer is a word other than 是 and 否, and no mark."""
    plain = compact(text)
    return plain not in _IDS and any("\u4e00" <= letter <= "\u9fff" for letter in plain)


def _show_answer(field: Field, value: Value, campaign: Campaign) -> str:
    return (YES if value else NO) if isinstance(value, bool) else str(value)


def _write_answer(value: bool) -> str:
    return "yes" if value else "no"


def _several(field: Field, text: str, context: Context) -> Read[Value] | Refusal:
    """Read choices that are parted by 、 or the like; a name that has such a mark in it is one choice."""
    parts = _parts(text)
    found: dict[str, None] = {}
    while parts:
        for end in range(min(len(parts), _MOST_PARTS), 0, -1):
            read = read_choice(field, text[parts[0][0] : parts[end - 1][1]], context)
            if isinstance(read, Read):
                found[read.value] = None
                parts = parts[end:]
                break
        else:
            return _named(read_choice(field, text[slice(*parts[0])], context), text[slice(*parts[0])])
    if not found:
        labels = [choice.label for choice in field.choices]
        return Refusal("part-not-a-choice", {"part": text, "choices": labels})
    return Read(tuple(choice.id for choice in field.choices if choice.id in found))


def _named(refused: Read[str] | Refusal, part: str) -> Refusal:
    """The refusal of one part, which names that part."""
    assert isinstance(refused, Refusal)
    return Refusal(_OF_A_PART[refused.code], {**refused.params, "part": part})


def _parts(text: str) -> list[tuple[int, int]]:
    """The places of the parts of a text."""
    edges = [0, *(edge for mark in _PARTING.finditer(text) for edge in mark.span()), len(text)]
    return [(begin, end) for begin, end in zip(edges[::2], edges[1::2], strict=True) if begin < end]


def _show_several(field: Field, value: Value, campaign: Campaign) -> str:
    labels = {choice.id: choice.label for choice in field.choices}
    chosen = value if isinstance(value, tuple) else (str(value),)
    return BETWEEN.join(labels.get(each, each) for each in chosen)


def _several_schema(field: Field, campaign: Campaign) -> Schema:
    ids = [choice.id for choice in field.choices]
    return {"type": "array", "items": {"type": "string", "enum": ids}, "minItems": 1, "uniqueItems": True}


def _ticked(field: Field) -> Sequence[tuple[str, str]]:
    return [(choice.id, choice.label) for choice in field.choices]


def _sample_several(field: Field, chance: random.Random) -> str:
    chosen = chance.sample(field.choices, chance.randint(1, min(3, len(field.choices))))
    return BETWEEN.join(choice.id for choice in chosen)


ANSWER_TYPES: Mapping[FieldType, ValueType] = {
    FieldType.YESNO: ValueType(
        read=_yes_or_no,
        show=_show_answer,
        schema=lambda field, campaign: {"type": "boolean"},
        describe=lambda field: f"{YES}或{NO}，打√或×也认",
        asked=lambda field: Asked("one", [("yes", YES), ("no", NO)]),
        sample=lambda field, chance: chance.choice((YES, NO)),
        cell=lambda field: CellLook(choices=(YES, NO)),
        write=_write_answer,
    ),
    FieldType.CHOICES: ValueType(
        read=_several,
        show=_show_several,
        schema=_several_schema,
        describe=lambda field: f"从{len(field.choices)}项中选，可选几项；写在一格里时用顿号隔开",
        asked=lambda field: Asked("several", _ticked(field)),
        sample=_sample_several,
        write=BETWEEN.join,
        dump=list,
        load=tuple,
    ),
}
"""Yes or no, and several choices."""
