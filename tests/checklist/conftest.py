"""Fixtures: the shipped and the small campaign, cached per session."""

from pathlib import Path

import pytest

from checklist.loading.loader import load_campaign
from checklist.model import Campaign, Reading
from tests.builders import small_campaign

SHIPPED = Path(__file__).parents[2] / "checklist" / "2022-huitoukan"


@pytest.fixture(scope="session")
def shipped() -> Campaign:
    return load_campaign(SHIPPED)


@pytest.fixture(scope="session")
def phrases(shipped: Campaign) -> Reading:
    """The shipped phrases, which the examples in this folder are held against."""
    return shipped.reading


@pytest.fixture(scope="session")
def small() -> Campaign:
    return small_campaign()
