"""Photographs: a row holds how many there are; the pictures are kept beside it and never stand in a cell."""

from collections.abc import Mapping

from checklist.messages import say
from checklist.model import Field, FieldType
from checklist.problems import Problem
from checklist.read_result import Read
from checklist.text_normalisation import compact
from checklist.values.value_types import Asked, CellLook, ValueType

COUNTER = "张"


def photo_cell(field: Field, typed: str, count: object) -> Problem | None:
    """Return the warning that a workbook's cell says another number than there are photographs; None where it agrees.

    Args:
        field: of photographs.
        typed: what the cell holds.
        count: of the stored photographs; None without any.
    """
    said = compact(typed).removesuffix(COUNTER).removesuffix(".0")
    if said in {"", str(count or 0)}:
        return None
    words = {"label": field.label, "typed": typed, "count": count or 0}
    return Problem(field.id, "photo-not-by-workbook", say("photo-not-by-workbook", **words), warning=True)


PHOTO_TYPES: Mapping[FieldType, ValueType] = {
    FieldType.PHOTO: ValueType(
        read=lambda field, text, context: Read(None),
        show=lambda field, value, campaign: f"{value} {COUNTER}",
        schema=lambda field, campaign: {"type": "integer", "minimum": 1, "maximum": field.most_photos},
        describe=lambda field: (
            f"照片，最多{field.most_photos}{COUNTER}，在网页上传；表格里只有张数，不从表格改"
        ),
        asked=lambda field: Asked("line"),
        sample=lambda field, chance: "",
        cell=lambda field: CellLook("0", figures=True),
        to_cell=lambda count: count,
        typed=False,
    ),
}
"""Photographs of a row."""
