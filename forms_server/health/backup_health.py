"""The doctor's look at the backups: how old they are, and whether the newest restores into a scratch place."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from build_scripts.atomic_files import reason
from build_scripts.progress import Tell
from checklist.date_formats import full_moment
from forms_server.backup.backup_archive import is_locked, is_locked_by_key
from forms_server.backup.backup_generations import backups_in
from forms_server.backup.backup_manifest import UnusableBackup
from forms_server.backup.scratch_restore import restore_to_scratch
from forms_server.health.health_finding import HealthFinding, fault, fine, note, warning
from forms_server.server_settings import AUDIT_KEY, Config

_TOPIC = "备份"
_OLD = timedelta(days=2)
_HOW = "运行 huitoukan backup；每天自动备份见 deploy/huitoukan-backup.timer"


def backup_findings(config: Config, now: datetime, tell: Tell, *, restores: bool) -> Iterator[HealthFinding]:
    """Look at the backups of a home; ``restores`` has the newest restored into a scratch database."""
    folder = config.backups
    found = backups_in(folder) if folder.is_dir() else []
    if not found:
        yield warning(_TOPIC, f"{folder} 里没有备份", _HOW)
        return
    (newest, file), (oldest, _) = found[0], found[-1]
    words = f"{folder} 里有 {len(found)} 份，最早 {full_moment(oldest)}，最近 {full_moment(newest)}"
    yield warning(_TOPIC, words + "，已经旧了", _HOW) if now - newest > _OLD else fine(_TOPIC, words)
    if not is_locked(file):
        yield warning(
            _TOPIC,
            f"最近的一份 {file.name} 没有加密，里面没有审计密钥",
            f"设置 backup_passphrase 或者 backup_recipients；{config.home / AUDIT_KEY} 另存一处，换机器恢复时要用",
        )
    if restores:
        yield _restored(config, file, tell)


def _restored(config: Config, file: Path, tell: Tell) -> HealthFinding:
    other = "另换一份备份试试：huitoukan doctor 只看最近的一份；现在就重新备份一次"
    try:
        if is_locked_by_key(file):
            words = f"最近的一份 {file.name} 用公钥加密，这台机器上没有打开它的密钥，没有试恢复"
            return note(_TOPIC, f"{words}：请隔一阵在另一台机器上恢复一次试试（restore --identity）")
        if is_locked(file) and config.backup_passphrase is None:
            return note(_TOPIC, f"最近的一份 {file.name} 是加密的，没有设置口令，没有试恢复")
        manifest = restore_to_scratch(config, file, tell).manifest
    except UnusableBackup as error:
        return fault(_TOPIC, f"最近的一份 {file.name} 不能恢复：{error}", other)
    except SQLAlchemyError as error:
        return fault(_TOPIC, f"最近的一份 {file.name} 不能恢复（{type(error).__name__}）", other)
    except OSError as error:
        return fault(
            _TOPIC, f"最近的一份 {file.name} 试恢复不了（{reason(error)}）", "核对权限和磁盘的剩余空间"
        )
    return fine(_TOPIC, f"最近的一份 {file.name} 试恢复成功：{manifest.rows_of('issue')} 条问题")
