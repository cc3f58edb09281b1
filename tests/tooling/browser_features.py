"""Finds what the oldest supported browser does not know in scripts and stylesheets; ``make check`` runs it.

A table of our own from MDN's compatibility data: the features since Chromium 87 that one is tempted to use. A line that
only decorates says so (``since 105`` in a comment on it): an older browser leaves that rule out and loses nothing else.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from forms_server.web.supported_browsers_page import OLDEST_CHROMIUM

ROOT = Path(__file__).parents[2]
FOLDERS = ("forms_server/web/static", "build_scripts")

CSS: dict[str, tuple[str, int]] = {
    ":has()": (r":has\(", 105),
    ":is()": (r":is\(", 88),
    ":where()": (r":where\(", 88),
    ":not() with a list": (r":not\((?:[^()]|\([^()]*\))*,", 88),
    ":modal, :popover-open": (r":(modal|popover-open)\b", 105),
    "aspect-ratio": (r"(?<![\w-])aspect-ratio:", 88),
    "accent-color": (r"accent-color:", 93),
    "text-wrap": (r"text-wrap:", 114),
    "overflow: clip": (r"overflow(-[xy])?:\s*clip", 90),
    "color-mix()": (r"color-mix\(", 111),
    "light-dark()": (r"light-dark\(", 123),
    "oklch and the like": (r"\b(oklch|oklab|lch|lab|color)\(", 111),
    "@layer, @container, @scope": (r"@(layer|container|scope|property|starting-style)\b", 85 + 14),
    "nesting": (r"^\s*&", 112),
    "dvh and the like": (r"\d[dsl]v[hw]\b", 108),
    "subgrid": (r"\bsubgrid\b", 117),
    "scale, rotate, translate": (r"(?<![\w-])(scale|rotate|translate):", 104),
    "inset-inline and the like": (r"(inset|margin|padding)-(inline|block):", 87),
    "field-sizing": (r"field-sizing:", 123),
    "media ranges": (r"@media[^{]*[<>]", 104),
    "scrollbar-gutter": (r"scrollbar-gutter:", 94),
}
"""What, a pattern, and the Chromium that knows it first."""

SCRIPT: dict[str, tuple[str, int]] = {
    ".at()": (r"\.at\(", 92),
    "structuredClone()": (r"\bstructuredClone\(", 98),
    "Object.hasOwn()": (r"\bhasOwn\(", 93),
    "crypto.randomUUID()": (r"\brandomUUID\(", 92),
    "findLast()": (r"\.findLast(Index)?\(", 97),
    "toSorted() and the like": (r"\.(toSorted|toReversed|toSpliced|with)\(", 110),
    "groupBy()": (r"\.groupBy\(", 117),
    "Promise.withResolvers()": (r"withResolvers\(", 119),
    "Array.fromAsync()": (r"fromAsync\(", 121),
    "AbortSignal.timeout()": (r"AbortSignal\.(timeout|any)\(", 103),
    "class static blocks": (r"\bstatic\s*\{", 94),
    "top-level await": (r"^await\b", 89),
    "Intl.Segmenter": (r"Intl\.Segmenter", 87),
    "inert": (r"\.inert\b", 102),
    "popover": (r"(show|hide|toggle)Popover\(", 114),
    "imageOrientation without a fallback": (r'imageOrientation(?!: "from-image" \}\);)', 112),
    "regular expressions with v or d": (r"/[gimsuy]*[vd][gimsuy]*\.(test|exec)\(", 90),
    "URL.canParse()": (r"URL\.(canParse|parse)\(", 120),
    "set methods": (r"(?<!this)\.(isSubsetOf|intersection|difference|union)\(", 122),
    "selectors": (r":(has|is|where)\(|:not\([^()\"']*,", 105),
}

WRAPS = re.compile(r"(?<=[{}])\s*([^{}@]+?)\s*\{([^{}]*flex-wrap:\s*wrap[^{}]*)\}")
"""Boxes that wrap: with a gap between rows and nothing in them, Chromium 87 to 92 print thousands of pages."""


def files(ending: str) -> list[Path]:
    """Our own files of that ending."""
    found = (path for folder in FOLDERS for path in (ROOT / folder).rglob(f"*{ending}"))
    return sorted(path for path in found if ".min." not in path.name)


def findings() -> Iterator[str]:
    """What is too new, as ``file:line: what``, and boxes whose gaps print as pages."""
    for path in files(".css"):
        yield from too_new(path, CSS)
    for path in files(".js"):
        if path.name != "old_browser.js":
            yield from too_new(path, SCRIPT)
    for folder in FOLDERS:
        yield from printing_gaps([path for path in files(".css") if path.is_relative_to(ROOT / folder)])


def too_new(path: Path, table: dict[str, tuple[str, int]]) -> Iterator[str]:
    """Lines of a file that the oldest browser does not know."""
    text = path.read_text(encoding="utf-8")
    bare = re.sub(r"/\*.*?\*/", lambda found: re.sub(r"[^\n]", " ", found[0]), text, flags=re.DOTALL)
    for number, (line, whole) in enumerate(zip(bare.splitlines(), text.splitlines(), strict=True), 1):
        code = re.sub(r"(?<![:\"'])//.*", "", line) if path.suffix == ".js" else line
        for name, (pattern, since) in table.items():
            if since > OLDEST_CHROMIUM and re.search(pattern, code) and f"since {since}" not in whole:
                yield f"{path.relative_to(ROOT)}:{number}: {name} needs Chromium {since}, the oldest is {OLDEST_CHROMIUM}"


def printing_gaps(paths: list[Path]) -> Iterator[str]:
    """Wrapping boxes with a gap that no rule for paper closes."""
    sheets = {
        path: "}" + re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for path in paths
    }
    closed = {
        selector.strip()
        for text in sheets.values()
        for block in re.findall(r"([^{}]+)\{[^{}]*row-gap:\s*0\b[^{}]*\}", text)
        for selector in block.split(",")
    }
    for path, text in sheets.items():
        for selectors, body in WRAPS.findall(text):
            for selector in selectors.split(",") if re.search(r"(?<!column-)\bgap:|row-gap:", body) else ():
                if selector.strip() not in closed:
                    yield f"{path.relative_to(ROOT)}: {selector.strip()} wraps with a gap; close it for print (row-gap: 0)"


if __name__ == "__main__":
    found = list(findings())
    sys.exit("\n".join(found) or None)
