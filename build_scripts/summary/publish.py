"""Publication: the files of ``summary``, and the atomic replacement of the previous results."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import astuple, fields
from pathlib import Path

from build_scripts.atomic_files import refuse_strangers, replacing
from build_scripts.counting.breakdown import UnitChange, breakdown_csv
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.daily_counts import to_csv as days_csv
from build_scripts.counting.differences import Difference
from build_scripts.counting.final_or_interim import FILE
from build_scripts.counting.summary_lines import HEADER, AnnexTable, to_csv
from build_scripts.csv_text import csv_of
from build_scripts.handbook import page_urls
from build_scripts.handbook.daily_page import days_page
from build_scripts.handbook.summary_pages import summary_index, summary_page
from build_scripts.summary.compiling import Compilation
from build_scripts.summary.reporting_completeness import completeness_csv, telephone_list
from build_scripts.summary.summary_output import state_in_json
from build_scripts.workbooks.breakdown_layout import breakdown_book
from build_scripts.workbooks.details_layout import details_book
from build_scripts.workbooks.summary_layout import summary_book
from build_scripts.workbooks.xlsx_writer import to_xlsx
from checklist.date_formats import typed_day
from checklist.model import Campaign

OURS = re.compile(
    r"(summary|levels|days|by-[a-z_]+|since)(-中间数字-[\w-]+)?\.csv|(county|details|breakdowns)(-中间数字-[\w-]+)?\.xlsx"
    r"|units|regions|handbook|reconciliation\.csv|completeness\.csv|telephone\.txt|published\.json"
)
"""Names of our files at the top of the folder; anything else is foreign."""


def results(compilation: Compilation, campaign: Campaign) -> Iterator[tuple[str, bytes]]:
    """Yield each file's path and content, lazily since workbooks are slow.

    Files with interim figures are named so.
    """
    state = compilation.state
    for path, text in _texts(compilation, campaign).items():
        yield path, text.encode()
    summary = compilation.summary
    yield state.file_name("county.xlsx"), to_xlsx(summary_book(summary.county, campaign, state))
    if compilation.details or compilation.comparisons:
        extra = compilation.days, compilation.comparisons
        book = details_book(summary, compilation.details, campaign, state, *extra)
        yield state.file_name("details.xlsx"), to_xlsx(book)
    if compilation.breakdowns or compilation.changes:
        since = typed_day(compilation.since) if compilation.since else ""
        book = breakdown_book(
            compilation.breakdowns, compilation.changes, since, summary.county.unit, campaign, state
        )
        yield state.file_name("breakdowns.xlsx"), to_xlsx(book)
    for path, table in _tables(summary):
        yield state.file_name(path), to_xlsx(summary_book(table, campaign, state))


def count_of_files(summary: Summary) -> int:
    """Number of workbooks, for the progress bar."""
    return sum(1 for _ in _tables(summary))


def _texts(compilation: Compilation, campaign: Campaign) -> Mapping[str, str]:
    """Text files by path."""
    summary, named = compilation.summary, compilation.state.file_name
    texts = {
        named("summary.csv"): to_csv(summary.rows),
        FILE: state_in_json(compilation, campaign),
        "reconciliation.csv": _reconciliation((*compilation.unsettled, *compilation.doubts)),
        "completeness.csv": completeness_csv(summary, compilation.returns),
        "telephone.txt": telephone_list(summary, campaign, compilation.returns),
    }
    texts |= {named(f"by-{each.by}.csv"): breakdown_csv(each) for each in compilation.breakdowns}
    if compilation.changes:
        names = [field.name for field in fields(UnitChange)]
        texts[named("since.csv")] = csv_of(names, map(astuple, compilation.changes))
    if summary.regions:
        return texts | {named("levels.csv"): _levels(summary)}
    if compilation.days:
        texts[named("days.csv")] = days_csv(compilation.days)
    pages = _pages(compilation, campaign)
    return texts | {f"handbook/{path}": page for path, page in pages.items()}


def _reconciliation(differences: tuple[Difference, ...]) -> str:
    """``reconciliation.csv``: differences and doubts, with the ids of the records behind them."""
    rows = (
        (each.unit_code, each.problem_type_id, each.column, each.sentence, " ".join(each.records))
        for each in differences
    )
    return csv_of(("unit_code", "problem_type_id", "column", "difference", "records"), rows)


def _levels(summary: Summary) -> str:
    """``levels.csv``: ``summary.csv`` for provinces, cities and counties, with their code and name as the unit's."""
    rows = ((region.level, *astuple(line)) for region in summary.regions for line in region.table.lines)
    return csv_of(("level", *HEADER), rows)


def _tables(summary: Summary) -> Iterator[tuple[str, AnnexTable]]:
    """Tables of the further workbooks: one a unit or, for several counties, one a region."""
    if not summary.regions:
        yield from ((workbook_path(table), table) for table in summary.units)
    for region in summary.regions:
        yield workbook_path(region.table, "regions"), region.table


def workbook_path(table: AnnexTable, folder: str = "units") -> str:
    """Path of a unit's workbook; characters that file names cannot hold are removed."""
    name = re.sub(r'[\\/:*?"<>|\s]', "", table.unit)
    return f"{folder}/{table.unit_code}-{name}.xlsx"


def _pages(compilation: Compilation, campaign: Campaign) -> Mapping[str, str]:
    """Summary pages by their path in the handbook."""
    summary, days, state = compilation.summary, compilation.days, compilation.state
    pages = {page_urls.SUMMARY: summary_index(campaign, summary.rows, days, state)}
    if days:
        pages[page_urls.SUMMARY_DAYS] = days_page(campaign, days, state)
    for unit in campaign.filing_units:
        pages[page_urls.summary_page(unit)] = summary_page(campaign, unit, summary.rows, state)
    return pages


def replace_folder(folder: Path, files: Iterator[tuple[str, bytes]]) -> None:
    """Write all files to a sibling folder, then swap it in atomically.

    Raises:
        NotPublished: the folder holds foreign files, or is not writable.
    """
    refuse_strangers(folder, OURS, "汇总")
    with replacing(folder) as new:
        for path, content in files:
            target = new / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
