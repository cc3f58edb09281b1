"""``roles.yml``: who takes part in the campaign, what each does in which phase, and what goes to whom."""

from checklist.model.area import Subject
from checklist.model.base import Id, Node, Text


class Duty(Node):
    """One thing that a role does."""

    text: Text
    phase: Id | None = None
    """The phase in which it is done; None means throughout."""


class Handover(Node):
    """What one role passes on to another."""

    to: Id
    """The role that gets it."""
    what: Text


class CampaignRole(Node):
    """A part that people have in the campaign: whoever visits, whoever files, whoever signs."""

    id: Id
    name: Text
    people: Text
    """Who that is, in the notice's and the office's words."""
    summary: Text
    """What the role comes down to, in one sentence."""
    duties: tuple[Duty, ...]
    hands_over: tuple[Handover, ...] = ()
    subjects: tuple[Subject, ...] = ()
    """The items that the role checks itself: those that are looked at in a household, in a unit's work, or none."""
    forms: tuple[Id, ...] = ()
    """The forms that the role fills in, signs or compiles."""


class Roles(Node):
    """``roles.yml``."""

    roles: tuple[CampaignRole, ...] = ()
