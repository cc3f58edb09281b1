"""``huitoukan check``: validation of a campaign folder."""

import os
from collections.abc import Iterator
from pathlib import Path

import click

from build_scripts.settings import Settings
from checklist.authoring.skeleton import TO_WRITE
from checklist.loading.loader import PARTS, InvalidCampaign
from checklist.model import Campaign


@click.command(help="核对专项行动的文件夹，列出全部问题：文件:行:列: 哪里不对、怎么改。")
@click.option(
    "--checklist",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="专项行动的文件夹，默认用设置 checklist 的，没有写就是数据目录里的。",
)
def check(folder: Path | None) -> None:
    """Validate a campaign folder; print every problem as file:line:column: message."""
    folder = folder or Settings.from_environment(os.environ).checklist
    try:
        campaign = checked_campaign(folder)
    except InvalidCampaign as invalid:
        shown = os.path.relpath(folder)
        for problem in invalid.problems:
            click.echo(f"{shown}/{problem}")
        raise click.ClickException(f"{folder.name} 有 {len(invalid.problems)} 处问题，改正后再试") from None
    click.echo(_inventory(campaign))
    for hint in _hints(folder):
        click.echo(hint)


def checked_campaign(folder: Path) -> Campaign:
    """Load a campaign that passes every check.

    Raises:
        InvalidCampaign: with every problem.
    """
    # Lazy import: only for a campaign that can be loaded.
    from build_scripts.documents.sentence_check import sentence_problems
    from build_scripts.documents.template_check import template_problems
    from build_scripts.rules.rule_problems import load_ruled_campaign

    campaign = load_ruled_campaign(folder)
    if found := sorted([*sentence_problems(campaign, folder), *template_problems(campaign, folder)]):
        raise InvalidCampaign(found)
    return campaign


def _hints(folder: Path) -> Iterator[str]:
    """Warnings: valid, but hardly intended."""
    shown = Path(os.path.relpath(folder))
    for path in sorted(folder.rglob("*.yml")):
        for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
            if TO_WRITE in line:
                yield f"{(shown / path.relative_to(folder)).as_posix()}:{number}: 还是“{TO_WRITE}”，写好再用。"
    if not (folder / PARTS["reading"].name).is_file():
        yield (
            "没有 reading.yml：读表时只认得全名、日期和数字，"
            "不认得村名的简称、“8月底前”“立行立改”“已整改”这些说法，可以照别的专项抄一份。"
        )


def _inventory(campaign: Campaign) -> str:
    counts = {
        "个方面": len(campaign.areas),
        "个检查项": len(campaign.item_by_id),
        "个问题类型": len(campaign.problem_types),
        "个单位": len(campaign.filing_units),
        "个村（社区）": len(campaign.village_by_code),
        "张表": len(campaign.forms),
        "个政策专题": len(campaign.policies),
        "个名词": len(campaign.glossary.terms),
    }
    return f"{campaign.id} 没有问题：" + "、".join(f"{count} {what}" for what, count in counts.items())
