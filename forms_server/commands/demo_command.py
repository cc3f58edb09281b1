"""``huitoukan demo``: the same server over invented data."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import click
from click.exceptions import Exit

from build_scripts.settings import sqlite_url
from checklist.date_formats import full_moment
from forms_server.account import ROLE_NAMES, Account
from forms_server.commands.opened_home import plain_errors, private_files, read_campaign, read_config
from forms_server.commands.serve_command import run
from forms_server.server_settings import Config

AFTER = timedelta(hours=3)
"""The demonstration's clock stands so long after the deadline, unless HUITOUKAN_NOW says otherwise: by then some
returns were received, some sent back, some came late, and some are missing."""


@click.command(help="用演示数据启动：虚构的人和问题，每种角色一个账号。每次启动重新生成，不动正式数据。")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="监听的端口")
def demo(host: str, port: int) -> None:
    """Serve demonstration data from a folder of its own, regenerated on each start."""
    with plain_errors():
        config = read_config(demo=True)
        campaign = read_campaign(config)
        home = config.home / "demo"
        now = config.now or campaign.notice.deadline.at + AFTER
        database = sqlite_url(home / "huitoukan.sqlite3")
        config = replace(config, home=home, database=database, now=now)
        with private_files():
            shown, password = _fill(config)
    _compile(config)
    click.echo(f"演示数据已生成，时钟固定在 {full_moment(now)}。密码都是 {password}，账号：")
    for account in shown:
        unit = campaign.unit_by_code[account.unit_code].name
        click.echo(f"  {account.name:<12}{ROLE_NAMES[account.role]}（{unit}）")
    run(config, host, port, workers=2)


def _fill(config: Config) -> tuple[list[Account], str]:
    """A new database with the demonstration in it."""
    # Lazy imports: other commands start without them.
    from forms_server.accounts import account_store
    from forms_server.db.engine import make_engine, transaction
    from forms_server.db.migrate import migrate
    from forms_server.demo.seed import seed

    shutil.rmtree(config.home, ignore_errors=True)
    config.make_home()
    engine = make_engine(config.database, config.audit_key())
    migrate(engine)
    password, password_hash = account_store.hash_one_use()
    assert config.now is not None
    with transaction(engine) as connection:
        shown = seed(connection, read_campaign(config), config.now, password_hash)
    engine.dispose()
    return shown, password


def _compile(config: Config) -> None:
    """The summary of the demonstration's records, and the handbook with its figures.

    In subprocesses, so that forked workers do not carry the memory of pandas and MkDocs.
    """
    assert config.now is not None
    places = {
        "HUITOUKAN_HOME": str(config.home),
        "HUITOUKAN_DATABASE": config.database,
        "HUITOUKAN_CHECKLIST": str(config.checklist),
    }
    environment = {**os.environ, **places, "HUITOUKAN_NOW": config.now.isoformat(timespec="minutes")}
    for command in (["summary", "--interim"], ["handbook", "build"]):
        done = subprocess.run([sys.executable, "-m", "forms_server", *command], env=environment, check=False)  # noqa: S603
        if done.returncode:  # it has said why
            raise Exit(done.returncode)
