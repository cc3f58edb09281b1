"""The ``huitoukan`` command: what ``build_scripts`` compiles, and what this package serves."""

import click

from build_scripts.cli import commands
from forms_server.commands.demo import demo
from forms_server.commands.init import init
from forms_server.commands.ledger import ledger
from forms_server.commands.serve import serve
from forms_server.commands.user import user


@click.group(
    help="一套清单，三样用处：工作手册、填报系统、汇总表。",
    context_settings={"help_option_names": ["-h", "--help"]},
)
def main() -> None:
    """The ``huitoukan`` command."""


for command in (init, serve, demo, user, ledger, *commands):
    main.add_command(command)
