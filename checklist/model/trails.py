"""``trails.yml``: money that several registers write down, and that must be the same in all of them."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field as Attribute
from pydantic import WithJsonSchema

from checklist.model.base import Id, Node, Text

Share = Annotated[Decimal, Attribute(gt=0, le=1), WithJsonSchema({"type": "number"})]
"""A part of one: 0.6."""


class TrailStep(Node):
    """One station of the money: what the rows of a register add up to, a village and a month."""

    id: Id
    label: Text
    """What the column is called: 供电公司结算."""
    rows_of: Id
    """The register whose rows are added up."""
    amount: Text
    """The SQL expression of a row's amount, in yuan."""
    month: Text = "period"
    """The SQL expression of a day in the month that the row belongs to."""
    where: str = ""
    """The SQL condition of the rows that count; all of them without one."""


class Trail(Node):
    """A way of money: all of its steps are equal in each village and month, to the fen."""

    id: Id
    name: Text
    steps: tuple[TrailStep, ...] = Attribute(min_length=2)


class ShareRule(Node):
    """The least part of a year's money that must go to a purpose (公益性岗位工资不低于 60 %)."""

    id: Id
    name: Text
    part: Id
    """The step that is the part: an id of any trail's steps."""
    whole: Id
    """The step that is the whole."""
    least: Share


class Trails(Node):
    """``trails.yml``."""

    trails: tuple[Trail, ...] = ()
    shares: tuple[ShareRule, ...] = ()

    @property
    def steps(self) -> tuple[TrailStep, ...]:
        """All steps of all trails."""
        return tuple(step for trail in self.trails for step in trail.steps)
