"""What several test folders share: one browser in each test process, since Playwright runs only once in it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browsers import chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; each test opens a context of its own."""
    with chromium() as running:
        yield running
