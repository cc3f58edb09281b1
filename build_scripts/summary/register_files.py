"""Parquet files of registers, one each: places, periods, states, and the values that name nobody."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from build_scripts.counting.count_query import Line, Records, has
from checklist.model import Campaign, Field, FieldType, Register

TABLE = "register_row"

_SAME = {
    "id": "VARCHAR", "register_version": "INTEGER", "number": "INTEGER", "period": "VARCHAR", "unit_code": "VARCHAR",
    "township_code": "VARCHAR", "village_code": "VARCHAR", "state": "VARCHAR", "ended": "BOOLEAN",
}  # fmt: skip
"""Columns of the table, in every file."""

_TYPES: Mapping[FieldType, str] = {
    FieldType.INTEGER: "BIGINT",
    FieldType.RATING: "BIGINT",
    FieldType.PHOTO: "BIGINT",  # how many
    FieldType.MONEY: "BIGINT",  # in fen
    FieldType.DECIMAL: "DOUBLE",
    FieldType.DATE: "DATE",
    FieldType.MONTH: "VARCHAR",
    FieldType.YESNO: "BOOLEAN",
    FieldType.CHOICE: "VARCHAR",
    FieldType.CHOICES: "VARCHAR",
    FieldType.PROBLEM_TYPE: "VARCHAR",
}
"""Types of values (``Field.holds``) that are exported; texts and names stay."""

_CHUNK = 200_000


def exported_registers(campaign: Campaign) -> list[Register]:
    """The registers that have a file: no survey, each of whose papers, in a village's few, would be a cell of one."""
    return [each for each in campaign.registers if each.survey is None]


def file_of(register: Register) -> str:
    """The file's name without its ending, which is a table's name as well."""
    return f"register_{register.id.replace('-', '_')}"


def columns_of_file(register: Register) -> dict[str, str]:
    """Columns of a register's file with their types; a field that is called like a column of ours has ``field_``."""
    return _SAME | {_name(each): _TYPES[each.holds] for each in _exported(register)}


def rows_of_register(records: Records, campaign: Campaign, register: Register) -> Iterator[Sequence[Line]]:
    """Read a register's rows in chunks, in the order of their numbers; none from a database without registers."""
    if not has(records, TABLE):
        return
    own = "" if campaign.shares(register) else f"AND campaign_id = '{campaign.id}' "
    query = (
        f"SELECT {', '.join(_SAME)}, extra FROM {TABLE} "  # noqa: S608 - names of ours, and ids of letters and hyphens
        f"WHERE register_id = '{register.id}' {own}ORDER BY number"
    )
    lines, fields = records.run(query), _exported(register)
    for start in range(0, len(lines), _CHUNK):
        yield [_line(line, fields) for line in lines[start : start + _CHUNK]]


def _exported(register: Register) -> list[Field]:
    return [each for each in register.fields if each.holds in _TYPES]


def _name(each: Field) -> str:
    return f"field_{each.id}" if each.id in _SAME else each.id


def _line(line: Sequence[Any], fields: Sequence[Field]) -> Line:
    *same, extra = line
    values = extra if isinstance(extra, dict) else json.loads(extra)
    return (*same, *(_cell(values.get(each.id)) for each in fields))


def _cell(value: Any) -> Any:
    return " ".join(value) if isinstance(value, list) else value
