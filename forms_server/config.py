"""Settings of the server, from environment variables: idle time and lifetime of sessions, HTTPS, address, mail."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from build_scripts.settings import Settings
from forms_server.exclusive_files import settle
from forms_server.mail import Server, is_mail_address

ENVIRONMENT: dict[str, str] = {
    "HUITOUKAN_CHECKLIST": "清单目录（campaign 文件夹），默认为项目内的 checklist/2022-huitoukan",
    "HUITOUKAN_HOME": "数据存放目录，默认为项目内的 var",
    "HUITOUKAN_DATABASE": "数据库地址（SQLAlchemy URL），默认为数据目录内的 SQLite",
    "HUITOUKAN_HTTPS": "设为 1：经 HTTPS 访问，Cookie 只走加密连接",
    "HUITOUKAN_IDLE_HOURS": "多少小时无操作后需重新登录，默认 12",
    "HUITOUKAN_SESSION_DAYS": "登录最长保持多少天，默认 7",
    "HUITOUKAN_ADDRESS": "别人打开本系统的网址，如 http://10.1.2.3:8000，提醒邮件和日历里的链接、账号纸条上的网址用它；后面不带路径",
    "HUITOUKAN_SMTP": "发提醒邮件的服务器，如 smtp+starttls://账号:密码@mail.example.cn；也可用 smtps:// 或不加密的 smtp://",
    "HUITOUKAN_MAIL_FROM": "提醒邮件的发件邮箱",
    "HUITOUKAN_NOW": "固定时钟，如 2022-08-25T09:00，仅供演示和测试；正式服务设置了它就不启动",
}
"""Every variable that the server reads, and what it is for; ``serve --help`` lists them."""

_YEARS = range(2000, 2101)
"""A fixed clock's: days are counted from it, back and forth."""

AUDIT_KEY = "audit.key"
"""Name of the file in the home with the key of the audit."""


class BadSetting(ValueError):
    """A setting that cannot be used; its text says which one and what to write."""


@dataclass(frozen=True)
class Config(Settings):
    """The settings of a running server."""

    https: bool = False
    """Whether the server is reached through HTTPS, which makes cookies ``Secure``."""
    session_idle: timedelta = timedelta(hours=12)
    """Idle time after which a session ends (``HUITOUKAN_IDLE_HOURS``)."""
    session_absolute: timedelta = timedelta(days=7)
    """Maximum age of a session (``HUITOUKAN_SESSION_DAYS``)."""
    address: str = ""
    """Public base URL without a trailing slash; empty if unset."""
    smtp: Server | None = None
    mail_from: str = ""
    now: datetime | None = None
    """A fixed clock; only where ``demo`` is set."""
    demo: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], demo: bool = False) -> "Config":
        """Read the settings; an empty variable counts as one that is not set.

        Raises:
            BadSetting: for a value that makes no sense, or a fixed clock outside demonstrations.
        """
        shared = Settings.from_environment(environ)
        return cls(
            checklist=shared.checklist,
            home=shared.home,
            database=_database(shared.database),
            https=_switch(environ, "HUITOUKAN_HTTPS"),
            session_idle=timedelta(hours=_count(environ, "HUITOUKAN_IDLE_HOURS", 12)),
            session_absolute=timedelta(days=_count(environ, "HUITOUKAN_SESSION_DAYS", 7)),
            address=_address(environ),
            smtp=_smtp(environ),
            mail_from=_mail_from(environ),
            now=_fixed_clock(environ, demo),
            demo=demo,
        )

    @property
    def site(self) -> Path:
        """Folder of the built handbook."""
        return self.home / "site"

    def secret_key(self) -> bytes:
        """Key that signs cookies."""
        return self._key("secret.key")

    def audit_key(self) -> bytes:
        """Key of the audit's hash chain; a chain can be verified only with the key that made it."""
        return self._key(AUDIT_KEY)

    def _key(self, name: str) -> bytes:
        """Read a key, generated on first use and readable by the server's user only."""
        path = self.home / name
        if not path.exists():
            self.make_home()
            _write_once(path, secrets.token_bytes(32))
        return path.read_bytes()


def _write_once(path: Path, content: bytes) -> None:
    """Write a private file atomically, unless another process has created it."""
    # mkstemp makes a file that only its owner may read.
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        with suppress(FileExistsError):
            settle(Path(temporary), path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _switch(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name) or "0"
    if value not in {"0", "1"}:
        raise BadSetting(f"{name} 只能是 0 或 1，现在是“{value}”")
    return value == "1"


def _database(url: str) -> str:
    wrong = BadSetting(
        "HUITOUKAN_DATABASE 应写成 postgresql://账号:密码@10.1.2.3:5432/huitoukan 或者 sqlite:////目录/文件 这样，"
        "端口是数字；别的数据库不能用"
    )
    try:
        backend = make_url(url).get_backend_name()
    except (ArgumentError, ValueError):  # without its text, which may hold a password
        raise wrong from None
    if backend not in {"postgresql", "sqlite"}:
        raise wrong
    return url


def _address(environ: Mapping[str, str]) -> str:
    value = environ.get("HUITOUKAN_ADDRESS") or ""
    if value and not _is_address(value):
        raise BadSetting(
            f"HUITOUKAN_ADDRESS 应写成 http://10.1.2.3:8000 这样，只有主机和端口，后面没有路径，现在是“{value}”"
        )
    return value.rstrip("/")


def _is_address(value: str) -> bool:
    """Whether it is a valid base URL."""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port  # which may be no number
    except ValueError:
        return False
    plain = value.isprintable() and not set(value) & set(" @?#\\")
    return parts.scheme in {"http", "https"} and bool(host) and not parts.path.strip("/") and plain


def _mail_from(environ: Mapping[str, str]) -> str:
    value = environ.get("HUITOUKAN_MAIL_FROM") or ""
    if value and not is_mail_address(value):
        raise BadSetting(
            f"HUITOUKAN_MAIL_FROM 只写邮箱，如 office@example.cn，不带名字和尖括号，现在是{value!r}"
        )
    return value


def _smtp(environ: Mapping[str, str]) -> Server | None:
    value = environ.get("HUITOUKAN_SMTP")
    try:
        return Server.from_url(value) if value else None
    except ValueError:  # without its text, which may hold a password
        raise BadSetting("HUITOUKAN_SMTP 应写成 smtp+starttls://账号:密码@mail.example.cn 这样") from None


def _count(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name) or str(default)
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 1000:
        raise BadSetting(f"{name} 应是 1 到 1000 的整数，现在是“{value}”")
    return int(value)


def _fixed_clock(environ: Mapping[str, str], demo: bool) -> datetime | None:
    value = environ.get("HUITOUKAN_NOW")
    if not value:
        return None
    if not demo:
        raise BadSetting("HUITOUKAN_NOW 仅供演示和测试：请取消这个环境变量后再启动正式服务")
    try:
        fixed = datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:
        raise BadSetting(f"HUITOUKAN_NOW 应写成 2022-08-25T09:00，现在是“{value}”") from None
    if fixed.year not in _YEARS:
        raise BadSetting(f"HUITOUKAN_NOW 应在 {_YEARS[0]} 年到 {_YEARS[-1]} 年之间，现在是“{value}”")
    return fixed
