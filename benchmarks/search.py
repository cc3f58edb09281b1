"""Benchmark of the handbook's search in a real browser: questions answered, and times on its own and a larger index.

Run from the project's root: ``.venv/bin/python -m benchmarks.search``
"""

import json
import shutil
import statistics
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
from playwright.sync_api import Browser

from build_scripts.handbook.site_build import build, handbook_of
from build_scripts.search.corpus import IndexedPage
from build_scripts.search.search_index import FIRST_CODE, as_json, as_script, index_of
from build_scripts.search.sections import PageSection
from build_scripts.search.synonyms import Synonyms
from build_scripts.settings import PROJECT
from checklist.loading.loader import load_campaign
from tests.browsers import chromium
from tests.search.driving import Reader, queries, served
from tests.search.test_questions import QUESTIONS, missed_questions

ROUNDS = 5
WAS_SIZE = 247_181
"""Bytes of the index at commit 11592a6."""
GROWTH = 1.2

# From the event that typing causes until the list shows the answer.
_TIMED = """
async query => {
  const box = document.querySelector("[name=query]")
  const put = words => new Promise(resolve => {
    const started = performance.now()
    const look = () => {
      if (window.search.answered !== words) return void setTimeout(look)
      resolve(performance.now() - started)
    }
    box.value = words
    box.dispatchEvent(new InputEvent("input", { bubbles: true }))
    look()
  })
  const took = await put(query)
  await put("")
  return took
}
"""


def main() -> None:
    """Print the share of questions that Enter answers, and the medians of queries' times over several rounds."""
    with tempfile.TemporaryDirectory() as scratch, chromium() as running:
        site = Path(scratch) / "site"
        build(handbook_of(load_campaign(PROJECT / "checklist" / "2022-huitoukan")), site)
        for file in QUESTIONS:
            missed, asked = missed_questions(site, running, file)
            click.echo(f"{file}: {asked - len(missed)} of {asked} questions answered by Enter")
        size = (site / "search" / "search_index.json").stat().st_size
        click.echo(f"index {size} bytes, {size / WAS_SIZE:.2f} times what it was (goal: at most {GROWTH})")
        larger = Path(scratch) / "larger"
        shutil.copytree(site, larger)
        _enlarge(larger, 20)
        for name, folder in (("its own index", site), ("an index 20 times as large", larger)):
            size = (folder / "search" / "search_index.json").stat().st_size
            with served(folder) as root:
                _report(f"{name} ({size / 1000:.0f} kB), http", _times(running, root))
            _report(f"{name} ({size / 1000:.0f} kB), file", _times(running, f"file://{quote(str(folder))}/"))


def _times(running: Browser, root: str) -> dict[str, float]:
    """Query to the median of its times in milliseconds."""
    context = running.new_context()
    reader = Reader(context.new_page(), root)
    reader.open()
    rounds = [[reader.page.evaluate(_TIMED, query) for query, _ in queries()] for _ in range(ROUNDS)]
    context.close()
    return {
        query: statistics.median(times)
        for (query, _), times in zip(queries(), zip(*rounds, strict=True), strict=True)
    }


def _report(title: str, times: dict[str, float]) -> None:
    slowest = max(times, key=times.__getitem__)
    click.echo(
        f"{title}: median {statistics.median(times.values()):.1f} ms, slowest {times[slowest]:.1f} ms ({slowest})"
    )


def _enlarge(site: Path, factor: int) -> None:
    """Write an index that holds everything so many times, under other addresses."""
    path = site / "search" / "search_index.json"
    docs = json.loads(path.read_text(encoding="utf-8"))["docs"]
    pages = _pages(docs)
    copies = [replace(page, url=f"{copy}/{page.url}") for copy in range(factor) for page in pages]
    groups = [
        Synonyms(*(tuple(words.split("|")) for words in group.split(">")), folder=folder)
        for folder, listed in docs["synonyms"].items()
        for group in listed
    ]
    index = index_of(copies, groups)
    path.write_text(as_json(index), encoding="utf-8")
    path.with_suffix(".js").write_text(as_script(index), encoding="utf-8")


def _pages(docs: dict[str, Any]) -> list[IndexedPage]:
    """The pages that an index was made of."""
    sections: list[list[PageSection]] = [[] for _ in docs["pages"]]
    rest = "".join(_unpacked(character, docs["clauses"]) for character in docs["corpus"])
    for page, rows in enumerate(docs["sections"]):
        for anchor, *lengths in rows:
            parts = []
            for length in (*lengths, 0, 0, 0, 0)[:4]:
                parts.append(tuple(rest[:length].splitlines()))
                rest = rest[length:]
            heading, own, text, words = parts
            sections[page].append(PageSection(anchor, "".join(heading), not heading, own, text, words))
    return [
        IndexedPage(url, kind, tuple(found))
        for (url, kind), found in zip(docs["pages"], sections, strict=True)
    ]


def _unpacked(character: str, clauses: list[str]) -> str:
    """The clause that a character of the text stands for, or the character."""
    number = ord(character) - FIRST_CODE
    return clauses[number] if 0 <= number < len(clauses) else character


if __name__ == "__main__":
    main()
