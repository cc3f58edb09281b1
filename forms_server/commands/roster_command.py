"""``huitoukan roster``: the list of households from a workbook, on the command line."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from checklist.model import Campaign, Unit
from checklist.questions import Answers
from checklist.values.judge import Context
from checklist.values.unit_lookup import find_unit
from forms_server.clock import Clock
from forms_server.commands.batch_commands import add_batch_commands
from forms_server.commands.file_import import (
    FILE,
    FileImport,
    import_file,
    import_options,
    outcome_words,
    tell_import,
)
from forms_server.commands.import_report import read_answers
from forms_server.commands.opened_home import open_database, plain_errors, read_campaign, read_config

if TYPE_CHECKING:
    from forms_server.imports.roster_import import RosterImport


@click.group(help="农户名册：从 Excel 导入，填报时从名册里选、不再重填。")
def roster() -> None:
    """The roster of households."""


@roster.command(
    "import", help="导入 FILE（.xlsx 或 .xls）里的农户名册；有一处不对就都不导入，同一份表再导不会重复。"
)
@FILE
@click.option("--unit", "code", metavar="CODE", help="只导这个乡镇的（代码或名称）；不写就是全县的")
@import_options
def import_(file: Path, code: str | None, dry_run: bool, answers: Path | None, as_document: bool) -> None:
    """Import a list of households, all or nothing."""
    with plain_errors():
        config, given = read_config(), read_answers(answers)
        campaign, engine = read_campaign(config), open_database(config)
        # Lazy import: only this command reads workbooks.
        from build_scripts.intake.roster_columns import roster_form
        from forms_server.imports.remembered_readings import remembered_answers
        from forms_server.imports.roster_import import RosterUpload

        if roster_form(campaign) is None:
            raise click.ClickException(
                "这次专项行动的户内问题表里没有 village 和 householder 两栏，用不上名册"
            )
        unit, clock = _unit(campaign, code), Clock(config.now)
        with engine.connect() as connection:
            known = remembered_answers(connection, campaign, unit.code)
        context = Context(campaign, unit, clock.today(), Answers(given, known, preselects=False))
        done = import_file(engine, RosterUpload(context, None, clock), file, dry_run=dry_run)
    _tell(done, context, as_document=as_document)


def _tell(done: "FileImport[RosterImport]", context: Context, *, as_document: bool) -> None:
    """Print what was done, or what would be.

    Raises:
        click.ClickException: nothing was imported, as something is wrong or asked.
    """
    plan, counter = done.found.plan, context.campaign.counter
    figures = {
        "new": len(plan.new),
        "changed": len(plan.changed),
        "unchanged": plan.unchanged,
        "switched_off": len(plan.gone),
        "absent": plan.absent,
    }
    if tell_import(done, context.unit, figures, "roster", as_document=as_document):
        labels = ("新增", "变更", "没有变化", "停用", "表里没有而不停用")
        said = "，".join(
            f"{label} {number} {counter}" for label, number in zip(labels, figures.values(), strict=True)
        )
        click.echo(f"{outcome_words(done)}：{said}")


def _unit(campaign: Campaign, typed: str | None) -> Unit:
    if typed is None:
        return campaign.units.office
    unit = find_unit(campaign, typed)
    if unit is None or unit not in campaign.units.townships:
        raise click.ClickException(f"没有乡镇“{typed}”：请写 units.yml 里的代码或者名称")
    return unit


add_batch_commands(roster, "roster")
