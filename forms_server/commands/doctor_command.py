"""``huitoukan doctor``: looks over the installation and says what to do."""

import json
import os
from collections.abc import Iterator, Sequence

import click
from click.exceptions import Exit

from build_scripts.home_campaign import base_in, pending_merge
from build_scripts.progress import Tell, followed
from build_scripts.settings import SettingValues, gather
from build_scripts.settings_file import BadSetting
from checklist.loading.loader import InvalidCampaign
from forms_server.clock import Clock
from forms_server.commands.opened_home import private_files, read_campaign
from forms_server.health.health_finding import (
    LEVEL_MARKS,
    HealthFinding,
    HealthLevel,
    fault,
    fine,
    note,
    warning,
)
from forms_server.health.setting_origins import left_examples, setting_origins
from forms_server.server_settings import Config


@click.command(
    help="检查这套系统：版本、设置、数据库、备份、时钟、磁盘、权限、证书、邮件，逐项说明要做什么；有故障，退出码为 1。"
)
@click.option("--quick", is_flag=True, help="不逐页核对数据库，不试恢复备份")
@click.option("--mail", is_flag=True, help="试连发信服务器（不发信）")
@click.option("--json", "as_json", is_flag=True, help="结果用 JSON 说，给程序用")
def doctor(quick: bool, mail: bool, as_json: bool) -> None:
    """Look over the installation; changes nothing."""
    values = SettingValues({})
    with followed() as tell, private_files():
        try:
            values = gather(os.environ)
            findings = _examined(values, tell, quick=quick, mail=mail)
        except BadSetting as error:
            findings = [fault("设置", str(error), "改好设置，再运行一次")]
    _tell(values, findings, as_json=as_json)
    if any(each.level is HealthLevel.FAULT for each in findings):
        raise Exit(1)


def _examined(values: SettingValues, tell: Tell, *, quick: bool, mail: bool) -> list[HealthFinding]:
    # Lazy imports: ``--help`` needs no database.
    from forms_server.health.backup_health import backup_findings
    from forms_server.health.database_health import database_findings, sqlite_finding
    from forms_server.health.machine_health import machine_findings
    from forms_server.health.mail_health import mail_finding
    from forms_server.health.retention_health import retention_findings

    config = Config.from_environment(values)
    now = Clock(config.now).now()
    tell("检查数据库")
    return [
        *_settings_findings(values),
        *_campaign_findings(config),
        sqlite_finding(),
        *database_findings(config, now, thorough=not quick),
        *retention_findings(config, now),
        *machine_findings(config),
        *backup_findings(config, now, tell, restores=not quick),
        mail_finding(config, connects=mail),
    ]


def _settings_findings(values: SettingValues) -> list[HealthFinding]:
    doubtful = [
        warning(
            "设置",
            f"{file.path} 里有密码，每个账号都能读",
            f"用 root 运行 chown root:huitoukan {file.path} && chmod 640 {file.path}",
        )
        for file in values.files
        if file.is_exposed
    ]
    doubtful += [
        warning("设置", f"{each.name} 还是样例 {each.value}（{each.place}）", f"把 {each.name} 改成自己的")
        for each in left_examples(values)
    ]
    read = "、".join(str(file.path) for file in values.files) or "没有设置文件，只有环境变量和默认值"
    return doubtful or [fine("设置", read)]


def _campaign_findings(config: Config) -> Iterator[HealthFinding]:
    try:
        campaign = read_campaign(config)
    except InvalidCampaign as error:
        yield fault("清单", str(error), "运行 huitoukan check，逐条改好")
    else:
        yield fine("清单", f"{campaign.notice.name}（{config.checklist}）")
    if config.names_checklist:
        return
    if not base_in(config.home).is_dir():
        yield warning(
            "清单",
            f"{config.home} 里还没有自己的清单，用的是程序带的",
            "运行 huitoukan init，以后改数据目录里的",
        )
    elif changed := pending_merge(config.home).shipped:
        yield note(
            "清单", f"新版本改了 {len(changed)} 个文件，还没有并入（huitoukan campaign changes 看改了什么）"
        )


def _tell(values: SettingValues, findings: Sequence[HealthFinding], *, as_json: bool) -> None:
    settings = list(setting_origins(values))
    if as_json:
        said = {
            "ok": all(each.level is not HealthLevel.FAULT for each in findings),
            "findings": [
                {"topic": each.topic, "level": each.level.value, "words": each.words, "remedy": each.remedy}
                for each in findings
            ],
            "settings": [each._asdict() for each in settings],
        }
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    for each in findings:
        click.echo(f"{LEVEL_MARKS[each.level]}  {each.topic}：{each.words}")
        if each.remedy:
            click.echo(f"      要做：{each.remedy}")
    click.echo("设置：")
    for name, value, place in settings:
        click.echo(f"  {name} = {value}（{place}）" if value else f"  {name}（{place}）")
