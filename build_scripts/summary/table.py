"""Shapes what the query answered into annex 2: for every filing unit, and for the county."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd

from build_scripts.summary.query import COLUMNS, BadSource, Line
from build_scripts.summary.rows import FIGURES, SummaryRow, together
from checklist.messages import say
from checklist.model import Campaign

KEYS = ["unit_code", "problem_type_id"]


@dataclass(frozen=True)
class AnnexTable:
    """Annex 2 of one unit, or of the county: a line for each problem type in the campaign's order, and the total."""

    unit_code: str
    """Empty for the county."""
    unit: str
    lines: tuple[SummaryRow, ...]
    total: SummaryRow


@dataclass(frozen=True)
class Summary:
    """The whole summary: every unit's annex 2 in the order of ``units.yml``, and the county's."""

    units: tuple[AnnexTable, ...]
    county: AnnexTable

    @property
    def rows(self) -> tuple[SummaryRow, ...]:
        """The lines of ``summary.csv``: a row for each unit and problem type, without totals."""
        return tuple(line for table in self.units for line in table.lines)


def frame_of(lines: Sequence[Line], campaign: Campaign) -> pd.DataFrame:
    """The query's answer for one campaign as a frame with columns ``COLUMNS``, a row for each line.

    Raises:
        BadSource: there are records, but all of them are of other campaigns.
    """
    frame = pd.DataFrame.from_records(list(lines), columns=list(COLUMNS))
    others = sorted({str(name) for name in frame["campaign_id"]} - {campaign.id})
    frame = frame[frame["campaign_id"] == campaign.id]
    if others and frame.empty:
        raise BadSource(say("summary-other-campaign", campaign=campaign.id, found=others))
    # Parquet may lack a unit or problem type; left missing, it would be no text, and pandas would print nan.
    return (
        frame.fillna(dict.fromkeys(KEYS, ""))
        .astype(dict.fromkeys(COLUMNS[3:], "int64"))
        .reset_index(drop=True)
    )


def summarise(counts: pd.DataFrame, campaign: Campaign) -> Summary:
    """Every unit's table and the county's.

    Args:
        counts: as ``frame_of`` gives it; units and problem types that the campaign doesn't know are left out,
            so ``reconcile.check_counts`` must have passed.
        campaign: gives the units, the problem types, their order and names.
    """
    cells = _every_cell(counts, campaign)
    units = tuple(
        _table(cast(pd.DataFrame, cells.xs(unit.code)), unit.code, unit.name, campaign)
        for unit in campaign.filing_units
    )
    by_problem_type = cells.groupby(level="problem_type_id", sort=False).agg(_COMBINED)
    return Summary(units, _table(by_problem_type, "", campaign.notice.county, campaign))


def _every_cell(counts: pd.DataFrame, campaign: Campaign) -> pd.DataFrame:
    """A row for each filing unit and problem type, in the campaign's order, with figures and ``reported``."""
    units = [unit.code for unit in campaign.filing_units]
    problem_types = [problem_type.id for problem_type in campaign.problem_types]
    every = pd.MultiIndex.from_product([units, problem_types], names=KEYS)
    cells = counts.set_index(KEYS)[[*FIGURES, "zero_reported"]].reindex(every, fill_value=0)
    cells["reported"] = "no"
    cells.loc[cells["zero_reported"] > 0, "reported"] = "zero"
    # Whoever ticked 经排查无问题 and then filed something has found something.
    cells.loc[(cells["found"] > 0) | (cells["proposed_households"] > 0), "reported"] = "yes"
    return cells[[*FIGURES, "reported"]]


_COMBINED: dict[str, Any] = {**dict.fromkeys(FIGURES, "sum"), "reported": together}


def _table(cells: pd.DataFrame, unit_code: str, unit: str, campaign: Campaign) -> AnnexTable:
    """One annex table from the cells of its problem types."""
    lines = tuple(
        _row(unit_code, unit, problem_type.id, problem_type.name, cast(pd.Series, cells.loc[problem_type.id]))
        for problem_type in campaign.problem_types
    )
    total = _row(unit_code, unit, "", campaign.summary_table.total_label, cells.agg(_COMBINED))
    return AnnexTable(unit_code, unit, lines, total)


def _row(unit_code: str, unit: str, problem_type_id: str, problem_type: str, cell: pd.Series) -> SummaryRow:
    """One line as a value, with plain integers."""
    figures = {column: int(cell[column]) for column in FIGURES}
    return SummaryRow(unit_code, unit, problem_type_id, problem_type, **figures, reported=cell["reported"])
