"""Which figures of a register may be seen: none of too few rows, and none from which such a one follows.

Decided over all rows, whoever looks, so that two sheets together say no more than each: what the county's hides, the
township's hides, too.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from build_scripts.counting.cell_suppression import CellSum, hidden_cells
from build_scripts.rules.register_figures import Counts
from build_scripts.rules.village_counts import last_day
from checklist.model import Campaign, Register, RegisterCount, SurveyRate
from forms_server.registers import row_totals
from forms_server.registers.row_listing import RowFilters, SeenRows, choice_fields
from forms_server.registers.row_totals import RolledUp
from forms_server.registers.survey_figures import WHOLE, RateOfPlace, rates_of_places

Cells = dict[Hashable, int]

CountedLine = tuple[RolledUp, Counts]


@dataclass(frozen=True)
class ShownFigures:
    """What is hidden of a register's period; nothing of a register without ``minimum_cell``."""

    cells: Mapping[Hashable, int]
    """Of all rows."""
    hidden: frozenset[Hashable]

    def hides(self, line: RolledUp, lines: Sequence[RolledUp]) -> bool:
        """Whether a line of somebody's roll-up is hidden; the first is the sum of all others.

        Also where it counts other rows than everybody's line of that place does: the rest would follow.
        """
        if not self.cells or not line.figures.rows:
            return False
        if line is not lines[0]:
            return _place(line) in self.hidden or line.figures.rows != self.cells.get(_place(line))
        if self.is_whole(line):
            return WHOLE in self.hidden
        return any(self.hides(each, lines) for each in lines[1:])

    def is_whole(self, first: RolledUp) -> bool:
        """Whether somebody's sum is of all rows."""
        return not self.cells or first.figures.rows == self.cells[WHOLE]

    def hides_answer(self, first: RolledUp, field_id: str, answer: str) -> bool:
        """Whether the line of an answer is hidden: answers are counted of all rows, for those who see all."""
        return not self.is_whole(first) or ("answer", field_id, answer) in self.hidden

    def hides_share(self, line: RateOfPlace, rate: SurveyRate) -> bool:
        """Whether a survey's share of a place is hidden."""
        return any((part, rate.id, line.township_code) in self.hidden for part in ("hits", "misses"))

    def hides_counts(
        self, counted: Sequence[CountedLine], count: RegisterCount, least: int
    ) -> frozenset[int]:
        """The lines, the first of which is all, in which a count is hidden: it or its rest would be too few rows.

        If that is so of one township, of all: the rest would follow from the others.
        """
        few = {number for number, line in enumerate(counted) if least and _few(line, count, least)}
        if 0 in few:
            return frozenset(range(len(counted)))
        return frozenset(range(1, len(counted))) if few else frozenset()


def _few(line: CountedLine, count: RegisterCount, least: int) -> bool:
    """Whether a count is of some, but too few, of a place's rows, or leaves too few."""
    rows, value = line[0].figures.rows, line[1].get(count.id)
    if value is None:
        return False
    part = value * rows if count.share else value
    return 0 < part < least or 0 < rows - part < least


def is_published(register: Register, period: str, today: date) -> bool:
    """Whether a period's figures are published: a survey's once it is over, since each paper would show in them."""
    if register.survey is None:
        return True
    last = last_day(period)
    return last is not None and last < today


def shown_figures(
    connection: Connection, campaign: Campaign, register: Register, period: str
) -> ShownFigures:
    """Decide what anybody sees of a period's figures."""
    if not register.minimum_cell:
        return ShownFigures({}, frozenset())
    cells, sums = _cells(connection, SeenRows(campaign, None, register), RowFilters(period))
    return ShownFigures(cells, hidden_cells(cells, sums, register.minimum_cell))


def _cells(connection: Connection, seen: SeenRows, filters: RowFilters) -> tuple[Cells, list[CellSum]]:
    first, *lines = row_totals.by_place(connection, seen, filters)
    cells: Cells = {_place(line): line.figures.rows for line in lines} | {WHOLE: first.figures.rows}
    sums = [*_places(cells, lines)]
    for field in choice_fields(seen.register):
        found = row_totals.by_answer(connection, seen, filters, field)
        cells |= {("answer", field.id, answer): figures.rows for answer, figures in found.items()}
        sums.append(CellSum(WHOLE, tuple(("answer", field.id, answer) for answer in found)))
    survey = seen.register.survey
    for rate in survey.rates if survey else ():
        shares = rates_of_places(connection, seen, filters.period, rate)
        _add_shares(cells, sums, rate, shares)
    return cells, [each for each in sums if each.parts]


def _places(cells: Cells, lines: Sequence[RolledUp]) -> Iterator[CellSum]:
    """How villages make townships and these the county; rows of a township without a village are a part as well."""
    townships = [line for line in lines if line.village_code is None]
    yield CellSum(WHOLE, tuple(_place(line) for line in townships))
    for township in townships:
        villages = [
            _place(line)
            for line in lines
            if line.village_code is not None and line.township_code == township.township_code
        ]
        rest = ("no village", township.township_code)
        cells[rest] = township.figures.rows - sum(cells[each] for each in villages)
        yield CellSum(_place(township), (*villages, rest))


def _add_shares(cells: Cells, sums: list[CellSum], rate: SurveyRate, shares: Sequence[RateOfPlace]) -> None:
    """The two parts of a share, and what it leaves out, of each township and of all."""
    for line in shares:
        parts = {"hits": line.share.rate.hits, "misses": line.share.misses, "left out": line.share.left_out}
        cells |= {(part, rate.id, line.township_code): number for part, number in parts.items()}
        place = WHOLE if line.is_whole else ("place", line.township_code, None)
        sums.append(CellSum(place, tuple((part, rate.id, line.township_code) for part in parts)))
    townships = [line.township_code for line in shares if not line.is_whole]
    for part in ("hits", "misses", "left out"):
        sums.append(CellSum((part, rate.id, WHOLE), tuple((part, rate.id, code) for code in townships)))
    by_part: dict[str, list[Hashable]] = {"hits": [], "misses": [], "left out": []}
    for key in cells:
        if isinstance(key, tuple) and key[:2] == ("answer", rate.question):
            out = not key[2] or key[2] in rate.leave_out
            by_part["left out" if out else "hits" if key[2] in rate.hits else "misses"].append(key)
    sums += [CellSum((part, rate.id, WHOLE), tuple(answers)) for part, answers in by_part.items()]


def _place(line: RolledUp) -> Hashable:
    return ("place", line.township_code, line.village_code)
