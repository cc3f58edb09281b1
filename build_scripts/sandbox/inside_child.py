"""The child's side: sets its limits before it imports the code that handles untrusted bytes.

The protocol on standard output is a sequence of frames: a JSON object in a line, then as many bytes as its ``bytes``
says. The last line has ``end``, or ``refused`` with a code.
"""

import importlib
import json
import os
import resource
import sys
from collections.abc import Mapping
from typing import Any

OUT_OF_MEMORY = 77
"""Exit status for out of memory, when no frame can be written."""


class ChildRefusal(Exception):
    """The child rejects its input; the argument is a code known to the parent."""


def main() -> None:
    """Set limits from the third argument, then run ``work`` of the module named in the second."""
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
    """Emit a frame."""
    sized = {**about, "bytes": len(block)} if block else about
    out = sys.stdout.buffer
    out.write(json.dumps(sized, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    out.write(block)
    out.flush()


def _limit(limits: Mapping[str, int]) -> None:
    """Limit memory, time and file size; disable core dumps."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["file_size"], limits["file_size"]))
    # The soft limit's signal identifies the reason; the hard one a second later can't be ignored.
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
