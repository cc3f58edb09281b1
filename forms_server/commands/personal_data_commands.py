"""``huitoukan personal-data``: what is held, erasure of a household, pseudonymisation of a campaign that is over."""

import click
from sqlalchemy import Connection, select

from checklist.date_formats import full_day
from checklist.model import Campaign
from forms_server.clock import Clock
from forms_server.commands.opened_home import open_database, plain_errors, read_campaign, read_config
from forms_server.db.engine import transaction
from forms_server.db.tables import household
from forms_server.personal_data.erasure import Erased, erase_campaign, erase_household
from forms_server.photos.photo_files import PhotoFiles

_YES = click.option("--yes", is_flag=True, help="不再询问")
_OLD_BACKUPS = "以前的备份里还有姓名，请按规定销毁或者另存保管。"


@click.group("personal-data", help="个人信息：有哪些、留多久；应本人要求删除一户；到期隐去全部姓名。")
def personal_data() -> None:
    """Personal data."""


@personal_data.command(help="列出有哪些人的什么信息、为什么、留到哪天。")
def show() -> None:
    """Print what is held, as the campaign says."""
    with plain_errors():
        campaign = read_campaign(read_config())
    held = campaign.personal_data
    for kind in held.kinds:
        click.echo(f"{kind.whose}\n  {kind.what}\n  为什么：{kind.why}\n  谁能看到：{kind.readers}")
    until = held.kept_until(campaign.notice.deadline.at.date())
    click.echo(f"留到{full_day(until)}。{held.afterwards}\n{held.requests}")


@personal_data.command(
    help="应本人要求删除一户：名册和台账、排查表、报送存档里的姓名和文字隐去，照片删除，数字不变。"
)
@click.argument("village")
@click.argument("householder")
@_YES
def erase(village: str, householder: str, yes: bool) -> None:
    """Erase what is held about one household."""
    with plain_errors():
        config = read_config()
        campaign, engine = read_campaign(config), open_database(config)
        with engine.connect() as connection:
            household_id = _find(connection, campaign, village, householder)
        if not yes:
            click.confirm(f"删除 {village} {householder} 的信息，不能恢复。继续吗？", abort=True)
        with transaction(engine) as connection:
            done = erase_household(connection, Clock(config.now).now(), campaign.id, household_id)
        done.remove_files(PhotoFiles(config.files))
    _tell(done)


@personal_data.command(help="专项行动到期以后，隐去全部户主姓名、户编号和文字，删除照片；各项数字不变。")
@click.option("--early", is_flag=True, help="还没有到期也做")
@_YES
def pseudonymise(early: bool, yes: bool) -> None:
    """Take all names out of a campaign that is over."""
    with plain_errors():
        config = read_config()
        campaign, engine = read_campaign(config), open_database(config)
        now = Clock(config.now).now()
        until = campaign.personal_data.kept_until(campaign.notice.deadline.at.date())
        if now.date() <= until and not early:
            raise click.ClickException(f"要留到{full_day(until)}，还没有到期；确要现在做，加 --early")
        if not yes:
            click.confirm(
                f"隐去“{campaign.notice.name}”的全部姓名，不能恢复。备份、核对过了吗？继续吗？", abort=True
            )
        with transaction(engine) as connection:
            done = erase_campaign(connection, now, campaign.id, campaign.notice.shared_registers)
        done.remove_files(PhotoFiles(config.files))
    _tell(done)


def _find(connection: Connection, campaign: Campaign, village: str, householder: str) -> str:
    """The id of the household of that name in that village.

    Raises:
        click.ClickException: there is none, or there are several.
    """
    known = {
        code for code, each in campaign.village_by_code.items() if village in {code, each.name, *each.aliases}
    }
    columns = household.c
    rows = connection.execute(
        select(columns.id, columns.number).where(
            columns.campaign_id == campaign.id,
            columns.village_code.in_(known),
            columns.householder == householder,
        )
    ).all()
    if len(rows) == 1:
        return str(rows[0].id)
    if not rows:
        raise click.ClickException(f"{village} 没有 {householder}：村写全名或十二位代码，姓名照名册写")
    raise click.ClickException(f"{village} 有 {len(rows)} 户 {householder}：请先在“同名待定”里分清是哪一户")


def _tell(done: Erased) -> None:
    rows = "、".join(f"{name} {number} 行" for name, number in done.rows.items()) or "没有要改的"
    click.echo(
        f"已隐去：{rows}；删除照片 {len(done.photos)} 张。审计里记下了这件事，不记姓名。{_OLD_BACKUPS}"
    )
