"""Scripts and stylesheets need nothing that the oldest supported browser lacks, and the check would see it."""

import re
from pathlib import Path

import pytest

from tests.tooling import browser_features
from tests.tooling.browser_features import CSS, SCRIPT, findings, printing_gaps, too_new

NEW = {
    ".css": (
        "a:has(b) { top: 0 }", ":is(a, b) { top: 0 }", "a:not(b, .c) { top: 0 }", "a { aspect-ratio: 1 }",
        "a { color: light-dark(red, blue) }", "@container (width > 1px) { a { top: 0 } }", "a { height: 10dvh }",
        "a { text-wrap: balance }", "@media (width < 3em) { a { top: 0 } }", "a { scale: 2 }",
    ),
    ".js": (
        "list.at(-1)", "structuredClone(a)", "crypto.randomUUID()", "list.findLast(test)",
        'find("input:not([type=radio], [type=hidden])")', "fetch(a, { signal: AbortSignal.timeout(9) })",
        'createImageBitmap(file, { imageOrientation: "from-image" }).then(draw)',
    ),
}  # fmt: skip
OLD = {
    ".css": (
        "a:not(b):not(c) { inset: 0; gap: 1em }",
        "/* a:has(b) */ a { top: 0 }",
        "a:has(b) { top: 0 } /* since 105 */",
    ),
    ".js": ("list?.length ?? 0", "a ||= b", "// list.at(0)", "box.replaceChildren()"),
}


def test_nothing_of_ours_is_too_new() -> None:
    assert list(findings()) == []


@pytest.mark.parametrize(
    ("ending", "code"), [(ending, code) for ending, codes in NEW.items() for code in codes]
)
def test_what_is_too_new_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, code: str
) -> None:
    assert seen(tmp_path, monkeypatch, ending, code)


@pytest.mark.parametrize(
    ("ending", "code"), [(ending, code) for ending, codes in OLD.items() for code in codes]
)
def test_what_is_old_or_said_to_decorate_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, code: str
) -> None:
    assert seen(tmp_path, monkeypatch, ending, code) == []


def seen(folder: Path, monkeypatch: pytest.MonkeyPatch, ending: str, code: str) -> list[str]:
    monkeypatch.setattr(browser_features, "ROOT", folder)
    path = folder / f"a{ending}"
    path.write_text(code, encoding="utf-8")
    return list(too_new(path, CSS if ending == ".css" else SCRIPT))


def test_a_wrapping_box_with_a_gap_has_to_be_closed_for_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser_features, "ROOT", tmp_path)
    path = tmp_path / "a.css"
    box = ".row { display: flex; flex-wrap: wrap; gap: 1em; }"
    path.write_text(box, encoding="utf-8")
    (said,) = printing_gaps([path])
    assert re.search(r"\.row wraps", said)
    path.write_text(box + "@media print { .other, .row { row-gap: 0; } }", encoding="utf-8")
    assert list(printing_gaps([path])) == []
