"""Evaluation of a form's formulas and conditions: the same statement for one row and for a file of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from build_scripts.rules.expression_fault import ExpressionFault
from build_scripts.rules.expression_reader import Expression
from build_scripts.rules.locked_database import RULES_DATABASE
from build_scripts.rules.rule_columns import (
    TODAY,
    ColumnKind,
    Columns,
    RuleColumn,
    as_text,
    quoted,
    typed_source,
)

_CHUNK = 20_000
"""Rows of one statement: its memory and its time stay limited, however long the file is."""

_ROWS = "rule_rows"

_FEW = 10
"""Rows up to which a statement prepared for one row is faster than a table of them."""


@dataclass(frozen=True)
class EvaluatedRow:
    """What the rules say of one row."""

    computed: Mapping[str, Any]
    """Computed field to its value: int, Decimal, date, bool or str; None is blank. Money is in yuan."""
    holds: frozenset[str]
    """Keys of the conditions that hold; one that is not known to hold does not."""


class RowRules:
    """Formulas and conditions over the columns of a form, ready to be evaluated.

    Blank is NULL: what is computed from something blank is blank unless the expression says otherwise
    (``coalesce(subsidy, 0)``), and so is what can't be computed, such as a quotient by zero.
    """

    def __init__(
        self, columns: Columns, formulas: Mapping[str, Expression], conditions: Mapping[str, Expression]
    ) -> None:
        """Put the rules together.

        Args:
            columns: of the rows, computed ones included.
            formulas: column to what it is computed by.
            conditions: key to condition.

        Raises:
            ExpressionFault: two formulas are computed from each other.
        """
        self._columns, self._formulas, self._conditions = columns, formulas, conditions
        self._layers = _layers(formulas)

    @property
    def any(self) -> bool:
        """Whether there is anything to evaluate."""
        return bool(self._formulas or self._conditions)

    def evaluate(self, rows: Sequence[Mapping[str, object]], today: date) -> list[EvaluatedRow]:
        """Return what the rules say of each row, in the rows' order.

        Args:
            rows: values by column; a missing one is blank, those of computed columns are not read.
            today: given to the rules as ``today``.

        Raises:
            RulesFailed: time or memory ran out.
        """
        if not self.any:
            return [EvaluatedRow({}, frozenset())] * len(rows)
        chunks = (rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK))
        return [row for chunk in chunks for row in self._evaluated(chunk, today)]

    @cached_property
    def reads(self) -> frozenset[str]:
        """Names of all columns that any rule reads."""
        rules = (*self._formulas.values(), *self._conditions.values())
        return frozenset(name for rule in rules for name in rule.reads)

    @cached_property
    def _read(self) -> tuple[RuleColumn, ...]:
        """The columns that any rule reads and no formula computes."""
        given = self.reads - set(self._formulas)
        return tuple(column for name, column in self._columns.items() if name in given)

    @cached_property
    def _given(self) -> tuple[RuleColumn, ...]:
        """The columns of a statement's table: at least one, so that it has rows."""
        return self._read or (TODAY,)

    @cached_property
    def _over_table(self) -> str:
        return self._statement(_ROWS)

    @cached_property
    def _over_one(self) -> str:
        values = ", ".join(
            f"${number} AS {quoted(column.name)}" for number, column in enumerate(self._given, 1)
        )
        return self._statement(f"(SELECT {values})")

    def _statement(self, table: str) -> str:
        source = typed_source(self._given, table)
        for layer in self._layers:
            made = ", ".join(
                f"{formula_sql(self._formulas[name], self._columns[name].kind)} AS {quoted(name)}"
                for name in layer
            )
            source = f"SELECT *, {made} FROM ({source})"  # noqa: S608 - rendered by the expression reader
        shown = [
            *(quoted(name) for name in self._formulas),
            *(f"coalesce(TRY({condition.sql}), false)" for condition in self._conditions.values()),
        ]
        return f"SELECT {', '.join(shown)} FROM ({source})"  # noqa: S608 - the same

    def _evaluated(self, rows: Sequence[Mapping[str, object]], today: date) -> Iterator[EvaluatedRow]:
        day = today.isoformat()
        given = {
            column.name: [day if column is TODAY else as_text(row.get(column.name)) for row in rows]
            for column in self._given
        }
        if len(rows) > _FEW:
            found = RULES_DATABASE.run(self._over_table, {_ROWS: given})
        else:
            found = [
                line
                for values in zip(*given.values(), strict=True)
                for line in RULES_DATABASE.run_prepared(self._over_one, values)
            ]
        names, keys = list(self._formulas), list(self._conditions)
        for line in found:
            holds = frozenset(key for key, held in zip(keys, line[len(names) :], strict=True) if held)
            yield EvaluatedRow(dict(zip(names, line, strict=False)), holds)


def formula_sql(formula: Expression, kind: ColumnKind) -> str:
    """Return the SQL of a computed column; what can't be computed is NULL.

    Money is rounded half up from six decimals, so that 500.005 as a binary fraction does not become 500.00.
    """
    value = f"TRY({formula.sql})"
    if kind is ColumnKind.MONEY:
        value = f"TRY_CAST({value} AS DECIMAL(24, 6))"
    return f"TRY_CAST({value} AS {kind})"


def _layers(formulas: Mapping[str, Expression]) -> list[list[str]]:
    """Order formulas so that each is computed after those that it reads.

    Raises:
        ExpressionFault: two of them, or one alone, wait for each other.
    """
    layers: list[list[str]] = []
    waiting = dict(formulas)
    while waiting:
        layer = [name for name, formula in waiting.items() if not formula.reads & set(waiting)]
        if not layer:
            raise ExpressionFault("rule-circle", {"names": sorted(waiting)})
        layers.append(layer)
        for name in layer:
            del waiting[name]
    return layers
