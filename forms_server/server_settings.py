"""Settings of the server: what the shared ones mean to it; accounts and sessions, HTTPS, address, mail."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from build_scripts.setting_catalogue import SETTINGS
from build_scripts.settings import Settings, SettingValues, gather
from build_scripts.settings_file import BadSetting
from forms_server.account_policy import AccountPolicy
from forms_server.exclusive_files import settle
from forms_server.mail import Server, is_mail_address

ENVIRONMENT: Mapping[str, str] = {name: setting.purpose for name, setting in SETTINGS.items()}
"""Every environment variable that the server reads, and what it is for."""

_YEARS = range(2000, 2101)
"""A fixed clock's: days are counted from it, back and forth."""

_OF_DEMONSTRATIONS = frozenset({"HUITOUKAN_CHECKLIST", "HUITOUKAN_HOME"})

AUDIT_KEY = "audit.key"
"""Name of the file in the home with the key of the audit."""


@dataclass(frozen=True)
class Config(Settings):
    """The settings of a running server."""

    https: bool = False
    """Whether the server is reached through HTTPS, which makes cookies ``Secure``."""
    policy: AccountPolicy = field(default_factory=AccountPolicy)
    """The rules of accounts and sessions."""
    smtp: Server | None = None
    mail_from: str = ""
    certificate: Path | None = None
    """Certificate of the HTTPS front, for the doctor to look at."""
    file_folder: Path | None = None
    backup_folder: Path | None = None
    backup_passphrase: Path | None = None
    """File with the passphrase of backups."""
    backup_recipients: str = ""
    """Public keys that backups are encrypted to, as they are typed."""
    witness: Path | None = None
    """File to which the audit's head is appended."""
    now: datetime | None = None
    """A fixed clock; only where ``demo`` is set."""
    demo: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], demo: bool = False) -> "Config":
        """Read the settings of the environment and the settings file; an empty variable counts as unset.

        A demonstration takes only campaign and home from a file: mail, addresses and HTTPS are the real service's.

        Raises:
            BadSetting: for a value that makes no sense, or a fixed clock outside demonstrations.
        """
        values = gather(environ)
        if demo:
            values = values.without_files(but=_OF_DEMONSTRATIONS)
        shared = Settings.from_environment(values)
        return cls(
            checklist=shared.checklist,
            home=shared.home,
            database=_database(shared.database, values.place("HUITOUKAN_DATABASE")),
            summary_pages=shared.summary_pages,
            names_checklist=shared.names_checklist,
            https=_switch(values, "HUITOUKAN_HTTPS"),
            policy=AccountPolicy.from_settings(values),
            address=shared.address,
            smtp=_smtp(values),
            mail_from=_mail_from(values),
            certificate=_place(values, "HUITOUKAN_CERTIFICATE"),
            backup_passphrase=_place(values, "HUITOUKAN_BACKUP_PASSPHRASE"),
            backup_recipients=values.get("HUITOUKAN_BACKUP_RECIPIENTS") or "",
            witness=_place(values, "HUITOUKAN_WITNESS"),
            file_folder=_place(values, "HUITOUKAN_FILES"),
            backup_folder=_place(values, "HUITOUKAN_BACKUPS"),
            now=_fixed_clock(values, demo),
            demo=demo,
        )

    @property
    def site(self) -> Path:
        """Folder of the built handbook."""
        return self.home / "site"

    @property
    def files(self) -> Path:
        """Folder of photographs and uploads: one that all web servers of the installation share."""
        return self.file_folder or self.home

    @property
    def backups(self) -> Path:
        """Folder of the backups that are named by their time."""
        return self.backup_folder or self.home / "backups"

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


def _place(values: SettingValues, name: str) -> Path | None:
    return Path(values[name]).resolve() if name in values else None


def _switch(values: SettingValues, name: str) -> bool:
    value = values.get(name) or "0"
    if value not in {"0", "1"}:
        raise BadSetting(f"{values.place(name)} 只能是 0 或 1，现在是“{value}”")
    return value == "1"


def _database(url: str, place: str) -> str:
    wrong = BadSetting(
        f"{place} 应写成 postgresql://账号:密码@10.1.2.3:5432/huitoukan 或者 sqlite:////目录/文件 这样，"
        "端口是数字；别的数据库不能用"
    )
    try:
        backend = make_url(url).get_backend_name()
    except (ArgumentError, ValueError):  # without its text, which may hold a password
        raise wrong from None
    if backend not in {"postgresql", "sqlite"}:
        raise wrong
    return url


def _mail_from(values: SettingValues) -> str:
    value = values.get("HUITOUKAN_MAIL_FROM") or ""
    if value and not is_mail_address(value):
        raise BadSetting(
            f"{values.place('HUITOUKAN_MAIL_FROM')} 只写邮箱，如 office@example.cn，不带名字和尖括号，现在是{value!r}"
        )
    return value


def _smtp(values: SettingValues) -> Server | None:
    value = values.get("HUITOUKAN_SMTP")
    try:
        return Server.from_url(value) if value else None
    except ValueError:  # without its text, which may hold a password
        place = values.place("HUITOUKAN_SMTP")
        raise BadSetting(f"{place} 应写成 smtp+starttls://账号:密码@mail.example.cn 这样") from None


def _fixed_clock(values: SettingValues, demo: bool) -> datetime | None:
    value = values.get("HUITOUKAN_NOW")
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


def read_passphrase(file: Path | None) -> str | None:
    """The passphrase of backups: the first line of a file; None without one."""
    return file.read_text(encoding="utf-8").partition("\n")[0].strip() if file else None
