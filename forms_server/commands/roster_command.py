"""``huitoukan roster``: the list of households from a workbook, on the command line."""

from pathlib import Path

import click

from checklist.model import Campaign, Unit
from checklist.values.judge import Context
from checklist.values.unit_lookup import find_unit
from forms_server.clock import Clock
from forms_server.commands.batch_commands import add_batch_commands
from forms_server.commands.opened_home import open_database, plain_errors, read_campaign, read_config
from forms_server.db.engine import transaction


@click.group(help="农户名册：从 Excel 导入，填报时从名册里选、不再重填。")
def roster() -> None:
    """The roster of households."""


@roster.command(
    "import", help="导入 FILE（.xlsx 或 .xls）里的农户名册；有一处不对就都不导入，同一份表再导不会重复。"
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--unit", "code", metavar="CODE", help="只导这个乡镇的（代码或名称）；不写就是全县的")
@click.option("--dry-run", is_flag=True, help="只核对，不导入")
def import_(file: Path, code: str | None, dry_run: bool) -> None:
    """Import a list of households, all or nothing."""
    with plain_errors():
        config = read_config()
        campaign, engine = read_campaign(config), open_database(config)
        now, batch_id = Clock(config.now).now(), None
        context = Context(campaign, _unit(campaign, code), now.date())
        # Lazy import: only this command reads workbooks.
        from build_scripts.intake.refusal import Unreadable
        from build_scripts.intake.roster_columns import roster_form
        from forms_server.imports.import_batches import SourceFile
        from forms_server.imports.roster_import import plan_import, read_roster, store

        if roster_form(campaign) is None:
            raise click.ClickException(
                "这次专项行动的户内问题表里没有 village 和 householder 两栏，用不上名册"
            )
        data = file.read_bytes()
        try:
            lists = read_roster(data, context)
        except Unreadable as error:
            raise click.ClickException(f"{file}：{error}") from error
        with transaction(engine) as connection:
            found = plan_import(connection, lists, context)
            for problem in found.problems:
                mild = "（请留意）" if problem.warning else ""
                click.echo(f"{problem.place}: {mild}{problem.message}", err=True)
            if found.errors:
                raise click.ClickException(f"有 {len(found.errors)} 处不对，没有导入")
            if not dry_run:
                source = SourceFile(file.name, data)
                batch_id = store(connection, context, found, None, now, source)
    if batch_id:
        click.echo(f"这次导入的编号是 {batch_id[:8]}，导错了用 huitoukan roster undo 撤回")
    plan = found.plan
    counter = campaign.counter
    said = f"新增 {len(plan.new)} {counter}，变更 {len(plan.changed)} {counter}，没有变化 {plan.unchanged} {counter}"
    done = "核对完毕，没有导入" if dry_run else "已导入"
    click.echo(
        f"{done}：{said}，名册里有而表里没有的 {len(plan.gone)} {counter}{'' if dry_run else '已停用'}"
    )


def _unit(campaign: Campaign, typed: str | None) -> Unit:
    if typed is None:
        return campaign.units.office
    unit = find_unit(campaign, typed)
    if unit is None or unit not in campaign.units.townships:
        raise click.ClickException(f"没有乡镇“{typed}”：请写 units.yml 里的代码或者名称")
    return unit


add_batch_commands(roster, "roster")
