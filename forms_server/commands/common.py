"""What the commands share: settings, campaign and database, with a sentence instead of a traceback."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from build_scripts.replacing import trouble
from build_scripts.settings import Settings
from checklist.loader import InvalidCampaign, load_campaign
from checklist.model import Campaign
from forms_server.audit import read_head
from forms_server.config import AUDIT_KEY, BadSetting, Config
from forms_server.db.engine import UnsoundSQLite, make_engine
from forms_server.db.migrate import is_current
from forms_server.in_use import InUse


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turns what can go wrong from outside into one message on stderr and exit code 1."""
    try:
        yield
    except (BadSetting, InUse, UnsoundSQLite) as error:
        raise click.ClickException(str(error)) from error
    except InvalidCampaign as error:
        raise click.ClickException(f"清单有误，不能使用：\n{error}") from error
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise click.ClickException(f"HUITOUKAN_DATABASE 写得不对，或缺少数据库驱动：{error}") from error
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise click.ClickException(f"不能使用数据库：{cause}") from error
    except BrokenPipeError:  # whoever read what is printed has gone
        raise
    except OSError as error:
        raise click.ClickException(trouble(error, Settings.from_environment(os.environ).home)) from error


@contextmanager
def private_files() -> Iterator[None]:
    """Files made meanwhile are for this user alone: the database has names and password hashes in it."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def read_config(demo: bool = False) -> Config:
    """The settings of the environment."""
    return Config.from_environment(os.environ, demo)


def read_campaign(config: Config) -> Campaign:
    """The campaign of the settings."""
    return load_campaign(config.checklist)


def open_database(config: Config) -> Engine:
    """The database, whose tables must be of this version.

    Raises:
        click.ClickException: where ``init`` has to run first, or the key of the audit is lost.
    """
    lost = not (config.home / AUDIT_KEY).exists()
    engine = make_engine(config.database, config.audit_key())
    with private_files():  # SQLite makes a database that is missing
        current = is_current(engine)
    if not current:
        raise click.ClickException("数据库还没有建立，或版本不对：请先运行 huitoukan init")
    if lost and _was_used(engine):
        (config.home / AUDIT_KEY).unlink()  # a new key would hide that the old one is missing
        raise click.ClickException(
            f"{config.home} 里没有 {AUDIT_KEY}，审计记录无法核验：请从备份中找回这个文件"
        )
    return engine


def _was_used(engine: Engine) -> bool:
    with engine.connect() as connection:
        return read_head(connection) is not None
