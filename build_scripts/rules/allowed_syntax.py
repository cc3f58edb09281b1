"""The whitelist of the rules' language: what of DuckDB's SQL an expression may use. Anything else is refused."""

COMPARISONS = {
    "COMPARE_EQUAL": "=",
    "COMPARE_NOTEQUAL": "<>",
    "COMPARE_LESSTHAN": "<",
    "COMPARE_GREATERTHAN": ">",
    "COMPARE_LESSTHANOREQUALTO": "<=",
    "COMPARE_GREATERTHANOREQUALTO": ">=",
    "COMPARE_DISTINCT_FROM": "IS DISTINCT FROM",
    "COMPARE_NOT_DISTINCT_FROM": "IS NOT DISTINCT FROM",
}
"""DuckDB's type of a comparison to its operator."""

CONJUNCTIONS = {"CONJUNCTION_AND": "AND", "CONJUNCTION_OR": "OR"}

OPERATORS = {
    "OPERATOR_NOT": "(NOT {0})",
    "OPERATOR_IS_NULL": "({0} IS NULL)",
    "OPERATOR_IS_NOT_NULL": "({0} IS NOT NULL)",
    "OPERATOR_COALESCE": "coalesce({all})",
    "COMPARE_IN": "({0} IN ({rest}))",
    "COMPARE_NOT_IN": "({0} NOT IN ({rest}))",
}
"""DuckDB's type of an operator to how it is rendered from its operands."""

INFIX = {"+", "-", "*", "/", "//", "%", "||", "~~", "!~~"}
"""Functions that are written between their two operands; ``-`` also stands before a single one."""

FUNCTIONS = {
    # numbers
    "abs", "ceil", "floor", "greatest", "least", "nullif", "round", "sign", "trunc",
    # texts: none that makes long ones of short ones
    "concat", "contains", "ends_with", "left", "length", "lower", "position", "regexp_full_match",
    "regexp_matches", "right", "starts_with", "substr", "substring", "trim", "upper",
    # dates
    "date_diff", "date_part", "date_trunc", "day", "last_day", "make_date", "month", "quarter",
    "to_days", "to_months", "to_weeks", "to_years", "year",
    # several choices
    "len", "list_contains", "list_has_all", "list_has_any", "list_value",
    # conditions
    "if",
}  # fmt: skip
"""Pure functions of their arguments; none reads a clock, a file, a setting or another row."""

CHOICE_FUNCTIONS = {"list_contains", "list_has_all", "list_has_any"}
"""Functions that compare a column of several choices with texts."""

AGGREGATES = {"avg", "count", "count_star", "max", "median", "min", "sum"}
"""Functions over many rows, for figures only."""

TYPES = {"BIGINT", "BOOLEAN", "DATE", "DECIMAL", "DOUBLE", "INTEGER", "VARCHAR"}
"""Types that a value may be cast to."""

LITERALS = {"BOOLEAN", "INTEGER", "NULL_LITERAL", "NUMERIC", "STRING"}

PLACE = {"class", "type", "query_location", "query_location_length"}
"""Keys of every node."""

KEYS = {
    "BETWEEN": PLACE | {"input", "lower", "upper"},
    "CASE": PLACE | {"case_checks", "else_expr"},
    "CAST": PLACE | {"child", "try_cast", "type_expr"},
    "COLUMN_REF": PLACE | {"column_names"},
    "COMPARISON": PLACE | {"left", "right"},
    "CONJUNCTION": PLACE | {"children"},
    "CONSTANT": PLACE | {"literal"},
    "FUNCTION": PLACE
    | {"function_name", "arguments", "is_operator", "qualified_name", "order_bys", "distinct", "filter"},
    "OPERATOR": PLACE | {"children"},
}
"""Class of a node to the keys that it may have: one that a later DuckDB adds is refused, not overlooked."""

NAMES_OF_CLASSES = {
    "SUBQUERY": "子查询",
    "WINDOW": "窗口函数",
    "LAMBDA": "箭头函数",
    "STAR": "星号",
    "PARAMETER": "参数",
    "POSITIONAL_REFERENCE": "列号",
    "DEFAULT": "DEFAULT",
    "COLLATE": "排序规则",
}
"""What a refused class is called in messages."""

WORDS_FOR_TODAY = {"current_date", "today", "now", "current_timestamp", "get_current_timestamp"}
"""Names of the clock, in whose place ``today`` is given."""
