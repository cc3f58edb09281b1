"""``huitoukan handbook build`` and ``handbook serve``."""

import os
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import click

from build_scripts.atomic_files import NotPublished, reason, trouble
from build_scripts.counting.summary_lines import NotASummary
from build_scripts.settings import Settings, moment_now
from checklist.loading.loader import InvalidCampaign


@click.group(help="工作手册：生成网站，或者边改 YAML 边看。")
def handbook() -> None:
    """Work on the handbook."""


_SERVE = """边改 YAML 边看手册：保存以后两秒内就在页面上。

写错了，浏览器里说明是哪个文件、第几行、第几列。只有本机能打开。"""

_checklist = click.option(
    "--checklist",
    type=click.Path(path_type=Path, file_okay=False),
    help="专项行动的文件夹，默认用设置 checklist 的，没有写就是数据目录里的。",
)


def _settings(checklist: Path | None) -> Settings:
    settings = Settings.from_environment(os.environ)
    return replace(settings, checklist=checklist.resolve()) if checklist else settings


@handbook.command("build", help="生成手册网站；汇总过的，带上最近一次汇总的数字。")
@_checklist
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="网站写到哪个文件夹（整个换掉），默认是数据文件夹下的 site。",
)
def build(checklist: Path | None, out: Path | None) -> None:
    """Build the handbook as a static site, with the figures of the last summary where there is one."""
    # Lazy import: MkDocs is slow to load, and other commands do without it.
    from mkdocs.exceptions import MkDocsException

    from build_scripts.handbook import site_build
    from build_scripts.handbook.content_changes import write_history

    settings = _settings(checklist)
    target = (out or settings.home / "site").resolve()
    try:
        if out is None:
            settings.make_home()
        contents = site_build.handbook_at(settings, moment_now().date())
        click.echo(f"正在生成手册，共 {len(contents.pages)} 页……")
        seconds = site_build.publish(contents, target)
        if out is None and contents.history:
            write_history(settings.home, contents.history)
    except (InvalidCampaign, NotASummary, NotPublished, MkDocsException) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(trouble(error)) from error
    click.echo(f"手册已生成（{seconds:.1f} 秒）：{target / 'index.html'}")


@handbook.command("serve", help=_SERVE)
@_checklist
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8001,
    show_default=True,
    help="监听的端口，0 表示任意空闲端口",
)
def serve(checklist: Path | None, port: int) -> None:
    """Show the handbook while its YAML is being written."""
    from build_scripts.handbook.preview import HandbookPreview
    from build_scripts.handbook.preview_server import server

    with tempfile.TemporaryDirectory() as site, tempfile.TemporaryDirectory() as templates:
        preview = HandbookPreview(_settings(checklist), Path(site), Path(templates))
        try:
            listening = server(preview, Path(site), port)
        except OSError as error:
            raise click.ClickException(f"端口 {port} 打不开：{reason(error)}；换一个：--port 8002") from error
        with listening:
            click.echo("正在生成手册……")
            preview.answer("")  # builds the site
            click.echo(
                f"边改边看：http://127.0.0.1:{listening.server_port}/　改了 YAML 保存即可，按 Ctrl+C 停止。"
            )
            with suppress(KeyboardInterrupt):
                listening.serve_forever()
