"""Shared set-up of the commands: settings, campaign and database, with messages instead of tracebacks."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from build_scripts.atomic_files import NotPublished, trouble
from build_scripts.database_trouble import sentence
from build_scripts.home_campaign import campaign_in, copy_shipped, pending_merge
from build_scripts.settings import MACHINE_FILE, Settings, gather
from build_scripts.settings_file import BadSetting
from checklist.loading.loader import InvalidCampaign, load_campaign
from checklist.model import Campaign
from forms_server.audit import read_head
from forms_server.db.engine import UnsoundSQLite, make_engine
from forms_server.db.migrate import SchemaState, standing
from forms_server.db.write_guard import WriteGuard
from forms_server.health.stored_damage import DAMAGED, is_damaged
from forms_server.home_lock import InUse, is_upgrading
from forms_server.server_settings import AUDIT_KEY, Config
from forms_server.timer_lock import RunsElsewhere, only_runner

_LOOKED_SECONDS = 60
"""How long a command that failed looks for damage."""

_WHICH_HOME = f"用过的，请核对设置 home（写在 {MACHINE_FILE}）；第一次用，先运行 huitoukan init"


@contextmanager
def plain_errors() -> Iterator[None]:
    """Convert expected errors into a message on stderr and exit code 1."""
    try:
        yield
    except (BadSetting, InUse, NotPublished, UnsoundSQLite) as error:
        raise click.ClickException(str(error)) from error
    except InvalidCampaign as error:
        raise click.ClickException(f"清单有误，不能使用：\n{error}") from error
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise click.ClickException(f"HUITOUKAN_DATABASE 写得不对，或缺少数据库驱动：{error}") from error
    except SQLAlchemyError as error:
        raise click.ClickException(sentence(error)) from error
    except BrokenPipeError:  # the reader of the pipe has exited
        raise
    except click.exceptions.Exit:
        raise
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        if _is_damaged():
            raise click.ClickException(f"{DAMAGED}（{type(error).__name__}）") from error
        raise
    except OSError as error:
        raise click.ClickException(trouble(error, Settings.from_environment(os.environ).home)) from error


def _is_damaged() -> bool:
    """Whether the database is to blame for a failure that nobody expected."""
    config = Config.from_environment(gather(os.environ))
    return (config.home / AUDIT_KEY).exists() and is_damaged(
        make_engine(config.database, config.audit_key()), _LOOKED_SECONDS
    )


@contextmanager
def only_here(engine: Engine, home: Path, task: str) -> Iterator[None]:
    """Run a timer's task unless another process, perhaps on another machine, is at it: that is said, and no failure."""
    try:
        with only_runner(engine, home, task):
            yield
    except RunsElsewhere:
        click.echo("另一个进程（或者另一台服务器）正在做，这次不用再做。")
        raise click.exceptions.Exit(0) from None


@contextmanager
def private_files() -> Iterator[None]:
    """Set a umask for private files: the database holds names and password hashes."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def read_config(demo: bool = False) -> Config:
    """The settings of the environment and the settings file; warns of a password that others may read."""
    values = gather(os.environ)
    for file in values.files:
        if file.is_exposed:
            click.echo(
                f"（请留意）{file.path} 里有密码，这台电脑的每个账号都能读：请用 root 运行 "
                f"chown root:huitoukan {file.path} && chmod 640 {file.path}",
                err=True,
            )
    return Config.from_environment(values, demo)


def read_campaign(config: Config) -> Campaign:
    """The campaign of the settings."""
    return load_campaign(config.checklist)


def with_home_campaign(config: Config) -> Config:
    """The same settings with the home's campaign, copied there if it has none; a folder that is named stays.

    Raises:
        NotPublished: it can't be written.
    """
    config.make_home()
    if config.names_checklist:
        return config
    if copy_shipped(config.home):
        click.echo(f"清单已放进 {campaign_in(config.home)}：以后改这里的，升级不会覆盖。")
    return replace(config, checklist=campaign_in(config.home))


def open_database(config: Config) -> Engine:
    """Open the database, which must have the current schema version; never create files.

    Raises:
        click.ClickException: it is not there, or of another version, or the key of the audit is lost.
    """
    require_existing(config)
    if is_upgrading(config.home):
        raise InUse("数据正在升级（huitoukan upgrade），请等它结束再试")
    with private_files():  # SQLite makes files beside its own
        keyless = make_engine(config.database)
        require_version(keyless)
        require_key(config, keyless)
        keyless.dispose()
        return make_engine(config.database, config.audit_key(), WriteGuard(config.home))


def tell_changed_campaign(config: Config) -> None:
    """Say that the shipped campaign has changed since it was copied or merged."""
    if not config.names_checklist and (changed := pending_merge(config.home).shipped):
        click.echo(
            f"新版本改了清单的 {len(changed)} 个文件，您的清单没有动："
            "看改了什么用 huitoukan campaign changes，并入用 huitoukan campaign merge。"
        )


def require_existing(config: Config) -> None:
    """Refuse a missing home or database file.

    Raises:
        click.ClickException: with the searched path.
    """
    require_home(config)
    _require_file(config)


def require_home(config: Config) -> None:
    """Refuse a missing home: a mistyped path must not look like a new one.

    Raises:
        click.ClickException: with the searched path.
    """
    if not config.home.exists():
        raise click.ClickException(f"没有数据目录 {config.home}：{_WHICH_HOME}")


def require_version(engine: Engine, *, older: bool = False) -> None:
    """Refuse unknown schema versions and, unless ``older`` is allowed, those that need a migration.

    Raises:
        click.ClickException: with the remedy.
    """
    match standing(engine):
        case SchemaState.NEWER:
            raise click.ClickException("数据库是更新版本的程序用过的：请先把本程序升级到同样的版本")
        case SchemaState.NONE if not older:
            raise click.ClickException(f"数据库还是空的：{_WHICH_HOME}")
        case SchemaState.OLDER if not older:
            raise click.ClickException("数据库是旧版本的：请先运行 huitoukan upgrade 升级，数据都会保留")


def require_key(config: Config, engine: Engine) -> None:
    """Refuse a database whose audit key is lost: a new key would hide that.

    Raises:
        click.ClickException: with the file to look for.
    """
    if (config.home / AUDIT_KEY).exists() or standing(engine) is SchemaState.NONE:
        return
    with engine.connect() as connection:
        if read_head(connection) is not None:
            raise click.ClickException(
                f"{config.home} 里没有 {AUDIT_KEY}，审计记录无法核验：请从备份中找回这个文件"
            )


def _require_file(config: Config) -> None:
    """Refuse a missing SQLite file, which SQLite would otherwise create."""
    url = make_url(config.database)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        raise click.ClickException(f"没有数据库 {url.database}：{_WHICH_HOME}")
