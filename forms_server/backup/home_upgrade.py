"""Upgrades a home to this version: backup, trial restore, migration and checks; on any fault it stays as it was.

Migration and checks are one transaction, so that a killed upgrade leaves the old tables or the new ones, and the next
run starts over.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from build_scripts.progress import Tell
from checklist.model import Campaign
from forms_server.audit import read_head, read_rows
from forms_server.audit_chain import Fault, first_fault
from forms_server.backup.age_keys import Identity
from forms_server.backup.backup_generations import file_of
from forms_server.backup.backup_lock import lock_of
from forms_server.backup.backup_writer import make
from forms_server.backup.scratch_restore import restore_to_scratch
from forms_server.backup.upgrade_checks import KeptFigures, UpgradeFault, figures_of, require_kept
from forms_server.db.engine import audit_key, transaction
from forms_server.db.migrate import newest_version, upgrade, version
from forms_server.record_verification import needs_seal, seal_records
from forms_server.records.issue_units import read_all_again
from forms_server.returns.expected_returns import expect
from forms_server.server_settings import Config
from forms_server.stored_number_masking import Masked, mask_stored

HEEDED_SINCE = "0008"
"""The first schema version whose servers stop writing during an upgrade; those of 0.1.0 must be stopped."""

_PATIENCE = 120
"""Seconds to wait for a writer, such as one of a killed upgrade whose connection PostgreSQL has not missed yet."""


@dataclass(frozen=True)
class Upgraded:
    """A finished upgrade."""

    backup: Path
    before: str
    """Schema version."""
    after: str
    kept: KeptFigures
    hidden: Masked
    fault: Fault | None
    """A break of the audit's chain that was there before."""


def upgrade_home(
    config: Config, engine: Engine, campaign: Campaign, moment: datetime, tell: Tell
) -> Upgraded:
    """Upgrade a home whose tables are an older version's.

    Args:
        config: of the home.
        engine: with the audit's key and no guard.
        campaign: as it is read by this version.
        moment: of the backup and of the audit's rows.
        tell: progress callback.

    Raises:
        UpgradeFault: a check failed; nothing was changed.
        UnusableBackup: the backup that was made can't be restored; nothing was changed.
        FileExistsError: there is a backup of this second.
    """
    config.backups.mkdir(mode=0o700, exist_ok=True)
    once = Identity.new()  # so that what only others may open is tried, too
    lock = lock_of(config, once.recipient)
    file = config.backups / file_of(moment, encrypted=lock is not None, before_upgrade=True)
    tell("备份")
    make(config, engine, campaign, file, moment, tell, lock)
    tell("试恢复备份")
    tried = restore_to_scratch(config, file, tell, lock if isinstance(lock, str) else (once,))
    tell("升级数据表")
    with transaction(engine, patience=_PATIENCE) as connection:
        before = version(connection) or ""
        kept = figures_of(connection)
        if kept.audit_rows != tried.manifest.audit_rows:
            raise UpgradeFault("备份以后又有人写入了：请停止旧版本的服务，再升级一次")
        upgrade(connection)
        tell("核对升级后的数据")
        require_kept(connection, kept)
        fault = first_fault(audit_key(connection), read_head(connection), read_rows(connection))
        if fault != tried.fault:
            raise UpgradeFault("升级后审计记录核验不通过")
        if needs_seal(before):
            seal_records(connection, moment)
        expect(connection, campaign, moment)
        hidden = mask_stored(connection, moment)
        read_all_again(connection, campaign)
        tell("保存")
    tell("完成")
    return Upgraded(file, before, newest_version(), kept, hidden, fault)
