"""What the server alone needs to know, from the environment."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from build_scripts.settings import Settings

ENVIRONMENT: dict[str, str] = {
    "HUITOUKAN_CHECKLIST": "清单目录（campaign 文件夹），默认为项目内的 checklist/2022-huitoukan",
    "HUITOUKAN_HOME": "数据存放目录，默认为项目内的 var",
    "HUITOUKAN_DATABASE": "数据库地址（SQLAlchemy URL），默认为数据目录内的 SQLite",
    "HUITOUKAN_HTTPS": "设为 1：经 HTTPS 访问，Cookie 只走加密连接",
    "HUITOUKAN_IDLE_HOURS": "多少小时无操作后需重新登录，默认 12",
    "HUITOUKAN_SESSION_DAYS": "登录最长保持多少天，默认 7",
    "HUITOUKAN_NOW": "固定时钟，如 2022-08-25T09:00，仅供演示和测试；正式服务设置了它就不启动",
}
"""Every variable that the server reads, and what it is for; ``serve --help`` lists them."""

AUDIT_KEY = "audit.key"
"""Name of the file in the home with the key of the audit."""


class BadSetting(ValueError):
    """A setting that cannot be used; its text says which one and what to write."""


@dataclass(frozen=True)
class Config(Settings):
    """The settings of a running server."""

    https: bool = False
    """Whether people reach the server through HTTPS, so that cookies may insist on it."""
    session_idle: timedelta = timedelta(hours=12)
    session_absolute: timedelta = timedelta(days=7)
    now: datetime | None = None
    """A fixed clock; only where ``demo`` is set."""
    demo: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], demo: bool = False) -> "Config":
        """Reads the settings; an empty variable counts as one that is not set.

        Raises:
            BadSetting: for a value that makes no sense, or a fixed clock outside demonstrations.
        """
        shared = Settings.from_environment(environ)
        return cls(
            checklist=shared.checklist,
            home=shared.home,
            database=shared.database,
            https=_switch(environ, "HUITOUKAN_HTTPS"),
            session_idle=timedelta(hours=_count(environ, "HUITOUKAN_IDLE_HOURS", 12)),
            session_absolute=timedelta(days=_count(environ, "HUITOUKAN_SESSION_DAYS", 7)),
            now=_fixed_clock(environ, demo),
            demo=demo,
        )

    @property
    def site(self) -> Path:
        """Folder of the built handbook."""
        return self.home / "site"

    def secret_key(self) -> bytes:
        """The key that signs what browsers keep for us."""
        return self._key("secret.key")

    def audit_key(self) -> bytes:
        """The key of the audit's chain; without the very key no chain that it made can be verified."""
        return self._key(AUDIT_KEY)

    def _key(self, name: str) -> bytes:
        """A key that is made once, and readable by the server's user only."""
        path = self.home / name
        if not path.exists():
            self.home.mkdir(parents=True, exist_ok=True)
            _write_once(path, secrets.token_bytes(32))
        return path.read_bytes()


def _write_once(path: Path, content: bytes) -> None:
    """Writes a private file unless another process was first; nobody ever sees half of it."""
    # mkstemp makes a file that only its owner may read.
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    with suppress(FileExistsError):
        os.link(temporary, path)
    Path(temporary).unlink()


def _switch(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name) or "0"
    if value not in {"0", "1"}:
        raise BadSetting(f"{name} 只能是 0 或 1，现在是“{value}”")
    return value == "1"


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
        return datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:
        raise BadSetting(f"HUITOUKAN_NOW 应写成 2022-08-25T09:00，现在是“{value}”") from None
