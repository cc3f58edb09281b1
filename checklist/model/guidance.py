"""``policies/*.yml`` and ``glossary.yml``: guidance with its sources, and the terms with their other names."""

from typing import Literal

from pydantic import Field as Attribute

from checklist.model.base import Id, Node, Text

Confidence = Literal["verified", "single", "recalled"]
Reach = Literal["national", "anhui", "suzhou", "county", "other-county", "other-province"]


class Fact(Node):
    """One fact of a policy, with source and certainty."""

    id: Id
    statement: Text
    figures: tuple[Text, ...] = ()
    source: Text
    """Title of the document or page."""
    document_number: str = ""
    number_seen: bool = False
    """Whether the document number was verified on a page; otherwise it is marked as unverified."""
    issuer: str = ""
    date: str = ""
    """YYYY, YYYY-MM or YYYY-MM-DD; empty where the source has none."""
    confidence: Confidence
    reach: Reach
    """Its jurisdiction; another county's or province's figure is never printed as this county's."""
    in_notice: bool = False
    """Whether the campaign's own notice says so too."""
    note: str = ""
    urls: tuple[Text, ...] = ()


class Claim(Node):
    """One of the statements that contradict each other."""

    text: Text
    facts: tuple[Id, ...] = Attribute(min_length=1)
    """Facts of the same policy that support it; two claims may share one that names both."""
    applies: Text
    """When this statement applies, or why not."""


class Conflict(Node):
    """Statements that contradict each other, side by side with which applies when."""

    question: Text
    claims: tuple[Claim, ...] = Attribute(min_length=2)


class ShortAnswer(Node):
    """The short answer to a question that is often asked; its scope, sources and dates are those of its facts."""

    id: Id
    question: Text
    answer: Text
    """The figure or the rule in one sentence, or that this county's own is not known."""
    facts: tuple[Id, ...] = ()
    """Facts of the same policy that it rests on; none where nothing was found, and the policy says whom to ask."""
    unsettled: bool = False
    """Whether this county's own answer is not known, though its facts are sure."""


class Policy(Node):
    """One topic of guidance, from ``policies/*.yml``."""

    id: Id
    title: Text
    area: Id
    summary: Text
    """The topic in plain words, before its facts."""
    answers: tuple[ShortAnswer, ...] = ()
    """Shown first, and collected on the page of answers."""
    facts: tuple[Fact, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    ask: str = ""
    """Where this county's own figure is unknown: what is missing, and which unit to ask."""


class Term(Node):
    """A term of the glossary, with its aliases and abbreviations."""

    term: Text
    explanation: Text
    aliases: tuple[Text, ...] = ()
    """Synonyms: a search for one of them means the term."""
    related: tuple[Text, ...] = ()
    """Broader, narrower or related terms: ranked after the term's own hits."""
    confidence: Confidence = "verified"


class Glossary(Node):
    """``glossary.yml``."""

    terms: tuple[Term, ...] = ()
