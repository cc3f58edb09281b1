"""The summary as a value: annex 2 of every unit, of every region above, and of all together."""

from dataclasses import dataclass

from build_scripts.counting.counties import Level
from build_scripts.counting.summary_lines import AnnexTable, SummaryRow


@dataclass(frozen=True)
class RegionTable:
    """Annex 2 of a region above the units, where a source holds several counties."""

    level: Level
    table: AnnexTable


@dataclass(frozen=True)
class Summary:
    """The whole summary: every unit's annex 2 in the order of ``units.yml``, and the county's."""

    units: tuple[AnnexTable, ...]
    county: AnnexTable
    """Of all units together: the county's, or of everything that several counties hand up."""
    regions: tuple[RegionTable, ...] = ()
    """Provinces, cities and counties; empty where there is but one county."""

    @property
    def rows(self) -> tuple[SummaryRow, ...]:
        """The lines of ``summary.csv``: a row for each unit and problem type, without totals."""
        return tuple(line for table in self.units for line in table.lines)
