"""``huitoukan user``: accounts, from the command line."""

import sys
from datetime import datetime

import click
from sqlalchemy import Connection

from checklist.model import Campaign
from forms_server.account import ROLE_NAMES, Account, Role
from forms_server.accounts import account_moves, account_requests, account_store, passwords
from forms_server.accounts.account_check import check_account
from forms_server.accounts.account_events import COMMAND_LINE, EVENTS
from forms_server.accounts.account_moves import check_move
from forms_server.accounts.account_names import clean_name
from forms_server.accounts.password_strength import weakness
from forms_server.clock import Clock
from forms_server.commands.opened_home import open_database, plain_errors, read_campaign, read_config
from forms_server.db.engine import transaction
from forms_server.desk import Desk
from forms_server.inspection.teams import Refused
from forms_server.packs.moved_accounts import follow_move
from forms_server.reminders.account_mail import tell_by_mail
from forms_server.server_settings import Config
from forms_server.services import Services

_ROLES = "、".join(f"{role.value} {name}" for role, name in ROLE_NAMES.items())
_PASSWORD_STDIN = click.option(
    "--password-stdin", is_flag=True, help="从标准输入读一次性密码；不给则由系统生成并显示"
)


@click.group(help="账号：新建、停用、启用、调单位、重置密码。")
def user() -> None:
    """Accounts."""


@user.command(help="新建账号 NAME。")
@click.argument("name")
@click.option("--unit", required=True, help="单位代码或名称")
@click.option("--role", required=True, help=f"角色：{_ROLES}")
@click.option("--village", default="", help="只填报这一个村：村名或十二位代码")
@click.option("--person", default="", help="用这个账号的人的姓名；不给则本人第一次登录时填")
@_PASSWORD_STDIN
def add(name: str, unit: str, role: str, village: str, person: str, password_stdin: bool) -> None:
    """Make an account with a one-use password."""
    with plain_errors():
        config = read_config()
        campaign, engine = read_campaign(config), open_database(config)
        checked = check_account(
            campaign, name=name, unit=unit, role=role, village=village, display_name=person
        )
        if isinstance(checked, dict):
            raise click.ClickException("\n".join(checked.values()))
        names = [checked.name, checked.unit_code, campaign.unit_by_code[checked.unit_code].name]
        password = _password(password_stdin, names, campaign)
        password_hash = passwords.hash_password(password)
        try:
            with transaction(engine) as connection:
                account_store.add(connection, _now(config), None, checked, password_hash)
        except account_store.NameTaken as error:
            raise click.ClickException(f"已有账号“{checked.name}”，请换一个账号名") from error
    _tell("已新建账号", checked.name, password, shown=not password_stdin)


@user.command(help="停用账号 NAME，它的登录立即失效。")
@click.argument("name")
def disable(name: str) -> None:
    """Disable an account."""
    _set_disabled(name, disabled=True)


@user.command(help="重新启用账号 NAME，密码不变。")
@click.argument("name")
def enable(name: str) -> None:
    """Take a disabling back."""
    _set_disabled(name, disabled=False)


@user.command(help="给账号 NAME 一个新的一次性密码，并解除锁定；它的登录立即失效。")
@click.argument("name")
@_PASSWORD_STDIN
def reset(name: str, password_stdin: bool) -> None:
    """Give an account a new one-use password."""
    with plain_errors():
        config = read_config()
        engine = open_database(config)
        with engine.connect() as connection:
            account = _find(connection, name)
        campaign = read_campaign(config)
        password = _password(password_stdin, [account.name, account.unit_code], campaign)
        password_hash = passwords.hash_password(password)
        with transaction(engine) as connection:
            account_store.set_password(connection, _now(config), None, account, password_hash, one_use=True)
        services = Services(campaign, engine, Clock(config.now), config)
        tell_by_mail(services, account, f"{COMMAND_LINE}{EVENTS['reset']}")
    _tell("已重置密码", account.name, password, shown=not password_stdin)


@user.command(help="把账号 NAME 调到另一个单位：它的登录立即失效，外带包自动删除；以前登记的仍归原单位。")
@click.argument("name")
@click.option("--unit", required=True, help="调去的单位，代码或名称")
@click.option("--village", default="", help="只填报这一个村：村名或十二位代码")
def move(name: str, unit: str, village: str) -> None:
    """Move an account to another unit."""
    with plain_errors():
        config = read_config()
        campaign, engine, now = read_campaign(config), open_database(config), _now(config)
        with transaction(engine) as connection:
            account = _find(connection, name)
            place = check_move(campaign, account, unit=unit, village=village)
            if isinstance(place, dict):
                raise click.ClickException("\n".join(place.values()))
            account_moves.move(connection, now, None, account, place)
            try:
                follow_move(Desk(connection, campaign, account, now), account, None)
            except Refused as error:
                raise click.ClickException(str(error)) from error
        services = Services(campaign, engine, Clock(config.now), config)
        tell_by_mail(services, account, f"{COMMAND_LINE}{EVENTS[account_moves.MOVED]}")
    click.echo(f"已把账号 {account.name} 调到{campaign.unit_by_code[place.unit_code].name}")


@user.command("reset-factor", help="去掉账号 NAME 的动态码（手机丢了），它的登录立即失效；下次登录只要密码。")
@click.argument("name")
def reset_factor(name: str) -> None:
    """Remove an account's second factor."""
    with plain_errors():
        config = read_config()
        with transaction(open_database(config)) as connection:
            account = _find(connection, name)
            had = account_requests.reset_factor(connection, _now(config), None, account)
    click.echo(f"已去掉动态码：{account.name}" if had else f"{account.name} 没有启用动态码")


def _set_disabled(name: str, *, disabled: bool) -> None:
    with plain_errors():
        config = read_config()
        with transaction(open_database(config)) as connection:
            account = _find(connection, name)
            account_store.set_disabled(connection, _now(config), None, account, disabled=disabled)
            offices = [
                each
                for each in account_store.all_accounts(connection)
                if each.role is Role.OFFICE and not each.disabled
            ]
    click.echo(f"已{'停用' if disabled else '启用'}账号：{account.name}")
    if disabled and account.role is Role.OFFICE and not offices:
        click.echo(
            f"（请留意）已经没有能用的办公室账号了。要改回来：huitoukan user enable {account.name}", err=True
        )


def _now(config: Config) -> datetime:
    return Clock(config.now).now()


def _password(from_stdin: bool, names: list[str], campaign: Campaign) -> str:
    """The one-use password: made, or one line of the standard input, which must not be weak either."""
    if not from_stdin:
        return passwords.one_use()
    password = sys.stdin.readline().rstrip("\r\n")
    if weak := weakness(password, names, campaign):
        raise click.ClickException(weak)
    return password


def _find(connection: Connection, name: str) -> Account:
    account = account_store.find_by_name(connection, clean_name(name) or "")
    if account is None:
        raise click.ClickException(f"没有账号“{name}”")
    return account


def _tell(what: str, name: str, password: str, *, shown: bool) -> None:
    if not shown:
        click.echo(f"{what}：{name}")
        return
    click.echo(f"{what}。账号：{name}  一次性密码：{password}")
    click.echo("密码只显示这一次；第一次登录时会要求设置自己的密码。")
