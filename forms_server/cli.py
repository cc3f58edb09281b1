"""The ``huitoukan`` command: what ``build_scripts`` compiles, and what this package serves."""

import click

from build_scripts.cli import COMMANDS
from build_scripts.lazily import LazyGroup

main = click.version_option(package_name="huitoukan", message="%(package)s %(version)s", help="显示版本")(
    LazyGroup(
        {
            **COMMANDS,
            "audit": "forms_server.commands.audit:audit",
            "backup": "forms_server.commands.backup:backup",
            "demo": "forms_server.commands.demo:demo",
            "init": "forms_server.commands.init:init",
            "ledger": "forms_server.commands.ledger:ledger",
            "remind": "forms_server.commands.remind:remind",
            "restore": "forms_server.commands.backup:restore",
            "roster": "forms_server.commands.roster:roster",
            "serve": "forms_server.commands.serve:serve",
            "user": "forms_server.commands.user:user",
        },
        help="一套清单，三样用处：工作手册、填报系统、汇总表。",
    )
)
"""The ``huitoukan`` command."""
