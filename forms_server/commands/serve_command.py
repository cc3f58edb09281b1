"""``huitoukan serve``: the form server."""

from contextlib import ExitStack
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

import click

from build_scripts.setting_catalogue import SETTINGS, key_of
from build_scripts.settings import HOME_FILE, MACHINE_FILE
from checklist.date_formats import full_moment
from forms_server.audit import last_moment
from forms_server.audit_witness import note
from forms_server.clock import Clock
from forms_server.commands.opened_home import open_database, plain_errors, read_config, require_home
from forms_server.db.engine import transaction
from forms_server.db.integrity import damage
from forms_server.health.database_health import CLOCKS_DIFFER
from forms_server.home_lock import serving
from forms_server.imports.uploads import Uploads
from forms_server.records.issue_units import read_all_again
from forms_server.returns.expected_returns import expect
from forms_server.server_settings import ENVIRONMENT, Config

if TYPE_CHECKING:
    from forms_server.web.app import Application

_IN_CLEAR = (
    "（请留意）别的电脑用 http:// 打开时，密码和填报的内容不加密，同一个网络里的人能看到。"
    "只在信得过的内网这样用；长期用请配 HTTPS，见 README.zh.md 的“长期运行”。"
)

_CHECKED_SECONDS = 10
"""How long the start looks for damage; ``doctor`` looks at all of a large database."""

_EPILOG = (
    f"\b\n设置写在 {MACHINE_FILE} 或者数据目录的 {HOME_FILE} 里（照 deploy/huitoukan.toml 写）；同名的环境变量优先：\n"
    + "\n".join(
        f"  {key_of(name)}（{name}）\n      {text}" if SETTINGS[name].in_file else f"  {name}\n      {text}"
        for name, text in ENVIRONMENT.items()
    )
)


@click.command(help="启动填报服务，手册在 /handbook/ 下；按 Ctrl+C 停止。", epilog=_EPILOG)
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址；0.0.0.0 表示本机所有地址")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="监听的端口")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="工作进程数")
def serve(host: str, port: int, workers: int) -> None:
    """Serve with the settings of the environment."""
    with plain_errors():
        config = read_config()
    run(config, host, port, workers)


def run(config: Config, host: str, port: int, workers: int) -> None:
    """Check the database, bind the port, and serve until a signal."""
    # Lazy import: other commands start without the web libraries.
    from forms_server.web.wsgi_server import PortTaken, address, is_loopback, listen
    from forms_server.web.wsgi_server import serve as serve_app

    with ExitStack() as held:
        with plain_errors():
            require_home(config)
            held.enter_context(serving(config.home))
            app = _ready(config)
        try:
            listener = listen(host, port)
        except PortTaken as error:
            raise click.ClickException(str(error)) from error
        if not config.https and not config.demo and not is_loopback(listener):
            click.echo(_IN_CLEAR, err=True)
        where = address(listener)  # now: gunicorn takes the socket over
        serve_app(
            app,
            listener,
            workers,
            on_ready=lambda: click.echo(f"已启动：{where}  （版本 {version('huitoukan')}，按 Ctrl+C 停止）"),
            on_end=lambda: click.echo("已停止。"),
        )


def _ready(config: Config) -> "Application":
    """The application over a database of this version."""
    from build_scripts.rules.rule_problems import load_ruled_campaign
    from forms_server.web.app import create_app

    campaign = load_ruled_campaign(config.checklist)
    engine = open_database(config)
    with engine.connect() as connection:
        found = damage(connection, _CHECKED_SECONDS)
    if found:
        raise click.ClickException(
            f"数据库文件有损坏，没有启动：{found}。请留好现在的文件，用最近的备份恢复（huitoukan restore）"
        )
    Uploads(config.files).sweep()
    app = create_app(config, campaign)
    with engine.connect() as connection:
        _warn_of_clock(last_moment(connection), Clock(config.now).now())
    with transaction(
        engine
    ) as connection:  # the campaign may have got other units or names, or another deadline
        expect(connection, campaign, Clock(config.now).now())
        note(config.witness, connection, Clock(config.now).now())
        read_all_again(connection, campaign)
    engine.dispose()  # before the workers are made
    return app


def _warn_of_clock(last: datetime | None, now: datetime) -> None:
    """Warn of a clock behind the last audit row: a dead CMOS battery would misdate all new records."""
    if last and last > now + CLOCKS_DIFFER:
        click.echo(
            f"（请留意）这台电脑的时间是 {full_moment(now)}，比最后一次记录的 {full_moment(last)} 还早："
            "请先停止服务、校准时间再启动，不然登记时间、期限和逾期都会不对。",
            err=True,
        )
