"""Fixtures shared by several test folders."""

import errno
import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browsers import chromium

expect.set_options(timeout=15_000)
"""Two test processes and their browsers share two cores: an answer that takes ten seconds isn't a wrong one."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, one in each test process: Playwright runs only once in it. Each test opens a context."""
    with chromium() as running:
        yield running


@pytest.fixture
def without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk without hard links, such as a USB stick's FAT."""

    def refused(*_arguments: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
