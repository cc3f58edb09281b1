"""``huitoukan summary``."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from build_scripts.atomic_files import NotPublished, trouble
from build_scripts.counting.breakdown_dimensions import PARTS
from build_scripts.counting.record_source import ENGINES, Source
from build_scripts.progress import Tell, followed
from build_scripts.settings import Settings, moment_now
from checklist.date_formats import TYPED_DAY
from checklist.loading.loader import InvalidCampaign, load_campaign

HELP = """汇总整改情况：每个单位和全县的汇总表（xlsx）、summary.csv、手册的汇总页、催报名单。

数据来源是几个县导出的 Parquet 文件时，县、市、省各级一次出齐。

每个单位的报送都已接收、接收以后没有再改动，才出正式汇总；没有收齐、账对不上、数据来源读不了时，什么也不写，说明原因。

加 --interim 出中间数字：标题、工作表名、文件名和页面都写明是中间数字、截至什么时候、收齐了几个单位，
文件是 summary-中间数字-…csv，不会被当成正式的 summary.csv。"""


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
    help="用什么计数：auto 按数据来源选，database 是数据库自己，duckdb 和 spark 用于 Parquet 文件。",
)
@click.option("--master", metavar="URL", default="", help="Spark 集群的地址，默认只用本机：local[*]。")
@click.option(
    "--by",
    type=click.Choice(list(PARTS)),
    multiple=True,
    help="另按什么分（可以写几次）：问题类型、方面、村、户类型、责任单位、问题来源、登记日期。",
)
@click.option("--since", type=click.DateTime([TYPED_DAY]), help="另出这一天（含）以来的变化，如 2022-08-20。")
@click.option(
    "--compare",
    metavar="日期|轮次|位置",
    multiple=True,
    help="另和以前的对比（可以写几次）：一天（2022-08-20）、一轮（2026-03）、以前或上次专项行动的汇总文件夹。",
)
@click.option(
    "--interim", is_flag=True, help="出中间数字：报送没有收齐、台账与签字的对不上时也出，并说明差什么。"
)
@click.option(
    "--as-signed", is_flag=True, help="按各单位签字报送的内容汇总，不按现在的台账；签字以后的改动另外说明。"
)
@click.option("--json", "as_json", is_flag=True, help="结果用 JSON 说，给程序用。")
@click.option(
    "--checklist",
    type=click.Path(path_type=Path, file_okay=False),
    help="专项行动的文件夹，默认用设置 checklist 的，没有写就是数据目录里的。",
)
def summary(  # noqa: PLR0913, PLR0917 - each is an option that people can give
    out: Path | None,
    source: str | None,
    engine: str,
    master: str,
    by: tuple[str, ...],
    since: datetime | None,
    compare: tuple[str, ...],
    interim: bool,
    as_signed: bool,
    as_json: bool,
    checklist: Path | None,
) -> None:
    """Compile and publish annex 2 for every unit and the county, atomically."""
    # Lazy import: SQLAlchemy and XlsxWriter would slow --help.
    from build_scripts.counting.differences import Unreconciled
    from build_scripts.summary import compiling, publish, summary_output

    settings = Settings.from_environment(os.environ)
    folder = (out or settings.home / "summary").resolve()
    now = moment_now()
    options = compiling.SummaryOptions(
        tuple(dict.fromkeys(by)), since.date() if since else None, interim, as_signed, now, compare
    )
    place = Source(source or settings.database, engine, master)
    try:
        campaign = load_campaign(checklist or settings.checklist)
        with followed() as tell:
            compiled = compiling.compile_all(campaign, place, options, tell)
            if out is None:  # the database may be elsewhere
                settings.make_home()
            tell("正在写汇总表", total=publish.count_of_files(compiled.summary))
            publish.replace_folder(folder, _told(publish.results(compiled, campaign), tell))
    except Unreconciled as error:
        if as_json:
            click.echo(summary_output.refused_in_json(error))
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(trouble(error)) from error
    except (InvalidCampaign, NotPublished, *compiling.FAILURES) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(summary_output.in_json(compiled, campaign, folder))
    else:
        click.echo(summary_output.in_words(compiled, campaign, folder))


def _told(files: Iterator[tuple[str, bytes]], tell: Tell) -> Iterator[tuple[str, bytes]]:
    for path, content in files:
        tell(advance=1)
        yield path, content
