"""A file imported on the command line, whatever it holds: its options, all or nothing, and what is said of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import click
from sqlalchemy import Connection, Engine

from checklist.model import Campaign, Unit
from checklist.values.unit_lookup import NoSuchUnit, find_filing_unit
from forms_server.account import Account
from forms_server.accounts.unit_filer import NoFiler, filer_of
from forms_server.commands.import_report import as_json, refusal, tell_problems
from forms_server.commands.named_file import read_named
from forms_server.db.engine import transaction

if TYPE_CHECKING:
    from forms_server.imports.upload_flow import ImportKind, Planned

Found = TypeVar("Found", bound="Planned")
Command = TypeVar("Command", bound=Callable[..., Any])

FILE = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))

_OPTIONS = (
    click.option("--dry-run", is_flag=True, help="只核对，不导入"),
    click.option(
        "--answers",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="回答所问的 JSON 文件：--dry-run --json 的输出，把各个 answer 填好",
    ),
    click.option("--json", "as_document", is_flag=True, help="核对结果写成 JSON"),
)


def import_options(command: Command) -> Command:
    """Decorator with the options ``dry_run``, ``answers`` and ``as_document``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True)
class FileImport(Generic[Found]):
    """What became of a file."""

    found: Found
    data: bytes
    stored: bool
    batch_id: str | None
    """None where nothing was stored, or there was nothing to store."""


def import_file(
    engine: Engine, kind: "ImportKind[Any, Found]", file: Path, *, dry_run: bool
) -> FileImport[Found]:
    """Read a file, plan its import, and store it unless something is wrong or asked, or it is a dry run.

    Raises:
        click.ClickException: it cannot be read.
    """
    # Lazy import: few commands read workbooks.
    from build_scripts.intake.refusal import Unreadable

    try:
        data = read_named(file)
        book = kind.read(data)
    except Unreadable as error:
        raise click.ClickException(f"{file}：{error}") from error
    with transaction(engine) as connection:
        found = kind.plan(connection, book)
        stored = not found.errors and not dry_run
        batch_id = kind.store(connection, found, file.name, data) if stored else None
    return FileImport(found, data, stored, batch_id)


def tell_import(
    done: FileImport[Found], unit: Unit, figures: Mapping[str, int], undone_by: str, *, as_document: bool
) -> bool:
    """Print what was done, or what would be, but for the figures; returns whether these are to be told as text.

    Args:
        done: the import.
        unit: whose records or households they are.
        figures: what would be done, by name, of the JSON.
        undone_by: the command whose ``undo`` takes the batch back.
        as_document: whether all is told as JSON.

    Raises:
        click.ClickException: nothing was imported, as something is wrong or asked.
    """
    if as_document:
        click.echo(as_json(done.found, unit.code, figures, stored=done.stored))
    else:
        tell_problems(done.found)
    if done.found.errors:
        raise click.ClickException(refusal(done.found))
    if not as_document:
        tell_batch(done, undone_by)
    return not as_document


def tell_batch(done: FileImport[Found], undone_by: str) -> None:
    """Print the batch's number, if there is one, and how it is taken back."""
    if done.batch_id:
        click.echo(f"这次导入的编号是 {done.batch_id[:8]}，导错了用 huitoukan {undone_by} undo 撤回")


def outcome_words(done: FileImport[Found]) -> str:
    """Whether it was imported."""
    return "已导入" if done.stored else "核对完毕，没有导入"


def filing_unit(campaign: Campaign, typed: str) -> Unit:
    """The filing unit that an option names.

    Raises:
        click.ClickException: there is none.
    """
    try:
        return find_filing_unit(campaign, typed)
    except NoSuchUnit as error:
        raise click.ClickException(str(error)) from error


def unit_filer(connection: Connection, unit: Unit) -> Account:
    """The account in whose name a unit's records are imported.

    Raises:
        click.ClickException: there is none.
    """
    try:
        return filer_of(connection, unit)
    except NoFiler as error:
        raise click.ClickException(str(error)) from error
