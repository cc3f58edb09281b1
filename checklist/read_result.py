"""What a reader gives back: a value, perhaps with doubts, or a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Refusal:
    """Why a text is refused or doubted: a code of the message catalogue and what its template needs."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Read(Generic[T_co]):
    """A value that was understood; a person should look at it where there are doubts."""

    value: T_co
    doubts: tuple[Refusal, ...] = ()
