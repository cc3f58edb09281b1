"""Reading of a file that was named on the command line: a regular one, and not without bound."""

import os
import stat
from pathlib import Path

import click

from build_scripts.intake.workbook_limits import LIMITS
from build_scripts.sandbox.child_limits import MEGABYTE
from checklist.messages import say


def read_named(file: Path, most: int = LIMITS.packed) -> bytes:
    """Read a file.

    Raises:
        click.ClickException: it is a device, a pipe or the like, or has more bytes than ``most``.
        OSError: it can't be read.
    """
    # Without O_NONBLOCK, opening a pipe waits for somebody to write.
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as opened:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise click.ClickException(f"{file}：{say('upload-not-a-file')}")
        content = opened.read(most + 1)
    if len(content) > most:
        raise click.ClickException(f"{file}：{say('upload-too-large', limit=most // MEGABYTE)}")
    return content
