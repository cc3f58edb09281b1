"""``demo.yml``: findings that demonstrations show, invented, in this campaign's words."""

from checklist.model.base import Id, Node, Text


class Finding(Node):
    """What a demonstration record says; everything else of the record is made up by the program."""

    form: Id
    problem_type: Id
    content: Text
    measures: Text
    outcome: Text
    item: Id | None = None


class Demo(Node):
    """``demo.yml``."""

    findings: tuple[Finding, ...] = ()
