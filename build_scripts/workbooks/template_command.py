"""``huitoukan template``."""

import os
from pathlib import Path

import click

from build_scripts.atomic_files import reason, write_whole
from build_scripts.settings import Settings
from checklist.loading.loader import InvalidCampaign, load_campaign
from checklist.messages import say
from checklist.values.unit_lookup import NoSuchUnit, find_filing_unit


@click.command(help="做一份空白表（xlsx）。FORM 是表的编号，如 annex-1-1、annex-1-2、annex-2。")
@click.argument("form")
@click.option(
    "--unit", "typed", metavar="CODE", help="单位代码或名称：写上单位名称，下拉列表只列本单位的村。"
)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="写到哪个 .xlsx 文件。"
)
@click.option(
    "--checklist",
    type=click.Path(path_type=Path, file_okay=False),
    help="专项行动的文件夹，默认用 HUITOUKAN_CHECKLIST。",
)
def template(form: str, typed: str | None, out: Path, checklist: Path | None) -> None:
    """Write a blank workbook of one of the campaign's forms; never overwrites a file."""
    # Lazy import: other commands need neither XlsxWriter nor the layouts.
    from build_scripts.workbooks import blank_workbooks, xlsx_writer

    _refuse_place(out)
    try:
        campaign = load_campaign(checklist or Settings.from_environment(os.environ).checklist)
        unit = find_filing_unit(campaign, typed) if typed is not None else None
        write_whole(out, xlsx_writer.to_xlsx(blank_workbooks.blank_book(form, campaign, unit)))
    except (InvalidCampaign, NoSuchUnit, blank_workbooks.NoSuchBlank) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(say("workbook-not-written", file=out, detail=reason(error))) from error
    click.echo(f"空白表已写到 {out}")


def _refuse_place(out: Path) -> None:
    """Refuse a name that Excel would not open, or an existing file, which may be filled in."""
    if out.suffix != ".xlsx":
        raise click.ClickException(say("workbook-not-xlsx", file=out))
    if out.exists():
        raise click.ClickException(say("workbook-exists", file=out))
