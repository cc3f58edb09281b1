"""Brings back the campaign that a backup holds: into the home, or beside it where a setting names another folder."""

import shutil
from pathlib import Path

from build_scripts.home_campaign import base_in, campaign_in, read_files, replace_campaign, write_files
from build_scripts.settings import CAMPAIGNS
from checklist.authoring.folder_merge import Files
from forms_server.backup.backup_archive import Reader
from forms_server.backup.backup_manifest import BASE, CAMPAIGN
from forms_server.server_settings import Config


def put_campaign(config: Config, reader: Reader, aside: Path, stamp: str) -> Path | None:
    """Put the backup's campaign in place and the one that was there aside.

    A folder that a setting names is its owner's and stays; the backup's comes beside.

    Returns:
        Where the backup's campaign lies, if it differs from the one that was there.
    """
    own, base = _files(reader, CAMPAIGN), _files(reader, BASE)
    if not own or own == read_files(config.checklist):
        return None
    if config.names_checklist:
        beside = config.home / f"campaign_of_backup_{stamp}" / reader.manifest.campaign_id
        write_files(beside, own)
        return beside
    if campaign_in(config.home).exists():
        shutil.copytree(config.home / CAMPAIGNS, aside / CAMPAIGNS)
    replace_campaign(config.home, own, base=base or read_files(base_in(config.home)) or own)
    return campaign_in(config.home)


def _files(reader: Reader, prefix: str) -> Files:
    names = [name for name in reader.manifest.parts if name.startswith(prefix)]
    return {name.removeprefix(prefix): reader.content(name) for name in names}
