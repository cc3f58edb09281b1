"""Loads a backup into an empty database, whichever database it was made from."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from sqlalchemy import Connection

from build_scripts.progress import Tell
from forms_server.audit import read_head, read_rows
from forms_server.audit_chain import Fault, first_fault
from forms_server.backup.backup_archive import Reader
from forms_server.backup.backup_manifest import UnusableBackup
from forms_server.backup.dumped_rows import load
from forms_server.db.migrate import upgrade

_Row = TypeVar("_Row")


def fill(connection: Connection, reader: Reader, key: bytes, tell: Tell) -> Fault | None:
    """Create the backup's schema version, insert its rows, and migrate to the newest version.

    Args:
        connection: a transaction on a database without tables.
        reader: the backup.
        key: of its audit.
        tell: progress callback.

    Returns:
        Where the chain of the audit is broken; it was so when the backup was made.

    Raises:
        UnusableBackup: the content contradicts the manifest.
    """
    manifest = reader.manifest
    upgrade(connection, manifest.revision)
    for dumped in manifest.tables:
        tell("恢复数据表", total=dumped.rows)
        if load(connection, dumped, _followed(reader.lines(dumped.part), tell)) != dumped.rows:
            raise UnusableBackup(f"备份文件里 {dumped.part} 的行数不对，不能用来恢复：请换一份备份")
    upgrade(connection)
    head = read_head(connection)
    if (head.rows if head else 0, head.hash if head else "") != (manifest.audit_rows, manifest.audit_hash):
        raise UnusableBackup("备份文件里的审计记录前后不符，不能用来恢复：请换一份备份")
    tell("核验审计记录", total=manifest.audit_rows)
    return first_fault(key, head, _followed(read_rows(connection), tell))


def _followed(rows: Iterable[_Row], tell: Tell) -> Iterator[_Row]:
    for row in rows:
        tell(advance=1)
        yield row
