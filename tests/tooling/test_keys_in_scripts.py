"""Names that come from users or YAML never reach a prototype of the browser (OWASP ASVS 15.3.6)."""

import re

from build_scripts.settings import PROJECT

SCRIPTS = sorted((PROJECT / "forms_server" / "web" / "static").glob("*.js"))

_WRITTEN = re.compile(r"(?<![\w.])(\w+)\[(?!\d+\])[^\]\n]+\]\s*(?:[-+|]|\?\?)?=(?![=>])")
"""A value that is put under a key that a variable names."""


def test_what_is_keyed_by_names_has_no_prototype():
    assert unsafe("const a = {}; a[name] = 1") == ["a"]
    assert unsafe("const a = Object.create(null); a[name] ??= 1; if (b[name] === 1) c = {}; d[0] = 2") == []
    written = [name for path in SCRIPTS for name in _WRITTEN.findall(path.read_text(encoding="utf-8"))]
    assert "texts" in written
    assert {path.name: unsafe(path.read_text(encoding="utf-8")) for path in SCRIPTS} == {
        path.name: [] for path in SCRIPTS
    }


def test_no_script_merges_what_was_parsed_into_an_object():
    merged = re.compile(r"Object\.assign\([^,()]+, *JSON\.parse|__proto__|\.prototype\b")
    assert [path.name for path in SCRIPTS if merged.search(path.read_text(encoding="utf-8"))] == []


def unsafe(script: str) -> list[str]:
    """Objects that are written to by a key of a variable and were not made without a prototype."""
    made = set(re.findall(r"(?:const|let) (\w+) = (?:Object\.create\(null\)|\[|new (?:\w*Array))", script))
    return sorted(set(_WRITTEN.findall(script)) - made)
