import errno
import shutil
import subprocess
import sys
from filecmp import cmpfiles
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from build_scripts.build_commands import COMMANDS
from build_scripts.counting.summary_lines import SummaryRow, to_csv
from build_scripts.handbook import site_build
from build_scripts.handbook.content_changes import HISTORY
from build_scripts.handbook.handbook_command import handbook
from build_scripts.lazy_group import load
from build_scripts.settings import PROJECT, Settings
from checklist.loading.loader import load_campaign

FIRE = PROJECT / "tests" / "campaigns" / "2023-autumn-fire"


def run(home: Path, *arguments: str) -> Result:
    environment = {"HUITOUKAN_HOME": str(home), "HUITOUKAN_CHECKLIST": str(FIRE)}
    return CliRunner().invoke(handbook, ["build", *arguments], env=environment)


def test_the_command_is_one_of_the_package() -> None:
    assert load(COMMANDS["handbook"]) is handbook


def test_it_builds_into_the_home_folder_what_mkdocs_builds(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert result.exit_code == 0, result.output
    assert "手册已生成" in result.output
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "mkdocs")],
        cwd=PROJECT, check=True, env={"HUITOUKAN_HOME": str(tmp_path), "HUITOUKAN_CHECKLIST": str(FIRE)},
    )  # fmt: skip
    mine, theirs = tmp_path / "site", tmp_path / "mkdocs"
    names = sorted(str(path.relative_to(theirs)) for path in theirs.rglob("*") if path.is_file())
    assert cmpfiles(mine, theirs, names, shallow=False)[1:] == ([], [])


def test_the_figures_of_the_last_summary_are_in_it(tmp_path: Path) -> None:
    campaign = load_campaign(FIRE)
    unit, kind = campaign.filing_units[0], campaign.problem_types[0]
    (tmp_path / "summary").mkdir()
    row = SummaryRow(unit.code, unit.name, kind.id, kind.name, 4711, 11, 4700, 0, 0, "yes")
    (tmp_path / "summary" / "summary.csv").write_text(to_csv((row,)), encoding="utf-8")
    result = run(tmp_path, "--out", str(tmp_path / "elsewhere"))
    assert result.exit_code == 0, result.output
    page = tmp_path / "elsewhere" / "summary" / f"{unit.code}.html"
    assert "<td>4711</td>" in page.read_text(encoding="utf-8")


def test_figures_that_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "summary").mkdir()
    (tmp_path / "summary" / "summary.csv").write_text("甲,乙\n", encoding="utf-8")
    result = run(tmp_path)
    assert result.exit_code == 1
    assert "请重新汇总" in result.output
    assert not (tmp_path / "site").exists()


def test_a_change_of_the_content_is_noted_with_the_day_of_the_build(tmp_path: Path) -> None:
    campaign = tmp_path / FIRE.name
    shutil.copytree(FIRE, campaign)
    for now, wording in (("2023-10-01T09:00", ""), ("2023-10-03T09:00", "改过：")):
        for area in (campaign / "areas").glob("*.yml"):
            text = area.read_text(encoding="utf-8")
            area.write_text(text.replace("    how: ", f"    how: {wording}", 1), encoding="utf-8")
        environment = {
            "HUITOUKAN_HOME": str(tmp_path / "home"),
            "HUITOUKAN_CHECKLIST": str(campaign),
            "HUITOUKAN_NOW": now,
        }
        result = CliRunner().invoke(handbook, ["build"], env=environment)
        assert result.exit_code == 0, result.output
    updates = (tmp_path / "home" / "site" / "updates.html").read_text(encoding="utf-8")
    assert "2023年10月3日" in updates
    assert "2023年10月1日" not in updates
    assert "改了" in updates


def test_a_folder_that_is_no_campaign_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run(tmp_path, "--checklist", str(tmp_path / "empty"))
    assert result.exit_code == 1
    assert "campaign.yml:1:1" in result.output


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_that_holds_anything_else_is_left_alone(tmp_path: Path) -> None:
    for name in ("huitoukan.sqlite3", "audit.key"):
        (tmp_path / name).write_bytes(b"mine")
    result = run(tmp_path, "--out", str(tmp_path))
    assert result.exit_code == 1
    assert "audit.key、huitoukan.sqlite3" in result.output
    assert files_below(tmp_path) == {"huitoukan.sqlite3", "audit.key"}


def test_another_site_is_not_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_bytes(b"mine")
    result = run(tmp_path / "home", "--out", str(tmp_path))
    assert "index.html" in result.output
    assert (tmp_path / "index.html").read_bytes() == b"mine"


def test_what_breaks_off_leaves_the_last_site_and_the_next_build_replaces_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "home" / "site"
    assert run(tmp_path / "home").exit_code == 0
    (site / ".built-from-checklist").touch()  # by the Makefile
    before = files_below(site)
    noted = (tmp_path / "home" / HISTORY).read_bytes()

    def full(_config: object) -> None:
        assert files_below(site) == before
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(site_build, "build_site", full)
        result = run(tmp_path / "home")
    assert result.exit_code == 1
    assert "磁盘满了" in result.output
    assert files_below(tmp_path / "home") == {HISTORY, *(f"site/{name}" for name in before)}
    assert (tmp_path / "home" / HISTORY).read_bytes() == noted
    assert run(tmp_path / "home").exit_code == 0
    assert files_below(site) == before - {".built-from-checklist"}


def test_the_home_that_it_makes_is_for_its_owner_and_the_site_for_all(tmp_path: Path) -> None:
    assert run(tmp_path / "home", "--out", str(tmp_path / "shared")).exit_code == 0
    assert (tmp_path / "shared" / "index.html").stat().st_mode & 0o044 == 0o044
    assert not (tmp_path / "home").exists()
    Settings(FIRE, tmp_path / "home", "").make_home()
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700


def test_a_home_that_is_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    result = run(tmp_path / "home")
    assert result.exit_code == 1
    assert str(tmp_path / "home") in result.output
    assert "设置 home" in result.output
