"""The columns that a rule may read: one a field, with its type in SQL, and how its values get there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

SEPARATOR = "\x1f"
"""Between several choices of one value on their way into the database."""


class ColumnKind(StrEnum):
    """The SQL type of a column."""

    TEXT = "VARCHAR"
    NUMBER = "BIGINT"
    MONEY = "DECIMAL(18, 2)"
    DECIMAL = "DECIMAL(18, 6)"
    DATE = "DATE"
    YES_NO = "BOOLEAN"
    SEVERAL = "VARCHAR[]"

    @property
    def words(self) -> str:
        """What messages call it."""
        return _WORDS[self]

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers."""
        return self in {ColumnKind.NUMBER, ColumnKind.MONEY, ColumnKind.DECIMAL}


_WORDS = {
    ColumnKind.TEXT: "文字",
    ColumnKind.NUMBER: "整数",
    ColumnKind.MONEY: "金额",
    ColumnKind.DECIMAL: "小数",
    ColumnKind.DATE: "日期",
    ColumnKind.YES_NO: "是否",
    ColumnKind.SEVERAL: "多选",
}


@dataclass(frozen=True)
class RuleColumn:
    """One column that expressions may name."""

    name: str
    """A field's id; with a dot the field of a row that is referred to, as in ``station.capacity``."""
    kind: ColumnKind
    label: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    """Id to label of the only values that it can have; empty if it can have any."""


Columns = Mapping[str, RuleColumn]
"""By name, in the order of the fields."""

TODAY = RuleColumn("today", ColumnKind.DATE, "今天")
"""The day that is given with every evaluation: no rule reads the clock."""


def columns_by_name(columns: Iterable[RuleColumn]) -> Columns:
    """Return the columns by name, with :data:`TODAY`."""
    return {column.name: column for column in (*columns, TODAY)}


def quoted(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def typed_source(columns: Iterable[RuleColumn], table: str) -> str:
    """Return the ``SELECT`` that gives a table's columns of text their types; what does not fit is NULL."""
    return f"SELECT {', '.join(_typed(column) for column in columns)} FROM {table}"  # noqa: S608 - names of ours


def _typed(column: RuleColumn) -> str:
    text = f"CAST({quoted(column.name)} AS VARCHAR)"
    value = (
        f"string_split({text}, chr({ord(SEPARATOR)}))"
        if column.kind is ColumnKind.SEVERAL
        else f"TRY_CAST({text} AS {column.kind})"
    )
    return f"{value} AS {quoted(column.name)}"


def as_text(value: object) -> str | None:
    """Return a stored value as the text that :func:`typed_source` reads; None, and whatever is blank, is NULL."""
    if value is None or value in ("", ()):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (tuple, list)):
        return SEPARATOR.join(map(str, value)) or None
    if isinstance(value, date):
        return value.isoformat()[:10]
    return str(value)
