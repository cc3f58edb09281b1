"""Whether an expression can be evaluated over its columns, and gives what its place asks for."""

from enum import StrEnum

from build_scripts.rules.expression_fault import ExpressionFault
from build_scripts.rules.expression_reader import Expression, RuleScope, read_expression
from build_scripts.rules.locked_database import RULES_DATABASE, RulesFailed
from build_scripts.rules.rule_columns import SEPARATOR, ColumnKind, Columns, typed_source


class Wanted(StrEnum):
    """What an expression must give, as messages call it."""

    CONDITION = "一个条件（是或者不是）"
    WHOLE = "一个整数"
    NUMBER = "一个数"
    DATE = "一个日期"
    TEXT = "文字"
    SEVERAL = "多选的一组"


_WANTED = {
    ColumnKind.TEXT: Wanted.TEXT,
    ColumnKind.NUMBER: Wanted.WHOLE,
    ColumnKind.MONEY: Wanted.NUMBER,
    ColumnKind.DECIMAL: Wanted.NUMBER,
    ColumnKind.DATE: Wanted.DATE,
    ColumnKind.YES_NO: Wanted.CONDITION,
    ColumnKind.SEVERAL: Wanted.SEVERAL,
}

_WHOLE = {"BIGINT", "HUGEINT", "INTEGER", "SMALLINT", "TINYINT", "UBIGINT", "UINTEGER"}

_SAMPLES = {
    ColumnKind.TEXT: "样",
    ColumnKind.NUMBER: "1",
    ColumnKind.MONEY: "1.00",
    ColumnKind.DECIMAL: "1.5",
    ColumnKind.DATE: "2026-01-31",
    ColumnKind.YES_NO: "true",
    ColumnKind.SEVERAL: f"样{SEPARATOR}张",
}
"""A value of each kind: an expression must bear it, as it must bear blanks."""


def condition(text: str, columns: Columns) -> Expression:
    """Return a condition over a row.

    Raises:
        ExpressionFault: it can't be read or evaluated, or is no condition.
    """
    return _tried(read_expression(text, columns), columns, Wanted.CONDITION)


def formula(text: str, columns: Columns, kind: ColumnKind) -> Expression:
    """Return what a column is computed by; ExpressionFault if it can't be read, evaluated or stored there."""
    return _tried(read_expression(text, columns), columns, _WANTED[kind])


def figure(text: str, columns: Columns) -> Expression:
    """Return a number over all rows of a group, such as ``count(*)``; ExpressionFault if it is none."""
    return _tried(read_expression(text, columns, RuleScope.FIGURE), columns, Wanted.NUMBER)


def _tried(expression: Expression, columns: Columns, wanted: Wanted) -> Expression:
    """Evaluate an expression over blanks and over a sample; return it if that gives what is wanted."""
    read = [column for column in columns.values() if column.name in expression.reads]
    read = read or list(columns.values())[-1:]
    source = typed_source(read, "rule_rows")
    sample = {column.name: [None, _SAMPLES[column.kind]] for column in read}
    # Without TRY: here errors are to be seen.
    statement = f"SELECT typeof({expression.sql}) FROM ({source})"  # noqa: S608 - rendered by the reader
    evaluated = f"SELECT {expression.sql} FROM ({source})"  # noqa: S608 - the same
    try:
        types = RULES_DATABASE.run(statement, {"rule_rows": sample})
        RULES_DATABASE.run(evaluated, {"rule_rows": sample})
    except RulesFailed as error:
        kinds = [f"{column.name} 是{column.kind.words}" for column in read]
        raise ExpressionFault("rule-types", {"kinds": kinds, "detail": _first_line(error)}) from error
    found = str(types[0][0])
    if not _gives(found, wanted):
        raise ExpressionFault("rule-result", {"wanted": wanted.value, "found": _words(found)})
    return expression


def _first_line(error: RulesFailed) -> str:
    """DuckDB's own words, for whoever can read them."""
    return str(error).partition("\n")[0].rpartition("Error: ")[2]


def _words(found: str) -> str:
    """Return what messages call a type of DuckDB; its own name for one that no column has."""
    if _gives(found, Wanted.WHOLE):
        return ColumnKind.NUMBER.words
    if found.startswith(("DECIMAL", "DOUBLE", "FLOAT")):
        return ColumnKind.DECIMAL.words
    return next((kind.words for kind in ColumnKind if kind.value == found), found)


def _gives(found: str, wanted: Wanted) -> bool:
    whole = found in _WHOLE or (found.startswith("DECIMAL") and found.endswith(",0)"))
    return {
        Wanted.CONDITION: found == "BOOLEAN",
        Wanted.WHOLE: whole,
        Wanted.NUMBER: whole or found.startswith(("DECIMAL", "DOUBLE", "FLOAT")),
        Wanted.DATE: found in {"DATE", "TIMESTAMP"},
        Wanted.TEXT: found == "VARCHAR",
        Wanted.SEVERAL: found.endswith("[]"),
    }[wanted]
