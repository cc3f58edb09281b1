"""``huitoukan remind``: the day's reminders by e-mail, to be run once a day."""

import smtplib
from collections.abc import Sequence
from datetime import date

import click
from sqlalchemy import Engine

from build_scripts.settings_file import BadSetting
from checklist.model import Campaign
from forms_server.account import Account
from forms_server.audit_witness import current, note
from forms_server.clock import Clock
from forms_server.commands.opened_home import (
    only_here,
    open_database,
    plain_errors,
    read_campaign,
    read_config,
)
from forms_server.db.engine import transaction
from forms_server.mail import Server, connected, message, why
from forms_server.reminders import mail_addresses
from forms_server.reminders.due_reminders import reminders
from forms_server.reminders.reminder_mail import mail_subject, mail_text
from forms_server.server_settings import Config


@click.command(
    help="给留了邮箱的人发今天的提醒：逾期、今明到期、待销号。每人每天一封，重复运行不会重发；宜设成每天早上自动运行。"
)
@click.option("--dry-run", is_flag=True, help="只列出要发给谁、写什么，不发")
def remind(dry_run: bool) -> None:
    """Send every account that gave an address what it is to be reminded of; nothing where there is nothing."""
    with plain_errors():
        config = read_config()
        server = None if dry_run else _server(config)
        campaign, engine = read_campaign(config), open_database(config)
        today = Clock(config.now).today()
        with only_here(engine, config.home, "remind"):
            with engine.connect() as connection:
                note(None if dry_run else config.witness, connection, Clock(config.now).now())
            letters = _letters(config, campaign, engine, today)
            for account, address, text in letters if server is None else ():
                click.echo(f"{account.name} <{address}>\n{text}")
            failed = _send(server, config, campaign, engine, today, letters) if server else 0
    done = f"要发 {len(letters)} 封" if dry_run else f"已发 {len(letters) - failed} 封"
    click.echo(f"{done}提醒邮件。")
    if not letters:
        click.echo("填了邮箱的人今天没有要办的，或者已经发过。邮箱由各人登录后在“提醒”里填。")
    if failed:
        raise click.ClickException(f"{failed} 封没有发出去，原因见上；改好后再运行一次，已经发过的不会重发。")


def _server(config: Config) -> Server:
    missing = [
        name
        for name, value in (
            ("HUITOUKAN_SMTP", config.smtp),
            ("HUITOUKAN_MAIL_FROM", config.mail_from),
            ("HUITOUKAN_ADDRESS", config.address),
        )
        if not value
    ]
    if missing or config.smtp is None:
        raise BadSetting(f"发提醒邮件要先设置 {'、'.join(missing)}，写法见 huitoukan serve --help")
    return config.smtp


_Letter = tuple[Account, str, str]
"""Account, address and message."""


def _letters(config: Config, campaign: Campaign, engine: Engine, today: date) -> Sequence[_Letter]:
    """Mails to send; accounts without reminders are skipped."""
    from forms_server.web.reminders.reminder_links import reminder_links

    with engine.connect() as connection:
        people = mail_addresses.to_remind(connection, today)
        found = [(each, to, reminders(connection, campaign, each, today)) for each, to in people]
        witness = current(connection)
    with reminder_links(config, campaign) as link:
        return [
            (account, to, mail_text(campaign, link, what, str(witness or "")))
            for account, to, what in found
            if what
        ]


def _send(
    server: Server,
    config: Config,
    campaign: Campaign,
    engine: Engine,
    today: date,
    letters: Sequence[_Letter],
) -> int:
    """Send mails one by one and record each success; returns the number of failures."""
    failed = 0
    if not letters:
        return 0
    try:
        with connected(server) as connection:
            for account, to, text in letters:
                subject = mail_subject(campaign, today)
                mail = message(config.mail_from, campaign.notice.issuer, to, subject, text)
                try:
                    connection.send_message(mail)
                except smtplib.SMTPException as error:
                    failed += 1
                    click.echo(f"{account.name} <{to}>：{why(error)}", err=True)
                    continue
                with transaction(engine) as database:
                    mail_addresses.reminded(database, account, today)
    except (OSError, smtplib.SMTPException) as error:
        raise click.ClickException(f"发信服务器 {server.host}:{server.port} 用不了：{why(error)}") from error
    return failed
