"""No test is skipped silently: a skip fails the run unless SKIPS_ALLOWED gives its reason."""

from collections.abc import Generator
from typing import TypeVar

import pytest
from hypothesis import settings

# How a test's id begins, as pytest prints it, and why it can't run everywhere.
SKIPS_ALLOWED: dict[str, str] = {
    "tests/other_browsers/": "Ubuntu has Firefox as a snap only, and not every system packages WebKit's driver",
}

# Two test processes and a browser share two cores: a slow example isn't a wrong one.
settings.register_profile("huitoukan", deadline=None)
settings.load_profile("huitoukan")

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _fail_if_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _fail_if_skipped((yield))


def _fail_if_skipped(report: Report) -> Report:
    """Turns a skip, or an expected failure, into a failure where it isn't listed."""
    if report.skipped and not report.nodeid.startswith(tuple(SKIPS_ALLOWED)):
        report.outcome = "failed"
        # Else pytest takes it for an expected failure, and the run for a good one.
        vars(report).pop("wasxfail", None)
        remedy = "Make it run, or give the reason in SKIPS_ALLOWED."
        report.longrepr = f"{report.nodeid} was skipped: {report.longrepr}\n{remedy}"
    return report
