"""Names for files that take no other file's place, also on disks without hard links, such as a USB stick's FAT."""

import os
import shutil
from pathlib import Path


def keep(file: Path, name: Path) -> None:
    """Hold on to a file under another name: a copy, for its owner only, where the disk has no links.

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
    """Give a file that is whole its name. Without links the name is claimed by an empty file for that moment.

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
