"""``huitoukan schema`` and ``huitoukan new``: for whoever writes a campaign's YAML."""

import json
import os
import re
from pathlib import Path

import click

from build_scripts.replacing import NotPublished, reason, replacing, write_whole
from build_scripts.settings import PROJECT, Settings
from checklist.authoring.guide import guide
from checklist.authoring.schemas import schemas
from checklist.authoring.skeleton import skeleton
from checklist.loader import InvalidCampaign, load_campaign
from checklist.messages import say

SCHEMAS = PROJECT / "checklist" / "schemas"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@click.command(help="写出每种 YAML 文件的 JSON Schema（编辑器用它提示和检查）和写法说明。")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=SCHEMAS, help="写到哪个文件夹。"
)
def schema(out: Path) -> None:
    """Write a JSON Schema of each kind of YAML file, and the guide to writing them."""
    files = {name: json.dumps(made, ensure_ascii=False, indent=2) + "\n" for name, made in schemas().items()}
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in {**files, "README.md": guide()}.items():
            write_whole(out / name, text.encode())
    except OSError as error:
        raise click.ClickException(say("folder-not-written", folder=out, detail=reason(error))) from error
    click.echo(f"已写到 {out}：{len(files)} 个 JSON Schema 和写法说明 README.md")


@click.command(help="新建一个专项行动的文件夹 CAMPAIGN-DIR：单位、表和角色照现在的，方面只有一个样子。")
@click.argument("folder", metavar="CAMPAIGN-DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--checklist",
    type=click.Path(path_type=Path, file_okay=False),
    help="照哪个专项行动的样子，默认用 HUITOUKAN_CHECKLIST。",
)
def new(folder: Path, checklist: Path | None) -> None:
    """Start another campaign's folder: same units, forms and roles, one area as a sample."""
    target = folder.resolve()
    if not _ID.fullmatch(target.name):
        raise click.ClickException(f"{target.name} 不能作编号：用小写字母、数字和短横线，如 2023-autumn")
    if target.exists():
        raise click.ClickException(f"{folder} 已经有了；换一个名字")
    source = checklist or Settings.from_environment(os.environ).checklist
    try:
        campaign = load_campaign(source)
    except InvalidCampaign as invalid:
        raise click.ClickException(f"{source} 还有问题，先改好：\n{invalid}") from None
    # An editor reads / on every system.
    way = Path(os.path.relpath(SCHEMAS, target)).as_posix()
    try:
        with replacing(target) as folder_to_be:
            for name, text in skeleton(campaign, source, target.name, way).items():
                path = folder_to_be / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            load_campaign(folder_to_be)
    except NotPublished as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{folder} 起好了。边改边看：huitoukan handbook serve --checklist {folder}")
