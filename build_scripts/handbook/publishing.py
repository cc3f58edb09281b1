"""The handbook ready for MkDocs: pages, name and navigation as one value, and the build in this process."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from build_scripts.handbook import pages
from build_scripts.handbook.figures import Summary, read_summary
from build_scripts.handbook.home import site_name
from build_scripts.handbook.navigation import Entry, navigation
from build_scripts.settings import PROJECT, Settings
from checklist.loader import load_campaign
from checklist.model import Campaign

CONFIGURATION = PROJECT / "mkdocs.yml"
KEY = "handbook"
"""Where MkDocs' ``extra`` holds the handbook that is to be built."""


@dataclass(frozen=True)
class Handbook:
    """What a site is made of."""

    name: str
    issuer: str
    pages: Mapping[str, str]
    navigation: list[Entry]


def handbook_of(campaign: Campaign, summary: Summary | None = None) -> Handbook:
    """The handbook of a campaign."""
    contents = pages(campaign, summary)
    notice = campaign.notice
    return Handbook(
        name=site_name(campaign),
        issuer=f"{notice.issuer}　{notice.number}",
        pages=contents,
        navigation=navigation(contents),
    )


def handbook_at(settings: Settings) -> Handbook:
    """The handbook of the campaign and the compiled figures that the settings name.

    Raises:
        InvalidCampaign: the folder holds no campaign that can be used.
        ValueError: the compiled figures cannot be read.
    """
    return handbook_of(load_campaign(settings.checklist), read_summary(settings.home / "summary" / "summary.csv"))


def build(handbook: Handbook, out: Path) -> float:
    """Builds the site into a folder as ``mkdocs build --strict`` does; returns the seconds that it took.

    Raises:
        mkdocs.exceptions.Abort: MkDocs warned about something.
    """
    # Material prints an advertisement about MkDocs 2 unless this is set before it is imported.
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "true")
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config

    started = time.perf_counter()
    config = load_config(str(CONFIGURATION), site_dir=str(out), strict=True)
    config.extra[KEY] = handbook
    config.plugins.on_startup(command="build", dirty=False)
    build_site(config)
    return time.perf_counter() - started
