"""Sandboxed child processes for untrusted bytes: start, stream results, classify failures."""

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from threading import Event, Timer
from typing import IO, Any

from build_scripts.sandbox.child_limits import ChildLimits
from build_scripts.sandbox.inside_child import OUT_OF_MEMORY

Frame = tuple[dict[str, Any], bytes]
"""A unit of output: a JSON object and its binary payload."""

_ROOT = Path(__file__).parents[2]
_START = (
    "import sys; sys.path.append(sys.argv[1]); from build_scripts.sandbox.inside_child import main; main()"
)
"""Not ``-m``: the child must run this process's code, even if another copy is installed."""


class Death(StrEnum):
    """Why a child failed."""

    REFUSED = "refused"
    """It ran, and rejected its input."""
    TOO_LONG = "too-long"
    OUT_OF_MEMORY = "out-of-memory"
    TOO_MUCH = "too-much"
    """Its output exceeds the limit."""
    KILLED = "killed"
    """By another process, such as the kernel's OOM killer."""
    CRASHED = "crashed"
    """By an exception or a signal of its own, such as a library's abort on failed allocation."""
    NONSENSE = "nonsense"
    """A protocol error, or truncated output."""


class ChildFailed(Exception):
    """The child failed; ``code`` is its own if it refused."""

    def __init__(self, death: Death, code: str = "") -> None:
        super().__init__(code or death.value)
        self.death, self.code = death, code


@contextmanager
def sandboxed(module: str, data: Iterable[bytes], limits: ChildLimits) -> Iterator[Iterator[Frame]]:
    """Run a child on some bytes and stream its frames; it is killed at the end of the block.

    Args:
        module: imported in the child under its limits; its ``work(input, limits)`` emits frames by
            ``inside_child.put`` and may raise ``ChildRefusal``.
        data: its standard input, in chunks.
        limits: of the process, with any others that ``work`` needs.

    Raises:
        ChildFailed: while frames are consumed.
    """
    with tempfile.TemporaryFile() as file:
        file.writelines(data)
        file.seek(0)
        with _started(module, file, limits) as (process, overdue):
            yield _frames(process, overdue, limits.output)


@contextmanager
def _started(
    module: str, file: IO[bytes], limits: ChildLimits
) -> Iterator[tuple["subprocess.Popen[bytes]", Event]]:
    """Yield the process, and an event that tells whether it timed out."""
    # Isolated, with an empty environment: ours may hold the database's password.
    command = [sys.executable, "-I", "-c", _START, str(_ROOT), module, json.dumps(asdict(limits))]
    process = subprocess.Popen(  # noqa: S603 - our own module
        command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
    )
    overdue = Event()

    def stop() -> None:
        overdue.set()
        process.kill()

    timer = Timer(limits.patience * limits.seconds, stop)
    timer.start()
    try:
        yield process, overdue
    finally:
        timer.cancel()
        process.kill()
        assert process.stdout
        process.stdout.close()
        process.wait()


def _frames(process: "subprocess.Popen[bytes]", overdue: Event, most: int) -> Iterator[Frame]:
    assert process.stdout
    left = most
    while (line := process.stdout.readline(left + 1)).endswith(b"\n"):
        about = _object(line)
        if "refused" in about:
            raise ChildFailed(Death.REFUSED, str(about["refused"]))
        if "end" in about:
            return
        length = _length(about)
        left -= len(line) + length
        if left < 0:
            raise ChildFailed(Death.TOO_MUCH)
        block = process.stdout.read(length) if length else b""
        if len(block) < length:
            break
        yield about, block
    if len(line) > left:
        raise ChildFailed(Death.TOO_MUCH)
    status = process.wait()
    raise ChildFailed(Death.TOO_LONG if overdue.is_set() else _death(status))


def _object(line: bytes) -> dict[str, Any]:
    """Parse a line to an object, without trust: a compromised child can write anything."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise ChildFailed(Death.NONSENSE) from None
    if not isinstance(found, dict):
        raise ChildFailed(Death.NONSENSE)
    return found


def _length(about: dict[str, Any]) -> int:
    """Return the payload size of a line."""
    length = about.pop("bytes", 0)
    if not isinstance(length, int) or length < 0:
        raise ChildFailed(Death.NONSENSE)
    return length


def _death(status: int) -> Death:
    """Classify the end of a process with incomplete output."""
    known = {
        0: Death.NONSENSE,
        OUT_OF_MEMORY: Death.OUT_OF_MEMORY,
        -signal.SIGXCPU: Death.TOO_LONG,
        -signal.SIGKILL: Death.KILLED,
    }
    return known.get(status, Death.CRASHED)
