"""The browser's scripts and style, bundled from ``browser/``."""

import hashlib
from pathlib import Path

_FOLDER = Path(__file__).parent / "browser"
_WORKER = (
    "numerals",
    "folding",
    "weights",
    "corpus",
    "number_variants",
    "synonyms",
    "questions",
    "pinyin",
    "corrections",
    "sayings",
    "matching",
    "ranking",
    "answering",
)
"""The worker's files in dependency order."""


def worker() -> str:
    """Return the search worker as one file that exposes only its message handler."""
    parts = [worker_part(name) for name in _WORKER]
    return "\n".join(['"use strict";(() => {', *parts, "})()\n"])


def worker_part(name: str) -> str:
    """Return one of the worker's files."""
    return (_FOLDER / "worker" / f"{name}.js").read_text(encoding="utf-8")


def worker_name() -> str:
    """Return the worker's content-hashed file name, for cache busting."""
    return f"search.{hashlib.sha256(worker().encode()).hexdigest()[:8]}.js"


def box() -> str:
    """Return the script that patches the search box."""
    return (_FOLDER / "box.js").read_text(encoding="utf-8")


def style() -> str:
    """Return the style of the result list."""
    return (_FOLDER / "results.css").read_text(encoding="utf-8")
