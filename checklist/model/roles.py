"""``roles.yml``: the campaign's roles, their duties by phase, and hand-overs."""

from checklist.model.area import Subject
from checklist.model.base import Id, Node, Text


class Duty(Node):
    """One duty of a role."""

    text: Text
    phase: Id | None = None
    """The phase in which it is done; None means throughout."""


class Handover(Node):
    """A hand-over from one role to another."""

    to: Id
    """The receiving role."""
    what: Text


class CampaignRole(Node):
    """A role in the campaign, such as visiting, filing or signing."""

    id: Id
    name: Text
    people: Text
    """Who has it, in the notice's and the office's words."""
    summary: Text
    """The role in one sentence."""
    duties: tuple[Duty, ...]
    hands_over: tuple[Handover, ...] = ()
    subjects: tuple[Subject, ...] = ()
    """The items that the role checks itself: those that are looked at in a household, in a unit's work, or none."""
    forms: tuple[Id, ...] = ()
    """The forms that the role fills in, signs or compiles."""


class Roles(Node):
    """``roles.yml``."""

    roles: tuple[CampaignRole, ...] = ()
