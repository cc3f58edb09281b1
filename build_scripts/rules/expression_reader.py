"""From the text of an expression to SQL that is safe to run: parsed by DuckDB, checked, rendered anew.

Only what :mod:`build_scripts.rules.allowed_syntax` lists is rendered, so that no text of a campaign is ever run.
Blank is NULL, with SQL's logic: a condition that is not known to be true does not hold.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from build_scripts.rules import allowed_syntax as allowed
from build_scripts.rules.expression_fault import ExpressionFault
from build_scripts.rules.locked_database import RULES_DATABASE, literal
from build_scripts.rules.rule_columns import Columns, RuleColumn, quoted
from checklist.problems import nearest

LONGEST = 1000
"""Characters of an expression."""

DEEPEST = 50
"""Levels of an expression."""

_BEFORE = "SELECT "

Node = Mapping[str, Any]


class RuleScope(StrEnum):
    """What an expression is over."""

    ROW = "row"
    FIGURE = "figure"
    """All rows of a group: it may sum and count them."""


@dataclass(frozen=True)
class Expression:
    """An accepted expression."""

    text: str
    sql: str
    """Rendered anew; its columns are quoted names."""
    reads: frozenset[str]
    """Names of the columns that it reads."""


def read_expression(text: str, columns: Columns, scope: RuleScope = RuleScope.ROW) -> Expression:
    """Return an expression over some columns.

    Raises:
        ExpressionFault: it is no single expression of the whitelist over these columns.
    """
    if len(text) > LONGEST:
        raise ExpressionFault("rule-too-long", {"length": len(text), "limit": LONGEST}, LONGEST)
    reader = _Reader(text, columns, scope)
    return Expression(text, reader.render(_tree(text, columns)), frozenset(reader.reads))


def _tree(text: str, columns: Columns) -> Node:
    """Return DuckDB's tree of the expression; a fault if it is none, or more than one."""
    statement = f"{_BEFORE}{text}"
    answer = json.loads(
        RULES_DATABASE.run(
            "SELECT json_serialize_sql(?, skip_null := true, skip_empty := true, skip_default := true)",
            values=[statement],
        )[0][0]
    )
    if answer["error"]:
        raise _syntax_fault(answer, text, columns)
    nodes = [statement["node"] for statement in answer["statements"]]
    plain = {
        "type": "SELECT_NODE",
        "cte_map": {},
        "from_table": {"type": "EMPTY"},
        "aggregate_handling": "STANDARD_HANDLING",
    }
    if len(nodes) != 1 or len(nodes[0].get("select_list", ())) != 1:
        raise ExpressionFault("rule-not-one", {})
    if {key: value for key, value in nodes[0].items() if key != "select_list"} != plain:
        raise ExpressionFault("rule-not-one", {})
    tree: Node = nodes[0]["select_list"][0]
    return tree


def _syntax_fault(answer: Node, text: str, columns: Columns) -> ExpressionFault:
    """Return the fault of a text that DuckDB can't parse; its position is counted in bytes."""
    position = int(answer.get("position", len(_BEFORE)))
    offset = _characters(f"{_BEFORE}{text}", position)
    rest = text[offset:].split(maxsplit=1)
    return ExpressionFault("rule-syntax", {"near_text": rest[0] if rest else text}, min(offset, len(text)))


def _characters(statement: str, byte: int) -> int:
    """Return the character of the expression at a byte of the statement."""
    before = statement.encode()[:byte].decode(errors="ignore")
    return max(0, len(before) - len(_BEFORE))


class _Reader:
    """Renders a tree; collects the columns that it reads."""

    def __init__(self, text: str, columns: Columns, scope: RuleScope) -> None:
        self._text, self._columns, self._scope = text, columns, scope
        self._depth = 0
        self._in_aggregate = False
        self.reads: set[str] = set()
        self._renderers: Mapping[str, Callable[[Node], str]] = {
            "BETWEEN": self._between,
            "CASE": self._case,
            "CAST": self._cast,
            "COLUMN_REF": self._column,
            "COMPARISON": self._comparison,
            "CONJUNCTION": self._conjunction,
            "CONSTANT": self._constant,
            "FUNCTION": self._function,
            "OPERATOR": self._operator,
        }

    def render(self, node: Node) -> str:
        """Return a node as SQL; ExpressionFault for what is not on the whitelist."""
        kind = node["class"]
        if kind not in self._renderers or set(node) - allowed.KEYS[kind]:
            extra = sorted(set(node) - allowed.KEYS.get(kind, set(node)))
            raise self._fault(
                "rule-not-allowed", node, what=allowed.NAMES_OF_CLASSES.get(kind, extra or kind)
            )
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._fault("rule-too-deep", node, limit=DEEPEST)
        sql = self._renderers[kind](node)
        self._depth -= 1
        return sql

    def _fault(self, code: str, node: Node, **params: object) -> ExpressionFault:
        place = next((n["query_location"] for n in _nodes(node) if "query_location" in n), len(_BEFORE))
        return ExpressionFault(code, params, _characters(f"{_BEFORE}{self._text}", place))

    def _column(self, node: Node) -> str:
        name = ".".join(node["column_names"])
        if name.lower() in allowed.WORDS_FOR_TODAY and name != "today":
            raise self._fault("rule-clock", node, name=name)
        if name not in self._columns:
            known = list(self._columns)
            labels = {column.label: column.name for column in self._columns.values() if column.label}
            near = f"，是不是 {labels[name]}" if name in labels else nearest(name, known)
            raise self._fault("rule-column", node, name=name, known=known, near=near)
        self.reads.add(name)
        return quoted(name)

    def _constant(self, node: Node) -> str:
        kind, text = node["literal"]["kind"], node["literal"].get("text", "")
        if kind not in allowed.LITERALS:
            raise self._fault("rule-not-allowed", node, what=kind)
        if kind == "STRING":
            return literal(text)
        return "NULL" if kind == "NULL_LITERAL" else str(text)

    def _comparison(self, node: Node) -> str:
        self._check_choices([node["left"], node["right"]])
        operator = self._listed(allowed.COMPARISONS, node)
        return f"({self.render(node['left'])} {operator} {self.render(node['right'])})"

    def _conjunction(self, node: Node) -> str:
        operator = self._listed(allowed.CONJUNCTIONS, node)
        return "(" + f" {operator} ".join(map(self.render, node["children"])) + ")"

    def _operator(self, node: Node) -> str:
        template = self._listed(allowed.OPERATORS, node)
        self._check_choices(node["children"])
        operands = [self.render(child) for child in node["children"]]
        return template.format(*operands[:1], rest=", ".join(operands[1:]), all=", ".join(operands))

    def _between(self, node: Node) -> str:
        inner, lower, upper = (self.render(node[key]) for key in ("input", "lower", "upper"))
        return f"({inner} BETWEEN {lower} AND {upper})"

    def _case(self, node: Node) -> str:
        checks = "".join(
            f" WHEN {self.render(check['when_expr'])} THEN {self.render(check['then_expr'])}"
            for check in node["case_checks"]
        )
        return f"(CASE{checks} ELSE {self.render(node['else_expr'])} END)"

    def _cast(self, node: Node) -> str:
        """Render a cast; what can't be cast is NULL, but a constant must be castable."""
        kind = node["type_expr"]
        name = str(kind.get("type_name", "")).upper()
        parts = kind.get("children", ())
        sizes = [part.get("literal", {}).get("text", "") for part in parts]
        if name not in allowed.TYPES or not all(size.isdecimal() for size in sizes):
            raise self._fault("rule-type-unknown", node, name=name, known=sorted(allowed.TYPES))
        size = f"({', '.join(sizes)})" if sizes else ""
        verb = "CAST" if node["child"]["class"] == "CONSTANT" else "TRY_CAST"
        return f"{verb}({self.render(node['child'])} AS {name}{size})"

    def _function(self, node: Node) -> str:
        name = str(node["function_name"]).lower()
        if name in allowed.WORDS_FOR_TODAY:
            raise self._fault("rule-clock", node, name=name)
        aggregate = name in allowed.AGGREGATES
        self._check_function(node, name, aggregate=aggregate)
        arguments = [argument["expression"] for argument in node.get("arguments", ())]
        if name in allowed.CHOICE_FUNCTIONS:
            self._check_choices(arguments)
        was_in, self._in_aggregate = self._in_aggregate, self._in_aggregate or aggregate
        try:
            return self._called(node, name, [self.render(argument) for argument in arguments])
        finally:
            self._in_aggregate = was_in

    def _check_function(self, node: Node, name: str, *, aggregate: bool) -> None:
        known = allowed.FUNCTIONS | (allowed.AGGREGATES if self._scope is RuleScope.FIGURE else set())
        infix = name in allowed.INFIX and node.get("is_operator")
        if node.get("qualified_name", {}).get("path") != [node["function_name"]]:
            raise self._fault("rule-not-allowed", node, what="带前缀的函数")
        if name not in known and not infix:
            raise self._fault(
                "rule-function", node, name=name, known=sorted(known), near=nearest(name, known)
            )
        if aggregate and self._in_aggregate:
            raise self._fault("rule-not-allowed", node, what="套在一起的合计")
        plain = node.get("order_bys") == {"type": "ORDER_MODIFIER"}
        named = any(set(argument) != {"expression"} for argument in node.get("arguments", ()))
        if not plain or named or ({"distinct", "filter"} & set(node) and not aggregate):
            raise self._fault("rule-not-allowed", node, what=f"{name} 的这种写法")

    def _called(self, node: Node, name: str, arguments: Sequence[str]) -> str:
        if name in allowed.INFIX:
            return f"({f' {name} '.join(arguments)})" if len(arguments) == 2 else f"({name}{arguments[0]})"
        if name == "count_star":
            called = "count(*)"
        else:
            called = f"{name}({'DISTINCT ' if node.get('distinct') else ''}{', '.join(arguments)})"
        if "filter" in node:
            called += f" FILTER (WHERE {self.render(node['filter'])})"
        return called

    def _listed(self, table: Mapping[str, str], node: Node) -> str:
        if node["type"] not in table:
            raise self._fault("rule-not-allowed", node, what=node["type"])
        return table[node["type"]]

    def _check_choices(self, operands: Sequence[Node]) -> None:
        """Refuse a text that stands beside a column of choices and is none of them: it would never be equal."""
        column = next((found for found in map(self._choices, operands) if found), None)
        if column is None:
            return
        for node in (part for operand in operands for part in _listed_texts(operand)):
            text = node["literal"]["text"]
            if text not in column.choices:
                ids = {label: choice for choice, label in column.choices.items()}
                near = f"，是不是 {ids[text]}" if text in ids else nearest(text, column.choices)
                known = [f"{choice}（{label}）" for choice, label in column.choices.items()]
                raise self._fault("rule-choice", node, label=column.label, typed=text, known=known, near=near)

    def _choices(self, node: Node) -> RuleColumn | None:
        if node["class"] != "COLUMN_REF":
            return None
        column = self._columns.get(".".join(node["column_names"]))
        return column if column and column.choices else None


def _listed_texts(operand: Node) -> Iterator[Node]:
    """Yield the constant texts of an operand: itself, or the members of a list."""
    if operand["class"] == "CONSTANT" and operand["literal"]["kind"] == "STRING":
        yield operand
    elif operand["class"] == "FUNCTION" and operand["function_name"] == "list_value":
        for argument in operand.get("arguments", ()):
            yield from _listed_texts(argument["expression"])


def _nodes(node: Any) -> Iterator[Node]:
    """Yield a node and all below it."""
    if isinstance(node, dict):
        yield node
        for part in node.values():
            yield from _nodes(part)
    elif isinstance(node, list):
        for part in node:
            yield from _nodes(part)
