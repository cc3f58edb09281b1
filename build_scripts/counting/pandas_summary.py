"""Annex 2 as pandas frames: every filing unit, every region and the total."""

from collections.abc import Sequence

import pandas as pd

from build_scripts.counting.annex_shape import (
    COMBINED,
    RANK,
    problem_types,
    rank_of,
    row_of,
    table_of,
    total_name,
)
from build_scripts.counting.count_query import COLUMNS, KEYS, Line
from build_scripts.counting.county_summary import RegionTable, Summary
from build_scripts.counting.query_lines import require_any
from build_scripts.counting.regions import CountyScope, own_scope
from build_scripts.counting.summary_lines import FIGURES, AnnexTable, SummaryRow
from checklist.model import Campaign

CELL = ["unit_code", "problem_type_id"]


def frame_of(lines: Sequence[Line], campaign: Campaign, columns: Sequence[str] = COLUMNS) -> pd.DataFrame:
    """Return the query's result for one campaign as a frame.

    Raises:
        BadSource: all records belong to other campaigns.
    """
    frame = pd.DataFrame.from_records(list(lines), columns=list(columns))
    own = frame[frame["campaign_id"] == campaign.id]
    require_any(own, map(str, frame["campaign_id"]), campaign)
    # Parquet may hold NULL keys, which pandas would print as nan.
    texts = [column for column in columns if column in (*KEYS, "part")]
    figures = [column for column in columns if column not in texts]
    return own.fillna(dict.fromkeys(texts, "")).astype(dict.fromkeys(figures, "int64")).reset_index(drop=True)


def summarise(counts: pd.DataFrame, campaign: Campaign, scope: CountyScope | None = None) -> Summary:
    """Build every unit's table, every region's and the county's.

    Args:
        counts: from ``frame_of``; unknown units and problem types are left out,
            so ``reconcile.wrong_counts`` must have found nothing.
        campaign: gives the problem types, their order and names.
        scope: the units and regions; the campaign's own where there is none.
    """
    scope = scope or own_scope(campaign)
    cells = _every_cell(counts, campaign, scope)
    units = _tables(cells, {unit.code: unit.name for unit in scope.units}, campaign)
    regions = tuple(
        RegionTable(region.level, _together(cells, region.units, region.code, region.name, campaign))
        for region in scope.regions
    )
    return Summary(units, _together(cells, None, "", scope.name, campaign), regions)


def _every_cell(counts: pd.DataFrame, campaign: Campaign, scope: CountyScope) -> pd.DataFrame:
    """Return a row for each filing unit and problem type, in order: figures and rank."""
    units = [unit.code for unit in scope.units]
    kinds = [problem_type_id for problem_type_id, _ in problem_types(campaign)]
    every = pd.MultiIndex.from_product([units, kinds], names=CELL)
    cells = counts.set_index(CELL)[[*FIGURES, "zero_reported"]].reindex(every, fill_value=0).reset_index()
    cells[RANK] = rank_of(cells)
    return cells[[*CELL, *COMBINED]]


def _together(
    cells: pd.DataFrame, units: Sequence[str] | None, code: str, name: str, campaign: Campaign
) -> AnnexTable:
    """Aggregate the table of some units; None for all."""
    own = cells if units is None else cells[cells["unit_code"].isin(units)]
    summed = own.groupby("problem_type_id", sort=False, as_index=False).agg(COMBINED)
    return _tables(summed.assign(unit_code=code), {code: name}, campaign)[0]


def _tables(cells: pd.DataFrame, names: dict[str, str], campaign: Campaign) -> tuple[AnnexTable, ...]:
    """Build tables from cells ordered by unit, then problem type."""
    kinds = dict(problem_types(campaign))
    lines = _rows(cells, names, kinds)
    totals = cells.groupby("unit_code", sort=False, as_index=False).agg(COMBINED)
    total_rows = _rows(totals.assign(problem_type_id=""), names, dict([total_name(campaign)]))
    return tuple(
        table_of((total.unit_code, total.unit), lines[first : first + len(kinds)], campaign, total)
        for first, total in zip(range(0, len(lines), len(kinds)), total_rows, strict=True)
    )


def _rows(cells: pd.DataFrame, units: dict[str, str], kinds: dict[str, str]) -> tuple[SummaryRow, ...]:
    """Convert rows to lines with plain integers."""
    columns = [cells[column].tolist() for column in (*CELL, RANK, *FIGURES)]
    return tuple(
        row_of((unit, units[unit]), (kind, kinds[kind]), figures, rank)
        for unit, kind, rank, *figures in zip(*columns, strict=True)
    )
