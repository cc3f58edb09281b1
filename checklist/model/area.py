"""``areas/NN-slug.yml``: a check area with its key checks, look-for items and problem types."""

from typing import Literal

from pydantic import Field as Attribute

from checklist.model.base import Id, Node, Text

Subject = Literal["household", "general"]
"""The subject of an item: a household (户内), or a unit's own work (面上)."""


class ProblemType(Node):
    """A problem type (问题类型), by which the summary table counts."""

    id: Id
    name: Text
    """The canonical name; ``summary.csv`` and lists show it."""
    annex_name: str = ""
    """The name in the annex's row, where the annex spells it otherwise."""
    aliases: tuple[Text, ...] = ()
    """Other names that readers, search and Excel import understand."""
    may_mean: tuple[Text, ...] = ()
    """Ambiguous names, shared with others: input with one of them asks for a choice."""

    @property
    def row_name(self) -> str:
        """The name that stands in the annex's table."""
        return self.annex_name or self.name


class Example(Node):
    """An invented typical finding at an item, with its measures."""

    content: Text
    """The problem, as it would stand in the ledger."""
    measures: Text
    """The measures, as they would stand in the ledger."""


class Item(Node):
    """One thing to look at (主要看) or to check first (重点核查): one clause of the notice."""

    id: Id
    text: Text
    """The clause in the notice's own words, without its closing punctuation."""
    subjects: tuple[Subject, ...] = Attribute(min_length=1)
    problem_type: Id | None = None
    """The type that a finding counts under; None means the area's only one, or the person's choice."""
    responsible: tuple[str, ...] = ()
    """Units or groups that answer for this item where they are fewer than the area's."""
    household_types: tuple[Id, ...] = ()
    """Types of household (choices of the form's household_type) at which a visit asks it; all where there are none."""
    asked_of: tuple[str, ...] = ()
    """Codes of units and ids of groups whose general check asks it; every unit's where there are none."""
    policies: tuple[Id, ...] = ()
    how: str = ""
    """How to check it, in plain words of the handbook (not the notice's)."""
    evidence: tuple[Text, ...] = ()
    """What to see and keep as proof, one by one."""
    examples: tuple[Example, ...] = ()
    """Typical problems with their measures."""


class Area(Node):
    """One of the check areas (十查十看), from ``areas/NN-slug.yml``."""

    id: Id
    number: int = Attribute(ge=1)
    name: Text
    """The canonical name, without numbering."""
    key_check_lead: Text
    """The words that open the key checks in the notice: 重点核查."""
    look_for_lead: Text
    """The words that open the look-for items in the notice: 主要看."""
    key_checks: tuple[Item, ...] = Attribute(min_length=1)
    items: tuple[Item, ...] = Attribute(min_length=1)
    responsible: tuple[str, ...] = Attribute(min_length=1)
    """Codes of units and ids of groups, in the notice's order."""
    responsible_text: Text
    """The notice's own words within 【责任单位：…】."""
    problem_types: tuple[ProblemType, ...] = Attribute(min_length=1)
    """One, or several where the summary table divides the area."""
    policies: tuple[Id, ...] = ()

    @property
    def all_items(self) -> tuple[Item, ...]:
        """Key checks first, then look-for items, in the notice's order."""
        return self.key_checks + self.items
