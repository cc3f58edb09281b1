"""The earliest day on which an issue can have been rectified: the campaign's first."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from checklist.date_formats import typed_day
from checklist.messages import say
from checklist.model import Campaign, Field
from checklist.problems import Problem
from forms_server.move import Move
from forms_server.move_fields import RECTIFIED_ON


class TooEarly(Exception):
    """An issue cannot have been rectified before it was found; none was found before the campaign's first day."""

    def __init__(self, field: Field, day: date, earliest: date) -> None:
        super().__init__(f"{day} < {earliest}")
        self.field = field
        self.day = day
        self.earliest = earliest

    @property
    def problem(self) -> Problem:
        """Message for the field with the date."""
        limit = typed_day(self.earliest)
        words = say("too-early", label=self.field.label, date=typed_day(self.day), limit=limit)
        return Problem(self.field.id, "too-early", words)


def refuse_too_early(campaign: Campaign, move: Move, answers: Mapping[str, Any]) -> None:
    """Hold the day that a move asks for to the campaign's days.

    Raises:
        TooEarly: it lies before the first phase.
    """
    if RECTIFIED_ON not in move.asks.values():
        return
    day, earliest = answers[RECTIFIED_ON.id], min(phase.start for phase in campaign.notice.phases)
    if day < earliest:
        raise TooEarly(RECTIFIED_ON, day, earliest)
