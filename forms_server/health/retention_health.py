"""The doctor's look at personal data: whether the campaign's time of retention is over and names are still there."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from checklist.date_formats import full_day
from checklist.loading.loader import InvalidCampaign, load_campaign
from checklist.model import Campaign
from forms_server.db.engine import make_engine
from forms_server.db.migrate import SchemaState, standing
from forms_server.health.database_health import REPAIR, UNREADABLE, is_missing
from forms_server.health.health_finding import HealthFinding, fault, fine, warning
from forms_server.personal_data.erasure import holds_names, pseudonymised_at
from forms_server.server_settings import Config

TOPIC = "个人信息"


def retention_findings(config: Config, now: datetime) -> Iterator[HealthFinding]:
    """Look at a database that can be read; what is wrong with it or the campaign is found by others."""
    if is_missing(config):
        return
    try:
        campaign = load_campaign(config.checklist)
        engine = make_engine(config.database)
        if standing(engine) is SchemaState.CURRENT:
            with engine.connect() as connection:
                yield retention_finding(connection, campaign, now)
        engine.dispose()
    except (InvalidCampaign, SQLAlchemyError, OSError):
        return
    except UNREADABLE as error:
        yield fault(TOPIC, f"数据库里有读不懂的内容（{type(error).__name__}）", REPAIR)


def retention_finding(connection: Connection, campaign: Campaign, now: datetime) -> HealthFinding:
    """Remind of pseudonymisation once the campaign's retention is over."""
    until = campaign.personal_data.kept_until(campaign.notice.deadline.at.date())
    done = pseudonymised_at(connection, campaign.id)
    if now.date() <= until:
        return fine(TOPIC, f"留到{full_day(until)}")
    if not holds_names(connection, campaign.id, campaign.notice.shared_registers):
        return fine(TOPIC, f"{full_day(done)}已隐去姓名" if done else "没有农户的姓名")
    return warning(
        TOPIC,
        f"留到{full_day(until)}，已经到期，姓名还在",
        "先备份、核对汇总表，再运行 huitoukan personal-data pseudonymise；旧备份也要按规定销毁",
    )
