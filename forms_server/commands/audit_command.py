"""``huitoukan audit``: verifies the audit log's hash chain."""

import click

from forms_server.audit_chain import Fault, FaultKind
from forms_server.commands.opened_home import open_database, plain_errors, read_config

_FAULTS = {
    FaultKind.ALTERED: "第 {row} 行起，审计记录被改过（内容和写下时不一样）",
    FaultKind.MISSING: "第 {row} 行审计记录不见了，后面的还在",
    FaultKind.CUT: "第 {row} 行起，审计记录末尾被删掉了，或换成了别的",
}


def fault_words(fault: Fault) -> str:
    """Describe a chain's first break in a sentence."""
    return _FAULTS[fault.kind].format(row=fault.row)


@click.group(help="审计：核验记录有没有被改过。")
def audit() -> None:
    """The audit."""


@audit.command(help="逐行核验审计记录；有改动、缺失，指出第一行，退出码为 1。服务不用停。")
def verify() -> None:
    """Look through the whole chain."""
    from build_scripts.progress import followed
    from forms_server.audit import read_head, read_rows
    from forms_server.audit_chain import first_fault
    from forms_server.db.engine import audit_key, snapshot

    with plain_errors():
        engine = open_database(read_config())
        with snapshot(engine) as connection, followed() as tell:
            head = read_head(connection)
            tell("核验审计记录", total=head.rows if head else 0)
            fault = first_fault(audit_key(connection), head, read_rows(connection))
    if fault:
        raise click.ClickException(f"{fault_words(fault)}。请保留现场，用备份核对。")
    if head:
        click.echo(f"审计记录完好：共 {head.rows} 行。末行校验值 {head.hash}，可抄下来留作日后核对。")
    else:
        click.echo("审计记录完好：还没有任何记录。")
