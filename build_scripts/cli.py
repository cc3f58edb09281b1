"""The commands of this package; the top package puts them together with its own."""

import click

from build_scripts.check import check
from build_scripts.handbook.command import handbook

commands: list[click.Command] = [check, handbook]
