"""Mutation testing: break the code in small ways, one at a time, and see whether the tests notice.

    .venv/bin/python -m benchmarks.mutation_run 'build_scripts/intake/*.py=tests/ledgers/test_hostile.py' --count 20

A target is a glob of modules, ``=`` and the tests to run for them, separated by commas; a target without tests takes
them from ``TESTS``. Of all mutants of a target ``--count`` are drawn by ``--seed``, so that the same call draws the
same ones as long as the code stays the same. Each is written into a scratch copy of the tree, never into the tree
itself, and the tests run there with ``-x`` and a time limit. Printed are each mutant's fate, the difference for every
survivor, and the mutation score.

``benchmarks.mutation_operators`` defines the mutation operators. A survivor is a missing test or an equivalent
mutant, and needs manual review.

Why not mutmut or cosmic-ray: mutmut chooses the mutant by an environment variable, which the isolated processes that
read workbooks and photographs do not see, and it leaves module-level code alone; cosmic-ray writes into the working
tree; both run every mutant rather than a drawn few. The scratch copy has a virtual environment of its own, since an
isolated process (``python -I``) would otherwise import the installed tree.
"""

import argparse
import difflib
import os
import queue
import random
import resource
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
import venv
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mutation_operators import Mutant, mutants_of

PROJECT = Path(__file__).resolve().parent.parent
MOST_MEMORY = 4 << 30
"""Bytes that a test run may hold: a mutant may collect things without an end."""
LEAST_TIME = 20

TESTS = {
    "checklist/*": "tests/checklist",
    "build_scripts/counting/*": "tests/summary",
    "build_scripts/intake/*": "tests/ledgers",
    "build_scripts/reconciliation/*": "tests/summary",
    "build_scripts/summary/*": "tests/summary",
    "build_scripts/workbooks/*": "tests/workbooks",
    "build_scripts/handbook/*": "tests/handbook/test_pages.py,tests/handbook/test_writing.py",
    "build_scripts/documents/*": "tests/documents",
    "forms_server/backup/*": "tests/backup,tests/upgrade",
    "forms_server/returns/*": "tests/returns,tests/server/test_returns_signing.py",
    "forms_server/records/*": "tests/records",
    "forms_server/visits/*": "tests/visits",
    "forms_server/access.py": "tests/server/test_access.py",
    "forms_server/audit_chain.py": "tests/server/test_backup_commands.py",
}
"""Globs of modules, ``*`` for any depth, to the tests that are to notice; the first that fits counts."""


@dataclass(frozen=True)
class Target:
    """Modules with the tests that should kill their mutants."""

    glob: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Fate:
    """Outcome of a mutant."""

    mutant: Mutant
    said: str
    """``killed``, ``timeout`` or ``survived``."""
    seconds: float


class Scratch:
    """A copy of the tree, in which one mutant at a time is tried."""

    def __init__(self, folder: Path, select: str = "") -> None:
        self.tree = folder / "tree"
        self._select = ["-k", select] if select else []
        self._python = folder / "venv" / "bin" / "python"
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
            cwd=PROJECT, check=True, capture_output=True, text=True,
        )  # fmt: skip
        for name in filter(None, listed.stdout.split("\0")):
            if (PROJECT / name).is_file():
                (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(PROJECT / name, self.tree / name)
        self._make_environment(folder / "venv")

    def _make_environment(self, folder: Path) -> None:
        """An environment that finds the copy first, isolated or not, then the libraries of this one."""
        venv.create(folder, symlinks=True)
        (packages,) = folder.glob("lib/python*/site-packages")
        # Lines of a .pth file add folders without running what lies there, such as an editable install's finder.
        (packages / "copy.pth").write_text(
            f"{self.tree}\n{sysconfig.get_path('purelib')}\n", encoding="utf-8"
        )

    def try_out(self, mutant: Mutant, tests: Sequence[str], limit: float) -> Fate:
        """Run the tests against the mutant and restore the copy."""
        path = self.tree / mutant.module
        source = path.read_bytes()
        path.write_bytes(mutant.applied(source))
        try:
            said, seconds = self.run(tests, limit)
        finally:
            path.write_bytes(source)
        return Fate(mutant, said, seconds)

    def run(self, tests: Sequence[str], limit: float) -> tuple[str, float]:
        """Baseline: result and duration of the tests on the unmutated copy."""
        # Without bytecode on disk: a mutant may have the size and the second of the code before it.
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        environment.pop("PYTHONPATH", None)
        command = [
            self._python,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "--hypothesis-seed=0",
            *self._select,
            *tests,
        ]
        began = time.monotonic()
        running = subprocess.Popen(  # noqa: S603 - our own tests
            command, cwd=self.tree, env=environment, start_new_session=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        resource.prlimit(running.pid, resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
        try:
            said = "killed" if running.wait(timeout=limit) else "survived"
        except subprocess.TimeoutExpired:
            said = "timeout"
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()
        return said, time.monotonic() - began


def read_target(text: str) -> Target:
    """A target as it was typed.

    Raises:
        SystemExit: no module fits, or there are no tests for it.
    """
    glob, _, tests = text.partition("=")
    modules = sorted(
        path.relative_to(PROJECT).as_posix() for path in PROJECT.glob(glob) if path.suffix == ".py"
    )
    if not modules:
        raise SystemExit(f"No module fits {glob}")
    tests = tests or next((each for known, each in TESTS.items() if Path(modules[0]).match(known)), "")
    missing = [
        each for each in tests.split(",") if not each or not (PROJECT / each.partition("::")[0]).exists()
    ]
    if missing:
        raise SystemExit(f"No tests for {glob}: {', '.join(missing) or 'name them behind ='}")
    return Target(glob, tuple(modules), tuple(tests.split(",")))


def draw(target: Target, count: int, seed: int) -> tuple[list[Mutant], int]:
    """The mutants to try, and how many there are."""
    found = [each for name in target.modules for each in mutants_of(name, (PROJECT / name).read_bytes())]
    chance = random.Random(f"{seed} {target.glob}")  # noqa: S311 - the same draw each time
    return sorted(chance.sample(found, min(count, len(found)))), len(found)


def try_target(
    target: Target, scratches: Sequence[Scratch], drawn: Sequence[Mutant], most: float
) -> Iterator[Fate]:
    """Try mutants in parallel, one per copy.

    Raises:
        SystemExit: the tests do not pass on the code as it is.
    """
    said, seconds = scratches[0].run(target.tests, most)
    if said != "survived":
        raise SystemExit(f"{' '.join(target.tests)} do not pass on the code as it is ({said})")
    limit = min(most, LEAST_TIME + 4 * seconds)
    free: queue.SimpleQueue[Scratch] = queue.SimpleQueue()
    for scratch in scratches:
        free.put(scratch)

    def attempt(mutant: Mutant) -> Fate:
        scratch = free.get()
        try:
            return scratch.try_out(mutant, target.tests, limit)
        finally:
            free.put(scratch)

    with ThreadPoolExecutor(len(scratches)) as pool:
        yield from pool.map(attempt, drawn)


def difference(mutant: Mutant) -> str:
    """Format the mutant as a unified diff."""
    before = (PROJECT / mutant.module).read_bytes()
    texts = (text.decode().splitlines() for text in (before, mutant.applied(before)))
    return "\n".join(difflib.unified_diff(*texts, mutant.module, "mutant", n=1, lineterm=""))


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def _report(target: Target, fates: Iterator[Fate], total: int) -> None:
    counts = {"killed": 0, "timeout": 0, "survived": 0}
    for fate in fates:
        counts[fate.said] += 1
        mutant = fate.mutant
        _say(f"{fate.said:<8} {mutant.module}:{mutant.line}  {mutant.kind}  {fate.seconds:.1f} s")
        if fate.said == "survived":
            _say(difference(mutant))
    drawn = sum(counts.values())
    noticed = drawn - counts["survived"]
    told = ", ".join(f"{number} {said}" for said, number in counts.items())
    _say(f"{target.glob}: {drawn} of {total} mutants, {told}: {noticed / max(drawn, 1):.0%} noticed")


def main() -> None:
    """Try the mutants of each target in turn."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("targets", nargs="+", metavar="GLOB[=TESTS]")
    parser.add_argument("--count", type=int, default=20, help="mutants to draw of each target (20)")
    parser.add_argument("--seed", type=int, default=1, help="of the draw (1)")
    parser.add_argument(
        "--timeout", type=float, default=600, help="most seconds of one run of the tests (600)"
    )
    parser.add_argument("--select", default="", help="pytest's -k, such as 'not postgresql' (all tests)")
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="MODULE:LINE", help="of those drawn, the ones of these lines"
    )
    parser.add_argument("--jobs", type=int, default=1, help="mutants at a time (1)")
    options = parser.parse_args()
    targets = [read_target(text) for text in options.targets]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        scratches = [Scratch(Path(folder) / str(number), options.select) for number in range(options.jobs)]
        for target in targets:
            drawn, total = draw(target, options.count, options.seed)
            if options.only:
                drawn = [each for each in drawn if f"{each.module}:{each.line}" in options.only]
            _report(target, try_target(target, scratches, drawn, options.timeout), total)


if __name__ == "__main__":
    sys.exit(main())
