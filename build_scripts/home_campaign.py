"""The campaign in the home: edits are made to it, and beside it lies what it was made from, for later merges."""

import os
import shutil
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

from build_scripts.atomic_files import replacing
from build_scripts.settings import CAMPAIGNS, RELEASED, SHIPPED_CAMPAIGN
from checklist.authoring.folder_merge import Files, FolderMerge, merge_folders

REGISTERS = "registers"
"""Folder beside the campaigns with the registers that they share."""

BASE = ".shipped"
"""Folder beside the campaigns with each as it was shipped when it was copied or last merged."""


def campaign_in(home: Path) -> Path:
    """Folder of the home's campaign."""
    return home / CAMPAIGNS / SHIPPED_CAMPAIGN.name


def base_in(home: Path) -> Path:
    """Folder with the same campaign as it was shipped."""
    return home / CAMPAIGNS / BASE / SHIPPED_CAMPAIGN.name


def copy_shipped(home: Path) -> bool:
    """Copy the shipped campaign into a home that has none; returns whether it had none.

    Raises:
        NotPublished: it can't be written.
    """
    if campaign_in(home).exists():
        return False
    shipped = read_files(SHIPPED_CAMPAIGN)
    replace_campaign(home, shipped, base=shipped, beside=SHIPPED_CAMPAIGN.parent)
    return True


def pending_merge(home: Path, prefer: str = "") -> FolderMerge:
    """What the shipped campaign changed since it was copied or last merged, merged with what was changed here."""
    base = read_files(base_in(home))
    return merge_folders(base, read_files(campaign_in(home)), read_files(SHIPPED_CAMPAIGN), prefer=prefer)


def merge_shipped(home: Path, merge: FolderMerge, check: Callable[[Path], object]) -> None:
    """Put a merge in place, as a whole or not at all.

    Args:
        home: with a campaign.
        merge: from :func:`pending_merge`.
        check: raises where the merged folder can't be used; then nothing changes.

    Raises:
        NotPublished: it can't be written.
    """
    files = {**read_files(campaign_in(home)), **merge.written}
    for path in merge.removed:
        del files[path]
    replace_campaign(home, files, base=read_files(SHIPPED_CAMPAIGN), check=check)


def adopt(home: Path, folder: Path, check: Callable[[Path], object]) -> str:
    """Take an edited folder from elsewhere as the home's campaign; returns the release that it was made from.

    The base of later merges is the release from whose files it differs the least.

    Raises:
        NotPublished: it can't be written.
    """
    own = read_files(folder)
    candidates = {**released_campaigns(), "": read_files(SHIPPED_CAMPAIGN)}
    nearest = min(candidates, key=lambda name: _distance(own, candidates[name]))
    replace_campaign(home, own, base=candidates[nearest], beside=folder.parent, check=check)
    return nearest


def replace_campaign(
    home: Path,
    files: Files,
    *,
    base: Files,
    beside: Path | None = None,
    check: Callable[[Path], object] = Path.exists,
) -> None:
    """Replace campaign and base together, by one rename.

    Args:
        home: with its campaigns.
        files: of the campaign.
        base: of later merges.
        beside: where the campaign comes from: registers that campaigns share lie beside it. Those that the home has
            stay as they are, since its other campaigns go on with them.
        check: raises where the campaign can't be used; then nothing changes.

    Raises:
        NotPublished: it can't be written.
    """
    with replacing(home / CAMPAIGNS) as new:
        if (home / CAMPAIGNS).exists():  # other campaigns, and what editors leave beside the files
            shutil.copytree(home / CAMPAIGNS, new, dirs_exist_ok=True)
        for folder, contents in (
            (new / SHIPPED_CAMPAIGN.name, files),
            (new / BASE / SHIPPED_CAMPAIGN.name, base),
        ):
            write_files(folder, contents)
        shared = read_files(beside / REGISTERS) if beside else {}
        there = read_files(new / REGISTERS)
        if shared.keys() - there.keys():
            write_files(new / REGISTERS, {**shared, **there})
        check(new / SHIPPED_CAMPAIGN.name)


def write_files(folder: Path, files: Files) -> None:
    """Make a folder hold exactly these files, besides hidden ones."""
    for path in read_files(folder).keys() - files.keys():
        (folder / path).unlink()
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def read_files(folder: Path) -> Files:
    """The files of a folder, without hidden ones, by their path within it; none if there is no such folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


def released_campaigns() -> Mapping[str, Files]:
    """The campaigns of released versions under the shipped one's name, by version."""
    found = {}
    for file in sorted(RELEASED.glob("*.zip")):
        with zipfile.ZipFile(BytesIO(file.read_bytes())) as archive:
            inside = f"{SHIPPED_CAMPAIGN.name}/"
            found[file.stem] = {
                name.removeprefix(inside): archive.read(name)
                for name in archive.namelist()
                if name.startswith(inside)
            }
    return found


def _distance(own: Files, other: Files) -> int:
    return sum(own.get(path) != other.get(path) for path in own.keys() | other.keys())
