"""The backup holds the campaign's folder, and a restore brings it back."""

import shutil
import zipfile
from pathlib import Path

import pytest

from build_scripts.home_campaign import base_in, campaign_in, read_files
from build_scripts.settings import SHIPPED_CAMPAIGN
from forms_server.backup.backup_manifest import UnusableBackup, parse
from forms_server.server_settings import AUDIT_KEY
from tests.campaigns.test_home_campaign import name_contact, run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with an edited campaign, and its backup beside it."""
    assert run(tmp_path / "home", "init").exit_code == 0
    name_contact(campaign_in(tmp_path / "home"), "1234567")
    done = run(tmp_path / "home", "backup", str(tmp_path / "backup.zip"))
    assert done.exit_code == 0, done.output
    return tmp_path / "home"


def restore(home: Path, *options: str, **settings: str) -> str:
    done = run(home, "restore", str(home.parent / "backup.zip"), "--yes", *options, **settings)
    assert done.exit_code == 0, done.output
    return done.output


def test_it_comes_back_and_what_it_replaces_is_kept(home: Path) -> None:
    held, base = read_files(campaign_in(home)), read_files(base_in(home))
    edited = campaign_in(home) / "glossary.yml"
    edited.write_bytes(edited.read_bytes() + "# 备份以后改的\n".encode())
    said = restore(home)
    assert f"备份里的清单在 {campaign_in(home)}" in said
    assert (read_files(campaign_in(home)), read_files(base_in(home))) == (held, base)
    (aside,) = home.glob(f"replaced_*/campaigns/{SHIPPED_CAMPAIGN.name}/glossary.yml")
    assert "备份以后改的" in aside.read_text(encoding="utf-8")


def test_it_comes_to_another_machine(home: Path) -> None:
    other = home.parent / "elsewhere" / "home"
    other.parent.mkdir()
    shutil.copy(home.parent / "backup.zip", other.parent)
    refused = run(other, "restore", str(other.parent / "backup.zip"), "--yes")
    assert refused.exit_code == 1
    assert "里面没有审计密钥" in refused.output
    restore(other, "--key", str(home / AUDIT_KEY))
    assert (other / AUDIT_KEY).read_bytes() == (home / AUDIT_KEY).read_bytes()
    assert read_files(campaign_in(other)) == read_files(campaign_in(home))
    assert read_files(base_in(other)) == read_files(SHIPPED_CAMPAIGN)


def test_a_campaign_that_is_the_same_is_left_alone(home: Path) -> None:
    assert "备份里的清单在" not in restore(home)
    assert not list(home.glob("replaced_*/campaigns"))


def test_a_folder_that_the_setting_names_is_not_touched(home: Path) -> None:
    named = home.parent / "named" / SHIPPED_CAMPAIGN.name
    shutil.copytree(SHIPPED_CAMPAIGN, named)
    said = restore(home, HUITOUKAN_CHECKLIST=str(named))
    assert "没有动它" in said
    assert read_files(named) == read_files(SHIPPED_CAMPAIGN)
    (beside,) = home.glob(f"campaign_of_backup_*/{SHIPPED_CAMPAIGN.name}")
    assert read_files(beside) == read_files(campaign_in(home))


@pytest.mark.parametrize(
    "part",
    ["campaign/../../x", "campaign/.shipped/x", "campaign//etc/x", "campaign/a\\..\\x", "campaign-shipped"],
)
def test_a_part_that_would_lead_out_of_the_folder_is_refused(home: Path, part: str) -> None:
    manifest = zipfile.ZipFile(home.parent / "backup.zip").read("manifest.json").decode()
    assert '"campaign/units.yml"' in manifest
    parse(manifest.encode())
    with pytest.raises(UnusableBackup, match="不是本系统的备份文件"):
        parse(manifest.replace('"campaign/units.yml"', f'"{part}"'.replace("\\", "\\\\")).encode())
