"""Past imports on the command line, listed and undone: the same commands under ``ledger`` and ``roster``."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Engine

from checklist.date_formats import full_moment
from checklist.model import Campaign
from forms_server.clock import Clock
from forms_server.commands.opened_home import open_database, plain_errors, read_campaign, read_config
from forms_server.db.engine import transaction
from forms_server.db.tables import import_batch
from forms_server.imports import batch_undo
from forms_server.imports.batch_undo import BatchDesk, NotUndoable, UndoneBefore
from forms_server.imports.import_batches import EFFECT_NAMES, Batch

_MOST_SHOWN = 50


def add_batch_commands(group: click.Group, kind: str) -> None:
    """Give a group the commands ``imports`` and ``undo`` for batches of one kind."""

    @group.command("imports", help="列出以前的导入，最近的在前：编号、时间、单位、文件和结果。")
    def imports() -> None:
        with plain_errors(), _opened() as (campaign, engine, clock), engine.connect() as connection:
            desk = BatchDesk(connection, campaign, None, clock.now())
            found = batch_undo.visible(desk, import_batch.c.kind == kind, limit=_MOST_SHOWN)
        for batch in found:
            click.echo(_line(batch, campaign))
        if not found:
            click.echo("还没有导入过文件")

    @group.command(
        "undo", help="整份撤回一次导入；ID 是导入记录的编号。导入以后又有了改动或者办理的不能撤回。"
    )
    @click.argument("identity", metavar="ID")
    def undo(identity: str) -> None:
        with (
            plain_errors(),
            _opened() as (campaign, engine, clock),
            transaction(engine) as connection,
        ):
            desk = BatchDesk(connection, campaign, None, clock.now())
            undone = _undo(desk, _only(desk, identity, kind))
        click.echo(f"已撤回：{_line(undone, campaign)}")


@contextmanager
def _opened() -> Iterator[tuple[Campaign, Engine, Clock]]:
    config = read_config()
    yield read_campaign(config), open_database(config), Clock(config.now)


def _only(desk: BatchDesk, identity: str, kind: str) -> Batch:
    """The one batch whose id begins so.

    Raises:
        click.ClickException: none or several do.
    """
    begins = import_batch.c.id.startswith(identity, autoescape=True)
    found = batch_undo.visible(desk, import_batch.c.kind == kind, begins, limit=2) if identity else []
    if len(found) != 1:
        said = "不止一次导入的编号这样开头，请多写几位" if found else "没有这个编号的导入"
        raise click.ClickException(f"{said}：{identity}")
    return found[0]


def _undo(desk: BatchDesk, batch: Batch) -> Batch:
    try:
        return batch_undo.undo(desk, batch.id)
    except UndoneBefore as error:
        raise click.ClickException(f"这一次导入已经撤回过了：{batch.short_id}") from error
    except NotUndoable as error:
        for each in error.found:
            click.echo(f"{each.subject_id}: {each.words}", err=True)
        raise click.ClickException(str(error)) from error


def _line(batch: Batch, campaign: Campaign) -> str:
    unit = campaign.unit_by_code.get(batch.unit_code)
    said = "，".join(f"{EFFECT_NAMES[effect]} {number}" for effect, number in batch.counts.items())
    moment = full_moment(batch.created_at)
    undone = "（已撤回）" if batch.undone_at else ""
    return f"{batch.short_id} {moment} {unit.name if unit else batch.unit_code} {batch.file_name}：{said}{undone}"
