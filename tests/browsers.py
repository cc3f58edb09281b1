"""The system's Chromium, driven without any connection of its own to the outside."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

INSTEAD = "HUITOUKAN_TEST_CHROMIUM"
"""Environment variable with the path of a Chromium to drive instead of the system's."""
NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def system_browser() -> str:
    """Path of the system's Chromium, or of the one that the environment names instead."""
    path = os.environ.get(INSTEAD) or next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "no Chromium here; make browser installs it"
    return path


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser, closed at the end of the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_browser(), args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()
