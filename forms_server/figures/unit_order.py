"""The order of the office's table of units: by any column, largest or smallest first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from forms_server.figures.county_figures import County, CountyCell
from forms_server.figures.unit_figures import UnitFigures

_Key = Callable[[UnitFigures, CountyCell], float | None]
"""A unit's value; None where it has not reported or there is none, which stands last either way."""


def rate(cell: CountyCell) -> float | None:
    """Rectified of found; None of nothing."""
    return cell.done / cell.found if cell.found else None


def _reported(count: Callable[[CountyCell], int]) -> _Key:
    return lambda unit, cell: count(cell) if cell.found or not unit.unanswered else None


COLUMNS: Mapping[str, _Key] = {
    "reported": lambda unit, _: unit.answered,
    "found": _reported(lambda cell: cell.found),
    "done": _reported(lambda cell: cell.done),
    "open": _reported(lambda cell: cell.open),
    "rate": lambda _, cell: rate(cell),
    "overdue": _reported(lambda cell: cell.overdue),
    "zero": lambda unit, _: unit.zero_reported,
    "proposed": lambda unit, _: unit.proposed_households or (None if unit.unanswered else 0),
}
"""Values of ``sort`` in an address; any other keeps the order of ``units.yml``."""


@dataclass(frozen=True)
class UnitOrder:
    """By which column, and whether the smallest stands first."""

    column: str = ""
    ascending: bool = False

    @classmethod
    def asked(cls, column: str, order: str) -> "UnitOrder":
        """From an address; what is unknown is the usual order."""
        return cls(column, order == "asc") if column in COLUMNS else cls()

    def ordered(self, figures: Sequence[UnitFigures], county: County) -> list[UnitFigures]:
        """Order the units; equals keep the order of ``units.yml``."""
        if not self.column:
            return list(figures)
        valued = [(COLUMNS[self.column](each, county.of_unit(each.unit)), each) for each in figures]
        known = [(value, each) for value, each in valued if value is not None]
        known.sort(key=lambda pair: pair[0], reverse=not self.ascending)
        return [*(each for _, each in known), *(each for value, each in valued if value is None)]
