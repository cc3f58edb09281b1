"""What an expression may be: everything else is refused before it runs, at its character, with a hint."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.rules import allowed_syntax as allowed
from build_scripts.rules.expression_fault import ExpressionFault
from build_scripts.rules.expression_reader import RuleScope, read_expression
from build_scripts.rules.locked_database import RULES_DATABASE
from checklist.messages import say
from tests.rules.ruled import COLUMNS


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("value < 100 or value is null", {"value"}),
        ("kind in ('operating') and not confirmed", {"kind", "confirmed"}),
        ("until < today and date_diff('month', until, today) > 12", {"until", "today"}),
        ("energy / station.capacity", {"energy", "station.capacity"}),
        ("case when confirmed then value else value * 2 / 3 end", {"confirmed", "value"}),
        ("until + interval 3 month > date '2026-01-01'", {"until"}),
        ("list_has_any(funds, ['link', 'gift'])", {"funds"}),
        ("place like '%省%' or place not like '%市'", {"place"}),
        ("people between 1 and 9 and people not in (3, 4)", {"people"}),
    ],
)
def test_what_it_reads(text: str, reads: set[str]) -> None:
    assert read_expression(text, COLUMNS).reads == reads


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("(select 1)", "rule-not-allowed", "(select"),
        ("exists (select 1 from duckdb_settings())", "rule-not-allowed", "exists"),
        ("value > (select max(value) from rule_rows)", "rule-not-allowed", "(select"),
        ("1; drop table x", "rule-syntax", "1"),
        ("1 from read_csv('/etc/passwd')", "rule-not-one", "1"),
        ("1 union select 2", "rule-not-one", "1"),
        ("1 limit 1", "rule-not-one", "1"),
        ("value, rent", "rule-not-one", "value"),
        ("read_text('/etc/passwd')", "rule-function", "read_text"),
        ("getenv('HOME')", "rule-function", "getenv"),
        ("random() > 0.5", "rule-function", "random"),
        ("repeat(place, 1000000000)", "rule-function", "repeat"),
        ("main.lower(place)", "rule-not-allowed", "main"),
        ("sum(value)", "rule-function", "sum"),
        ("row_number() over ()", "rule-not-allowed", "row_number"),
        ("lower(place order by place)", "rule-not-allowed", "lower"),
        ("*", "rule-not-allowed", "*"),
        ("columns(*)", "rule-not-allowed", "*"),
        ("? = value", "rule-not-allowed", "?"),
        ("#1", "rule-not-allowed", "#1"),
        ("place collate nocase", "rule-not-allowed", "place"),
        ("current_date > until", "rule-clock", "current_date"),
        ("now()", "rule-clock", "now"),
        ("cast(place as json)", "rule-type-unknown", "cast"),
        ("value > > 1", "rule-syntax", "> 1"),
        ("place = '江苏省' and", "rule-syntax", "and"),
        ("江苏 = place and 资产原值 > 1", "rule-column", "江苏"),
        ("place = '江苏省' and valeu > 1", "rule-column", "valeu"),
        ("kind = 'operatng'", "rule-choice", "'operatng'"),
        ("kind not in ('operating', '经营性资产')", "rule-choice", "'经营性资产'"),
        ("list_contains(funds, 'lnk')", "rule-choice", "'lnk'"),
        ("", "rule-syntax", ""),
        ("'" + "x" * 1000 + "'", "rule-too-long", ""),
        ("not " * 60 + "confirmed", "rule-too-deep", "confirmed"),
    ],
)
def test_what_is_refused_and_where(text: str, code: str, at: str) -> None:
    with pytest.raises(ExpressionFault) as refused:
        read_expression(text, COLUMNS)
    fault = refused.value
    assert fault.code == code
    assert text[fault.offset :].startswith(at)
    assert say(fault.code, **fault.params)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("valeu > 1", "是不是 value"),
        ("资产原值 > 1", "是不是 value"),
        ("kind = '经营性资产'", "是不是 operating"),
        ("lenght(place) > 1", "是不是 length"),
    ],
)
def test_a_near_miss_is_told(text: str, hint: str) -> None:
    with pytest.raises(ExpressionFault) as refused:
        read_expression(text, COLUMNS)
    assert hint in say(refused.value.code, **refused.value.params)


def test_figures_may_count_and_sum_but_not_in_one_another() -> None:
    text = "count(*) filter (where confirmed) + count(distinct place) + coalesce(sum(value), 0)"
    assert read_expression(text, COLUMNS, RuleScope.FIGURE).reads == {"confirmed", "place", "value"}
    with pytest.raises(ExpressionFault):
        read_expression("sum(sum(value))", COLUMNS, RuleScope.FIGURE)


_PIECES = st.sampled_from(
    [
        "value", "kind", "place", "today", "confirmed", "funds", "station.capacity", "x", "'operating'", "''", "'",
        '"', "1", "2.5", "null", "(", ")", "[", "]", "{", "}", ",", ";", "--", "/*", "*/", "\n", "$1", "?", "::",
        "->", "=", "<", ">", "+", "-", "*", "/", "||", "and", "or", "not", "in", "is", "between", "like", "case",
        "when", "then", "else", "end", "select", "from", "where", "union", "over ()", "filter (where true)",
        "distinct", "order by 1", "limit 1", "as y", "cast(value as date)", "lower(", "sum(", "read_csv('x')",
        "(select 1)", "getenv('HOME')", "pragma_version()", "copy t to 'x'", "attach 'x'", "load httpfs", "unnest(",
        "list_contains(funds, 'link')", "date_diff('day', until, today)", "interval 1 day", "x -> x", "{'a': 1}",
    ]
)  # fmt: skip


@given(st.lists(_PIECES | st.text(max_size=3), max_size=14))
def test_nothing_outside_the_whitelist_is_ever_rendered(pieces: list[str]) -> None:
    """Judged by a second parse of what is rendered, with an eye of its own."""
    text = " ".join(pieces)
    rendered = _rendered(text)
    if isinstance(rendered, ExpressionFault):
        assert 0 <= rendered.offset <= len(text)
        assert say(rendered.code, **rendered.params)
        return
    tree = json.loads(RULES_DATABASE.run("SELECT json_serialize_sql(?)", values=[f"SELECT {rendered}"])[0][0])
    (statement,) = tree["statements"]
    assert statement["node"]["from_table"]["type"] == "EMPTY"
    (expression,) = statement["node"]["select_list"]
    nodes = list(_below(expression))
    assert {node["class"] for node in nodes if "class" in node} <= {*allowed.KEYS, "TYPE"}
    called = {node["function_name"] for node in nodes if "function_name" in node}
    assert called <= allowed.FUNCTIONS | allowed.INFIX
    named = {".".join(node["column_names"]) for node in nodes if node.get("class") == "COLUMN_REF"}
    assert named <= set(COLUMNS)


def _rendered(text: str) -> str | ExpressionFault:
    try:
        return read_expression(text, COLUMNS).sql
    except ExpressionFault as fault:
        return fault


def _below(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _below(part)


def _combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "%", "//"]), inner).map(" ".join),
        inner.map("-({})".format),
        st.tuples(inner, inner).map(lambda two: "coalesce({}, {})".format(*two)),
        st.tuples(inner, inner).map(lambda two: "({}) * ({})".format(*two)),
        st.tuples(inner, inner, inner).map(lambda three: "case when {} > {} then {} end".format(*three)),
        st.tuples(inner, inner).map(lambda two: "case when {} <> {} then 1 else 0 end".format(*two)),
    )


@given(st.recursive(st.sampled_from(["1", "2.50", "7", "0", "null", "-3", "round(2.567, 1)"]), _combined))
def test_what_is_rendered_means_what_was_written(text: str) -> None:
    if len(text) > 900:
        return
    rendered = _rendered(text)
    if isinstance(rendered, ExpressionFault):
        assert rendered.code == "rule-too-deep"
        return
    ((written, same),) = RULES_DATABASE.run(f"SELECT TRY({text}), TRY({rendered})")
    assert written == same
