"""``huitoukan export``."""

import os
from pathlib import Path

import click

from build_scripts.progress import followed
from build_scripts.settings import Settings
from build_scripts.summary.query import BadSource
from build_scripts.summary.source import Source, opened
from checklist.loader import InvalidCampaign, load_campaign

HELP = """导出全县的记录（Parquet），报给市、省汇总。

不带户主、责任人等任何人的姓名，也不带手工填写的文字。写到 DIR/县代码-专项/ 下，几个县的可以放在同一个 DIR 里，
用 huitoukan summary --source 'DIR/*/*.parquet' 一起汇总。"""


@click.command(help=HELP)
@click.option(
    "--parquet",
    "folder",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="写到哪个文件夹。",
)
@click.option("--source", help="数据库地址，默认用 HUITOUKAN_DATABASE。")
@click.option(
    "--checklist",
    type=click.Path(path_type=Path, file_okay=False),
    help="专项行动的文件夹，默认用 HUITOUKAN_CHECKLIST。",
)
def export(folder: Path, source: str | None, checklist: Path | None) -> None:
    """Write the county's records without names, wholly or not at all."""
    # pandas takes a second to import, which other commands need not pay.
    from build_scripts.summary.export import export as write
    from build_scripts.summary.publish import NotPublished

    settings = Settings.from_environment(os.environ)
    try:
        campaign = load_campaign(checklist or settings.checklist)
        with followed() as tell, opened(Source(source or settings.database, "database")) as records:
            tell("正在导出")
            written = write(records, campaign, folder.resolve())
    except (InvalidCampaign, BadSource, NotPublished) as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"已导出问题 {written['issue']} 个、拟识别监测对象 {written['proposed_household']} 户、"
        f"零报告 {written['zero_report']} 项，在 {folder.resolve()}"
    )
