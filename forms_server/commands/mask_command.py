"""``huitoukan mask``: personal numbers in what is stored."""

import click

from forms_server.clock import Clock
from forms_server.commands.opened_home import open_database, plain_errors, read_config
from forms_server.db.engine import transaction
from forms_server.stored_number_masking import Masked, mask_stored

_CALLED = {
    "account": "个账号的姓名",
    "draft": "份草稿",
    "extension": "次延期",
    "finding": "条发现",
    "handed_in_figure": "格自填汇总表",
    "household": "户名册",
    "import_batch": "次导入的文件名",
    "import_change": "行导入记录",
    "issue": "条问题",
    "proposed_household": "户拟识别",
    "remembered_reading": "种记住的说法",
    "report_text": "段报告",
    "signed_return": "条退回理由",
    "visit": "份排查表",
}


@click.command(help="隐去已存文字里的身份证号、手机号、银行卡号；init 升级时也会做。可以重复运行。")
def mask() -> None:
    """Mask the personal numbers that were stored before they were refused."""
    with plain_errors():
        config = read_config()
        with transaction(open_database(config)) as connection:
            hidden = mask_stored(connection, Clock(config.now).now())
    if not hidden:
        click.echo("已存的文字里没有身份证号、手机号、银行卡号。")
    tell_masked(hidden)


def tell_masked(hidden: Masked) -> None:
    """Say how many texts were masked, and which numbers are left; nothing where there are none."""
    if hidden.rows:
        parts = "，".join(f"{number} {_CALLED[table]}" for table, number in hidden.rows.items())
        click.echo(f"已隐去文字里的身份证号、手机号、银行卡号（改成星号）：{parts}。")
    if hidden.accounts:
        click.echo(
            f"（请留意）有 {hidden.accounts} 个账号名像是个人号码，没有改，请另建账号后停用。", err=True
        )
