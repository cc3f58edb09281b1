"""Results of readers: a value, perhaps with doubts, or a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Refusal:
    """The reason of a refusal or doubt: a message code and its params."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Read(Generic[T_co]):
    """A parsed value; to be reviewed if there are doubts."""

    value: T_co
    doubts: tuple[Refusal, ...] = ()
