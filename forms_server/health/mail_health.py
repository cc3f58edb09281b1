"""The doctor's look at the mail settings; it connects only when asked."""

from forms_server.health.health_finding import HealthFinding, fault, fine, note, warning
from forms_server.mail import connected, why
from forms_server.server_settings import Config

_TOPIC = "邮件"


def mail_finding(config: Config, *, connects: bool) -> HealthFinding:
    """Look at the settings, and sign in to the server if ``connects``; nothing is sent."""
    said = {"smtp": config.smtp, "mail_from": config.mail_from, "address": config.address}
    lacking = [name for name, value in said.items() if not value]
    if config.smtp is None:
        return note(_TOPIC, "没有设置发信服务器，不发提醒邮件")
    if lacking:
        return warning(_TOPIC, f"设置了发信服务器，还缺 {'、'.join(lacking)}，提醒发不出去", "补在设置文件里")
    where = f"{config.smtp.host}:{config.smtp.port}"
    if not connects:
        return fine(_TOPIC, f"已设置 {where}；要试连接，加 --mail")
    try:
        with connected(config.smtp):
            return fine(_TOPIC, f"{where} 连得上，能登录")
    except OSError as error:  # errors of SMTP are of this kind
        return fault(_TOPIC, f"{where} 用不了：{why(error)}", "核对设置里的 smtp，和防火墙")
