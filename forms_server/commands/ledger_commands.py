"""``huitoukan ledger``: ledgers from and to workbooks, on the command line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy import Engine

from build_scripts.atomic_files import reason, write_whole
from checklist.messages import say
from checklist.model import Unit
from checklist.problems import Problem
from checklist.questions import Answers
from checklist.values.judge import Context
from forms_server.clock import Clock
from forms_server.commands.batch_commands import add_batch_commands
from forms_server.commands.collect_command import collect
from forms_server.commands.file_import import (
    FILE,
    FileImport,
    filing_unit,
    import_file,
    import_options,
    outcome_words,
    tell_batch,
    unit_filer,
)
from forms_server.commands.import_report import (
    as_json,
    plan_details,
    read_answers,
    refusal,
    sheet_lines,
    tell_problems,
)
from forms_server.commands.opened_home import open_database, plain_errors, read_campaign, read_config
from forms_server.commands.workbook_output import as_bytes, require_xlsx, write_workbook, xlsx_option
from forms_server.server_settings import Config
from forms_server.services import Services
from forms_server.sight_log import note_export

if TYPE_CHECKING:
    from forms_server.imports.ledger_import import LedgerImport

_MARKED = "-标出问题"
"""Behind the name of a file whose copy has its wrong cells marked."""

_UNIT = click.option("--unit", "code", required=True, metavar="CODE", help="单位代码或名称")


@click.group(help="台账：从 Excel 导入，导出为 Excel。")
def ledger() -> None:
    """Ledgers as workbooks."""


@ledger.command(
    "import",
    help="把 FILE（.xlsx 或 .xls）里的台账导入一个单位；有一处不对就都不导入，"
    "另写一份标出问题的副本，在副本里改好可以再导入。",
)
@FILE
@_UNIT
@click.option(
    "--marked",
    type=click.Path(path_type=Path, dir_okay=False),
    help="标出问题的副本写到哪个 .xlsx 文件；不给则在 FILE 旁边，文件名加“-标出问题”",
)
@import_options
def import_(
    file: Path, code: str, dry_run: bool, marked: Path | None, answers: Path | None, as_document: bool
) -> None:
    """Import a workbook, all or nothing; of one that is wrong it leaves a copy with the cells marked."""
    with plain_errors():
        config, given = read_config(), read_answers(answers)
        campaign, engine = read_campaign(config), open_database(config)
        context = Context(campaign, filing_unit(campaign, code), Clock(config.now).today(), Answers(given))
        target = marked or _beside(file)
        shown = _Shown(dry_run=dry_run, as_document=as_document)
        _import(file, context, (config, engine), shown, marked=target)


@dataclass(frozen=True)
class _Shown:
    """How an import is told, and whether it is stored."""

    dry_run: bool
    as_document: bool


def _import(
    file: Path, context: Context, place: tuple[Config, Engine], shown: _Shown, *, marked: Path
) -> None:
    # Lazy import: only this command reads workbooks.
    from forms_server.imports.ledger_import import LedgerUpload
    from forms_server.imports.remembered_readings import remembered_answers

    config, engine = place
    with engine.connect() as connection:
        account = unit_filer(connection, context.unit)
        remembered = remembered_answers(connection, context.campaign, context.unit.code)
    context = replace(context, answers=replace(context.answers, remembered=remembered, preselects=False))
    upload = LedgerUpload(context, account, Clock(config.now), by_command=True)
    done = import_file(engine, upload, file, dry_run=shown.dry_run)
    found = done.found
    if shown.as_document:
        details = _figures(found) | plan_details(found, context.campaign)
        click.echo(as_json(found, context.unit.code, details, stored=done.stored))
    else:
        _tell(found)
    if found.errors:
        raise click.ClickException(_refusal(found, done.data, marked))
    if not shown.as_document:
        tell_batch(done, "ledger")
        _tell_result(done, context.unit)


def _tell(found: "LedgerImport") -> None:
    """Print what is wrong, asked and understood."""
    tell_problems(found)
    for line in sheet_lines(found):
        click.echo(line, err=True)
    for other in found.differences:
        said = f"{other.row}“{other.column}”填的是 {other.handed_in or '空'}，台账里是 {other.counted}"
        click.echo(f"{other.place}: {said}", err=True)


def _refusal(found: "LedgerImport", data: bytes, marked: Path) -> str:
    """Say why nothing is imported; leave a marked copy where cells are wrong."""
    wrong = any(not problem.question for problem in found.errors)
    return refusal(found, _mark(data, found.problems, marked) if wrong else "")


def _figures(found: "LedgerImport") -> dict[str, Any]:
    plan = found.plan
    return {
        "new": len(plan.new),
        "changed": len(plan.changed),
        "unchanged": plan.unchanged,
        "found_again": len(plan.found_again),
        "withdrawn": len(plan.withdrawn),
        "absent": len(plan.absent),
    }


def _tell_result(done: "FileImport[LedgerImport]", unit: Unit) -> None:
    found = done.found
    if found.summaries:
        click.echo(
            f"汇总表与导入以后的台账有 {len(found.differences)} 格不一致"
            if found.differences
            else "汇总表与导入以后的台账账账相符"
        )
    plan = found.plan
    said = f"新增 {len(plan.new)} 条，修改 {len(plan.changed)} 条，没有变化 {plan.unchanged} 条"
    more: dict[str, Sequence[object]] = {
        "又一次发现": plan.found_again,
        "撤销": plan.withdrawn,
        "表里没有的不动": plan.absent,
    }
    said += "".join(f"，{label} {len(some)} 条" for label, some in more.items() if some)
    click.echo(f"{outcome_words(done)}：{unit.name}，{said}")


def _beside(file: Path) -> Path:
    """Default path of a marked copy: never overwrites an earlier one, which may hold corrections."""
    names = (f"{file.stem}{_MARKED}{number}.xlsx" for number in chain([""], count(2)))
    return next(path for path in map(file.with_name, names) if not path.exists())


def _mark(data: bytes, problems: Sequence[Problem], target: Path) -> str:
    """Write the marked copy; returns the message about it."""
    from build_scripts.intake.refusal import Unreadable
    from build_scripts.intake.workbook_reader import mark_workbook

    try:
        write_whole(target, mark_workbook(data, problems), private=True)
    except Unreadable as error:
        return str(error)
    except OSError as error:
        return say("workbook-not-written", file=target, detail=reason(error))
    return f"标出问题的副本在 {target}，在里面改好可以再导入"


@ledger.command("export", help="把一个单位的台账（不给 --unit 则是全县的）写成 Excel，改过以后可以再导入。")
@click.option("--unit", "code", metavar="CODE", help="单位代码或名称")
@xlsx_option("--out")
@click.option("--purpose", default="", help="用途，记入审计")
def export(code: str | None, out: Path, purpose: str) -> None:
    """Export ledgers."""
    from forms_server.imports.ledger_exporting import export as export_ledgers

    require_xlsx(out)
    with plain_errors():
        config = read_config()
        campaign, engine = read_campaign(config), open_database(config)
        unit = filing_unit(campaign, code) if code else None
        with engine.connect() as connection:
            written = as_bytes(export_ledgers(connection, campaign, unit, None, Clock(config.now).now()))
        services = Services(campaign, engine, Clock(config.now), config)
        note_export(services, None, unit.code if unit else "county", purpose)
    write_workbook(out, written)
    click.echo(f"台账已写到 {out}")


ledger.add_command(collect)
add_batch_commands(ledger, "ledger")
