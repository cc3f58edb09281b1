"""The figures of a workbook's rows, and annex 2 as it would be once they are imported."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from build_scripts.intake.handed_in_annex2 import Key
from build_scripts.intake.import_comparison import LedgerPlan
from build_scripts.intake.ledger_entry import LedgerEntry
from checklist.model import Campaign
from checklist.states import COUNTED_AS, STATES_BY_KIND, State
from checklist.values.judge import Value

Figures = Mapping[Key, int]
FigureLine = tuple[str, Sequence[int]]
"""A row of annex 2: its name and its figures, in the order of the columns."""

_PEOPLE = "proposed_people"
"""The figure that counts persons, of the records that count as proposed households."""


def figures_of_rows(entries: Iterable[LedgerEntry]) -> Figures:
    """Count a workbook's rows by problem type, including those already recorded."""
    found: Counter[Key] = Counter()
    for entry in entries:
        if not entry.wrong:
            _count(found, _state_of(entry), entry.values, 1)
    return found


def figures_after(counted: Figures, plan: LedgerPlan) -> Figures:
    """Return annex 2 once a plan is stored.

    Args:
        counted: as recorded now.
        plan: of the import.
    """
    after: Counter[Key] = Counter(counted)
    for entry in plan.new:
        _count(after, _state_of(entry), entry.values, 1)
    for change in plan.changed:
        before = change.recorded
        new = {name: value for name, (_, value) in change.fields.items()}
        _count(after, before.standing, before.values, -1)
        state = State.RECTIFIED if change.reports else before.standing
        _count(after, state, {**before.values, **new}, 1)
    for record, _ in plan.withdrawn:
        _count(after, record.standing, record.values, -1)
    return after


def figure_lines(figures: Figures, campaign: Campaign) -> Sequence[FigureLine]:
    """Return the rows of annex 2 that are not zero, and the total, for display."""
    table = campaign.summary_table
    columns = [column.id for column in table.columns]
    names = {**{kind.id: kind.row_name for kind in campaign.problem_types}, "": table.total_label}
    lines: list[FigureLine] = [
        (name, [figures.get((row, column), 0) for column in columns]) for row, name in names.items()
    ]
    return [line for line in lines[:-1] if any(line[1])] + lines[-1:]


def _state_of(entry: LedgerEntry) -> State:
    return State.RECTIFIED if entry.rectified else STATES_BY_KIND[entry.form.kind][0]


def _count(figures: Counter[Key], state: State, values: Mapping[str, Value], sign: int) -> None:
    """Add a record to the figures that it counts in, of its problem type and in total; or take it away."""
    kind, people = values.get("problem_type"), values.get("people")
    for figure in COUNTED_AS[state]:
        for row in (str(kind), ""):
            figures[row, figure] += sign
            if figure == "proposed_households" and isinstance(people, int):
                figures[row, _PEOPLE] += sign * people
