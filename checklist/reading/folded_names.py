"""Names as they are compared: 张　三, 张 三 and 张三 are one person."""

from checklist.text import compact


def fold_name(name: str) -> str:
    """A name in the form in which names are compared."""
    return compact(name)
