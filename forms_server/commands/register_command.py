"""``huitoukan register``: registers listed, and taken out to workbooks and in again, on the command line."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from build_scripts.atomic_files import reason, write_whole
from checklist.messages import say
from checklist.model import Campaign, Register, Unit
from checklist.problems import nearest
from checklist.questions import Answers
from checklist.register_periods import is_period, period_of, period_words
from checklist.values.judge import Context
from checklist.values.unit_lookup import NoSuchUnit, find_filing_unit
from forms_server.accounts.unit_filer import NoFiler, filer_of
from forms_server.clock import Clock
from forms_server.commands.import_report import as_json, read_answers, refusal, tell_problems
from forms_server.commands.named_file import read_named
from forms_server.commands.opened_home import open_database, plain_errors, read_campaign, read_config
from forms_server.db.engine import transaction
from forms_server.desk import CommandDesk
from forms_server.households.person_keys import person_keys
from forms_server.registers import row_periods, row_totals
from forms_server.registers.exemption import ExemptionState
from forms_server.registers.exemption_listing import exemptions_of
from forms_server.registers.exemption_words import standing_words
from forms_server.registers.row_listing import RowFilters, SeenRows
from forms_server.services import Services
from forms_server.sight_log import note_export

if TYPE_CHECKING:
    from forms_server.imports.register_import import RegisterImport

_PERIOD = click.option("--period", metavar="PERIOD", help="哪一期，如 2026-03、2026-Q1、2026；不写就是本期")


@click.group(help="长期台账：列出、导出为 Excel、从 Excel 导入，列出疑点的豁免。")
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
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="写到哪个 .xlsx 文件"
)
@click.option("--purpose", default="", help="用途，记入审计")
def export(register_id: str, code: str | None, period: str | None, out: Path, purpose: str) -> None:
    """Export one period of a register."""
    from build_scripts.workbooks.xlsx_writer import to_xlsx
    from forms_server.imports.register_exporting import export as export_rows

    if out.suffix != ".xlsx":
        raise click.ClickException(say("workbook-not-xlsx", file=out))
    with plain_errors():
        config = read_config()
        campaign, engine = read_campaign(config), open_database(config)
        named = _register(campaign, register_id)
        asked = _period(named, period, config.now)
        unit = _unit(campaign, code) if code else None
        filters = RowFilters(asked, township_code=unit.code if unit else "")
        with engine.connect() as connection:
            desk = CommandDesk(connection, campaign, Clock(config.now).now())
            written = to_xlsx(export_rows(desk, SeenRows(campaign, None, named), unit, filters))
        note_export(Services(campaign, engine, Clock(config.now), config), None, named.id, purpose)
    try:
        write_whole(out, written, private=True)
    except OSError as error:
        raise click.ClickException(say("workbook-not-written", file=out, detail=reason(error))) from error
    click.echo(f"{named.name}{period_words(asked)}已写到 {out}")


@register.command(
    "exemptions", help="列出疑点的豁免：还要批准的、已批准的、失效的；不写 REGISTER 就是各本台账的。"
)
@click.argument("register_id", metavar="[REGISTER]", required=False)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="写到哪个 .xlsx 文件；不写就列在屏幕上"
)
def exemptions(register_id: str | None, out: Path | None) -> None:
    """List the exemptions of doubts, on the screen or as a workbook."""
    from build_scripts.workbooks.xlsx_writer import to_xlsx
    from forms_server.imports.exemption_exporting import exemptions_book

    if out and out.suffix != ".xlsx":
        raise click.ClickException(say("workbook-not-xlsx", file=out))
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
            written = to_xlsx(exemptions_book(desk, seen))
        note_export(Services(campaign, engine, Clock(config.now), config), None, "exemptions", "")
    try:
        write_whole(out, written, private=True)
    except OSError as error:
        raise click.ClickException(say("workbook-not-written", file=out, detail=reason(error))) from error
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
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--unit", "code", required=True, metavar="CODE", help="由哪个单位填（代码或名称）")
@_PERIOD
@click.option("--dry-run", is_flag=True, help="只核对，不导入")
@click.option(
    "--answers",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="回答所问的 JSON 文件：--dry-run --json 的输出，把各个 answer 填好",
)
@click.option("--json", "as_document", is_flag=True, help="核对结果写成 JSON")
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
    from build_scripts.intake.refusal import Unreadable
    from forms_server.imports.register_import import RegisterUpload
    from forms_server.imports.remembered_readings import remembered_answers

    with plain_errors():
        config, given = read_config(), read_answers(answers)
        campaign, engine = read_campaign(config), open_database(config)
        named, unit, clock = _register(campaign, register_id), _unit(campaign, code), Clock(config.now)
        with engine.connect() as connection:
            try:
                account = filer_of(connection, unit)
            except NoFiler as error:
                raise click.ClickException(str(error)) from error
            known = remembered_answers(connection, campaign, unit.code)
            keys = person_keys(connection, campaign, clock.today())
        if named.survey:
            raise click.ClickException(say("survey-by-page", register=named.name))
        context = Context(campaign, unit, clock.today(), Answers(given, known, preselects=False))
        place = named, _period(named, period, config.now)
        upload = RegisterUpload(context, account, clock, *place, keys, by_command=True)
        try:
            data = read_named(file)
            book = upload.read(data)
        except Unreadable as error:
            raise click.ClickException(f"{file}：{error}") from error
        with transaction(engine) as connection:
            found = upload.plan(connection, book)
            stored = not found.errors and not dry_run
            batch_id = upload.store(connection, found, file.name, data) if stored else None
    if batch_id and not as_document:
        click.echo(f"这次导入的编号是 {batch_id[:8]}，导错了用 huitoukan ledger undo 撤回")
    _tell(found, unit, stored=stored, as_document=as_document)


def _tell(found: "RegisterImport", unit: Unit, *, stored: bool, as_document: bool) -> None:
    """Print what was done, or what would be.

    Raises:
        click.ClickException: nothing was imported, as something is wrong or asked.
    """
    figures = {"new": len(found.new), "changed": len(found.changed), "unchanged": found.unchanged}
    if as_document:
        click.echo(as_json(found, unit.code, figures, stored=stored))
    else:
        tell_problems(found)
    if found.errors:
        raise click.ClickException(refusal(found))
    if not as_document:
        said = f"新增 {figures['new']} 行，修改 {figures['changed']} 行，没有变化 {figures['unchanged']} 行"
        click.echo(f"{'已导入' if stored else '核对完毕，没有导入'}：{found.register.name}，{said}")


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


def _unit(campaign: Campaign, typed: str) -> Unit:
    try:
        return find_filing_unit(campaign, typed)
    except NoSuchUnit as error:
        raise click.ClickException(str(error)) from error
