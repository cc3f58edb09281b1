"""What the checks of a register find among its rows today: derived on every look, never stored.

A doubt that is exempted is found, too, and told apart: no figure leaves it out silently.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from build_scripts.rules.form_rulebook import rulebook
from checklist.model import Register, RegisterCheck
from forms_server.desk import LookingDesk
from forms_server.registers import row_listing
from forms_server.registers.exemption import EXEMPTIBLE, StandingExemption
from forms_server.registers.exemption_listing import standing_of
from forms_server.registers.register_row import RegisterRow
from forms_server.registers.row_listing import RowFilters, SeenRows
from forms_server.registers.row_rules import RuledRegister
from forms_server.registers.row_totals import RolledUp


@dataclass(frozen=True)
class FoundRows:
    """A check with the rows where it holds."""

    check: RegisterCheck
    rows: Sequence[RegisterRow]
    """Those that are not exempted."""
    exempted: Sequence[StandingExemption] = ()
    """Those that are, with their exemptions."""
    others: Mapping[str, StandingExemption] = field(default_factory=dict)
    """By the id of one of ``rows``: an exemption that waits for a second person, or has lapsed."""


@dataclass(frozen=True)
class DoubtFigures:
    """How many doubts stand, and how many are exempted: of a row and a check each."""

    standing: int = 0
    exempted: int = 0

    def __add__(self, other: "DoubtFigures") -> "DoubtFigures":
        return DoubtFigures(self.standing + other.standing, self.exempted + other.exempted)


def found_rows(desk: LookingDesk, seen: SeenRows, filters: RowFilters) -> list[FoundRows]:
    """Each check of a register that holds for rows of a list, in the register's order; ended rows are left out.

    Raises:
        RulesFailed: time or memory ran out.
    """
    if not seen.register.checks:
        return []
    rows = [row for row in row_listing.all_rows(desk.connection, seen, filters) if not row.ended]
    return found_in(desk, seen.register, rows)


def found_in(desk: LookingDesk, register: Register, rows: Sequence[RegisterRow]) -> list[FoundRows]:
    """The same of rows at hand."""
    ruled = RuledRegister(desk.campaign, register, desk.now.date())
    given = ruled.all_given_now(desk.connection, rows)
    verdicts = rulebook(desk.campaign, register).evaluate(given, ruled.today)
    standing = standing_of(desk, register, rows, given)
    found: dict[str, list[RegisterRow]] = {}
    for row, verdict in zip(rows, verdicts, strict=True):
        for check in verdict.checks:
            found.setdefault(check.id, []).append(row)
    return [_told_apart(check, found[check.id], standing) for check in register.checks if check.id in found]


def _told_apart(
    check: RegisterCheck, rows: Sequence[RegisterRow], standing: Mapping[tuple[str, str], StandingExemption]
) -> FoundRows:
    if check.level != EXEMPTIBLE:
        return FoundRows(check, rows)
    of_rows = {row.id: standing[row.id, check.id] for row in rows if (row.id, check.id) in standing}
    exempted = [each for each in of_rows.values() if each.holds]
    left = {row_id: each for row_id, each in of_rows.items() if not each.holds}
    holding = {each.row.id for each in exempted}
    return FoundRows(check, [row for row in rows if row.id not in holding], exempted, left)


def doubts_by_place(found: Iterable[FoundRows]) -> Mapping[tuple[str | None, str | None], DoubtFigures]:
    """The doubts by township and village; checks of other levels are none."""
    figures: dict[tuple[str | None, str | None], DoubtFigures] = {}
    for each in found:
        if each.check.level == EXEMPTIBLE:
            counted = [(row, DoubtFigures(standing=1)) for row in each.rows]
            counted += [(one.row, DoubtFigures(exempted=1)) for one in each.exempted]
            for row, one in counted:
                place = row.township_code, row.village_code
                figures[place] = figures.get(place, DoubtFigures()) + one
    return figures


def rolled_up(
    found: Mapping[tuple[str | None, str | None], DoubtFigures], lines: Sequence[RolledUp]
) -> Sequence[DoubtFigures]:
    """The doubts of each line of a roll-up, the first of which is all: a township's are those of its villages, too."""
    return [
        sum(
            (
                each
                for (township, village), each in found.items()
                if number == 0 or (township == line.township_code and line.village_code in {None, village})
            ),
            DoubtFigures(),
        )
        for number, line in enumerate(lines)
    ]
