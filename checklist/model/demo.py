"""``demo.yml``: invented findings for demonstrations."""

from checklist.model.base import Id, Node, Text


class Finding(Node):
    """A demonstration record's content; the program makes up all other fields."""

    form: Id
    problem_type: Id
    content: Text
    measures: Text
    outcome: Text
    item: Id | None = None


class Demo(Node):
    """``demo.yml``."""

    findings: tuple[Finding, ...] = ()
