"""``huitoukan register``: registers listed, and taken out to workbooks and in again, on the command line."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checklist.messages import say
from checklist.model import Campaign, Register, Unit
from checklist.problems import nearest
from checklist.questions import Answers
from checklist.register_periods import is_period, period_of, period_words
from checklist.values.judge import Context
from forms_server.clock import Clock
from forms_server.commands.file_import import (
    FILE,
    FileImport,
    filing_unit,
    import_file,
    import_options,
    outcome_words,
    tell_import,
    unit_filer,
)
from forms_server.commands.import_report import read_answers
from forms_server.commands.opened_home import open_database, plain_errors, read_campaign, read_config
from forms_server.commands.workbook_output import as_bytes, require_xlsx, write_workbook, xlsx_option
from forms_server.desk import CommandDesk
from forms_server.households.person_keys import person_keys
from forms_server.registers import row_periods, row_totals
from forms_server.registers.exemption import ExemptionState
from forms_server.registers.exemption_listing import exemptions_of
from forms_server.registers.exemption_words import standing_words
from forms_server.registers.row_listing import RowFilters, SeenRows
from forms_server.registers.shown_figures import is_published
from forms_server.services import Services
from forms_server.sight_log import note_export

if TYPE_CHECKING:
    from forms_server.imports.register_import import RegisterImport

_PERIOD = click.option("--period", metavar="PERIOD", help="哪一期，如 2026-03、2026-Q1、2026；不写就是本期")


@click.group(help="长期台账：列出、导出为 Excel、从 Excel 导入，写出汇总表，列出疑点的豁免。")
def register() -> None:
    """Registers."""


@register.command("list", help="列出各本长期台账：编号、名称、由谁负责、有哪几期、本期多少行。")
def list_() -> None:
    """List the campaign's registers with their figures."""
    with plain_errors():
        config = read_config()
        campaign, engine = read_campaign(config), open_database(config)
        today = Clock(config.now).today()
        with engine.connect() as connection:
            for each in campaign.registers:
                seen = SeenRows(campaign, None, each)
                periods = row_periods.known_periods(connection, campaign, each)
                latest = periods[0] if periods else period_of(each.period, today)
                found = row_totals.totals(connection, seen, RowFilters(latest))
                words = f"，{period_words(latest)}" if latest else ""
                owner = campaign.unit_by_code[each.owner].name
                click.echo(f"{each.id}  {each.name}（{owner}负责{words}）：{found.listed} 行")


@register.command("export", help="把台账 REGISTER 的一期写成 Excel，改过以后可以再导入。")
@click.argument("register_id", metavar="REGISTER")
@click.option("--unit", "code", metavar="CODE", help="只要这个乡镇的（代码或名称）；不写就是全县的")
@_PERIOD
@xlsx_option("--out")
@click.option("--purpose", default="", help="用途，记入审计")
def export(register_id: str, code: str | None, period: str | None, out: Path, purpose: str) -> None:
    """Export one period of a register."""
    from forms_server.imports.register_exporting import export as export_rows

    require_xlsx(out)
    with plain_errors():
        config = read_config()
        campaign, engine = read_campaign(config), open_database(config)
        named = _register(campaign, register_id)
        asked = _period(named, period, config.now)
        unit = filing_unit(campaign, code) if code else None
        filters = RowFilters(asked, township_code=unit.code if unit else "")
        with engine.connect() as connection:
            desk = CommandDesk(connection, campaign, Clock(config.now).now())
            written = as_bytes(export_rows(desk, SeenRows(campaign, None, named), unit, filters))
        note_export(Services(campaign, engine, Clock(config.now), config), None, named.id, purpose)
    write_workbook(out, written)
    click.echo(f"{named.name}{period_words(asked)}已写到 {out}")


@register.command(
    "totals", help="把台账 REGISTER 一期的汇总写成 Excel：按村、镇、县，各期并列；由各行自动得出。"
)
@click.argument("register_id", metavar="REGISTER")
@_PERIOD
@xlsx_option("--out")
def totals(register_id: str, period: str | None, out: Path) -> None:
    """Write the roll-up of a register: figures alone, as the office sees them on the page."""
    from forms_server.imports.roll_up_exporting import export_roll_up

    require_xlsx(out)
    with plain_errors():
        config = read_config()
        campaign, engine, clock = read_campaign(config), open_database(config), Clock(config.now)
        named = _register(campaign, register_id)
        asked = _period(named, period, config.now)
        if not is_published(named, asked, clock.today()):
            raise click.ClickException(
                say("survey-still-open", register=named.name, period=period_words(asked))
            )
        with engine.connect() as connection:
            desk = CommandDesk(connection, campaign, clock.now())
            written = as_bytes(export_roll_up(desk, SeenRows(campaign, None, named), asked))
    write_workbook(out, written)
    click.echo(f"{named.name}{period_words(asked)}汇总已写到 {out}")


@register.command(
    "exemptions", help="列出疑点的豁免：还要批准的、已批准的、失效的；不写 REGISTER 就是各本台账的。"
)
@click.argument("register_id", metavar="[REGISTER]", required=False)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="写到哪个 .xlsx 文件；不写就列在屏幕上"
)
def exemptions(register_id: str | None, out: Path | None) -> None:
    """List the exemptions of doubts, on the screen or as a workbook."""
    from forms_server.imports.exemption_exporting import exemptions_book

    if out:
        require_xlsx(out)
    with plain_errors():
        config = read_config()
        campaign, engine = read_campaign(config), open_database(config)
        named = [_register(campaign, register_id)] if register_id else list(campaign.registers)
        seen = [SeenRows(campaign, None, each) for each in named]
        with engine.connect() as connection:
            desk = CommandDesk(connection, campaign, Clock(config.now).now())
            if out is None:
                _list_exemptions(desk, seen)
                return
            written = as_bytes(exemptions_book(desk, seen))
        note_export(Services(campaign, engine, Clock(config.now), config), None, "exemptions", "")
    write_workbook(out, written)
    click.echo(f"豁免清单已写到 {out}")


def _list_exemptions(desk: CommandDesk, registers: Sequence[SeenRows]) -> None:
    found = [each for seen in registers for each in exemptions_of(desk, seen)]
    for each in found:
        doubt = each.check.say if each.check else "核对规则已经删去"
        click.echo(f"{each.row.register.name}第{each.row.number}行  {doubt}  {standing_words(each)}")
    click.echo(
        f"共 {len(found)} 份，其中待批准 {sum(each.state is ExemptionState.PENDING for each in found)} 份"
    )


@register.command("import", help="把 FILE（.xlsx 或 .xls）里的行导入台账 REGISTER；有一处不对就都不导入。")
@click.argument("register_id", metavar="REGISTER")
@FILE
@click.option("--unit", "code", required=True, metavar="CODE", help="由哪个单位填（代码或名称）")
@_PERIOD
@import_options
def import_(  # noqa: PLR0913, PLR0917 - one for each option
    register_id: str,
    file: Path,
    code: str,
    period: str | None,
    dry_run: bool,
    answers: Path | None,
    as_document: bool,
) -> None:
    """Import a workbook into one period of a register, all or nothing."""
    from forms_server.imports.register_import import RegisterUpload
    from forms_server.imports.remembered_readings import remembered_answers

    with plain_errors():
        config, given = read_config(), read_answers(answers)
        campaign, engine = read_campaign(config), open_database(config)
        named, unit, clock = _register(campaign, register_id), filing_unit(campaign, code), Clock(config.now)
        with engine.connect() as connection:
            account = unit_filer(connection, unit)
            known = remembered_answers(connection, campaign, unit.code)
            keys = person_keys(connection, campaign, clock.today())
        if named.survey:
            raise click.ClickException(say("survey-by-page", register=named.name))
        context = Context(campaign, unit, clock.today(), Answers(given, known, preselects=False))
        place = named, _period(named, period, config.now)
        upload = RegisterUpload(context, account, clock, *place, keys, by_command=True)
        done = import_file(engine, upload, file, dry_run=dry_run)
    _tell(done, unit, as_document=as_document)


def _tell(done: "FileImport[RegisterImport]", unit: Unit, *, as_document: bool) -> None:
    """Print what was done, or what would be.

    Raises:
        click.ClickException: nothing was imported, as something is wrong or asked.
    """
    found = done.found
    figures = {"new": len(found.new), "changed": len(found.changed), "unchanged": found.unchanged}
    # A batch of a register is taken back by the ledgers' command.
    if tell_import(done, unit, figures, "ledger", as_document=as_document):
        said = f"新增 {figures['new']} 行，修改 {figures['changed']} 行，没有变化 {figures['unchanged']} 行"
        click.echo(f"{outcome_words(done)}：{found.register.name}，{said}")


def _register(campaign: Campaign, typed: str) -> Register:
    found = campaign.register_by_id.get(typed)
    if found is None:
        raise click.ClickException(f"没有“{typed}”这本台账{nearest(typed, campaign.register_by_id)}")
    return found


def _period(named: Register, typed: str | None, now: datetime | None) -> str:
    if typed is None:
        return period_of(named.period, Clock(now).today())
    if not is_period(named.period, typed):
        raise click.ClickException(f"“{typed}”不是{named.name}的一期；写法如 2026-03、2026-Q1、2026")
    return typed
