"""``huitoukan ledger collect``: a folder or a zip of mails' attachments, each told whose it is and what it holds."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checklist.model import Campaign, Unit
from checklist.values.unit_lookup import NoSuchUnit, find_filing_unit
from forms_server.clock import Clock
from forms_server.commands.named_file import read_named
from forms_server.commands.opened_home import open_database, plain_errors, read_campaign, read_config

if TYPE_CHECKING:
    from build_scripts.intake.mail_attachments import Attachment
    from forms_server.imports.attachment_intake import AttachmentIntake, AttachmentReport


@click.command(
    "collect",
    help="收 PATH（文件夹、.zip 或 .eml）里各单位的台账和汇总表：先认出每份是哪个单位的、里面有什么，"
    "没有疑问的才导入，每份单独成为一次导入；有一份没有导入，就以 1 结束。",
)
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option("--dry-run", is_flag=True, help="只核对，不导入")
@click.option(
    "--unit", "given", multiple=True, metavar="FILE=CODE", help="认不出的文件是哪个单位的，可以写几次"
)
@click.option("--json", "as_document", is_flag=True, help="核对结果写成 JSON")
def collect(path: Path, dry_run: bool, given: tuple[str, ...], as_document: bool) -> None:
    """Look at every file, import those that leave nothing to ask, and say what became of each."""
    from build_scripts.intake.refusal import Unreadable
    from forms_server.imports.attachment_intake import AttachmentIntake, silent_units, with_imported

    with plain_errors():
        config = read_config()
        campaign, engine = read_campaign(config), open_database(config)
        try:
            files = list(_files(path))
        except Unreadable as error:
            raise click.ClickException(f"{path}：{error}") from error
        intake = AttachmentIntake(campaign, engine, Clock(config.now), None)
        chosen = dict(_chosen(campaign, pair) for pair in given)
        reports = intake.report(files, chosen)
        with engine.connect() as connection:
            reports = with_imported(connection, campaign, reports)
        if not dry_run:
            reports = list(_taken_in(intake, files, reports))
        with engine.connect() as connection:
            silent = silent_units(connection, campaign, reports)
    if as_document:
        said = {"files": [asdict(each) for each in reports], "silent": [unit.code for unit in silent]}
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        for line in _lines(campaign, reports, silent):
            click.echo(line)
    if not dry_run and any(each.standing not in _FINISHED for each in reports):
        raise click.exceptions.Exit(1)


_FINISHED = frozenset({"done", "same", "repeated"})
"""Standings of files that need nobody's attention."""


def _files(path: Path) -> Iterator["Attachment"]:
    from build_scripts.intake.mail_attachments import attachments_in, attachments_of

    return attachments_in(path) if path.is_dir() else attachments_of(path.name, read_named(path))


def _chosen(campaign: Campaign, pair: str) -> tuple[str, str]:
    name, _, typed = pair.rpartition("=")
    try:
        return name, find_filing_unit(campaign, typed).code
    except NoSuchUnit as error:
        raise click.ClickException(f"--unit {pair}：{error}") from error


def _taken_in(
    intake: "AttachmentIntake", files: Sequence["Attachment"], reports: Sequence["AttachmentReport"]
) -> Iterator["AttachmentReport"]:
    """Import what is ready; yield the reports as they are then."""
    from forms_server.imports.attachment_intake import Standing, with_imported

    for file, report in zip(files, reports, strict=True):
        if report.standing is not Standing.READY:
            yield report
            continue
        if intake.take_in(file, intake.campaign.unit_by_code[report.unit_code]):
            with intake.engine.connect() as connection:
                yield from with_imported(connection, intake.campaign, [report])
        else:
            yield intake.look_at(file, report.unit_code)


def _lines(
    campaign: Campaign, reports: Sequence["AttachmentReport"], silent: Sequence[Unit]
) -> Iterator[str]:
    from forms_server.imports.attachment_intake import STANDING_NAMES

    for each in reports:
        unit = campaign.unit_by_code.get(each.unit_code)
        counts = each.counts
        held = (
            f"{counts['rows']} 行，新增 {counts['new']}，修改 {counts['changed']}，没有变化 {counts['unchanged']}"
            if counts
            else ""
        )
        about = "，".join(filter(None, [unit.name if unit else "", held]))
        yield f"[{STANDING_NAMES[each.standing]}] {each.name}" + (f"：{about}" if about else "")
        yield from (f"    {words}" for words in each.said)
    if silent:
        yield f"没有收到、系统里也没有登记的单位 {len(silent)} 个：{'、'.join(unit.name for unit in silent)}"
