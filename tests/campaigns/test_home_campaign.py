"""The campaign that is used lies in the home, where it is edited; a new version's changes are merged on request."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from build_scripts import home_campaign
from build_scripts.atomic_files import replacing
from build_scripts.home_campaign import base_in, campaign_in, read_files, released_campaigns, write_files
from build_scripts.lazy_group import LazyGroup
from build_scripts.settings import PROJECT, SHIPPED_CAMPAIGN, Settings
from checklist.loading.loader import load_campaign
from forms_server.cli import main

FIRE = PROJECT / "tests" / "campaigns" / "2023-autumn-fire"
TERM = "  - term: 一个词\n    explanation: 它的意思。\n    confidence: verified\n"


def run(home: Path, *arguments: str, **settings: str) -> Result:
    clean = {name: None for name in os.environ if name.startswith("HUITOUKAN_")}
    assert isinstance(main, LazyGroup)
    return CliRunner().invoke(main, arguments, env={**clean, "HUITOUKAN_HOME": str(home), **settings})


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped campaign of a version that is about to be replaced."""
    folder = tmp_path / "program" / SHIPPED_CAMPAIGN.name
    write_files(folder, read_files(SHIPPED_CAMPAIGN))
    for module in ("build_scripts.settings", "build_scripts.home_campaign", "build_scripts.campaign_command"):
        monkeypatch.setattr(f"{module}.SHIPPED_CAMPAIGN", folder)
    return folder


@pytest.fixture
def home(tmp_path: Path, shipped: Path) -> Path:
    """A home that ``init`` made."""
    done = run(tmp_path / "home", "init")
    assert done.exit_code == 0, done.output
    assert "清单已放进" in done.output
    return tmp_path / "home"


def edit(folder: Path, path: str, old: str, new: str) -> None:
    text = (folder / path).read_text(encoding="utf-8")
    assert old in text
    (folder / path).write_text(text.replace(old, new, 1), encoding="utf-8")


def name_contact(folder: Path, phone: str) -> None:
    edit(folder, "campaign.yml", 'phone: "2207626"', f'phone: "{phone}"')


def test_every_command_uses_the_copy_in_the_home(home: Path, shipped: Path) -> None:
    assert read_files(campaign_in(home)) == read_files(base_in(home)) == read_files(shipped)
    assert Settings.from_environment({"HUITOUKAN_HOME": str(home)}).checklist == campaign_in(home).resolve()
    edit(campaign_in(home), "campaign.yml", "number:", "nomber:")
    told = run(home, "check")
    assert told.exit_code == 1
    assert "campaign.yml:" in told.output
    assert "清单有误" in run(home, "user", "add", "甲", "--unit", "丁里镇", "--role", "reporter").output


def test_a_folder_that_the_setting_names_is_left_where_it_is(tmp_path: Path) -> None:
    done = run(tmp_path / "home", "init", HUITOUKAN_CHECKLIST=str(FIRE))
    assert done.exit_code == 0, done.output
    assert not (tmp_path / "home" / "campaigns").exists()
    refused = run(tmp_path / "home", "campaign", "merge", HUITOUKAN_CHECKLIST=str(FIRE))
    assert refused.exit_code == 1
    assert "由您自己管理" in refused.output


def test_init_again_keeps_what_was_edited(home: Path, shipped: Path) -> None:
    name_contact(campaign_in(home), "1234567")
    (shipped / "glossary.yml").write_bytes((shipped / "glossary.yml").read_bytes() + b"# new\n")
    before = read_files(home / "campaigns")
    done = run(home, "init")
    assert done.exit_code == 0, done.output
    assert "清单已放进" not in done.output
    assert read_files(home / "campaigns") == before


def test_both_sides_changes_are_merged(home: Path, shipped: Path) -> None:
    assert "已经是最新的" in run(home, "campaign", "changes").output
    name_contact(campaign_in(home), "1234567")
    edit(shipped, "glossary.yml", "terms:\n", "# 新版加的说明\nterms:\n")
    (shipped / "policies" / "new-toilets.yml").write_bytes(
        (shipped / "policies" / "toilets.yml").read_bytes().replace(b"toilet", b"new-toilet")
    )
    before = read_files(home / "campaigns")
    shown = run(home, "campaign", "changes")
    assert "+# 新版加的说明" in shown.output
    assert "1234567" not in shown.output
    assert read_files(home / "campaigns") == before
    done = run(home, "campaign", "merge")
    assert done.exit_code == 0, done.output
    merged = load_campaign(campaign_in(home))
    assert merged.notice.contact.phone == "1234567"
    assert "new-toilets" in {policy.id for policy in merged.policies}
    assert read_files(base_in(home)) == read_files(shipped)
    assert "已经是最新的" in run(home, "campaign", "changes").output


def test_a_conflict_is_shown_and_nothing_is_merged(home: Path, shipped: Path) -> None:
    name_contact(campaign_in(home), "1234567")
    name_contact(shipped, "7654321")
    edit(shipped, "glossary.yml", "terms:\n", "# 新版加的说明\nterms:\n")
    before = read_files(home / "campaigns")
    refused = run(home, "campaign", "merge")
    assert refused.exit_code == 1
    for told in (
        "campaign.yml:",
        '自己的   phone: "1234567"',
        '新版的   phone: "7654321"',
        '原来的   phone: "2207626"',
    ):
        assert told in refused.output
    assert read_files(home / "campaigns") == before
    done = run(home, "campaign", "merge", "--prefer", "mine")
    assert done.exit_code == 0, done.output
    assert load_campaign(campaign_in(home)).notice.contact.phone == "1234567"
    assert "新版加的说明" in (campaign_in(home) / "glossary.yml").read_text(encoding="utf-8")


def test_a_merge_that_would_not_pass_the_check_changes_nothing(home: Path, shipped: Path) -> None:
    edit(campaign_in(home), "glossary.yml", "terms:\n", f"terms:\n{TERM}")
    text = (shipped / "glossary.yml").read_text(encoding="utf-8")
    (shipped / "glossary.yml").write_text(text.rstrip() + f"\n{TERM}", encoding="utf-8")
    load_campaign(shipped)
    before = read_files(home / "campaigns")
    refused = run(home, "campaign", "merge")
    assert refused.exit_code == 1
    assert "核对通不过，什么也没有改" in refused.output
    assert "glossary.yml:" in refused.output
    assert read_files(home / "campaigns") == before


def test_a_folder_that_was_edited_in_an_old_version_is_adopted(tmp_path: Path, home: Path) -> None:
    (release, files), *_ = released_campaigns().items()
    assert release == "0.1.0"
    old = tmp_path / "opt" / SHIPPED_CAMPAIGN.name
    write_files(old, files)
    name_contact(old, "1234567")
    done = run(home, "campaign", "adopt", str(old))
    assert done.exit_code == 0, done.output
    assert "照 0.1.0 版改的" in done.output
    again = run(home, "campaign", "adopt", str(old))
    assert again.exit_code == 1
    assert "不能整个盖掉" in again.output
    done = run(home, "campaign", "merge")
    assert done.exit_code == 0, done.output
    assert load_campaign(campaign_in(home)).notice.contact.phone == "1234567"
    differing = [
        path
        for path, content in read_files(SHIPPED_CAMPAIGN).items()
        if read_files(campaign_in(home))[path] != content
    ]
    assert differing == ["campaign.yml"]


def test_another_campaigns_folder_is_not_adopted(home: Path) -> None:
    refused = run(home, "campaign", "adopt", str(FIRE))
    assert refused.exit_code == 1
    assert "2023-autumn-fire" in refused.output


KILLED = """
import os, signal, sys
from pathlib import Path
from build_scripts import atomic_files, home_campaign
count = 0
def kill(event, arguments):
    global count
    if event in {"open", "os.rename", "os.mkdir", "shutil.rmtree", "ctypes.dlsym"}:
        count += 1
        if count == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
home = Path(sys.argv[1])
files = {"a.yml": b"new", "b.yml": b"new"}
sys.addaudithook(kill)
home_campaign.replace_campaign(home, files, base=files)
"""


def test_a_killed_merge_leaves_the_old_campaign_or_the_new_one(tmp_path: Path) -> None:
    old, new = {"a.yml": b"old", "b.yml": b"old"}, {"a.yml": b"new", "b.yml": b"new"}
    seen = set()
    for step in range(1, 60):
        home = tmp_path / str(step)
        home.mkdir()
        home_campaign.replace_campaign(home, old, base=old)
        command = [sys.executable, "-c", KILLED, str(home), str(step)]
        done = subprocess.run(command, cwd=PROJECT, check=False, timeout=60)
        found = dict(read_files(campaign_in(home)))
        assert found == dict(read_files(base_in(home)))
        assert found in (old, new)
        seen.add((done.returncode, found == new))
        if done.returncode != -signal.SIGKILL:
            break
    assert seen == {(-signal.SIGKILL, False), (-signal.SIGKILL, True), (0, True)}


def test_a_folder_is_replaced_where_the_disk_cannot_exchange(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("build_scripts.atomic_files._exchange", lambda _one, _other: False)
    for word in ("old", "new"):
        with replacing(tmp_path / "folder") as new:
            (new / "file").write_text(word, encoding="utf-8")
        assert (tmp_path / "folder" / "file").read_text(encoding="utf-8") == word
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
