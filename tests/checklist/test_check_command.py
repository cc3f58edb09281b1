"""``huitoukan check`` as a person runs it."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from build_scripts.check_command import check

FOLDER = Path(__file__).parents[1] / "campaigns" / "2023-autumn-fire"


def test_shipped_campaign_is_right() -> None:
    result = CliRunner().invoke(check)
    assert result.exit_code == 0, result.output
    assert "10 个方面、98 个检查项、13 个问题类型、44 个单位、277 个村（社区）" in result.output


def test_problems_are_printed_with_their_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / FOLDER.name))
    area = folder / "areas" / "02-power.yml"
    area.write_text(
        area.read_text(encoding="utf-8").replace("number: 2", "number: two\nnomber: 2"), encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(check, ["--checklist", str(folder)])
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "2023-autumn-fire/areas/02-power.yml:2:9: “two”在这里应当是整数；请写不加引号的数字，如 12。",
        "2023-autumn-fire/areas/02-power.yml:3:1: 没有“nomber”这个键；这里可以写 number。",
    ]
    assert "2 处问题" in result.stderr


def test_folder_can_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUITOUKAN_CHECKLIST", str(FOLDER))
    result = CliRunner().invoke(check)
    assert (result.exit_code, "2023-autumn-fire 没有问题" in result.output) == (0, True)
