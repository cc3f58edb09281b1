"""The base of the model's nodes: frozen, no unknown keys, ids of one shape."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
"""A permanent id: lower-case letters, digits and single hyphens. Records and addresses refer to it."""

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
"""Display text; never empty."""

UnitCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{3,30}$")]
"""A township's nine-digit official code, or the short name of a county unit."""

VillageCode = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
"""A village's twelve-digit official code; the first nine are those of its township."""


class Node(BaseModel):
    """A part of the campaign: immutable, and unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
