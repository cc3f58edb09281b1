"""``same_person`` of a register: what is counted, checked when a campaign is loaded."""

from pathlib import Path
from shutil import copytree

import pytest

from build_scripts.rules.rule_problems import load_ruled_campaign
from build_scripts.settings import PROJECT
from checklist.loading.loader import InvalidCampaign

WORK = "registers/work.yml"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("of: work, where", "of: wrok, where"), "没有 wrok 这种可以数的"),
        (("of: work, where", "of: visits, where"), "没有 visits 这种可以数的"),
        (("id: jobs", "id: month_income"), "month_income 与一栏的编号相同"),
        (("and jobs > 1", "and job > 1"), "job"),
        (("and period = period_start", "and perod = period_start"), "perod"),
    ],
)
def test_what_cannot_be_counted_is_told(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    folder = tmp_path / "2022-huitoukan"
    copytree(PROJECT / "checklist" / "2022-huitoukan", folder)
    file = folder / WORK
    text = file.read_text(encoding="utf-8")
    assert change[0] in text
    file.write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(InvalidCampaign) as wrong:
        load_ruled_campaign(folder)
    assert any(told in str(each) and "work.yml" in str(each) for each in wrong.value.problems), (
        wrong.value.problems
    )
