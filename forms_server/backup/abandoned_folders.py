"""Temporary folders that killed processes left: they hold personal data, and nobody would remove them."""

import re
import shutil
import time
from pathlib import Path

_DAY = 24 * 3600


def remove_abandoned(folder: Path, prefix: str) -> None:
    """Remove the temporary folders of a prefix that nothing was written to for a day.

    Args:
        folder: where they lie.
        prefix: as given to ``tempfile``, which adds eight letters, digits and underscores.
    """
    ours = re.compile(re.escape(prefix) + "[a-z0-9_]{8}")
    for path in folder.glob(f"{prefix}*"):
        if ours.fullmatch(path.name) and not path.is_symlink() and time.time() - path.stat().st_mtime > _DAY:
            shutil.rmtree(path, ignore_errors=True)  # another process removes it as well
