"""The doctor's look at the backups: how old they are, and whether the newest restores into a scratch place."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from build_scripts.atomic_files import reason
from build_scripts.progress import Tell
from checklist.date_formats import full_moment
from forms_server.backup.backup_generations import backups_in
from forms_server.backup.backup_manifest import UnusableBackup
from forms_server.backup.scratch_restore import restore_to_scratch
from forms_server.health.health_finding import HealthFinding, fault, fine, warning

_TOPIC = "备份"
_OLD = timedelta(days=2)
_HOW = "运行 huitoukan backup；每天自动备份见 deploy/huitoukan-backup.timer"


def backup_findings(folder: Path, now: datetime, tell: Tell, *, restores: bool) -> Iterator[HealthFinding]:
    """Look at a folder of backups; ``restores`` has the newest restored into a scratch database."""
    found = backups_in(folder) if folder.is_dir() else []
    if not found:
        yield warning(_TOPIC, f"{folder} 里没有备份", _HOW)
        return
    (newest, file), (oldest, _) = found[0], found[-1]
    words = f"{folder} 里有 {len(found)} 份，最早 {full_moment(oldest)}，最近 {full_moment(newest)}"
    yield warning(_TOPIC, words + "，已经旧了", _HOW) if now - newest > _OLD else fine(_TOPIC, words)
    if restores:
        yield _restored(file, tell)


def _restored(file: Path, tell: Tell) -> HealthFinding:
    other = "另换一份备份试试：huitoukan doctor 只看最近的一份；现在就重新备份一次"
    try:
        manifest = restore_to_scratch(file, tell).manifest
    except UnusableBackup as error:
        return fault(_TOPIC, f"最近的一份 {file.name} 不能恢复：{error}", other)
    except SQLAlchemyError as error:
        return fault(_TOPIC, f"最近的一份 {file.name} 不能恢复（{type(error).__name__}）", other)
    except OSError as error:
        return fault(
            _TOPIC, f"最近的一份 {file.name} 试恢复不了（{reason(error)}）", "核对权限和磁盘的剩余空间"
        )
    return fine(_TOPIC, f"最近的一份 {file.name} 试恢复成功：{manifest.rows_of('issue')} 条问题")
