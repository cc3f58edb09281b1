"""Names that lead elsewhere: a household, a member of it, a row of another register."""

import random
from collections.abc import Callable, Mapping

from checklist.model import Field, FieldType
from checklist.read_result import Read, Refusal
from checklist.reading.person_names import holds_several
from checklist.text_normalisation import fold
from checklist.values.judge_context import Context
from checklist.values.judge_results import Value
from checklist.values.value_types import Asked, Schema, ValueType

Reader = Callable[[Field, str, Context], Read[Value] | Refusal]

LONGEST_NAME = 30
"""Characters of a person's name."""
LONGEST_KEY = 60
"""Characters of what names a row of a register."""

_SURNAMES, _BY_ORDER = "赵钱孙李周吴郑王", "甲乙丙丁戊己庚辛"


def _household(field: Field, text: str, context: Context) -> Read[Value] | Refusal:
    """Read a householder's name; several of them are doubted, as householders of issues are."""
    if len(text) > LONGEST_NAME:
        return _too_long(text, LONGEST_NAME)
    several = any(word in text for word in context.campaign.reading.names.several) or holds_several(text)
    return Read(text, (Refusal("several-households"),) if several else ())


def _person(field: Field, text: str, context: Context) -> Read[Value] | Refusal:
    """Read one person's name: a row is one person's."""
    if len(text) > LONGEST_NAME:
        return _too_long(text, LONGEST_NAME)
    if holds_several(text):
        return Refusal("several-persons")
    return Read(text)


def _reference(field: Field, text: str, context: Context) -> Read[Value] | Refusal:
    """Read what names a row: half-width, since numbers are compared as they are written."""
    key = fold(text)
    return _too_long(key, LONGEST_KEY) if len(key) > LONGEST_KEY else Read(key)


def _too_long(text: str, limit: int) -> Refusal:
    return Refusal("too-long", {"length": len(text), "limit": limit})


def _schema(limit: int) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": limit}


def _described_person(field: Field) -> str:
    """Say what a person's name is, and what becomes of a column of identity numbers beside it."""
    numbers = "；导入的表格里身份证号那一列，读入时换成代号，号码不保存" if field.identity_headers else ""
    return f"这一户一名成员的姓名，不写身份证号和电话{numbers}"


def _sample_name(field: Field, chance: random.Random) -> str:
    return f"{chance.choice(_SURNAMES)}某{chance.choice(_BY_ORDER)}"


def _sample_key(field: Field, chance: random.Random) -> str:
    return field.example or f"{chance.randint(1, 999):03d}"


def _name(read: Reader, describe: Callable[[Field], str]) -> ValueType:
    """A type that holds the name of one person."""
    return ValueType(
        read=read,
        schema=lambda field, campaign: _schema(LONGEST_NAME),
        describe=describe,
        asked=lambda field: Asked("line", wide="wide-name"),
        sample=_sample_name,
    )


NAME_TYPES: Mapping[FieldType, ValueType] = {
    FieldType.HOUSEHOLD: _name(_household, lambda field: "户主姓名，一户；名册里有的，从名册里选"),
    FieldType.PERSON: _name(_person, _described_person),
    FieldType.REFERENCE: ValueType(
        read=_reference,
        schema=lambda field, campaign: _schema(LONGEST_KEY),
        describe=lambda field: "另一本台账里那一行的编号，照那本台账写",
        asked=lambda field: Asked("line"),
        sample=_sample_key,
    ),
}
"""Households, persons, rows of registers."""
