"""The live database as the summary's source of records."""

from collections.abc import Sequence

from sqlalchemy import Connection

from build_scripts.counting.count_query import LIVE, TABLES, Line, Records
from build_scripts.counting.database_engine import OCTETS
from forms_server.db.tables import metadata


def live_records(connection: Connection) -> Records:
    """The records that a transaction sees."""

    def run(query: str) -> Sequence[Line]:
        return [*map(tuple, connection.exec_driver_sql(query).all())]

    names = TABLES.keys() | LIVE.keys()
    columns = {name: {column.name for column in metadata.tables[name].columns} for name in names}
    return Records(run, columns, OCTETS[connection.dialect.name])
