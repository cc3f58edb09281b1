"""Atomic creation of files without overwriting, also on disks without hard links, such as FAT."""

import os
import shutil
from pathlib import Path


def keep(file: Path, name: Path) -> None:
    """Pin a file under another name: a hard link, or a private copy where the disk has none.

    Raises:
        FileExistsError: the name is taken.
    """
    try:
        os.link(file, name)
    except FileExistsError:
        raise
    except OSError:
        descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as copy, file.open("rb") as source:
                shutil.copyfileobj(source, copy)
                copy.flush()
                os.fsync(copy.fileno())
        except OSError:
            name.unlink()
            raise


def settle(temporary: Path, name: Path) -> None:
    """Move a complete file to its name, never overwriting. Without links an empty file claims the name first.

    Raises:
        FileExistsError: the name is taken.
    """
    try:
        os.link(temporary, name)
        temporary.unlink()
    except FileExistsError:
        raise
    except OSError:
        os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        temporary.replace(name)
