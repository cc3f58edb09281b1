"""``policies/*.yml`` and ``glossary.yml``: guidance with its sources, and the terms with their other names."""

from typing import Literal

from pydantic import Field as Attribute

from checklist.model.base import Id, Node, Text

Confidence = Literal["verified", "single", "recalled"]
Reach = Literal["national", "anhui", "suzhou", "county", "other-county", "other-province"]


class Fact(Node):
    """One fact of a policy, with where it comes from and how sure it is."""

    id: Id
    statement: Text
    figures: tuple[Text, ...] = ()
    source: Text
    """Title of the document or page."""
    document_number: str = ""
    number_seen: bool = False
    """Whether the document number was read on a page; otherwise it is marked as not verified."""
    issuer: str = ""
    date: str = ""
    """YYYY, YYYY-MM or YYYY-MM-DD; empty where the source has none."""
    confidence: Confidence
    reach: Reach
    """Whose rule it is; another county's or province's figure is never printed as this county's."""
    in_notice: bool = False
    """Whether the campaign's own notice says so too."""
    note: str = ""
    urls: tuple[Text, ...] = ()


class Claim(Node):
    """One of the statements that contradict each other."""

    text: Text
    facts: tuple[Id, ...] = Attribute(min_length=1)
    """Facts of the same policy that say so; two claims share one where that fact itself names both."""
    applies: Text
    """When to go by this statement, or why not."""


class Conflict(Node):
    """Statements that contradict each other, side by side with which applies when."""

    question: Text
    claims: tuple[Claim, ...] = Attribute(min_length=2)


class Policy(Node):
    """One topic of guidance, from ``policies/*.yml``."""

    id: Id
    title: Text
    area: Id
    summary: Text
    """The topic in plain words, before its facts."""
    facts: tuple[Fact, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    ask: str = ""
    """Where this county's own figure is unknown: what is missing, and which unit to ask."""


class Term(Node):
    """A term of the glossary, with its aliases and abbreviations."""

    term: Text
    explanation: Text
    aliases: tuple[Text, ...] = ()
    """Other names of the same thing: whoever looks for one of them means the term."""
    related: tuple[Text, ...] = ()
    """Words for something wider, narrower or next to it: worth showing after the term's own hits."""
    confidence: Confidence = "verified"


class Glossary(Node):
    """``glossary.yml``."""

    terms: tuple[Term, ...] = ()
