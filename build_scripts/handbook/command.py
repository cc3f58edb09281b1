"""``huitoukan handbook build``."""

import os
from dataclasses import replace
from pathlib import Path

import click

from build_scripts.settings import Settings
from build_scripts.summary.rows import NotASummary
from checklist.loader import InvalidCampaign


@click.group()
def handbook() -> None:
    """Work on the handbook."""


@handbook.command("build")
@click.option(
    "--checklist",
    type=click.Path(path_type=Path, file_okay=False),
    help="The campaign's folder; default: HUITOUKAN_CHECKLIST, or the one that comes with the project.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for the site, which is emptied first; default: site in HUITOUKAN_HOME.",
)
def build(checklist: Path | None, out: Path | None) -> None:
    """Build the handbook as a static site, with the figures of the last summary where there is one."""
    # MkDocs is slow to load, and the other commands do without it.
    from mkdocs.exceptions import MkDocsException

    from build_scripts.handbook import publishing

    settings = Settings.from_environment(os.environ)
    if checklist:
        settings = replace(settings, checklist=checklist.resolve())
    target = (out or settings.home / "site").resolve()
    try:
        contents = publishing.handbook_at(settings)
        click.echo(f"正在生成手册，共 {len(contents.pages)} 页……")
        seconds = publishing.build(contents, target)
    except (InvalidCampaign, NotASummary, MkDocsException) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"手册已生成（{seconds:.1f} 秒）：{target / 'index.html'}")
