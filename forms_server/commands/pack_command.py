"""``huitoukan pack``: a person's own workbook, for work without network and without a browser that can."""

from pathlib import Path

import click

from forms_server.accounts import account_store
from forms_server.clock import Clock
from forms_server.commands.opened_home import open_database, plain_errors, read_campaign, read_config
from forms_server.commands.workbook_output import as_bytes, require_xlsx, write_workbook, xlsx_option
from forms_server.desk import Desk, NotAllowed
from forms_server.services import Services
from forms_server.sight_log import note_export


@click.command(
    help="把一个账号自己的台账（带记录编号）和要去的户写成 Excel，给没有 https、不能用外带包的人；"
    "填好从网页“Excel 台账”上传，或者用 huitoukan ledger import 导入，先核对再入账。"
)
@click.option("--user", "name", required=True, metavar="NAME", help="账号")
@xlsx_option("--xlsx", "out")
def pack(name: str, out: Path) -> None:
    """Write the workbook of an account."""
    from forms_server.packs.pack_workbook import personal_book

    require_xlsx(out)
    with plain_errors():
        config = read_config()
        campaign, engine, clock = read_campaign(config), open_database(config), Clock(config.now)
        with engine.connect() as connection:
            account = account_store.find_by_name(connection, name)
            if account is None or account.disabled:
                raise click.ClickException(f"没有账号“{name}”，或者已停用")
            if account.unit_code not in campaign.unit_by_code:
                raise click.ClickException(f"“{name}”的单位不在本次专项行动的单位名单里")
            try:
                written = as_bytes(personal_book(Desk(connection, campaign, account, clock.now())))
            except NotAllowed as error:
                raise click.ClickException(str(error)) from error
        note_export(Services(campaign, engine, clock, config), None, account.unit_code, f"账号 {name} 外带")
    write_workbook(out, written)
    click.echo(f"{account.shown_name}的台账已写到 {out}")
