"""The same handbook by a second generator: what differs, so that leaving MkDocs stays a choice.

Run it with ``.venv/bin/python -m benchmarks.generators [COMMAND]``; ``COMMAND`` is the other generator's program that
reads ``mkdocs.yml`` (``pip install zensical`` in an environment of its own, then ``path/to/zensical``). Both build the
pages as Markdown without our hooks; compared are the words and anchors of each article, and what lies beside the pages.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import click
from bs4 import BeautifulSoup

from benchmarks.handbook_build import seconds, write_plain_site


def article(path: Path) -> tuple[str, list[str]]:
    """Words of a page's article without blanks, and its anchors in order, without those of the theme."""
    found = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").find("article")
    assert found, path
    anchors = [str(tag["id"]) for tag in found.find_all(id=True)]
    return "".join(found.get_text().split()), [each for each in anchors if not each.startswith("__")]


def pages_of(site: Path) -> dict[str, Path]:
    """Address to file."""
    return {
        path.relative_to(site).as_posix(): path for path in site.rglob("*.html") if path.name != "404.html"
    }


def main() -> None:
    """Build both and print what differs."""
    other = sys.argv[1] if len(sys.argv) > 1 else "zensical"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = write_plain_site(folder)
        took = seconds(
            sys.executable, "-m", "mkdocs", "build", "--quiet", "-f", str(plain), "-d", str(folder / "ours")
        )
        click.echo(f"mkdocs {took:.1f} s")
        try:
            click.echo(f"{other} {seconds(other, 'build', '-f', str(plain)):.1f} s")
        except (OSError, subprocess.CalledProcessError) as error:
            raise click.ClickException(f"{other} cannot build: {error}") from error
        ours, theirs = pages_of(folder / "ours"), pages_of(folder / "site")
        click.echo(f"pages: {len(ours)}; only by MkDocs {sorted(ours.keys() - theirs)}, only by the other "
                   f"{sorted(theirs.keys() - ours)}")  # fmt: skip
        both = [(article(ours[page]), article(theirs[page]), page) for page in sorted(ours.keys() & theirs)]
        for what, part in (("words", 0), ("anchors", 1)):
            differing = [page for one, two, page in both if one[part] != two[part]]
            click.echo(f"articles with other {what}: {len(differing)} {differing[:5]}")


if __name__ == "__main__":
    main()
