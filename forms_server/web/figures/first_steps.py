"""What the office does before a campaign begins: a list that ticks itself, and is gone once all is done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import Connection, select

from build_scripts.intake.roster_columns import roster_form
from forms_server.accounts.account_store import all_accounts
from forms_server.backup.backup_generations import backups_in
from forms_server.db.tables import household
from forms_server.services import Services


@dataclass(frozen=True)
class FirstStep:
    """One thing to do.

    Attributes:
        name: in words.
        done: whether it is.
        told: how far it is, or what for.
        address: the page where it is done; empty where it is done on the server.
        needed: whether the list stays until it is done.
    """

    name: str
    done: bool
    told: str
    address: str = ""
    needed: bool = True


def first_steps(connection: Connection, used: Services) -> Sequence[FirstStep]:
    """The steps in their order; empty once those that are needed are done."""
    steps = list(_steps(connection, used))
    return [] if all(step.done for step in steps if step.needed) else steps


def _steps(connection: Connection, used: Services) -> Iterator[FirstStep]:
    units = used.campaign.filing_units
    accounts = [each for each in all_accounts(connection) if not each.disabled]
    supplied = {each.unit_code for each in accounts}
    without = sum(unit.code not in supplied for unit in units)
    yield FirstStep(
        "给每个单位建账号",
        not without,
        f"还有 {without} 个单位没有" if without else f"{len(units)} 个单位都有了",
        url_for("accounts.index"),
    )
    began = {each.unit_code for each in accounts if not each.must_change_password}
    waiting = sum(unit.code not in began for unit in units)
    yield FirstStep(
        "打印账号单，发下去",
        not waiting,
        f"还有 {waiting} 个单位没有人登录过" if waiting else "每个单位都有人登录过",
        url_for("accounts.index"),
    )
    if roster_form(used.campaign):
        listed = select(household.c.id).where(
            household.c.campaign_id == used.campaign.id, household.c.listed.is_(True)
        )
        known = connection.execute(listed.limit(1)).first() is not None
        name = used.campaign.roster.name
        yield FirstStep(
            f"导入{name}",
            known,
            "排查时选户、不用打字" if not known else "已导入，有新的再导",
            url_for("roster.index"),
        )
    config = used.config
    yield FirstStep(
        "用 https 的网址",
        config.https,
        config.address if config.https else "没有 https，口令在网上看得见，手机上也不能带外带包",
        needed=False,
    )
    yield FirstStep(
        "接上邮件", config.smtp is not None, "每天提醒各单位；不接也能用，提醒都在首页上", needed=False
    )
    kept = backups_in(config.backups) if config.backups.is_dir() else []
    yield FirstStep(
        "备份",
        bool(kept),
        f"已有 {len(kept)} 份" if kept else "还没有备份：请管理员运行 huitoukan backup，并启用每天的定时备份",
    )
