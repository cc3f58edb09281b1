"""``huitoukan document``."""

import json
import os
from datetime import date, datetime
from pathlib import Path

import click

from build_scripts.atomic_files import reason, write_whole
from build_scripts.counting.record_source import Source
from build_scripts.documents.document_kinds import KINDS, DocumentKind, named
from build_scripts.progress import followed
from build_scripts.settings import Settings
from checklist import china_time
from checklist.date_formats import TYPED_DAY
from checklist.loading.loader import InvalidCampaign, load_campaign
from checklist.messages import say
from checklist.model import Campaign, Unit
from checklist.values.unit_lookup import NoSuchUnit, find_filing_unit

_NAMES = "、".join(f"{key} {kind.name}" for key, kind in KINDS.items())
_OF_UNIT = "、".join(kind.name for kind in KINDS.values() if kind.of_unit)
HELP = f"""按公文格式（GB/T 9704）写一份 Word 文件，数字都由台账得出。

KIND 是文种：{_NAMES}。

要改用语，先用 --template 写出模板，在 Word 里改好，放进专项行动文件夹的 documents 里，文件名是 KIND.docx。"""


@click.command(help=HELP)
@click.argument("kind", type=click.Choice(list(KINDS)), metavar="KIND")
@click.option("--unit", metavar="CODE", help=f"单位代码或名称：{_OF_UNIT}必须写。")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="写到哪个 .docx 文件。"
)
@click.option("--date", "today", type=click.DateTime([TYPED_DAY]), help="落款日期，也用来算逾期，默认今天。")
@click.option(
    "--since",
    type=click.DateTime([TYPED_DAY]),
    help="上次通报的日期，写上就说和上次相比新增多少；只用于通报。",
)
@click.option("--json", "as_json", is_flag=True, help="结果用 JSON 说，给程序用。")
@click.option("--template", "as_template", is_flag=True, help="写出模板，不填数字。")
@click.option("--source", help="数据库地址，默认用 HUITOUKAN_DATABASE。")
@click.option(
    "--checklist",
    type=click.Path(path_type=Path, file_okay=False),
    help="专项行动的文件夹，默认用设置 checklist 的，没有写就是数据目录里的。",
)
def document(  # noqa: PLR0913, PLR0917 - each is an option that people can give
    kind: str,
    unit: str | None,
    out: Path,
    today: datetime | None,
    since: datetime | None,
    as_template: bool,
    as_json: bool,
    source: str | None,
    checklist: Path | None,
) -> None:
    """Write an official document with the ledgers' figures; never over a file that is there."""
    # Lazy import: Word's library takes half a second, which other commands need not pay.
    from build_scripts.documents import document_facts, docx_writer
    from build_scripts.documents.report_parts import NoReport
    from build_scripts.summary.compiling import FAILURES

    _refuse_place(out)
    settings = Settings.from_environment(os.environ)
    folder = checklist or settings.checklist
    day = today.date() if today else _today()
    about = None
    try:
        campaign = load_campaign(folder)
        found = named(campaign).get(kind, KINDS[kind])
        if as_template:
            content = docx_writer.template(kind, campaign)
        else:
            about = _unit(found, unit, campaign)
            place = Source(source or settings.database, "database")
            with followed() as tell:
                tell("正在计数")
                facts = document_facts.gather(
                    campaign,
                    place,
                    day,
                    about,
                    report=found.of_unit and not found.about_overdue,
                    since=since.date() if since else None,
                )
                if found.about_overdue and not facts.overdue:
                    raise click.ClickException(say("document-nothing-overdue", kind=found.name))
                tell(f"正在写{found.name}")
                content = docx_writer.document(kind, facts, folder)
        write_whole(out, content, private=not as_template)
    except (InvalidCampaign, docx_writer.BrokenTemplate, NoReport, NoSuchUnit, *FAILURES) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(say("document-not-written", file=out, detail=reason(error))) from error
    if as_json:
        told = {
            "kind": kind,
            "name": found.name,
            "unit_code": about.code if about else None,
            "date": day.isoformat(),
            "file": str(out),
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{found.name}已写到 {out}")


def _today() -> date:
    """Return today; refuse a fixed clock outside demonstrations, as a document must not bear a wrong date."""
    if os.environ.get("HUITOUKAN_NOW"):
        raise click.ClickException(say("document-fixed-clock"))
    return china_time.today()


def _unit(kind: DocumentKind, typed: str | None, campaign: Campaign) -> Unit | None:
    """Return the unit whose document it is, or None for the county's."""
    if typed is not None:
        return find_filing_unit(campaign, typed)
    if kind.of_unit:
        known = [unit.name for unit in campaign.filing_units[:3]]
        raise click.ClickException(say("document-unit-needed", kind=kind.name, known=known))
    return None


def _refuse_place(out: Path) -> None:
    """Refuse a name that Word would not open, or an existing file, which may have been edited."""
    if out.suffix != ".docx":
        raise click.ClickException(say("document-not-docx", file=out))
    if out.exists():
        raise click.ClickException(say("document-exists", file=out))
