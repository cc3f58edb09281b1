"""What is sent again under a stored id: the same content is a resend, other content is refused with both shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from forms_server.inspection.teams import Refused


class SavedOtherwise(Refused):
    """The id holds other content, which stays; the message shows both versions, so that nothing is lost."""


@dataclass(frozen=True)
class Compared:
    """A value under its label: as it is stored, and as it was sent."""

    label: str
    stored: str
    sent: str


def require_same(what: str, values: Iterable[Compared]) -> None:
    """Raise SavedOtherwise where a value was sent that differs from the stored one.

    Args:
        what: that is stored, with how to change it: a sentence without its end.
        values: all that was sent.
    """
    differing = [each for each in values if each.stored != each.sent]
    if differing:
        both = "；".join(
            f"{each.label}：存的是“{each.stored or '空'}”，这次是“{each.sent or '空'}”" for each in differing
        )
        raise SavedOtherwise(f"{what}，这一次的没有存。{both}。")
