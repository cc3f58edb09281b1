"""``policies/*.yml`` and ``glossary.yml``: guidance with its sources, and the terms with their other names."""

from typing import Literal

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
    note: str = ""
    urls: tuple[Text, ...] = ()


class Policy(Node):
    """One topic of guidance, from ``policies/*.yml``."""

    id: Id
    title: Text
    area: Id
    summary: Text
    """The topic in plain words, before its facts."""
    facts: tuple[Fact, ...] = ()
    ask: str = ""
    """Where this county's own figure is unknown: whom to ask."""


class Term(Node):
    """A term of the glossary, with its aliases and abbreviations."""

    term: Text
    explanation: Text
    aliases: tuple[Text, ...] = ()
    confidence: Confidence = "verified"


class Glossary(Node):
    """``glossary.yml``."""

    terms: tuple[Term, ...] = ()
