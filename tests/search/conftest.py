"""The handbook that comes with the project, built once, on a server and in a folder with an awkward name."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from build_scripts.handbook.site_build import build, handbook_of
from build_scripts.settings import PROJECT
from checklist.loading.loader import load_campaign
from checklist.model import Campaign
from tests.search.driving import Reader, served


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    return load_campaign(PROJECT / "checklist" / "2022-huitoukan")


@pytest.fixture(scope="session")
def site(campaign: Campaign, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("stick") / "回头看 手册"
    build(handbook_of(campaign), out)
    return out


@pytest.fixture(scope="session", params=["http", "file"])
def address(request: pytest.FixtureRequest, site: Path) -> Iterator[str]:
    """Where the handbook is opened, on a server and from the folder."""
    if request.param == "file":
        yield f"file://{quote(str(site))}/"
    else:
        with served(site) as root:
            yield root


@pytest.fixture
def reader(browser: Browser, address: str) -> Iterator[Reader]:
    context = browser.new_context()
    yield Reader(context.new_page(), address)
    context.close()
