"""Anonymised Parquet export of a county's records, for a city or province: no names, no free text."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd

from build_scripts.atomic_files import NotPublished, replacing
from build_scripts.counting.breakdown_dimensions import OTHER
from build_scripts.counting.count_query import (
    RETURN_TABLE,
    UNIT_TABLE,
    VILLAGE_TABLE,
    Line,
    Records,
    require_tables,
)
from build_scripts.counting.regions import county_code
from build_scripts.settings import moment_now
from build_scripts.summary.register_files import (
    columns_of_file,
    exported_registers,
    file_of,
    rows_of_register,
)
from build_scripts.summary.return_export import RETURN_COLUMNS, return_rows
from checklist.messages import say
from checklist.model import Campaign
from checklist.values.responsible_units import lead_names

_FILED = {
    "id": "VARCHAR", "campaign_id": "VARCHAR", "form_id": "VARCHAR", "form_version": "INTEGER",
    "unit_code": "VARCHAR", "problem_type_id": "VARCHAR", "township_code": "VARCHAR",
    "village_code": "VARCHAR", "household_type": "VARCHAR", "people": "INTEGER", "state": "VARCHAR",
    "version": "INTEGER", "created_at": "TIMESTAMP", "changed_at": "TIMESTAMP",
}  # fmt: skip

EXPORTED: Mapping[str, Mapping[str, str]] = {
    "issue": _FILED
    | {
        "area_id": "VARCHAR", "item_id": "VARCHAR", "level": "VARCHAR", "responsible_unit": "VARCHAR",
        "deadline": "DATE", "source": "VARCHAR", "rectified_on": "DATE",
    },
    "proposed_household": _FILED | {"identified_on": "DATE"},
    "zero_report": {
        "campaign_id": "VARCHAR", "unit_code": "VARCHAR", "problem_type_id": "VARCHAR",
        "created_at": "TIMESTAMP",
    },
}  # fmt: skip
"""Exported columns with their types: codes, ids, figures and times, never free text."""

_UNIT_COLUMNS = {
    "county_code": "VARCHAR", "county": "VARCHAR", "city": "VARCHAR", "province": "VARCHAR",
    "unit_code": "VARCHAR", "unit": "VARCHAR", "position": "INTEGER",
}  # fmt: skip

_VILLAGE_COLUMNS = {
    "county_code": "VARCHAR", "county": "VARCHAR", "position": "INTEGER", "township": "VARCHAR",
    "village": "VARCHAR", "village_code": "VARCHAR",
}  # fmt: skip

_TYPED = "responsible_unit"
"""The one exported column of free text, reduced to names of the campaign's units."""

TABLE_NAMES = {"issue": "问题", "proposed_household": "拟识别监测对象", "zero_report": "零报告"}
"""Display names of the exported tables."""

_CHUNK = 200_000


def _silent(_: str) -> None:
    """Report no progress."""


def folder_of(campaign: Campaign) -> str:
    """Folder name of a county's export of a campaign."""
    return f"{county_code(campaign)}-{campaign.id}"


def export(
    records: Records,
    campaign: Campaign,
    folder: Path,
    tell: Callable[[str], None] = _silent,
    now: datetime | None = None,
) -> dict[str, int]:
    """Write ``<folder>/<county>-<campaign>/<table>.parquet`` atomically.

    Args:
        records: of a live database.
        campaign: whose records are exported.
        folder: created if missing; exports of other counties and campaigns in it are kept.
        tell: progress callback, called before each step.
        now: the as-of time of the export.

    Returns:
        Number of rows by table.

    Raises:
        BadSource: a column is missing, or the records are unreadable.
        NotPublished: the folder is not writable.
    """
    require_tables(records.columns, {table: set(columns) for table, columns in EXPORTED.items()})
    target = folder / folder_of(campaign)
    try:
        with replacing(target) as new:
            return _write(records, campaign, new, tell, now or moment_now())
    except duckdb.IOException as error:
        said = str(error).rpartition(": ")[2]  # part of the file's name
        detail = "磁盘满了" if said.startswith("No space left") else said
        raise NotPublished(say("folder-not-written", folder=folder, detail=detail)) from error


def _write(
    records: Records, campaign: Campaign, folder: Path, tell: Callable[[str], None], now: datetime
) -> dict[str, int]:
    written = {}
    with duckdb.connect(str(folder.parent / "work.duckdb")) as connection:
        for table, columns in EXPORTED.items():
            tell(f"正在导出{TABLE_NAMES[table]}")
            chunks = _rows(records, campaign, table)
            written[table] = _copy(connection, chunks, {**columns, "county_code": "VARCHAR"}, folder, table)
        for register in exported_registers(campaign):
            tell(f"正在导出{register.name}")
            chunks = rows_of_register(records, campaign, register)
            name = file_of(register)
            written[name] = _copy(connection, chunks, columns_of_file(register), folder, name)
        _copy(connection, iter([_units(campaign)]), _UNIT_COLUMNS, folder, UNIT_TABLE)
        _copy(connection, iter([_villages(campaign)]), _VILLAGE_COLUMNS, folder, VILLAGE_TABLE)
        states = iter([return_rows(records, campaign, now)])
        _copy(connection, states, RETURN_COLUMNS, folder, RETURN_TABLE)
    return written


def _rows(records: Records, campaign: Campaign, table: str) -> Iterator[Sequence[Line]]:
    """Read the campaign's rows of a table, ordered by id for reproducible exports."""
    columns = EXPORTED[table]
    order = "id" if "id" in columns else "unit_code, problem_type_id"
    # Names of ours, and an id of letters, digits and hyphens.
    query = f"SELECT {', '.join(columns)} FROM {table} WHERE campaign_id = '{campaign.id}' ORDER BY {order}"  # noqa: S608
    lines, county, lead = records.run(query), county_code(campaign), lead_names(campaign)
    typed = list(columns).index(_TYPED) if _TYPED in columns else None
    for start in range(0, len(lines), _CHUNK):
        chunk = lines[start : start + _CHUNK]
        yield [(*_without_names(line, typed, lead), county) for line in chunk]


def _without_names(line: Line, typed: int | None, lead: Callable[[str], str]) -> Line:
    """Replace the typed responsible unit by the lead unit's name, or 其他 if it names none."""
    if typed is None or not line[typed]:
        return line
    return (*line[:typed], lead(str(line[typed])) or OTHER, *line[typed + 1 :])


def _units(campaign: Campaign) -> Sequence[Line]:
    """Filing units of the county, so that a city can tell which are missing."""
    notice = campaign.notice
    place = (county_code(campaign), notice.county, notice.city, notice.province)
    return [(*place, unit.code, unit.name, position) for position, unit in enumerate(campaign.filing_units)]


def _villages(campaign: Campaign) -> Sequence[Line]:
    """The county's villages, so that a city can name them: records have their codes."""
    place = (county_code(campaign), campaign.notice.county)
    villages = [(township, village) for township in campaign.units.townships for village in township.villages]
    return [
        (*place, position, township.name, village.name, village.code)
        for position, (township, village) in enumerate(villages)
    ]


def _copy(
    connection: duckdb.DuckDBPyConnection,
    chunks: Iterator[Sequence[Line]],
    columns: Mapping[str, str],
    folder: Path,
    table: str,
) -> int:
    """Write rows to a Parquet file; return their number."""
    typed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    names = ", ".join(f'"{name}"' for name in columns)
    connection.execute(f"CREATE TABLE {table} ({typed})")
    rows = 0
    for chunk in chunks:
        frame = pd.DataFrame.from_records(chunk, columns=list(columns)).astype("object")
        connection.register("frame", frame.where(frame.notna(), None))
        connection.execute(f"INSERT INTO {table} SELECT {names} FROM frame")  # noqa: S608 - ours
        connection.unregister("frame")
        rows += len(chunk)
    connection.table(table).write_parquet(str(folder / f"{table}.parquet"), compression="zstd")
    return rows
