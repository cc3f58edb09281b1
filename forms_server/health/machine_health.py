"""The doctor's look at the machine: Python, libraries, disk, permissions, time, fonts, certificate."""

import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from build_scripts.atomic_files import reason
from build_scripts.settings import PROJECT
from checklist.date_formats import full_day
from forms_server.health.health_finding import HealthFinding, fault, fine, note, warning
from forms_server.health.readiness import LEAST_FREE, free_bytes
from forms_server.server_settings import Config

_OLDEST_PYTHON = (3, 11)
_MEGABYTE = 1024 * 1024
_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==(\S+)", re.MULTILINE)
_DOCUMENT_FONTS = ("仿宋", "黑体", "楷体", "宋体", "小标宋")
_EXPIRES_SOON = timedelta(days=30)
_VALIDITY = re.compile(
    rb"\x30[\x1e-\x22](?:\x17\x0d\d{12}Z|\x18\x0f\d{14}Z)(\x17\x0d(\d{12})Z|\x18\x0f(\d{14})Z)"
)
"""A certificate's validity in DER: two moments, of which the second is the end (RFC 5280, 4.1.2.5)."""


def machine_findings(config: Config) -> Iterator[HealthFinding]:
    """Look at what the program runs on."""
    yield _python()
    yield _libraries(PROJECT / "requirements.txt")
    yield _disk(config.home)
    yield from _permissions(config.home)
    yield _fonts()
    if config.certificate:
        yield certificate_finding(config.certificate, datetime.now(UTC))


def _python() -> HealthFinding:
    words = f"Python {platform.python_version()}，本程序 {version('huitoukan')}"
    if sys.version_info < _OLDEST_PYTHON:
        return fault("版本", words, "换 Python 3.11 或更新的")
    return fine("版本", words)


def _libraries(pins: Path) -> HealthFinding:
    """Compare installed libraries with the pinned versions."""
    if not pins.exists():
        return note("依赖库", "没有 requirements.txt，没有核对版本")
    pinned = _PIN.findall(pins.read_text(encoding="utf-8"))
    differ = [
        f"{name} 应是 {wanted}，现在是 {_installed(name)}"
        for name, wanted in pinned
        if _installed(name) != wanted
    ]
    if differ:
        more = f" 等 {len(differ)} 处" if len(differ) > 3 else ""
        return warning("依赖库", f"{'；'.join(differ[:3])}{more}", "运行 make install")
    return fine("依赖库", f"{len(pinned)} 个库都是核定的版本")


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "没有装"


def _disk(home: Path) -> HealthFinding:
    if not home.exists():
        return fault("磁盘", f"没有数据目录 {home}", "核对设置里的 home；第一次用，运行 huitoukan init")
    free = free_bytes(home)
    words = f"数据目录 {home} 所在的磁盘还剩 {free // _MEGABYTE} MB"
    if free < LEAST_FREE:
        return fault("磁盘", words, "尽快腾出空间：满了就不能登记")
    if free < 5 * LEAST_FREE:
        return warning("磁盘", words, "腾出空间，或者换大一些的磁盘")
    return fine("磁盘", words)


def _permissions(home: Path) -> Iterator[HealthFinding]:
    """Whether the home's files belong to who runs this, and only to him."""
    if not home.exists():
        return
    try:
        owner, files = home.stat().st_uid, [home, *home.iterdir()]
    except OSError as error:
        yield fault(
            "权限", f"{home} 看不了（{reason(error)}）", "用 huitoukan 账号运行：runuser -u huitoukan -- …"
        )
        return
    if os.geteuid() not in {owner, 0}:
        yield fault("权限", f"{home} 是另一个账号的", "用 huitoukan 账号运行：runuser -u huitoukan -- …")
    strange = [path.name for path in files if path.stat().st_uid != owner]
    if strange:
        yield fault(
            "权限",
            f"{home} 里有别的账号写的文件，服务会读不了：{'、'.join(sorted(strange)[:5])}",
            f"用 root 运行 chown -R --reference={home} {home}",
        )
    closed = not home.stat().st_mode & 0o077
    private = [path for path in files if _is_private(path) and not (closed and path.is_dir())]
    opened = [path.name for path in private if path.stat().st_mode & 0o077]
    if opened:
        yield warning(
            "权限", f"别的账号也能读：{'、'.join(sorted(opened)[:5])}", f"运行 chmod -R go-rwx {home}"
        )
    elif not strange:
        yield fine("权限", "数据和密钥只有本账号能读")


def _is_private(path: Path) -> bool:
    """Whether a file of the home holds personal data or a key; a folder that is closed keeps all within private."""
    return path.suffix in {".key", ".sqlite3", ".zip"} or path.is_dir()


def _fonts() -> HealthFinding:
    program = shutil.which("fc-list")
    here = "公文在谁的电脑上打开，就用谁的字体，这台没有不影响"
    if program is None:
        return note("字体", f"没有 fc-list，没有核对；{here}")
    said = subprocess.run(  # noqa: S603 - the system's own program, found by name
        [program, ":lang=zh", "family"], capture_output=True, text=True, check=False, timeout=30
    ).stdout
    lacking = [font for font in _DOCUMENT_FONTS if font not in said]
    if lacking:
        return note("字体", f"没有公文用的 {'、'.join(lacking)}；{here}")
    return fine("字体", "公文用的字体都有")


def certificate_finding(file: Path, now: datetime) -> HealthFinding:
    """When the certificate of the HTTPS front ends.

    Args:
        file: in PEM.
        now: with its time zone.
    """
    try:
        content = file.read_text(encoding="ascii", errors="replace")
        ends = _end(
            ssl.PEM_cert_to_DER_cert(content[: content.index("-----END CERTIFICATE-----") + 26].strip())
        )
    except OSError as error:
        return fault("证书", f"{file} 读不了（{reason(error)}）", "核对设置里的 certificate，和文件的权限")
    except ValueError:
        return fault("证书", f"{file} 不是证书", "核对设置里的 certificate：要 PEM 格式的证书文件")
    if ends <= now:
        return fault("证书", f"已于 {full_day(ends)} 到期", "换上新证书，再 systemctl reload nginx")
    if ends - now < _EXPIRES_SOON:
        return warning("证书", f"{full_day(ends)} 到期", "向网络管理部门要新证书")
    return fine("证书", f"{full_day(ends)} 到期")


def _end(der: bytes) -> datetime:
    """The moment that a certificate ends.

    Raises:
        ValueError: there is none.
    """
    found = _VALIDITY.search(der)
    if found is None:
        raise ValueError("no certificate")
    written = ((found[2] and b"20" + found[2]) or found[3]).decode()
    return datetime.fromisoformat(f"{written[:8]}T{written[8:]}").replace(tzinfo=UTC)
