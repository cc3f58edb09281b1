"""The rules of one form or register, evaluated on stored values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from build_scripts.rules.expression_reader import read_expression
from build_scripts.rules.field_columns import (
    LAST,
    columns_of,
    compared_fields,
    given_row,
    named_fields,
    stored_value,
)
from build_scripts.rules.row_rules import RowRules
from build_scripts.rules.rule_columns import TODAY, as_text
from checklist.identity_cache import IdentityCache
from checklist.model import Campaign, FilledForm, Register, RegisterCheck

_REQUIRED, _CHECK = "required", "check"


@dataclass(frozen=True)
class RowVerdict:
    """What its rules say of one row."""

    computed: Mapping[str, Any]
    """Values of the computed fields, as they are stored; None is blank."""
    required: frozenset[str]
    """Fields whose ``required_if`` holds, whether they are filled in or not."""
    checks: tuple[RegisterCheck, ...]
    """The checks whose condition holds, in the register's order: what is wrong or doubtful."""


class FormRulebook:
    """All rules of a form, read once."""

    def __init__(self, campaign: Campaign, form: FilledForm) -> None:
        """Read the rules of a form of a campaign.

        Raises:
            ExpressionFault: one is not accepted; ``huitoukan check`` says which, and where.
        """
        self._form = form
        self._fields = {**named_fields(campaign, form), **compared_fields(form)}
        columns = self._columns = columns_of(campaign, form)
        self.checks = form.checks if isinstance(form, Register) else ()
        formulas = {
            field.id: read_expression(field.formula, columns) for field in form.fields if field.formula
        }
        conditions = {
            f"{_REQUIRED} {field.id}": read_expression(field.required_if, columns)
            for field in form.fields
            if field.required_if
        }
        self._check_rules = {check.id: read_expression(check.when, columns) for check in self.checks}
        conditions |= {f"{_CHECK} {check}": rule for check, rule in self._check_rules.items()}
        self._rules = RowRules(columns, formulas, conditions)
        self._formulas = formulas

    @property
    def any(self) -> bool:
        """Whether the form has rules."""
        return self._rules.any

    def evaluate(self, rows: Sequence[Mapping[str, Any]], today: date) -> list[RowVerdict]:
        """Return the verdict on each row, in order.

        Args:
            rows: stored values by field id; with the values of rows that are referred to under dotted keys
                (``station.capacity``), and of a register ``row_state`` and ``period``.
            today: what the rules call ``today``.

        Raises:
            RulesFailed: time or memory ran out.
        """
        found = self._rules.evaluate([given_row(self._fields, row) for row in rows], today)
        return [
            RowVerdict(
                {name: stored_value(self._form.field(name), value) for name, value in row.computed.items()},
                frozenset(key.partition(" ")[2] for key in row.holds if key.startswith(_REQUIRED)),
                tuple(check for check in self.checks if f"{_CHECK} {check.id}" in row.holds),
            )
            for row in found
        ]

    @cached_property
    def referred(self) -> Mapping[str, frozenset[str]]:
        """Field that refers to another register's row to the fields of that row that any rule reads."""
        return _by_reference(self._rules.reads)

    @cached_property
    def computed_from(self) -> Mapping[str, frozenset[str]]:
        """The same of what the computed fields are computed from, which are stored."""
        return _by_reference(name for formula in self._formulas.values() for name in formula.reads)

    def read_by(self, check_id: str) -> frozenset[str]:
        """Return the columns whose values decide a check, with those that computed ones among them are made of.

        An exemption holds for these values; ``today`` is none of them.
        """
        return frozenset(self._named_by(check_id) - {TODAY.name} - set(self._formulas))

    def rule_of(self, check_id: str) -> Sequence[str]:
        """Return what a check is made of: its condition, the formulas among what it reads, and what is counted there.

        As rendered, so that another way to write the same leaves it as it is.
        """
        names = sorted(self._named_by(check_id))
        formulas = [f"{name} = {self._formulas[name].sql}" for name in names if name in self._formulas]
        own = {field.id: field.counted for field in self._form.fields if field.counted}
        counted = [f"{name} = {own[name].model_dump_json()}" for name in names if name in own]
        return [self._check_rules[check_id].sql, *formulas, *counted]

    def read_values(self, check_id: str, row: Mapping[str, Any]) -> Mapping[str, str | None]:
        """Return the values of a row that decide a check (``read_by``), by column, as the rules read them."""
        given = given_row(self._fields, row)
        return {name: as_text(given.get(name)) for name in sorted(self.read_by(check_id))}

    def label_of(self, name: str) -> str:
        """Return what people call a column that a rule reads; of another row's field with what refers to it."""
        before, dot, _ = name.partition(".")
        label = self._columns[name].label if name in self._columns else name
        if not dot:
            return label
        return f"{'上一期' if before == LAST else self._form.field(before).label}的{label}"

    def _named_by(self, check_id: str) -> set[str]:
        """Names that a check reads, itself or through formulas."""
        names: set[str] = set()
        waiting = set(self._check_rules[check_id].reads)
        while waiting:
            name = waiting.pop()
            formula = self._formulas.get(name)
            if formula:
                waiting |= formula.reads - names
            names.add(name)
        return names


def _by_reference(names: Iterable[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name in names:
        field_id, dot, other = name.partition(".")
        if dot:
            found.setdefault(field_id, set()).add(other)
    return {field_id: frozenset(others) for field_id, others in found.items()}


_BOOKS: IdentityCache[FormRulebook] = IdentityCache(200)


def rulebook(campaign: Campaign, form: FilledForm) -> FormRulebook:
    """Return the rules of a form; cached."""
    return _BOOKS.get(lambda: FormRulebook(campaign, form), (campaign, form))
