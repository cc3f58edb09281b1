"""A workbook that a command writes: its file's ending, the file itself, and what is said where that fails."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from build_scripts.atomic_files import reason, write_whole
from build_scripts.workbooks.workbook_values import Book
from checklist.messages import say

Command = TypeVar("Command", bound=Callable[..., Any])

_XLSX = click.Path(path_type=Path, dir_okay=False)


def xlsx_option(*names: str) -> Callable[[Command], Command]:
    """The option, required, that names the file."""
    return click.option(*names, required=True, type=_XLSX, help="写到哪个 .xlsx 文件")


def require_xlsx(out: Path) -> None:
    """Refuse another ending before anything is read.

    Raises:
        click.ClickException: it is not ``.xlsx``.
    """
    if out.suffix != ".xlsx":
        raise click.ClickException(say("workbook-not-xlsx", file=out))


def as_bytes(book: Book) -> bytes:
    """The workbook's file."""
    # Lazy import: few commands write workbooks.
    from build_scripts.workbooks.xlsx_writer import to_xlsx

    return to_xlsx(book)


def write_workbook(out: Path, written: bytes) -> None:
    """Write the file for its owner's eyes alone, replacing one that is there.

    Raises:
        click.ClickException: it cannot be written.
    """
    try:
        write_whole(out, written, private=True)
    except OSError as error:
        raise click.ClickException(say("workbook-not-written", file=out, detail=reason(error))) from error
