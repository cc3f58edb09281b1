"""Starts a child for a stranger's bytes, takes what it hands over, and says how it died if it did."""

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
"""What a child hands over at once: an object, and bytes that belong to it."""

_ROOT = Path(__file__).parents[2]
_START = (
    "import sys; sys.path.append(sys.argv[1]); from build_scripts.sandbox.inside_child import main; main()"
)
"""Not ``-m``: the child must run the code of this process, wherever another copy is installed."""


class Death(StrEnum):
    """Why a child did not finish."""

    REFUSED = "refused"
    """It finished, and refused what it was given."""
    TOO_LONG = "too-long"
    OUT_OF_MEMORY = "out-of-memory"
    TOO_MUCH = "too-much"
    """It hands over more than it may."""
    KILLED = "killed"
    """From outside, as where the machine has no memory left."""
    CRASHED = "crashed"
    """By an exception or a signal of its own; a library that can't get memory may abort so."""
    NONSENSE = "nonsense"
    """It speaks another language than ours, or stops in the middle."""


class ChildFailed(Exception):
    """The child did not do its work; ``code`` is its own where it refused."""

    def __init__(self, death: Death, code: str = "") -> None:
        super().__init__(code or death.value)
        self.death, self.code = death, code


@contextmanager
def sandboxed(module: str, data: Iterable[bytes], limits: ChildLimits) -> Iterator[Iterator[Frame]]:
    """What a child makes of some bytes, frame by frame while it works; it is ended with the block.

    Args:
        module: the child imports it, under its limits, and calls ``work(input, limits)``, which gives out frames by
            ``inside_child.put`` and may raise ``ChildRefusal``.
        data: the bytes of its standard input, in pieces.
        limits: of the process, and whatever else ``work`` asks for.

    Raises:
        ChildFailed: while frames are taken.
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
    """The process, and whether it took longer than it may."""
    # Isolated, and with nothing of this process's environment: that may hold the database's password.
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
    """A line as the object that it must be: whoever takes a child over can write any line."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise ChildFailed(Death.NONSENSE) from None
    if not isinstance(found, dict):
        raise ChildFailed(Death.NONSENSE)
    return found


def _length(about: dict[str, Any]) -> int:
    """How many bytes belong to a line."""
    length = about.pop("bytes", 0)
    if not isinstance(length, int) or length < 0:
        raise ChildFailed(Death.NONSENSE)
    return length


def _death(status: int) -> Death:
    """Why a process ended that had not said all."""
    known = {
        0: Death.NONSENSE,
        OUT_OF_MEMORY: Death.OUT_OF_MEMORY,
        -signal.SIGXCPU: Death.TOO_LONG,
        -signal.SIGKILL: Death.KILLED,
    }
    return known.get(status, Death.CRASHED)
