"""Shapes what the query answered into annex 2: for every filing unit, every region above, and all together."""

from collections.abc import Sequence

import pandas as pd

from build_scripts.counting.count_query import COLUMNS, KEYS, BadSource, Line
from build_scripts.counting.counties import CountyScope, county_code
from build_scripts.counting.county_summary import RegionTable, Summary
from build_scripts.counting.summary_lines import FIGURES, AnnexTable, SummaryRow
from checklist.messages import say
from checklist.model import Campaign

CELL = ["unit_code", "problem_type_id"]


def frame_of(lines: Sequence[Line], campaign: Campaign, columns: Sequence[str] = COLUMNS) -> pd.DataFrame:
    """The query's answer for one campaign as a frame, a row for each line.

    Raises:
        BadSource: there are records, but all of them are of other campaigns.
    """
    frame = pd.DataFrame.from_records(list(lines), columns=list(columns))
    others = sorted({str(name) for name in frame["campaign_id"]} - {campaign.id})
    frame = frame[frame["campaign_id"] == campaign.id]
    if others and frame.empty:
        raise BadSource(say("summary-other-campaign", campaign=campaign.id, found=others))
    # Parquet may lack a unit or problem type; left missing, it would be no text, and pandas would print nan.
    texts = [column for column in columns if column in (*KEYS, "part")]
    figures = [column for column in columns if column not in texts]
    return (
        frame.fillna(dict.fromkeys(texts, "")).astype(dict.fromkeys(figures, "int64")).reset_index(drop=True)
    )


def within_county(counts: pd.DataFrame, campaign: Campaign) -> pd.DataFrame:
    """The same with the county's own units called as ``units.yml`` does: an export has put the county before them."""
    codes = counts["unit_code"].astype("object").str.removeprefix(f"{county_code(campaign)}/")
    return counts.assign(unit_code=codes)


def summarise(counts: pd.DataFrame, campaign: Campaign, scope: CountyScope | None = None) -> Summary:
    """Every unit's table, every region's and the county's.

    Args:
        counts: as ``frame_of`` gives it; units and problem types that nobody knows are left out,
            so ``reconcile.wrong_counts`` must have found nothing.
        campaign: gives the problem types, their order and names.
        scope: the units and regions; the campaign's own where there is none.
    """
    scope = scope or CountyScope(campaign.filing_units, name=campaign.notice.county)
    cells = _every_cell(counts, campaign, scope)
    units = _tables(cells, {unit.code: unit.name for unit in scope.units}, campaign)
    regions = tuple(
        RegionTable(region.level, _together(cells, region.units, region.code, region.name, campaign))
        for region in scope.regions
    )
    return Summary(units, _together(cells, None, "", scope.name, campaign), regions)


def _every_cell(counts: pd.DataFrame, campaign: Campaign, scope: CountyScope) -> pd.DataFrame:
    """A row for each filing unit and problem type, in order: figures, and whether it found or ticked anything."""
    units = [unit.code for unit in scope.units]
    every = pd.MultiIndex.from_product([units, _problem_types(campaign)], names=CELL)
    cells = counts.set_index(CELL)[[*FIGURES, "zero_reported"]].reindex(every, fill_value=0).reset_index()
    # Whoever ticked 经排查无问题 and then filed something has found something.
    cells["yes"] = (cells["found"] > 0) | (cells["proposed_households"] > 0)
    cells["zero"] = ~cells["yes"] & (cells["zero_reported"] > 0)
    return cells[[*CELL, *FIGURES, "yes", "zero"]]


def _problem_types(campaign: Campaign) -> list[str]:
    return [problem_type.id for problem_type in campaign.problem_types]


_COMBINED = {**dict.fromkeys(FIGURES, "sum"), "yes": "any", "zero": "all"}
"""How lines become one: ``rows.together`` says the same of a few."""


def _together(
    cells: pd.DataFrame, units: Sequence[str] | None, code: str, name: str, campaign: Campaign
) -> AnnexTable:
    """The table of some units together; None stands for all."""
    own = cells if units is None else cells[cells["unit_code"].isin(units)]
    summed = own.groupby("problem_type_id", sort=False, as_index=False).agg(_COMBINED)
    return _tables(summed.assign(unit_code=code), {code: name}, campaign)[0]


def _tables(cells: pd.DataFrame, names: dict[str, str], campaign: Campaign) -> tuple[AnnexTable, ...]:
    """Tables from their cells, which stand unit after unit, each with all problem types in order."""
    height = len(campaign.problem_types)
    lines = _rows(cells, names, {each.id: each.name for each in campaign.problem_types})
    totals = cells.groupby("unit_code", sort=False, as_index=False).agg(_COMBINED)
    total_rows = _rows(totals.assign(problem_type_id=""), names, {"": campaign.summary_table.total_label})
    return tuple(
        AnnexTable(total.unit_code, total.unit, lines[first : first + height], total)
        for first, total in zip(range(0, len(lines), height), total_rows, strict=True)
    )


def _rows(
    cells: pd.DataFrame, units: dict[str, str], problem_types: dict[str, str]
) -> tuple[SummaryRow, ...]:
    """Lines as values, with plain integers."""
    columns = [cells[column].tolist() for column in (*CELL, "yes", "zero", *FIGURES)]
    return tuple(
        SummaryRow(  # type: ignore[call-arg]  # the figures are as many as there are
            unit,
            units[unit],
            problem_type,
            problem_types[problem_type],
            *figures,
            "yes" if yes else "zero" if zero else "no",
        )
        for unit, problem_type, yes, zero, *figures in zip(*columns, strict=True)
    )
