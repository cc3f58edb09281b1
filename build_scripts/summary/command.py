"""``huitoukan summary``."""

import os
from pathlib import Path

import click

from build_scripts.settings import Settings
from build_scripts.summary.source import ENGINES
from checklist.loader import InvalidCampaign, load_campaign

HELP = """汇总整改情况：每个单位和全县的附件2（xlsx）、summary.csv、手册的汇总页。

账对不上、数据来源读不了时，什么也不写，说明原因。"""


@click.command(help=HELP)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="结果写到哪个文件夹（整个换掉），默认是数据文件夹下的 summary。",
)
@click.option(
    "--source",
    help="数据来源：数据库地址，或者 Parquet 文件的位置（可用 * 通配）。默认用 HUITOUKAN_DATABASE。",
)
@click.option(
    "--engine",
    type=click.Choice(["auto", *ENGINES]),
    default="auto",
    show_default=True,
    help="用什么计数：auto 按数据来源选，database 是数据库自己，duckdb 用于 Parquet 文件。",
)
@click.option(
    "--checklist",
    type=click.Path(path_type=Path, file_okay=False),
    help="专项行动的文件夹，默认用 HUITOUKAN_CHECKLIST。",
)
def summary(out: Path | None, source: str | None, engine: str, checklist: Path | None) -> None:
    """Compile annex 2 for every unit and the county, wholly or not at all."""
    # pandas takes a second to import, which other commands need not pay.
    from build_scripts.summary import compiling

    settings = Settings.from_environment(os.environ)
    folder = (out or settings.home / "summary").resolve()
    try:
        campaign = load_campaign(checklist or settings.checklist)
        compiled = compiling.compile_summary(campaign, source or settings.database, engine)
        compiling.publish(compiled, campaign, folder)
    except (InvalidCampaign, *compiling.FAILURES) as error:
        raise click.ClickException(str(error)) from error
    click.echo(compiling.outcome(compiled, folder))
