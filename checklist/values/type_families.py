"""The field types that are described by one value each, a family a module."""

from collections.abc import Mapping

from checklist.model import FieldType
from checklist.values.amount_types import AMOUNT_TYPES
from checklist.values.answer_types import ANSWER_TYPES
from checklist.values.month_type import MONTH_TYPES
from checklist.values.name_types import NAME_TYPES
from checklist.values.photo_type import PHOTO_TYPES
from checklist.values.value_types import ValueType

FAMILIES: Mapping[FieldType, ValueType] = {
    **AMOUNT_TYPES,
    **MONTH_TYPES,
    **ANSWER_TYPES,
    **NAME_TYPES,
    **PHOTO_TYPES,
}
"""Every registry of a projection holds these, too."""
