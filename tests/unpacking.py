"""Unpacking of archives on every Python that the project supports."""

import tarfile
from pathlib import Path
from typing import Any

_SAFELY: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
"""Python before 3.11.4 (Debian 12) knows no filters; later ones warn where none is given."""


def unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """Unpack an archive of our own, or one whose checksum is known."""
    archive.extractall(folder, **_SAFELY)  # noqa: S202 - our own, or known by its checksum
