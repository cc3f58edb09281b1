"""The summary as a value: annex 2 of every unit, every region and the total."""

from dataclasses import dataclass

from build_scripts.counting.regions import Level
from build_scripts.counting.summary_lines import AnnexTable, SummaryRow


@dataclass(frozen=True)
class RegionTable:
    """Annex 2 of a region, if a source holds several counties."""

    level: Level
    table: AnnexTable


@dataclass(frozen=True)
class Summary:
    """The whole summary: every unit's annex 2 in the order of ``units.yml``, and the county's."""

    units: tuple[AnnexTable, ...]
    county: AnnexTable
    """The total: the county's, or that of several counties."""
    regions: tuple[RegionTable, ...] = ()
    """Provinces, cities and counties; empty for one county."""

    @property
    def rows(self) -> tuple[SummaryRow, ...]:
        """Return the rows of ``summary.csv``: one for each unit and problem type, without totals."""
        return tuple(line for table in self.units for line in table.lines)
