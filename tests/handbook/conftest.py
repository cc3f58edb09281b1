"""Fixtures: built sites, each built once per session and read-only."""

from pathlib import Path

import pytest

from build_scripts.counting.summary_lines import SummaryRow
from build_scripts.handbook.site_build import build, handbook_of
from build_scripts.settings import PROJECT
from checklist.loading.loader import load_campaign
from checklist.model import Campaign
from tests.builders import small_campaign


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    return small_campaign()


@pytest.fixture(scope="session")
def real_campaign() -> Campaign:
    return load_campaign(PROJECT / "checklist" / "2022-huitoukan")


@pytest.fixture(scope="session")
def fire() -> Campaign:
    """A campaign of another kind."""
    return load_campaign(PROJECT / "tests" / "campaigns" / "2023-autumn-fire")


@pytest.fixture(scope="session")
def summary(campaign: Campaign) -> tuple[SummaryRow, ...]:
    """The first unit found 3 of the first type and none of the second; no other unit has reported."""
    figures = {0: (3, 1, 2, 1, 4, "yes"), 1: (0, 0, 0, 0, 0, "zero")}
    return tuple(
        SummaryRow(unit.code, unit.name, kind.id, kind.name, *figures.get(number, (0, 0, 0, 0, 0, "no")))  # type: ignore[arg-type]
        for first, unit in enumerate(campaign.filing_units)
        for number, kind in enumerate(campaign.problem_types, start=100 * first)
    )


@pytest.fixture(scope="session")
def site(
    campaign: Campaign, summary: tuple[SummaryRow, ...], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The small campaign's site, with figures."""
    out = tmp_path_factory.mktemp("small-site")
    build(handbook_of(campaign, summary), out)
    return out


@pytest.fixture(scope="session")
def real_site(real_campaign: Campaign, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the campaign that comes with the project, before anything is compiled."""
    out = tmp_path_factory.mktemp("site")
    build(handbook_of(real_campaign), out)
    return out
