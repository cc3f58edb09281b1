"""``roster.yml``: how rosters of households are read."""

from typing import Annotated

from pydantic import Field as Attribute

from checklist.model.base import Node, Text
from checklist.model.reading import Words

Headers = tuple[Text, ...]
"""Headers of a column in workbooks, the most specific first."""


class RosterColumns(Node):
    """Headers beside the labels and other headers of the form's own fields, which are always understood."""

    number: Headers = ()
    """The household's number in the national system: by it a household is known again, never an identity card's."""
    township: Headers = ()
    village: Headers = ()
    householder: Headers = ()
    household_type: Headers = ()
    """Of several such columns in a list the first one that says something counts, in this order."""
    people: Headers = ()
    member: Headers = ()
    """The name of one person, in a list with a row for each person of a household."""
    relation: Headers = ()
    """What that person is to the householder; a list with this column has a row for each person."""
    status: Headers = ()
    """Whether that person still belongs to the household (户内状态)."""


class Roster(Node):
    """``roster.yml``."""

    columns: RosterColumns = RosterColumns()
    identity: Headers = ()
    """Headers of columns of identity numbers, in any list: nothing of them is stored. A register's person has his own
    (``identity_headers``), of which a key is made."""
    heads: Words = ()
    """What stands in the column of relations for the householder: 户主, 本人."""
    left: Words = ()
    """What the column of a person's status says of those who belong to the household no more: 自然减少."""
    nothing: Words = ()
    """What stands in a cell that says nothing, besides the marks that all workbooks have: 无."""
    name: Text = "名册"
    """The roster's name on pages."""
    number_label: Text = "户编号"
    """The label of the household's number on pages."""
    number_length: Annotated[int, Attribute(ge=1, le=40)] = 40
    """The longest number taken, in characters."""
