"""Benchmark of the handbook's build against plain MkDocs: the same pages as Markdown, with the same theme.

Run it with ``.venv/bin/python -m benchmarks.handbook_build [ROUNDS]``. Ours also reads the YAML, makes the pages and
the files beside them, and writes the index of our own search; theirs writes that of Material's. The goal is at most
1.5 times. Both are built in turn in processes of their own, and the best round of each counts: a machine that does
other work as well makes a round slower, never faster.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
import yaml

from build_scripts.handbook.site_build import CONFIGURATION, handbook_at
from build_scripts.handbook.stylesheet import STYLE, style
from build_scripts.settings import PROJECT, Settings

GOAL = 1.5


def write_plain_site(folder: Path) -> Path:
    """The pages as files, and a configuration that builds them without any hook of ours; returns its path."""
    handbook = handbook_at(Settings.from_environment(os.environ))
    docs = folder / "docs"
    contents = {path: text.encode() for path, text in handbook.pages.items()} | dict(handbook.files)
    for path, content in contents.items():
        (docs / path).parent.mkdir(parents=True, exist_ok=True)
        (docs / path).write_bytes(content)
    (docs / STYLE).write_text(style(), encoding="utf-8")
    settings = yaml.safe_load(CONFIGURATION.read_text(encoding="utf-8"))
    del settings["hooks"]
    settings |= {
        "extra_css": [STYLE],
        "site_name": handbook.name,
        "nav": handbook.navigation,
        "docs_dir": "docs",
        "site_dir": "site",
    }
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    return folder / "mkdocs.yml"


def seconds(*command: str) -> float:
    """How long a command takes."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=PROJECT)  # noqa: S603 - the project's own commands
    return time.perf_counter() - started


def main() -> None:
    """Build both a few times; print the best of each and their ratio."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = write_plain_site(folder)
        for _ in range(rounds):
            theirs.append(seconds(sys.executable, "-m", "mkdocs", "build", "--quiet", "-f", str(plain)))
            ours.append(
                seconds(
                    sys.executable, "-m", "forms_server", "handbook", "build", "--out", str(folder / "ours")
                )
            )
        pages = len(list((folder / "ours").rglob("*.html")))
    ratio = min(ours) / min(theirs)
    click.echo(f"{pages} pages, best of {rounds}")
    click.echo(f"handbook build  {min(ours):6.2f} s")
    click.echo(f"mkdocs alone    {min(theirs):6.2f} s")
    click.echo(f"ratio           {ratio:6.2f}   (goal: at most {GOAL}) {'ok' if ratio <= GOAL else 'MISSED'}")


if __name__ == "__main__":
    main()
