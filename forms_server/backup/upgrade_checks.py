"""What an upgrade must keep: numbers of rows, records by unit, problem type and state, the audit to its last row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnClause, Connection, column, func, inspect, select, table

from forms_server.backup.backup_history import AUDIT, LASTING

_BY = ("unit_code", "problem_type_id", "state")
_FILED = ("issue", "proposed_household")


class UpgradeFault(Exception):
    """An upgrade that would lose or change something; the message says what."""


@dataclass(frozen=True)
class KeptFigures:
    """What is counted before and after, by queries that every version's tables answer."""

    rows: Mapping[str, int]
    records: Mapping[tuple[str, ...], int]
    audit_rows: int
    audit_hash: str


def figures_of(connection: Connection) -> KeptFigures:
    """Count a database of any version."""
    names = set(inspect(connection).get_table_names())
    rows = {name: _count(connection, name) for name in (*LASTING, AUDIT) if name in names}
    records: dict[tuple[str, ...], int] = {}
    for name in _FILED:
        columns: list[ColumnClause[str]] = [column(each) for each in _BY]
        found = connection.execute(select(*columns, func.count()).select_from(table(name)).group_by(*columns))
        records.update({(name, *map(str, row[:-1])): int(row[-1]) for row in found})
    last = rows[AUDIT]
    audit = table(AUDIT, column("id"), column("hash"))
    hashed = connection.execute(select(audit.c.hash).where(audit.c.id == last)).scalar()
    return KeptFigures(rows, records, last, hashed or "")


def require_kept(connection: Connection, before: KeptFigures) -> None:
    """Compare a migrated database with what was counted before.

    Raises:
        UpgradeFault: something has become less, or other.
    """
    faults = list(_changed(before, figures_of(connection), _hash_at(connection, before.audit_rows)))
    if faults:
        raise UpgradeFault("；".join(faults))


def _changed(before: KeptFigures, after: KeptFigures, hash_now: str) -> Iterator[str]:
    words = {**LASTING, AUDIT: "审计记录"}
    for name, count in before.rows.items():
        if after.rows.get(name, 0) < count:
            yield f"{words[name]}由 {count} 变成 {after.rows.get(name, 0)}"
    differing = [
        key for key in before.records.keys() | after.records.keys()
        if before.records.get(key) != after.records.get(key)
    ]  # fmt: skip
    if differing:
        key = min(differing)
        yield (
            f"按单位、问题类型、状态数的有 {len(differing)} 处不同，如 {'/'.join(key)} "
            f"由 {before.records.get(key, 0)} 变成 {after.records.get(key, 0)}"
        )
    if hash_now != before.audit_hash:
        yield f"审计第 {before.audit_rows} 行变了"


def _hash_at(connection: Connection, row: int) -> str:
    audit = table(AUDIT, column("id"), column("hash"))
    return connection.execute(select(audit.c.hash).where(audit.c.id == row)).scalar() or ""


def _count(connection: Connection, name: str) -> int:
    return connection.execute(select(func.count()).select_from(table(name))).scalar_one()
