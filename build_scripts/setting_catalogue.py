"""The registry of settings: names, types and purposes. A setting is an environment variable or a key of a file.

Defaults and checks: ``build_scripts.settings`` for all commands, ``forms_server.server_settings`` for the server.
"""

from collections.abc import Mapping
from dataclasses import dataclass

PREFIX = "HUITOUKAN_"

FILE_VARIABLE = "HUITOUKAN_SETTINGS"
"""The variable that names another settings file than the machine's."""


@dataclass(frozen=True)
class Setting:
    """One setting."""

    purpose: str
    kind: type[str] | type[int] | type[bool] = str
    """The type of its value in a file; in the environment all are text, and a switch is 0 or 1."""
    in_file: bool = True
    """Whether a file may set it."""
    is_place: bool = False
    """Whether it is a path, which a file must write in full: nobody knows from where a command will be run."""


SETTINGS: Mapping[str, Setting] = {
    "HUITOUKAN_CHECKLIST": Setting(
        "清单目录（campaign 文件夹），默认为数据目录内的 campaigns/2022-huitoukan，init 会建好", is_place=True
    ),
    "HUITOUKAN_HOME": Setting(
        "数据存放目录，默认为项目内的 var；只装了程序、没有项目目录的，是当前目录的 var", is_place=True
    ),
    "HUITOUKAN_FILES": Setting(
        "照片和正在导入的文件放在哪里，默认为数据目录；几台网页服务器各有数据目录的，设成都能读写的共享文件夹",
        is_place=True,
    ),
    "HUITOUKAN_DATABASE": Setting("数据库地址（SQLAlchemy URL），默认为数据目录内的 SQLite"),
    "HUITOUKAN_HTTPS": Setting("经 HTTPS 访问：Cookie 只走加密连接；环境变量里设为 1", bool),
    "HUITOUKAN_IDLE_HOURS": Setting("多少小时无操作后需重新登录，默认 12", int),
    "HUITOUKAN_IDLE_MINUTES": Setting(
        "各角色多少分钟无操作后需重新登录，默认 office=30, admin=30；没有写的角色按 idle_hours"
    ),
    "HUITOUKAN_SESSION_DAYS": Setting("登录最长保持多少天，默认 7", int),
    "HUITOUKAN_SESSION_HOURS": Setting(
        "各角色登录最长保持多少小时，默认 office=12, admin=12；没有写的角色按 session_days"
    ),
    "HUITOUKAN_SESSIONS": Setting("一个账号最多同时在几处登录，默认 5；再登录，最久没用的一处退出", int),
    "HUITOUKAN_ONE_USE_DAYS": Setting("一次性密码几天内有效，默认 14", int),
    "HUITOUKAN_SECOND_FACTOR_FROM": Setting(
        "从哪一天起，办公室、管理员、主要负责人登录必须用动态码，如 2022-08-15；不写就是可用可不用"
    ),
    "HUITOUKAN_RESET_MARK_DAYS": Setting("密码由别人重置后几天内签字的，报送页面和纸上写明，默认 7", int),
    "HUITOUKAN_TRUSTED_PROXIES": Setting(
        "信任哪些反向代理说的来访地址，IP 或网段用逗号分开，默认只信本机（127.0.0.0/8, ::1）"
    ),
    "HUITOUKAN_ADDRESS": Setting(
        "别人打开本系统的网址，如 http://10.1.2.3:8000，提醒邮件和日历里的链接、账号纸条上的网址用它；后面不带路径"
    ),
    "HUITOUKAN_SMTP": Setting(
        "发提醒邮件的服务器，如 smtp+starttls://账号:密码@mail.example.cn；也可用 smtps:// 或不加密的 smtp://"
    ),
    "HUITOUKAN_MAIL_FROM": Setting("提醒邮件的发件邮箱"),
    "HUITOUKAN_BACKUPS": Setting(
        "huitoukan backup 不写文件名时备份到哪个文件夹，默认为数据目录内的 backups", is_place=True
    ),
    "HUITOUKAN_BACKUP_PASSPHRASE": Setting(
        "存着备份口令的文件（第一行），备份就用它加密；没有设置的，备份不加密、里面也没有审计密钥",
        is_place=True,
    ),
    "HUITOUKAN_BACKUP_RECIPIENTS": Setting(
        "备份用公钥加密：huitoukan backup-key 生成的 age1 开头的公钥，几个的用逗号分开；"
        "打开备份的密钥文件不放在这台机器上"
    ),
    "HUITOUKAN_WITNESS": Setting(
        "审计见证追加到哪个文件，最好在另一台机器的共享目录里；启动、备份、发提醒时各记一行，audit verify 拿它核对",
        is_place=True,
    ),
    "HUITOUKAN_SUMMARY_PAGES": Setting(
        "手册里各单位的汇总数字给谁看：public 所有人（小于 5 的数不显示）、signed-in 登录的人、office 办公室和督导组；"
        "默认 signed-in，改了要重新生成手册"
    ),
    "HUITOUKAN_CERTIFICATE": Setting(
        "HTTPS 证书文件的位置，huitoukan doctor 看它什么时候到期", is_place=True
    ),
    "HUITOUKAN_SETTINGS": Setting("另用一个设置文件，代替 /etc/huitoukan.toml", in_file=False),
    "HUITOUKAN_NOW": Setting(
        "固定时钟，如 2022-08-25T09:00，仅供演示和测试；正式服务设置了它就不启动", in_file=False
    ),
}
"""Every setting by its environment variable; ``serve --help`` lists them."""


def key_of(name: str) -> str:
    """The key of a settings file for an environment variable."""
    return name.removeprefix(PREFIX).lower()


NAME_OF_KEY: Mapping[str, str] = {key_of(name): name for name, each in SETTINGS.items() if each.in_file}
"""Keys that a settings file may have, to the environment variables that they stand for."""
