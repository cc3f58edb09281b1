"""``huitoukan audit``: verifies the audit log's hash chain, and the records by their digests in it."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy import Connection

from build_scripts.progress import Tell
from forms_server.audit_chain import Fault, FaultKind
from forms_server.audit_words import SUBJECT_WORDS
from forms_server.commands.opened_home import open_database, plain_errors, read_config
from forms_server.record_verification import RecordFault, RecordFaultKind
from forms_server.server_settings import Config

if TYPE_CHECKING:
    from forms_server.audit_witness import Witness

_FAULTS = {
    FaultKind.ALTERED: "第 {row} 行起，审计记录被改过（内容和写下时不一样）",
    FaultKind.MISSING: "第 {row} 行审计记录不见了，后面的还在",
    FaultKind.CUT: "第 {row} 行起，审计记录末尾被删掉了，或换成了别的",
}

_RECORD_FAULTS = {
    RecordFaultKind.ALTERED: "{what} 被改过：和审计第 {row} 行写下时不一样",
    RecordFaultKind.ADDED: "{what} 不是本系统登记的：审计里没有",
    RecordFaultKind.REMOVED: "{what} 不见了：审计第 {row} 行写下时还在",
    RecordFaultKind.RETURNED: "{what} 已经删除（审计第 {row} 行），现在又有了",
    RecordFaultKind.UNFIT: "{what} 在本系统之外被动过，后来又经本系统修改（审计第 {row} 行写下）",
    RecordFaultKind.LOST_FILE: "{what} 的文件不见了",
    RecordFaultKind.ALTERED_FILE: "{what} 的文件被换过",
}

_MOST_SHOWN = 20


def fault_words(fault: Fault) -> str:
    """Describe a chain's first break in a sentence."""
    return _FAULTS[fault.kind].format(row=fault.row)


def record_fault_words(fault: RecordFault) -> str:
    """Name a record and what happened to it."""
    what = f"{SUBJECT_WORDS[fault.subject]} {fault.subject_id}"
    return _RECORD_FAULTS[fault.kind].format(what=what, row=fault.row)


@click.group(help="审计：核验记录有没有被改过。")
def audit() -> None:
    """The audit."""


@audit.command(
    help="逐行核验审计记录，逐条核对账号、台账、报送、排查、导入、照片等和审计写下时一不一样；"
    "有改动、缺失、多出来的，逐条指出，退出码为 1。服务不用停。"
)
@click.option(
    "--witness",
    "witnesses",
    multiple=True,
    metavar="见证或文件",
    help="和以前记下的审计见证核对：报送件、提醒邮件上的 57-ab12 cd34 ef56 7890 这样一行，"
    "或者存着它们的文件；可以写几次。设置了 witness 的，那个文件自动核对",
)
def verify(witnesses: tuple[str, ...]) -> None:
    """Look through the whole chain, then through all records."""
    from build_scripts.progress import followed
    from forms_server.audit import read_head, read_rows
    from forms_server.audit_chain import first_fault
    from forms_server.audit_witness import WitnessCheck, current
    from forms_server.db.engine import audit_key, snapshot

    with plain_errors():
        config = read_config()
        engine = open_database(config)
        noted = _witnesses(config, witnesses)
        check = WitnessCheck(noted)
        with snapshot(engine) as connection, followed() as tell:
            head = read_head(connection)
            tell("核验审计记录", total=head.rows if head else 0)
            fault = first_fault(audit_key(connection), head, check.passing(read_rows(connection)))
            if fault:
                for _ in check.passing(read_rows(connection)):
                    pass
            contradicted = check.finish()
            witness = current(connection)
            shown, more = _some(_record_faults(config, connection, tell))
    for each in shown:
        click.echo(record_fault_words(each), err=True)
    if more:
        click.echo(f"……还有 {more} 条", err=True)
    for noted_down in contradicted:
        click.echo(f"和见证 {noted_down} 不符", err=True)
    if fault:
        raise click.ClickException(f"{fault_words(fault)}。请保留现场，用备份核对。")
    if contradicted:
        raise click.ClickException(
            f"审计记录和以前记下的见证不符（{len(contradicted)} 处，见上）：后面的被删掉了，或者整个重写过。"
            "请保留现场，用备份核对。"
        )
    if shown:
        raise click.ClickException(
            f"审计记录完好，但有 {len(shown) + more} 条记录在本系统之外被动过（见上）。请保留现场，用备份核对。"
        )
    if head:
        click.echo(
            f"审计记录完好，各类记录和写下时一样：共 {head.rows} 行{f'，和 {len(noted)} 处见证相符' if noted else ''}。"
            f"末行校验值 {head.hash}；见证 {witness}，可抄下来留作日后核对（audit verify --witness）。"
        )
    else:
        click.echo("审计记录完好：还没有任何记录。")


def _witnesses(config: Config, given: Sequence[str]) -> "list[Witness]":
    """The witnesses that were typed, those in files, and those in the file of the settings."""
    from forms_server.audit_witness import read

    found: list[Witness] = []
    for each in given:
        path = Path(each)
        texts = read(path.read_text(encoding="utf-8") if path.is_file() else each)
        if not texts:
            raise click.ClickException(
                f"“{each}”里没有见证：应是 57-ab12 cd34 ef56 7890 这样的一行，或者存着它们的文件"
            )
        found += texts
    if config.witness and config.witness.is_file():
        found += read(config.witness.read_text(encoding="utf-8"))
    return found


def _record_faults(config: Config, connection: Connection, tell: Tell) -> Iterator[RecordFault]:
    from forms_server.photos.photo_files import PhotoFiles
    from forms_server.photos.photo_verification import photo_faults
    from forms_server.record_verification import record_faults, unfit_records

    yield from record_faults(connection, tell)
    yield from unfit_records(connection)
    yield from photo_faults(connection, PhotoFiles(config.files), tell)


def _some(faults: Iterable[RecordFault]) -> tuple[list[RecordFault], int]:
    """The first faults, and the number of the others."""
    shown: list[RecordFault] = []
    more = 0
    for each in faults:
        if len(shown) < _MOST_SHOWN:
            shown.append(each)
        else:
            more += 1
    return shown, more
