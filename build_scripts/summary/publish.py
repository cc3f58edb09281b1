"""What ``summary`` writes, and how it replaces the last results: wholly or not at all."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from build_scripts.handbook import addresses
from build_scripts.handbook.summary import summary_index, summary_page
from build_scripts.summary.rows import to_csv
from build_scripts.summary.table import AnnexTable, Summary
from build_scripts.workbooks.summary_layout import summary_book
from build_scripts.workbooks.writer import to_xlsx
from checklist.messages import say
from checklist.model import Campaign

OURS = {"summary.csv", "county.xlsx", "units", "handbook"}
"""What stands at the top of the folder."""


class NotPublished(Exception):
    """The results could not take their place, and what was there is as it was; the message is for people."""


def results(summary: Summary, campaign: Campaign) -> Iterator[tuple[str, bytes]]:
    """Every file with its path below the folder, one by one: workbooks take the time."""
    yield "summary.csv", to_csv(summary.rows).encode()
    yield "county.xlsx", to_xlsx(summary_book(summary.county, campaign))
    for table in summary.units:
        yield workbook_path(table), to_xlsx(summary_book(table, campaign))
    for path, page in _pages(summary, campaign).items():
        yield f"handbook/{path}", page.encode()


def workbook_path(table: AnnexTable) -> str:
    """Where a unit's workbook stands; the name loses what a file's name can't have."""
    name = re.sub(r'[\\/:*?"<>|\s]', "", table.unit)
    return f"units/{table.unit_code}-{name}.xlsx"


def _pages(summary: Summary, campaign: Campaign) -> Mapping[str, str]:
    """The handbook's pages of figures, under the paths that they have in the handbook."""
    pages = {addresses.SUMMARY: summary_index(campaign, summary.rows)}
    for unit in campaign.filing_units:
        pages[addresses.summary_page(unit)] = summary_page(campaign, unit, summary.rows)
    return pages


def replace_folder(folder: Path, files: Iterator[tuple[str, bytes]]) -> None:
    """Write all files beside the folder, then let them take its place.

    Raises:
        NotPublished: the folder holds something that isn't ours, or can't be written.
    """
    _refuse_strangers(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        # On the same disk, so that taking the place is a rename.
        with TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as workshop:
            new = Path(workshop) / "new"
            _write(new, files)
            _swap(new, folder, Path(workshop) / "old")
    except OSError as error:
        detail = error.strerror or type(error).__name__
        raise NotPublished(say("summary-not-written", folder=folder, detail=detail)) from error


def _refuse_strangers(folder: Path) -> None:
    """Replacing a folder would delete what else lies in it, such as somebody's desktop."""
    if folder.exists() and not folder.is_dir():
        raise NotPublished(say("summary-folder-not-ours", folder=folder.parent, found=[folder.name]))
    strangers = (
        sorted(path.name for path in folder.iterdir() if path.name not in OURS) if folder.exists() else []
    )
    if strangers:
        raise NotPublished(say("summary-folder-not-ours", folder=folder, found=strangers))


def _write(folder: Path, files: Iterator[tuple[str, bytes]]) -> None:
    for path, content in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _swap(new: Path, folder: Path, old: Path) -> None:
    """Put the new folder in place; the old one comes back where that fails."""
    if folder.exists():
        folder.rename(old)
    try:
        new.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
