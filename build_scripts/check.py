"""``huitoukan check``: is this campaign folder right?"""

import os
from pathlib import Path

import click

from build_scripts.settings import Settings
from checklist.loader import InvalidCampaign, load_campaign
from checklist.model import Campaign


@click.command(help="核对专项行动的文件夹，列出全部问题：文件:行:列: 哪里不对、怎么改。")
@click.option(
    "--checklist",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="专项行动的文件夹，默认用 HUITOUKAN_CHECKLIST。",
)
def check(folder: Path | None) -> None:
    """Validate a campaign folder; print every problem as file:line:column: message."""
    folder = folder or Settings.from_environment(os.environ).checklist
    try:
        campaign = load_campaign(folder)
    except InvalidCampaign as invalid:
        shown = os.path.relpath(folder)
        for problem in invalid.problems:
            click.echo(f"{shown}/{problem}")
        raise click.ClickException(f"{folder.name} 有 {len(invalid.problems)} 处问题，改正后再试") from None
    click.echo(_inventory(campaign))


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
