"""The handbook as a value for MkDocs (pages, name, navigation), and its in-process build."""

import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from mkdocs.commands.build import build as build_site
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from build_scripts.atomic_files import refuse_strangers, replacing
from build_scripts.counting.daily_counts import DayCount
from build_scripts.counting.daily_counts import read_csv as read_days
from build_scripts.counting.final_or_interim import PublishedState, read_state
from build_scripts.counting.summary_lines import SummaryRow, read_csv
from build_scripts.garbage_collection import without_garbage_collection
from build_scripts.handbook.all_pages import pages
from build_scripts.handbook.content_changes import History, history_now, read_history
from build_scripts.handbook.home_page import site_name
from build_scripts.handbook.page_urls import FIGURES_FOLDER
from build_scripts.handbook.site_files import files_of
from build_scripts.handbook.site_navigation import Entry, navigation
from build_scripts.handbook.small_counts import without_small_counts
from build_scripts.settings import FigureReaders, Settings
from checklist.loading.loader import load_campaign
from checklist.model import Campaign

CONFIGURATION = Path(__file__).with_name("mkdocs.yml")
KEY = "handbook"
"""Key of the handbook in MkDocs' ``extra``."""

OURS = re.compile(
    r"areas|assets|downloads|forms|phases|policies|registers|roles|search|summary|system|units|service-worker\.js"
    r"|(index|notice|answers|updates|glossary|print)\.html|\.built-from-.*"
)
"""Top-level entries of a site; the last is the Makefile's stamp."""
_NO_MATCH = re.compile(r"(?!)")


@dataclass(frozen=True)
class Handbook:
    """The content of a site."""

    campaign: Campaign
    name: str
    issuer: str
    about: str
    """One-sentence description."""
    pages: Mapping[str, str]
    files: Mapping[str, bytes]
    navigation: list[Entry]
    private: tuple[str, ...] = ()
    """Folders that not everybody may read: left out of the search and of what browsers keep offline."""
    history: History | None = None
    """What changed since the handbook was first built, as its pages show it."""
    address: str = ""
    """The server's, for pages that are opened from a folder; empty where it is not known."""


def handbook_of(
    campaign: Campaign,
    summary: tuple[SummaryRow, ...] | None = None,
    days: Sequence[DayCount] = (),
    state: PublishedState | None = None,
    history: History | None = None,
) -> Handbook:
    """The handbook of a campaign."""
    contents = pages(campaign, summary, days, state, history)
    notice = campaign.notice
    return Handbook(
        campaign=campaign,
        name=site_name(campaign),
        issuer=f"{notice.issuer}　{notice.number}",
        about=f"{notice.county}{notice.name}：排查内容、政策依据、时间安排、填表说明和汇总。",
        pages=contents,
        files=files_of(campaign),
        navigation=navigation(contents),
        history=history,
    )


def handbook_at(settings: Settings, today: date | None = None) -> Handbook:
    """Load the campaign and the compiled figures that the settings name.

    Args:
        settings: where they lie.
        today: the day under which changes of content are noted; None shows those that are noted already.

    Raises:
        InvalidCampaign: the folder has problems.
        NotASummary: the compiled figures cannot be read.
    """
    folder = settings.home / "summary"
    state = read_state(folder)
    figures, days = (
        folder / (state.file_name(name) if state else name) for name in ("summary.csv", "days.csv")
    )
    summary = read_csv(figures) if figures.is_file() else None
    campaign = load_campaign(settings.checklist)
    history = history_now(settings.home, campaign, today) if today else read_history(settings.home)
    made = handbook_of(campaign, summary, read_days(days), state, history)
    made = replace(made, address=settings.address)
    if settings.summary_pages is FigureReaders.PUBLIC:
        return replace(made, pages=without_small_counts(made.pages))
    return replace(made, private=(FIGURES_FOLDER,))


def publish(handbook: Handbook, out: Path) -> float:
    """Build the site and atomically replace a folder by it; return the seconds taken.

    Raises:
        mkdocs.exceptions.Abort: MkDocs warned about something.
        NotPublished: the folder holds foreign entries, or can't be written.
    """
    # Many sites have an index.html and assets: only ours have this script.
    is_site = (out / "assets" / "handbook.js").is_file()
    refuse_strangers(out, OURS if is_site else _NO_MATCH, "手册")
    with replacing(out) as new:
        return build(handbook, new)


def build(handbook: Handbook, out: Path) -> float:
    """Build the site into a folder, emptied first, as ``mkdocs build --strict`` does; return the seconds taken.

    Raises:
        mkdocs.exceptions.Abort: MkDocs warned about something.
    """
    # Suppress Material's announcement on MkDocs 2.
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "true")
    started = time.perf_counter()
    with configured(out) as config, without_garbage_collection():
        config.extra[KEY] = handbook
        config.plugins.on_startup(command="build", dirty=False)
        build_site(config)
    return time.perf_counter() - started


@contextmanager
def configured(out: Path) -> Iterator[MkDocsConfig]:
    """MkDocs' configuration for a site's folder, with an empty folder of docs: all pages come from memory."""
    with TemporaryDirectory() as empty:
        yield load_config(str(CONFIGURATION), docs_dir=empty, site_dir=str(out), strict=True)
