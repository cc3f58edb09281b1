"""The doctor's look at the database: reachable, sound, of this version, and the clock beside its last record."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from build_scripts.database_trouble import sentence
from build_scripts.progress import silent
from build_scripts.sqlite_library import sqlite_library
from checklist.date_formats import full_moment
from forms_server.audit import last_moment, read_head, read_rows
from forms_server.audit_chain import first_fault
from forms_server.backup.backup_history import LASTING, count_rows
from forms_server.db.engine import SOUND_SQLITE, audit_key, database_name, make_engine, snapshot
from forms_server.db.integrity import damage
from forms_server.db.migrate import SchemaState, standing
from forms_server.health.health_finding import HealthFinding, HealthLevel, fault, fine, warning
from forms_server.record_verification import record_faults, unfit_records
from forms_server.server_settings import AUDIT_KEY, Config

CLOCKS_DIFFER = timedelta(minutes=5)
"""Tolerated backward step, such as an NTP correction."""

UNREADABLE = (ArithmeticError, LookupError, TypeError, ValueError)
"""What reading a damaged row raises."""

REPAIR = "停止服务，留好现在的文件，用最近的备份恢复（huitoukan restore）"
"""What to do about a damaged database."""

_SCHEMA: dict[SchemaState, HealthFinding] = {
    SchemaState.CURRENT: fine("表的版本", "和本程序一致"),
    SchemaState.NONE: fault(
        "表的版本", "数据库是空的", "核对设置里的 database 和 home；第一次用，运行 huitoukan init"
    ),
    SchemaState.OLDER: fault("表的版本", "数据库是旧版本的", "运行 huitoukan upgrade（先自动备份）"),
    SchemaState.NEWER: fault("表的版本", "数据库是更新版本的程序用过的", "把本程序升级到同样的版本"),
}


def sqlite_finding() -> HealthFinding:
    """The SQLite library, which may have the bug that corrupts databases."""
    found = sqlite_library.sqlite_version
    if sqlite_library.sqlite_version_info < SOUND_SQLITE:
        return fault(
            "SQLite",
            f"{found} 的 WAL 模式可能损坏数据库",
            "运行 make install，装上带 3.51.3 或更新版本的 pysqlite3 或 apsw",
        )
    return fine("SQLite", f"{found}，没有 WAL 的毛病")


def database_findings(config: Config, now: datetime, *, thorough: bool) -> Iterator[HealthFinding]:
    """Look at the database without creating or changing anything."""
    name = database_name(config.database)
    if is_missing(config):
        yield fault("数据库", f"没有 {name}", "核对设置里的 database 和 home；第一次用，运行 huitoukan init")
        return
    engine = make_engine(config.database)
    try:
        yield from _of_engine(engine, name, config, now, thorough=thorough)
    except SQLAlchemyError as error:
        yield fault("数据库", f"{name} 用不了", sentence(error))
    except UNREADABLE as error:
        yield fault("数据库", f"{name} 里有读不懂的内容（{type(error).__name__}）", REPAIR)
    finally:
        engine.dispose()


def _of_engine(
    engine: Engine, name: str, config: Config, now: datetime, *, thorough: bool
) -> Iterator[HealthFinding]:
    state = standing(engine)
    yield fine("数据库", f"{name} 连得上")
    yield _SCHEMA[state]
    with engine.connect() as connection:
        if thorough and engine.dialect.name == "sqlite":
            yield _integrity(connection)
        if state is SchemaState.CURRENT:
            yield _counts(connection)
            yield _clock(connection, now)
            key = _key(connection, config)
            yield key
            if thorough and key.level is HealthLevel.OK:
                yield _records(config)


def is_missing(config: Config) -> bool:
    """Whether there is no file of the database; connecting would make it."""
    url = make_url(config.database)
    return url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).exists())


def _integrity(connection: Connection) -> HealthFinding:
    found = damage(connection)
    if found is None:
        return fine("完整性", "quick_check 通过")
    return fault(
        "完整性",
        f"数据库文件有损坏：{found}",
        REPAIR,
    )


def _records(config: Config) -> HealthFinding:
    """Whether the audit's chain is whole and every record as its last audit row says."""
    engine = make_engine(config.database, config.audit_key())
    try:
        with snapshot(engine) as connection:
            fault_of_chain = first_fault(audit_key(connection), read_head(connection), read_rows(connection))
            altered = sum(1 for _ in record_faults(connection, silent))
            unfit = sum(1 for _ in unfit_records(connection))
    finally:
        engine.dispose()
    if fault_of_chain is None and not altered and unfit:
        return warning(
            "审计",
            f"有 {unfit} 条记录在本系统之外被动过，后来又经本系统修改",
            "运行 huitoukan audit verify 看是哪些，用备份核对",
        )
    if fault_of_chain is None and not altered:
        return fine("审计", "审计记录完好，各类记录和审计写下时一样")
    words = (
        f"第 {fault_of_chain.row} 行起不对" if fault_of_chain else f"有 {altered} 条记录在本系统之外被动过"
    )
    return fault("审计", words, "运行 huitoukan audit verify 看是哪些；保留现场，用备份核对")


def _counts(connection: Connection) -> HealthFinding:
    counts = count_rows(connection)
    return fine("记录", "，".join(f"{words} {counts[name]}" for name, words in LASTING.items()))


def _clock(connection: Connection, now: datetime) -> HealthFinding:
    last = last_moment(connection)
    if last and last > now + CLOCKS_DIFFER:
        return fault(
            "时钟",
            f"这台电脑的时间是 {full_moment(now)}，比最后一次记录的 {full_moment(last)} 还早",
            "停止服务、校准时间（timedatectl set-ntp true）再启动，不然登记时间、期限和逾期都会不对",
        )
    return fine("时钟", f"{full_moment(now)}（北京时间）")


def _key(connection: Connection, config: Config) -> HealthFinding:
    if last_moment(connection) is not None and not (config.home / AUDIT_KEY).exists():
        return fault(
            "审计密钥", f"{config.home} 里没有 {AUDIT_KEY}，审计记录无法核验", "从备份中找回这个文件"
        )
    return fine("审计密钥", "在")
