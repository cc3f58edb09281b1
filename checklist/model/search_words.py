"""``search.yml``: how readers ask for a section of the handbook, in words that it does not hold."""

from pydantic import Field as Attribute

from checklist.model.base import Node, Text


class AskedWords(Node):
    """What readers say for one section."""

    finds: Text
    """Id of an item, policy, fact, phase, role or form, or ``form-field``."""
    asked: tuple[Text, ...] = Attribute(min_length=1)
    """Questions and colloquial words; search finds the section by them, no page shows them."""


class SearchWords(Node):
    """``search.yml``."""

    same: tuple[tuple[Text, ...], ...] = ()
    """Groups of words that mean the same in what readers type."""
    sections: tuple[AskedWords, ...] = ()
