"""How the code hangs together, of one revision beside another: names, the way of a posted form, what a change touches.

    .venv/bin/python -m benchmarks.structure 11592a6 HEAD

Each revision is unpacked into a temporary folder and measured there; the posted form is traced by
``benchmarks/posted_form.py``, run as a test among that revision's own. A file is counted as touched by a new state,
move, role or field type if it names an existing one of the same kind (``TOUCHED``), migrations as one file; tests,
papers and benchmarks are not counted. A revision with other dependencies names the interpreter that has them:
``11592a6=/srv/old/.venv/bin/python``. ``--list`` names the files, and the modules of the way in their order.
"""

import argparse
import ast
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.unpacking import unpack as extract

PROJECT = Path(__file__).resolve().parent.parent
PACKAGES = ("checklist", "build_scripts", "forms_server")
TRACE = "posted_form.py"
TOUCHED = {
    "state": r"\bState\.CLOSED\b|[\"']closed[\"']|\bCLOSED = |\bstate-closed\b",
    "move": r"\bVERIFY\b|[\"']verify[\"']|\brecords\.verify\b|/verify\b",
    "role": r"\bRole\.INSPECTOR\b|[\"']inspector[\"']",
    "field type": r"\bFieldType\.INTEGER\b|\bINTEGER = ",
}
"""An existing one of each kind, as a regular expression: a further one is written wherever this one is."""
SUFFIXES = {".py", ".sql", ".html", ".css", ".js"}
VERSIONS = "forms_server/db/migrations/versions"


def unpack(revision: str, folder: Path) -> Path:
    """The files of a revision."""
    packed = subprocess.run(  # noqa: S603 - a revision that the caller names
        ["git", "archive", revision],  # noqa: S607
        cwd=PROJECT, check=True, capture_output=True,
    ).stdout  # fmt: skip
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        extract(archive, folder)
    return folder


def modules(tree: Path, package: str) -> Iterator[Path]:
    """Modules with a name of their own: migrations are numbered, and ``__init__`` is its package."""
    for path in sorted((tree / package).rglob("*.py")):
        if not path.name.startswith("__") and "versions" not in path.parts:
            yield path


def shared_names(names: list[str]) -> tuple[int, int]:
    """How many names stand more than once, and how many bear one of them."""
    twice = [number for number in Counter(names).values() if number > 1]
    return len(twice), sum(twice)


def public_classes(tree: Path) -> Iterator[str]:
    """The name of every public class of a module."""
    for package in PACKAGES:
        for path in modules(tree, package):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    yield node.name


def touched(tree: Path, pattern: str) -> list[str]:
    """The files that name one thing; all migrations are one."""
    found = set()
    for path in (path for package in PACKAGES for path in sorted((tree / package).rglob("*"))):
        if path.suffix in SUFFIXES and re.search(pattern, path.read_text(encoding="utf-8")):
            name = path.relative_to(tree).as_posix()
            found.add(VERSIONS if name.startswith(VERSIONS) else name)
    return sorted(found)


def traced_post(tree: Path, python: str) -> list[str]:
    """The modules that one posted 已整改 enters, one after another."""
    test = tree / "tests" / "server" / "test_traced_post.py"
    shutil.copy2(Path(__file__).with_name(TRACE), test)
    told = tree / "traced.json"
    environment = {**os.environ, "PYTHONPATH": str(tree), "TRACED": str(told)}
    subprocess.run(  # noqa: S603 - our own test
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)],
        cwd=tree, env=environment, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return [str(name) for name in json.loads(told.read_text(encoding="utf-8"))]


def measures(tree: Path, python: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    """What is printed of a revision by name, and the files that a change touches."""
    by_package = {package: [path.stem for path in modules(tree, package)] for package in PACKAGES}
    names = [name for each in by_package.values() for name in each]
    in_one = [shared_names(each) for each in by_package.values()]
    files = {kind: touched(tree, pattern) for kind, pattern in TOUCHED.items()}
    files["posted 已整改"] = way = traced_post(tree, python)
    shared, bearing = shared_names(names)
    return {
        "modules": str(len(names)),
        "base names that stand twice": f"{shared} ({bearing} modules, {bearing / len(names):.0%})",
        "of these within one package": str(sum(number for number, _ in in_one)),
        "public classes named twice": str(shared_names(list(public_classes(tree)))[0]),
        "posted 已整改: modules entered": str(len(set(way))),
        "posted 已整改: changes of module": str(len(way)),
        **{f"files that name a {kind}": str(len(files[kind])) for kind in TOUCHED},
    }, files


def main() -> None:
    """Print the measures, a column a revision."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("revisions", nargs="*", default=["HEAD"])
    parser.add_argument("--list", action="store_true", help="name the files, and the way of the post")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="structure-") as folder:
        found = [
            measures(unpack(revision, Path(folder) / str(number)), python or sys.executable)
            for number, (revision, _, python) in enumerate(each.partition("=") for each in options.revisions)
        ]
    revisions = [each.partition("=")[0] for each in options.revisions]
    lines = [["", *revisions], ["---"] * (1 + len(found))]
    lines += [[name, *(figures[name] for figures, _ in found)] for name in found[0][0]]
    if options.list:
        lines += [
            [f"{revision}: {kind}", ", ".join(listed)]
            for revision, (_, files) in zip(revisions, found, strict=True)
            for kind, listed in files.items()
        ]
    for line in lines:
        print("| " + " | ".join(line) + " |")  # noqa: T201


if __name__ == "__main__":
    main()
