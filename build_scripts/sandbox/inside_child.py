"""What runs inside the child: it limits itself before it imports what will touch a stranger's bytes.

The protocol on standard output is a sequence of frames: a line of JSON, an object, and behind it as many bytes as its
``bytes`` says, if it says so. The last line is one with ``end``, or with ``refused`` and a code.
"""

import importlib
import json
import os
import resource
import sys
from collections.abc import Mapping
from typing import Any

OUT_OF_MEMORY = 77
"""Exit status: with no memory left, nothing more than a number can be said."""


class ChildRefusal(Exception):
    """The child refuses what it was given; its argument is a code that the parent knows."""


def main() -> None:
    """Limit this process by the third argument, then let ``work`` of the module in the second one read its input."""
    _, _, module, text = sys.argv
    limits: dict[str, int] = json.loads(text)
    _limit(limits)
    try:
        importlib.import_module(module).work(sys.stdin.buffer, limits)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except ChildRefusal as refusal:
        put({"refused": refusal.args[0]})
    else:
        put({"end": True})


def put(about: Mapping[str, Any], block: bytes = b"") -> None:
    """Hand a frame over."""
    sized = {**about, "bytes": len(block)} if block else about
    out = sys.stdout.buffer
    out.write(json.dumps(sized, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    out.write(block)
    out.flush()


def _limit(limits: Mapping[str, int]) -> None:
    """Limit memory, time and the size of files, and leave no image of the memory behind when it dies."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["file_size"], limits["file_size"]))
    # The soft limit's signal tells the parent why; the hard one a second later can't be ignored.
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
