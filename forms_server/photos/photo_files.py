"""Content-addressed storage of pictures, in a folder that no URL maps to."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from forms_server.photos.photo_reencoding import Picture

FOLDER = "photos"
"""In the server's home."""


class PhotoFiles:
    """The folder of the pictures; readable by the server alone."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    def keep(self, picture: Picture) -> str:
        """Store a picture durably, if it is new; returns its hash."""
        name = hashlib.sha256(picture.large).hexdigest()
        # The large one last: where it is there, both are.
        self._write(self.path(name, small=True), picture.small)
        self._write(self.path(name), picture.large)
        return name

    def path(self, name: str, *, small: bool = False) -> Path:
        """Path of the picture with that hash."""
        return self._folder / name[:2] / f"{name}{'-small' if small else ''}.jpg"

    def remove(self, name: str) -> None:
        """Remove a picture's files."""
        for small in (False, True):
            self.path(name, small=small).unlink(missing_ok=True)

    @contextmanager
    def one_at_a_time(self) -> Iterator[None]:
        """Cross-process lock for decoding pictures: each may take much memory."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._folder / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _write(self, path: Path, content: bytes) -> None:
        """Write atomically: a temporary file in the same folder, then rename."""
        if path.exists():
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent)  # for its owner only
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).rename(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
