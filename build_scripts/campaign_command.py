"""``huitoukan campaign``: the campaign in the home, and what a new version changed in the shipped one."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import unified_diff
from pathlib import Path

import click

from build_scripts.atomic_files import NotPublished
from build_scripts.check_command import checked_campaign
from build_scripts.home_campaign import adopt as adopt_folder
from build_scripts.home_campaign import base_in, campaign_in, merge_shipped, pending_merge, read_files
from build_scripts.settings import SHIPPED_CAMPAIGN, Settings
from checklist.authoring.folder_merge import Files, FolderMerge, MergeConflict
from checklist.loading.loader import InvalidCampaign

_PREFER = {"mine": "mine", "new": "theirs"}


@click.group(help="数据目录里的清单：看新版本改了什么，并入自己的；或者收进以前改过的。")
def campaign() -> None:
    """Group of the commands about the home's campaign."""


@campaign.command(help="列出新版本的清单改了什么、并入后自己的会变成什么样；不改动任何文件。")
def changes() -> None:
    """Show what merging would do."""
    settings = _home_settings()
    with _plain():
        merge = pending_merge(settings.home)
    if not merge.shipped:
        click.echo(f"新版本没有改清单，{campaign_in(settings.home)} 已经是最新的。")
        return
    click.echo(f"新版本改了清单的 {len(merge.shipped)} 个文件：{'、'.join(merge.shipped)}")
    click.echo("".join(_differences(read_files(campaign_in(settings.home)), merge)), nl=False)
    for conflict in merge.conflicts:
        click.echo(_conflict(conflict))
    click.echo(_WITH_CONFLICTS.format(count=len(merge.conflicts)) if merge.conflicts else _WITHOUT)


_WITHOUT = "没有冲突。运行 huitoukan campaign merge 就会并入，自己改过的都保留。"
_WITH_CONFLICTS = (
    "有 {count} 处冲突，要先定下来：照新版的改好自己的这几行，再并入；"
    "或者 huitoukan campaign merge --prefer mine（冲突处都留自己的）、--prefer new（冲突处都用新版的）。"
)


@campaign.command(help="把新版本的清单改动并入自己的清单；有冲突，或者并入后核对通不过，就什么也不改。")
@click.option("--prefer", type=click.Choice(list(_PREFER)), help="冲突的地方：mine 留自己的，new 用新版的")
def merge(prefer: str | None) -> None:
    """Merge the shipped campaign's changes, as a whole or not at all."""
    settings = _home_settings()
    with _plain():
        found = pending_merge(settings.home, _PREFER.get(prefer or "", ""))
        if found.conflicts and not prefer:
            told = "\n".join(map(_conflict, found.conflicts))
            raise click.ClickException(
                f"没有并入：\n{told}\n{_WITH_CONFLICTS.format(count=len(found.conflicts))}"
            )
        if not found.shipped:
            click.echo("新版本没有改清单，不用并入。")
            return
        merge_shipped(settings.home, found, checked_campaign)
    click.echo(
        f"已并入 {campaign_in(settings.home)}：改了 {len(found.written)} 个文件，删去 {len(found.removed)} 个。"
        "请重新生成手册（huitoukan handbook build），再重启服务。"
    )


@campaign.command(help="把以前改过的清单文件夹 FOLDER 收进数据目录，从此用它、改它。")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
def adopt(folder: Path) -> None:
    """Take an edited folder of an earlier version as the home's campaign."""
    settings = _home_settings(copied=False)
    if folder.resolve().name != SHIPPED_CAMPAIGN.name:
        raise click.ClickException(
            f"文件夹应当叫 {SHIPPED_CAMPAIGN.name}，现在是 {folder.resolve().name}："
            "另一次专项行动的，请用设置 checklist 指明"
        )
    own = read_files(campaign_in(settings.home))
    if own != read_files(base_in(settings.home)):
        raise click.ClickException(
            f"{campaign_in(settings.home)} 已经改过，不能整个盖掉：要换的，先把它移到别处，再收一次"
        )
    with _plain():
        release = adopt_folder(settings.home, folder, checked_campaign)
    made_from = f"照 {release} 版改的" if release else "照现在的版本改的"
    click.echo(f"已收进 {campaign_in(settings.home)}（{made_from}），以后改这里的。")
    click.echo("看新版本改了什么：huitoukan campaign changes")


def _home_settings(*, copied: bool = True) -> Settings:
    """Settings of a home whose campaign is the one that is used."""
    settings = Settings.from_environment(os.environ)
    if settings.names_checklist:
        raise click.ClickException(
            f"设置里的 checklist 指明了 {settings.checklist}，用的不是数据目录里的清单：那个文件夹由您自己管理"
        )
    if not settings.home.exists():
        raise click.ClickException(
            f"没有数据目录 {settings.home}：请核对设置里的 home；第一次用，先运行 huitoukan init"
        )
    if copied and not base_in(settings.home).is_dir():
        raise click.ClickException(f"{settings.home} 里还没有清单：先运行 huitoukan init")
    return settings


@contextmanager
def _plain() -> Iterator[None]:
    try:
        yield
    except NotPublished as error:
        raise click.ClickException(str(error)) from error
    except InvalidCampaign as error:
        raise click.ClickException(f"这样的清单核对通不过，什么也没有改：\n{error}") from error


def _differences(mine: Files, merge: FolderMerge) -> Iterator[str]:
    """What changes in the own files, as unified diffs."""
    for path in sorted({*merge.written, *merge.removed}):
        before, after = (_text_lines(each.get(path)) for each in (mine, merge.written))
        if before is None or after is None:
            yield f"{path}：不是文字，整个换成新版的\n"
            continue
        name = f"{path}（{'删去' if path in merge.removed else '并入'}）"
        for line in unified_diff(before, after, path, name, n=1):
            yield line if line.endswith("\n") else f"{line}\n"


def _text_lines(content: bytes | None) -> list[str] | None:
    try:
        return (content or b"").decode("utf-8-sig").replace("\r\n", "\n").splitlines(keepends=True)
    except UnicodeDecodeError:
        return None


def _conflict(conflict: MergeConflict) -> str:
    lines = conflict.lines
    if lines is None:
        return f"冲突：{conflict.path}：{conflict.words}"
    sides: Sequence[tuple[str, Sequence[str]]] = (
        ("原来的", lines.base),
        ("自己的", lines.mine),
        ("新版的", lines.theirs),
    )
    told = "".join(
        f"    {side} {line.rstrip()}\n" for side, found in sides for line in (found or ("（没有）",))
    )
    return f"冲突：{conflict.path}:{lines.line}: {conflict.words}\n{told}".rstrip("\n")
