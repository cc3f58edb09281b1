"""How many sheets of paper each page of the handbook takes in the Chromium that is driven, as JSON on standard output."""

import json
import re
import sys
from pathlib import Path

from build_scripts.handbook.site_build import build, handbook_of
from build_scripts.settings import PROJECT
from checklist.loading.loader import load_campaign
from tests.browsers import chromium
from tests.search.driving import served

_PAGE = re.compile(rb"/Type\s*/Page\b")


def main(folder: Path) -> None:
    """Print every page of the built handbook, which is built if it is not there."""
    if not folder.exists():
        build(handbook_of(load_campaign(PROJECT / "checklist" / "2022-huitoukan")), folder)
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
    assert names, f"no handbook in {folder}"
    counts = {}
    with served(folder) as root, chromium() as browser:
        page = browser.new_page()
        for name in names:
            page.goto(root + name)
            counts[name] = len(_PAGE.findall(page.pdf(format="A4", print_background=True)))
    json.dump(counts, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
