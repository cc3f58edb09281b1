"""``huitoukan export``."""

import json
import os
from pathlib import Path

import click

from build_scripts.counting.count_query import BadSource
from build_scripts.counting.record_source import Source, opened
from build_scripts.progress import followed
from build_scripts.settings import Settings
from checklist.loading.loader import InvalidCampaign, load_campaign

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
    help="专项行动的文件夹，默认用设置 checklist 的，没有写就是数据目录里的。",
)
@click.option("--json", "as_json", is_flag=True, help="结果用 JSON 说，给程序用。")
def export(folder: Path, source: str | None, checklist: Path | None, as_json: bool) -> None:
    """Export the county's records without names, atomically."""
    # Lazy import: pandas takes a second.
    from build_scripts.atomic_files import NotPublished
    from build_scripts.summary.parquet_export import TABLE_NAMES, folder_of
    from build_scripts.summary.parquet_export import export as write
    from build_scripts.summary.register_files import exported_registers, file_of

    settings = Settings.from_environment(os.environ)
    try:
        campaign = load_campaign(checklist or settings.checklist)
        with followed() as tell, opened(Source(source or settings.database, "database")) as records:
            written = write(records, campaign, folder.resolve(), tell)
    except (InvalidCampaign, BadSource, NotPublished) as error:
        raise click.ClickException(str(error)) from error
    target = folder.resolve() / folder_of(campaign)
    if as_json:
        told = {"campaign_id": campaign.id, "folder": str(target), "rows": written}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        counts = "、".join(
            f"{name} {written[table]} {_MEASURES[table]}" for table, name in TABLE_NAMES.items()
        )
        rows = sum(written[file_of(each)] for each in exported_registers(campaign))
        more = f"、长期台账 {rows} 行" if campaign.registers else ""
        click.echo(f"已导出{counts}{more}，在 {target}")


_MEASURES = {"issue": "个", "proposed_household": "户", "zero_report": "项"}
