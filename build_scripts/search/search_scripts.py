"""What the browser loads: the files of ``browser/``, ready to be copied to the site."""

import hashlib
from pathlib import Path

_FOLDER = Path(__file__).parent / "browser"
_WORKER = ("folding", "corpus", "variants", "synonyms", "pinyin", "finding", "results", "answering")
"""The worker's files, each after those that it uses."""


def worker() -> str:
    """The search worker in one file; nothing in it is seen from outside but the handler that it sets."""
    parts = [(_FOLDER / "worker" / f"{name}.js").read_text(encoding="utf-8") for name in _WORKER]
    return "\n".join(['"use strict";(() => {', *parts, "})()\n"])


def worker_name() -> str:
    """The worker's file name: another content is another name, so no old copy is taken from a cache."""
    return f"search.{hashlib.sha256(worker().encode()).hexdigest()[:8]}.js"


def box() -> str:
    """The script that mends the search box."""
    return (_FOLDER / "box.js").read_text(encoding="utf-8")


def style() -> str:
    """The look of the result list."""
    return (_FOLDER / "results.css").read_text(encoding="utf-8")
