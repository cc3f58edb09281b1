"""The SQLite that is used: pysqlite3's where there is a wheel of it, else apsw's; both bring one of their own."""

from types import ModuleType

try:
    import pysqlite3

    sqlite_library: ModuleType = pysqlite3
    # Without an adapter the driver searches each None for a conversion method in vain: 1 µs a cell.
    pysqlite3.register_adapter(type(None), {None: None}.get)
except ModuleNotFoundError:  # there are no wheels for ARM
    from build_scripts import apsw_driver

    sqlite_library = apsw_driver
