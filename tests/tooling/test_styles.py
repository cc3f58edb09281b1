"""The stylesheets of handbook and server: colours stand in the palette alone, and classes are neither dead nor bare."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from build_scripts.handbook.stylesheet import PALETTE, palette
from build_scripts.settings import PROJECT

PACKAGES = ("build_scripts", "forms_server")

COLOUR = re.compile(
    r"(?<![\w&/.-])#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})(?![\w-])|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\(",
    re.I,
)
NAMED = re.compile(
    r"\b(?:aqua|beige|black|blue|brown|coral|crimson|cyan|firebrick|fuchsia|gold|gr[ae]y|green|indigo|ivory|khaki|lime"
    r"|magenta|maroon|navy|olive|orange|orchid|pink|plum|purple|red|salmon|silver|tan|teal|tomato|turquoise|violet"
    r"|wheat|white|yellow|(?:dark|light|medium|pale|deep|dim)[a-z]+)\b",
    re.I,
)
NOT_PAGES = ("workbooks", "documents", "photos.js")
"""What they colour is a workbook's cell, a Word file and the pixels of a photo, which know no stylesheet."""

WORDS = (
    ("ink", ("ground", "paper", "soft", "strong-soft", "amber-soft", "green-soft", "blue-soft")),
    ("muted", ("ground", "paper", "soft")),
    ("strong", ("ground", "paper", "soft", "strong-soft")),
    ("strong-hover", ("ground", "paper")),
    ("amber", ("paper", "amber-soft")),
    ("green", ("paper", "green-soft")),
    ("blue", ("paper", "blue-soft")),
    ("on-brand", ("bar", "bar-hover", "brand", "brand-hover")),
    ("on-green", ("green", "green-hover")),
    ("paper", ("muted",)),
    ("sheet-ink", ("sheet",)),
    ("sheet-note", ("sheet",)),
)
"""Words, and every ground that they stand on."""
SHAPES = (("edge", ("paper", "ground")), ("focus", ("paper", "ground")), ("strong", ("paper",)))
"""What is no word but has to be seen."""


def files(*endings: str) -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((PROJECT / package).rglob("*")):
            if path.suffix in endings and not any(part in NOT_PAGES for part in path.parts):
                yield path


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def rules(style: str) -> str:
    return re.sub(r"/\*.*?\*/", "", style, flags=re.S)


def values(style: str) -> Iterator[str]:
    """What stands behind the colons of a stylesheet, without selectors, addresses and words in quotes."""
    for block in re.findall(r"\{([^{}]*)\}", rules(style)):
        for declaration in block.split(";"):
            name, _, value = declaration.partition(":")
            if "font" not in name:
                yield re.sub(r"\"[^\"]*\"|url\([^)]*\)|var\(--[\w-]+|--[\w-]+", "", value)


def properties(scheme: str) -> dict[str, str]:
    """Each colour of the palette by ``light`` or by ``dark``."""
    found: dict[str, str] = {}
    for name, value in re.findall(r"--([\w-]+):\s*([^;]+);", rules(palette())):
        of_scheme = re.search(rf"var\(--{scheme}, (#\w+)\)", value)
        colour = of_scheme[1] if of_scheme else value.strip()
        if colour.startswith("#"):
            found.setdefault(name, colour)  # what follows is for paper
    return found


def contrast(one: str, other: str) -> float:
    """As WCAG counts it."""

    def light(colour: str) -> float:
        digits = "".join(sign * 2 for sign in colour[1:]) if len(colour) == 4 else colour[1:]
        parts = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((light(one), light(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_no_stylesheet_but_the_palette_names_a_colour() -> None:
    found = {
        f"{path.name}: {value.strip()}"
        for path in files(".css")
        if path != PALETTE
        for value in values(text(path))
        if COLOUR.search(value) or NAMED.search(value)
    }
    assert not found


def test_no_page_and_no_drawing_names_a_colour() -> None:
    found = {
        f"{path.name}: {match[0]}"
        for path in files(".html", ".py", ".js")
        for match in COLOUR.finditer(re.sub(r"href=(['\"])#[^'\"]*\1", "", text(path)))
    }
    assert not found


def test_the_icon_which_cannot_ask_the_palette_has_its_colours() -> None:
    [icon] = files(".svg")
    assert set(COLOUR.findall(text(icon))) <= set(properties("light").values())


def test_what_is_asked_for_is_in_the_palette_and_nothing_else_is() -> None:
    asked = {name for path in files(".css", ".py") for name in re.findall(r"var\(--([\w-]+)", text(path))}
    own = set(re.findall(r"(?<!\()--([\w-]+):", rules(palette())))
    assert {name for name in asked if not name.startswith("md-")} <= own
    assert own <= asked


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_and_edges_seen(scheme: str) -> None:
    colours = properties(scheme)
    pale = [
        f"{front} on {ground}: {found:.2f}"
        for pairs, least in ((WORDS, 4.5), (SHAPES, 3.0))
        for front, grounds in pairs
        for ground in grounds
        if (found := contrast(colours[front], colours[ground])) < least
    ]
    assert not pale


def written(folder: Path) -> tuple[set[str], set[str]]:
    """The words of all that writes pages, and those beginnings that a value is put behind: ``state-{{``."""
    sources = [text(path) for path in files(".html", ".py", ".js") if folder in path.parents]
    words = {word for source in sources for word in re.findall(r"[A-Za-z][\w-]*", source)}
    return words, {start for source in sources for start in re.findall(r"([a-z][\w-]*-)\{", source)}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_class_that_has_a_look_is_written_somewhere(package: str) -> None:
    folder = PROJECT / package
    words, beginnings = written(folder)
    if package == "forms_server":  # it shows the handbook's drawings
        words |= written(PROJECT / "build_scripts")[0]
    styled = {
        name
        for path in files(".css")
        if folder in path.parents
        for selector in re.findall(r"([^{}]+)\{", rules(text(path)))
        for name in re.findall(r"\.([A-Za-z][\w-]*)", selector)
    }
    dead = {name for name in styled - words if not any(name.startswith(start) for start in beginnings)}
    assert {name for name in dead if not name.startswith("md-")} == set()


LOOKED_FOR = {"feed-address", "when-hint"}
"""Classes without a look: a script or a test finds its element by them."""


def test_every_class_of_a_page_has_a_look() -> None:
    styles = " ".join(rules(text(path)) for path in files(".css"))
    styled = set(re.findall(r"\.([A-Za-z][\w-]*)", styles)) | LOOKED_FOR
    bare = {
        f"{path.name}: {name}"
        for path in files(".html")
        for attribute in re.findall(r'\bclass="((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)"', text(path))
        for name in re.sub(r"[\w-]*\{\{.*?\}\}[\w-]*|\{%.*?%\}", " ", attribute).split()
        if name not in styled
    }
    assert not bare


def test_a_stylesheet_is_short_enough_to_be_read() -> None:
    assert {path.name for path in files(".css") if len(text(path).splitlines()) > 250} == set()
