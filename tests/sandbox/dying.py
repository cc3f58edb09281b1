"""What a sandboxed child does in the tests: the first line of its input says which way it goes."""

import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from typing import IO

from build_scripts.sandbox.inside_child import ChildRefusal, put


def work(source: IO[bytes], limits: Mapping[str, int]) -> None:
    WAYS[source.readline().decode().strip()](source, limits)


def _echo(source: IO[bytes], limits: Mapping[str, int]) -> None:
    for line in source:
        put({"more": limits["seconds"]}, line)


def _refuse(*_: object) -> None:
    put({"some": "frame"})
    raise ChildRefusal("not-wanted")


def _spin(*_: object) -> None:
    while True:
        pass


def _wait(*_: object) -> None:
    signal.pause()


def _wait_in_silence(*_: object) -> None:
    os.close(sys.stdout.fileno())
    signal.pause()


def _take_memory(*_: object) -> None:
    kept = bytearray(1 << 40)
    put({"never": len(kept)})


def _flood(*_: object) -> None:
    while True:
        put({}, b"x" * 100_000)


def _one_long_line(*_: object) -> None:
    while True:
        _say(b"x" * 100_000)


def _write_a_file(*_: object) -> None:
    import tempfile

    with tempfile.TemporaryFile() as file:
        file.write(b"x" * 1_000_000)
        file.flush()
    put({"written": True})


def _tell_of_itself(*_: object) -> None:
    put({"environment": dict(os.environ), "core": resource.getrlimit(resource.RLIMIT_CORE)[0]})


def _say(said: bytes) -> None:
    sys.stdout.buffer.write(said)
    sys.stdout.buffer.flush()


def _saying(said: bytes) -> Callable[..., None]:
    def say(*_: object) -> None:
        _say(said)
        os._exit(0)

    return say


WAYS: dict[str, Callable[..., None]] = {
    "echo": _echo,
    "refuse": _refuse,
    "spin": _spin,
    "wait": _wait,
    "wait in silence": _wait_in_silence,
    "take memory": _take_memory,
    "flood": _flood,
    "one long line": _one_long_line,
    "write a file": _write_a_file,
    "tell of itself": _tell_of_itself,
    "be killed": lambda *_: os.kill(os.getpid(), signal.SIGKILL),
    "abort": lambda *_: os.abort(),
    "raise": lambda *_: 1 / 0,
    "exit": lambda *_: os._exit(3),
    "say nothing": _saying(b""),
    "no JSON": _saying(b"Segmentation fault?\n"),
    "no object": _saying(b"[1]\n"),
    "deep": _saying(b"[" * 100_000 + b"\n"),
    "half a line": _saying(b'{"bytes"'),
    "half a block": _saying(b'{"bytes":9}\nxyz'),
    "a negative length": _saying(b'{"bytes":-9}\nxyz'),
    "a length in words": _saying(b'{"bytes":"nine"}\nxyz'),
}
