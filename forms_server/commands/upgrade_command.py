"""``huitoukan upgrade``: brings a home that an earlier version left to this one."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import click
from sqlalchemy import Engine

from build_scripts.progress import followed
from forms_server.clock import Clock
from forms_server.commands.audit_command import fault_words
from forms_server.commands.mask_command import tell_masked
from forms_server.commands.opened_home import (
    plain_errors,
    private_files,
    read_campaign,
    read_config,
    require_existing,
    require_key,
    require_version,
    tell_changed_campaign,
    with_home_campaign,
)
from forms_server.db.engine import make_engine
from forms_server.db.migrate import SchemaState, standing, version
from forms_server.home_lock import alone, upgrading
from forms_server.server_settings import Config


@click.command(
    help="升级到本版本：先备份并试恢复，再升级数据表、核对条数和审计；哪一步不成都退回原样。"
    "旧版本的服务不用停（0.1.0 的要停），升级时只能看、不能保存；升级后重启服务。"
)
def upgrade() -> None:
    """Upgrade the home, or leave it as it is."""
    with plain_errors(), private_files():
        config = read_config()
        require_existing(config)
        keyless = make_engine(config.database)
        require_version(keyless, older=True)
        require_key(config, keyless)
        is_current = standing(keyless) is not SchemaState.OLDER
        keyless.dispose()
        if not is_current:
            upgrade_tables(config)
            return
        config = with_home_campaign(config)
        read_campaign(config)
        click.echo("数据已经是本版本的，不用升级。")
        tell_changed_campaign(config)


def upgrade_tables(config: Config) -> None:
    """Upgrade a home whose tables are an older version's, and say how it went.

    Raises:
        click.ClickException: a check failed; nothing was changed.
    """
    from forms_server.backup.home_upgrade import HEEDED_SINCE, upgrade_home

    engine = make_engine(config.database, config.audit_key())
    stopped = alone(config.home) if _version(engine) < HEEDED_SINCE else nullcontext()
    with _plain_faults(), stopped, upgrading(config.home), followed() as tell:
        config = with_home_campaign(config)
        done = upgrade_home(config, engine, read_campaign(config), Clock(config.now).now(), tell)
        engine.dispose()
    rows = done.kept.rows
    click.echo(f"升级前的数据已备份到 {done.backup}，试恢复成功。")
    click.echo(
        f"已升级（数据表 {done.before} → {done.after}），条数和审计核对无误："
        f"{rows['account']} 个账号，{rows['issue']} 条问题，{rows['proposed_household']} 户拟识别，"
        f"审计 {rows['audit']} 行。"
    )
    tell_masked(done.hidden)
    if done.fault:
        click.echo(f"（请留意）升级前就有的：{fault_words(done.fault)}", err=True)
    tell_changed_campaign(config)
    click.echo("请重新生成手册（huitoukan handbook build），再重启服务。")


def _version(engine: Engine) -> str:
    with engine.connect() as connection:
        return version(connection) or ""


@contextmanager
def _plain_faults() -> Iterator[None]:
    from forms_server.backup.backup_manifest import UnusableBackup
    from forms_server.backup.upgrade_checks import UpgradeFault

    try:
        yield
    except (UnusableBackup, UpgradeFault) as error:
        raise click.ClickException(f"没有升级，数据还是原来的样子：{error}") from error
