"""``campaign.yml``: the notice itself, with its phases, deadline and requirements."""

from datetime import date, datetime
from typing import Literal

from checklist.model.base import Id, Node, Text
from checklist.model.registers import Period


class Scope(Node):
    """Notice, section one: what is inspected, and whom."""

    heading: Text
    text: Text
    objects: tuple[Text, ...]
    """Who is inspected (对象), one by one, in the notice's words."""


class PhaseTask(Node):
    """One task of a phase, and the units that it is for."""

    id: Id
    text: Text
    who: tuple[str, ...]
    """Codes of units or ids of groups."""


class Phase(Node):
    """One phase of the campaign (notice, section three)."""

    id: Id
    name: Text
    start: date
    end: date
    period: Text
    """The dates in the notice's own words."""
    tasks: tuple[PhaseTask, ...]


class ReturnDeadline(Node):
    """When returns are due."""

    at: datetime
    """The last moment, in the campaign's time zone (Asia/Shanghai), without an offset."""
    text: Text
    """The same in the notice's own words."""
    what: tuple[Text, ...]
    """What must be handed in."""


class Requirement(Node):
    """One of the requirements of section four."""

    id: Id
    heading: Text
    clauses: tuple[Text, ...]
    """Its sentences, one by one; joined they are the notice's text."""


class Contact(Node):
    """The contact for questions and returns."""

    office: Text
    email: Text
    phone: Text


class Section(Node):
    """The heading of a section of the notice, and the words before its first part."""

    heading: Text
    text: str = ""


class Notice(Node):
    """``campaign.yml``."""

    id: Id
    """The same as the folder's name; records carry it."""
    name: Text
    """The campaign's short name, for page titles."""
    short_name: Text
    """Two to six characters for a phone's title bar."""
    number: Text
    title: Text
    letterhead: Text
    issuer: Text
    issued: date
    county: Text
    city: str = ""
    """The city (市) that the county belongs to; a summary of several counties adds it up under this name."""
    province: str = ""
    """The province, likewise."""
    addressees: Text
    preamble: Text
    scope: Scope
    tasks: Section
    """Heading and lead of the section that holds the check areas."""
    organisation: Section
    phases: tuple[Phase, ...]
    deadline: ReturnDeadline
    visit_rounds: Literal[Period.NONE, Period.MONTH, Period.QUARTER, Period.YEAR] = Period.NONE
    """How often households are visited anew (轮次); none: once in the whole campaign."""
    shared_registers: tuple[Id, ...] = ()
    """Registers whose rows belong to them and not to the campaign: every campaign that names one reads and goes on
    with the same rows. Each is a file of this campaign's ``registers/``, or of the folder of that name beside the
    campaigns."""
    demands: Section
    """Heading of the section that holds the requirements."""
    requirements: tuple[Requirement, ...]
    contact: Contact
    annexes: tuple[Text, ...]
    """The notice's own list of its annexes."""

    def phase_on(self, day: date) -> Phase | None:
        """The phase in which a day lies."""
        return next((phase for phase in self.phases if phase.start <= day <= phase.end), None)
