"""``huitoukan handbook build`` and ``handbook serve``."""

import os
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import click

from build_scripts.settings import Settings
from build_scripts.summary.rows import NotASummary
from checklist.loader import InvalidCampaign


@click.group()
def handbook() -> None:
    """Work on the handbook."""


_checklist = click.option(
    "--checklist",
    type=click.Path(path_type=Path, file_okay=False),
    help="The campaign's folder; default: HUITOUKAN_CHECKLIST, or the one that comes with the project.",
)


def _settings(checklist: Path | None) -> Settings:
    settings = Settings.from_environment(os.environ)
    return replace(settings, checklist=checklist.resolve()) if checklist else settings


@handbook.command("build")
@_checklist
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

    settings = _settings(checklist)
    target = (out or settings.home / "site").resolve()
    try:
        contents = publishing.handbook_at(settings)
        click.echo(f"正在生成手册，共 {len(contents.pages)} 页……")
        seconds = publishing.build(contents, target)
    except (InvalidCampaign, NotASummary, MkDocsException) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"手册已生成（{seconds:.1f} 秒）：{target / 'index.html'}")


@handbook.command("serve")
@_checklist
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0 takes any free port."
)
def serve(checklist: Path | None, port: int) -> None:
    """Show the handbook while its YAML is being written: a saved change is on the page within two seconds.

    A mistake shows its file, line and column in the browser. Only this machine can open it.
    """
    from build_scripts.handbook.preview import Preview
    from build_scripts.handbook.serving import server

    with tempfile.TemporaryDirectory() as site, tempfile.TemporaryDirectory() as templates:
        preview = Preview(_settings(checklist), Path(site), Path(templates))
        try:
            listening = server(preview, Path(site), port)
        except OSError as error:
            raise click.ClickException(
                f"端口 {port} 打不开：{error.strerror}；换一个：--port 8002"
            ) from error
        with listening:
            click.echo("正在生成手册……")
            preview.answer("")  # builds the site
            click.echo(
                f"边改边看：http://127.0.0.1:{listening.server_port}/　改了 YAML 保存即可，按 Ctrl+C 停止。"
            )
            with suppress(KeyboardInterrupt):
                listening.serve_forever()
