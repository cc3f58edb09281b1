"""``huitoukan init``: the database, and the first account."""

import click
from sqlalchemy import Engine

from checklist.model import Campaign
from forms_server.account import Role
from forms_server.accounts import account_store
from forms_server.clock import Clock
from forms_server.commands.opened_home import (
    plain_errors,
    private_files,
    read_campaign,
    read_config,
    require_key,
    require_version,
    with_home_campaign,
)
from forms_server.commands.upgrade_command import upgrade_tables
from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import SchemaState, migrate, standing
from forms_server.photos.photo_files import FOLDER as PHOTOS
from forms_server.records.issue_units import read_all_again
from forms_server.returns.expected_returns import expect
from forms_server.server_settings import Config

OFFICE_ACCOUNT = "office"


@click.command(help="建立数据库，旧版本的照 upgrade 升级；第一次运行时新建办公室账号，显示一次性密码。")
def init() -> None:
    """Create or migrates the database and, the first time, the office's account."""
    with plain_errors(), private_files():
        config = with_home_campaign(read_config())
        campaign = read_campaign(config)
        _close(config)
        if _refuse(config) is SchemaState.OLDER:
            upgrade_tables(config)
        engine = make_engine(config.database, config.audit_key())
        created = migrate(engine)
        with transaction(engine) as connection:
            expect(connection, campaign, Clock(config.now).now())
            read_all_again(connection, campaign)
        password = add_office(config, campaign, engine)
    if created:
        click.echo(f"数据库已建立，数据目录：{config.home}")
    if password:
        click.echo(f"已新建办公室账号。账号：{OFFICE_ACCOUNT}  一次性密码：{password}")
        click.echo("密码只显示这一次，请记下；第一次登录时会要求设置自己的密码。")
    if not created and not password:
        click.echo("数据库已是最新，账号已有，没有改动。")


def _refuse(config: Config) -> SchemaState:
    """Refuse a database of a newer program, or one whose key is lost, before a new key is generated."""
    keyless = make_engine(config.database)
    require_version(keyless, older=True)
    require_key(config, keyless)
    state = standing(keyless)
    keyless.dispose()
    return state


def _close(config: Config) -> None:
    """Restrict the permissions of files that earlier versions or copies left readable: they hold password hashes.

    Not the home itself, which may be a folder that holds more than ours.
    """
    for path in config.home.iterdir():
        if path.suffix in {".key", ".sqlite3"} or ".sqlite3-" in path.name or path.name == PHOTOS:
            path.chmod(path.stat().st_mode & ~0o077)


def add_office(config: Config, campaign: Campaign, engine: Engine) -> str | None:
    """Make the office's account where there is no account yet.

    Returns:
        Its one-use password; None where there were accounts.
    """
    with engine.connect() as connection:
        if account_store.any_account(connection):
            return None
    password, password_hash = account_store.hash_one_use()
    office = account_store.NewAccount(OFFICE_ACCOUNT, campaign.units.office.code, Role.OFFICE)
    with transaction(engine) as connection:
        account_store.add(connection, Clock(config.now).now(), None, office, password_hash)
    return password
