"""What village cadres ask in their own words: half sentences, questions, other names, slips, pinyin."""

import csv
import json
from pathlib import Path

from playwright.sync_api import Browser

from build_scripts.search import search_scripts

ASKED = Path(__file__).with_name("cadres-queries.tsv")

# All questions in one go: the first hit's address of each, or nothing.
FIRST_HITS = """
([data, queries]) => {
  searchHandbook({ type: 0, data })
  return queries.map(query => {
    const hits = searchHandbook({ type: 2, data: query }).data.items.flat().filter(({ score }) => score)
    return hits.sort((one, other) => other.score - one.score).map(({ location }) => location)[0] ?? null
  })
}
"""


def test_questions_in_their_own_words_lead_to_the_very_section(site: Path, browser: Browser) -> None:
    with ASKED.open(encoding="utf-8", newline="") as lines:
        asked = list(csv.reader(lines, delimiter="\t"))
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    page = browser.new_page()
    page.add_script_tag(content=search_scripts.worker())
    found = page.evaluate(FIRST_HITS, [index, [query for query, _ in asked]])
    page.close()
    assert dict(zip([query for query, _ in asked], found, strict=True)) == dict(asked)
