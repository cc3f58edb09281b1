"""SQL conditions for a ledger's filters: disjoint index ranges, and conditions without an index."""

from collections.abc import Sequence
from itertools import product

from sqlalchemy import ColumnElement, and_

from checklist.states import State, counted_states
from forms_server.records.ledger_filters import Filters
from forms_server.records.visible_ledger import VisibleLedger


def wanted(ledger: VisibleLedger, filters: Filters, *, few_named: bool = False) -> list[ColumnElement[bool]]:
    """Disjoint index ranges: for each range that the account may see, each state.

    Args:
        ledger: whose records they are.
        filters: what is asked for.
        few_named: whether issues that name the account's unit are to be looked up by id, all states at once: as
            fast as they are few, but in no order.
    """
    asked = [row.ranges(ledger, ledger.table, value) for row, value in filters.restricting()]
    common = and_(True, *(each[0] for each in asked if len(each) == 1))
    several = list(product(*(each for each in asked if len(each) != 1)))
    states = [state.value for state in states_asked(ledger, filters)]
    state, relation = ledger.table.c.state, filters.relation
    parts = list(product(ledger.parts(relation, names=not few_named), (state == each for each in states)))
    if few_named:
        parts += [(part, state.in_(states)) for part in ledger.named_parts(relation)]
    return [and_(*part, *one_of_each, common) for part in parts for one_of_each in several]


def states_asked(ledger: VisibleLedger, filters: Filters) -> Sequence[State]:
    """States selected by the filters."""
    for row, value in filters.asked():
        if row.states:
            return row.states(ledger, value)
    return counted_states(ledger.form.kind)


def sought(ledger: VisibleLedger, filters: Filters) -> ColumnElement[bool] | None:
    """Conditions without an index; None if there are none."""
    found = [row.sought(ledger, value) for row, value in filters.asked() if row.sought]
    conditions = [condition for condition in found if condition is not None]
    return and_(*conditions) if conditions else None
