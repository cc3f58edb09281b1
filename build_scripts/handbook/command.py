"""``huitoukan handbook build``."""

import os
from dataclasses import replace
from pathlib import Path

import click

from build_scripts.settings import Settings


@click.group()
def handbook() -> None:
    """工作手册。"""


@handbook.command("build")
@click.option(
    "--checklist",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="专项行动的文件夹，默认用 HUITOUKAN_CHECKLIST。",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="手册写到哪个文件夹（原有内容会清空），默认是数据文件夹下的 site。",
)
def build_command(checklist: Path | None, out: Path | None) -> None:
    """生成手册（静态网页）。

    汇总过的（数据文件夹下有 summary/summary.csv），汇总数字一并写入。
    """
    from mkdocs.exceptions import MkDocsException

    from build_scripts.handbook import publishing
    from checklist.loader import InvalidCampaign

    settings = Settings.from_environment(os.environ)
    if checklist:
        settings = replace(settings, checklist=checklist.resolve())
    target = (out or settings.home / "site").resolve()
    try:
        handbook = publishing.handbook_at(settings)
        click.echo(f"正在生成手册，共 {len(handbook.pages)} 页……")
        seconds = publishing.build(handbook, target)
    except (InvalidCampaign, ValueError, MkDocsException) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"手册已生成（{seconds:.1f} 秒）：{target / 'index.html'}")
