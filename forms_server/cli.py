"""The ``huitoukan`` command: what ``build_scripts`` compiles, and what this package serves."""

import click

from build_scripts.build_commands import COMMANDS
from build_scripts.lazy_group import LazyGroup

main = click.version_option(package_name="huitoukan", message="%(package)s %(version)s", help="显示版本")(
    LazyGroup(
        {
            **COMMANDS,
            "audit": "forms_server.commands.audit_command:audit",
            "backup": "forms_server.commands.backup_commands:backup",
            "backup-key": "forms_server.commands.backup_secrets:backup_key",
            "demo": "forms_server.commands.demo_command:demo",
            "doctor": "forms_server.commands.doctor_command:doctor",
            "draw": "forms_server.commands.draw_command:draw",
            "init": "forms_server.commands.init_command:init",
            "ledger": "forms_server.commands.ledger_commands:ledger",
            "mask": "forms_server.commands.mask_command:mask",
            "pack": "forms_server.commands.pack_command:pack",
            "personal-data": "forms_server.commands.personal_data_commands:personal_data",
            "register": "forms_server.commands.register_command:register",
            "remind": "forms_server.commands.remind_command:remind",
            "restore": "forms_server.commands.backup_commands:restore",
            "roster": "forms_server.commands.roster_command:roster",
            "serve": "forms_server.commands.serve_command:serve",
            "upgrade": "forms_server.commands.upgrade_command:upgrade",
            "user": "forms_server.commands.user_commands:user",
        },
        help="一套清单，三样用处：工作手册、填报系统、汇总表。",
    )
)
"""The ``huitoukan`` command."""
