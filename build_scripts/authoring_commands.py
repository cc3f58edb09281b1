"""``huitoukan schema`` and ``huitoukan new``: tools for authors of a campaign's YAML."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

import click

from build_scripts.atomic_files import NotPublished, reason, replacing, write_whole
from build_scripts.settings import PROJECT, Settings
from checklist.authoring.guide import guide
from checklist.authoring.schemas import Schema, schemas
from checklist.authoring.skeleton import skeleton
from checklist.loading.loader import TEMPLATES, InvalidCampaign, load_campaign
from checklist.messages import say
from checklist.model import Campaign
from checklist.values.record_schema import record_schema

SCHEMAS = PROJECT / "checklist" / "schemas"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@click.command(
    help="写出每种 YAML 文件的 JSON Schema（编辑器用它提示和检查）和写法说明；加 --records 则写各表记录的。",
    short_help="写出每种 YAML 文件、或者各表记录的 JSON Schema。",
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=SCHEMAS, help="写到哪个文件夹。"
)
@click.option(
    "--records",
    type=click.Path(path_type=Path, file_okay=False),
    help="只写专项行动各表记录的 JSON Schema，写到这个文件夹。",
)
@click.option(
    "--checklist",
    type=click.Path(path_type=Path, file_okay=False),
    help="配合 --records：哪个专项行动的表，默认用设置 checklist 的，没有写就是数据目录里的。",
)
def schema(out: Path, records: Path | None, checklist: Path | None) -> None:
    """Write a JSON Schema of each kind of YAML file, and the guide to writing them; or of records."""
    if records:
        campaign = _campaign(checklist)
        forms = (*campaign.record_forms, *campaign.registers)
        made = {f"{form.id}.json": record_schema(form, campaign) for form in forms}
        _write(records, _as_files(made))
        click.echo(f"已写到 {records}：{len(made)} 个表的记录的 JSON Schema")
        return
    files = _as_files(schemas())
    _write(out, {**files, "README.md": guide()})
    click.echo(f"已写到 {out}：{len(files)} 个 JSON Schema 和写法说明 README.md")


def _campaign(checklist: Path | None) -> Campaign:
    """Load a campaign folder, by default that of the settings; exit with its problems if it has any."""
    source = _source(checklist)
    try:
        return load_campaign(source)
    except InvalidCampaign as invalid:
        raise click.ClickException(f"{source} 还有问题，先改好：\n{invalid}") from None


def _source(checklist: Path | None) -> Path:
    return checklist or Settings.from_environment(os.environ).checklist


def _as_files(made: Mapping[str, Schema]) -> dict[str, str]:
    return {name: json.dumps(one, ensure_ascii=False, indent=2) + "\n" for name, one in made.items()}


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """Write each file atomically."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            write_whole(folder / name, text.encode())
    except OSError as error:
        raise click.ClickException(say("folder-not-written", folder=folder, detail=reason(error))) from error


NEW = """新建一个专项行动的文件夹 CAMPAIGN-DIR：单位、表和角色照现在的，方面只有一个样子；自己的公文模板一起带过去。

加 --documents，把各种公文的 Word 模板（通报、督办单、自查报告……）也写进 documents，在 Word 里改用语；
文件夹已经有了的，只补没有的模板，已有的不动。"""


@click.command(help=NEW, short_help="新建一个专项行动的文件夹；或者写出公文模板。")
@click.argument("folder", metavar="CAMPAIGN-DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--documents", is_flag=True, help="写出各种公文的 Word 模板，已有的不动，并列出来。")
@click.option(
    "--checklist",
    type=click.Path(path_type=Path, file_okay=False),
    help="照哪个专项行动的样子，默认用设置 checklist 的，没有写就是数据目录里的。",
)
def new(folder: Path, documents: bool, checklist: Path | None) -> None:
    """Start another campaign's folder: same units, forms and roles, one area as a sample; or write templates."""
    target = folder.resolve()
    if documents and target.is_dir():
        _write_templates(_campaign(target), target)
        return
    if not _ID.fullmatch(target.name):
        raise click.ClickException(f"{target.name} 不能作编号：用小写字母、数字和短横线，如 2023-autumn")
    if target.exists():
        raise click.ClickException(f"{folder} 已经有了；换一个名字，或者加 --documents 只写公文模板")
    source = _source(checklist)
    campaign = _campaign(source)
    # Editors read / on every system.
    way = Path(os.path.relpath(SCHEMAS, target)).as_posix()
    try:
        with replacing(target) as folder_to_be:
            for name, text in skeleton(campaign, source, target.name, way).items():
                path = folder_to_be / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            for own in sorted((source / TEMPLATES).glob("*.docx")):
                (folder_to_be / TEMPLATES).mkdir(exist_ok=True)
                (folder_to_be / TEMPLATES / own.name).write_bytes(own.read_bytes())
            load_campaign(folder_to_be)
    except NotPublished as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{folder} 起好了。边改边看：huitoukan handbook serve --checklist {folder}")
    if documents:
        _write_templates(_campaign(target), target)
    elif kept := sorted(path.name for path in (target / TEMPLATES).glob("*.docx")):
        click.echo(f"公文模板带过来 {len(kept)} 个：{'、'.join(kept)}")


def _write_templates(campaign: Campaign, folder: Path) -> None:
    """Write the built-in templates that a folder lacks, and list them all."""
    # Lazy import: Word's library takes half a second.
    from build_scripts.documents.built_in_templates import built_in_templates

    place = folder / TEMPLATES
    try:
        place.mkdir(exist_ok=True)
        for kind, name, content in built_in_templates(campaign):
            path = place / f"{kind}.docx"
            kept = path.exists()
            if not kept:
                write_whole(path, content)
            click.echo(f"{TEMPLATES}/{path.name}\t{name}\t{'已有，没有动' if kept else '写好了'}")
    except OSError as error:
        raise click.ClickException(say("folder-not-written", folder=place, detail=reason(error))) from error
