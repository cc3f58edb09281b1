"""The passphrase of encrypted backups: from the file of the settings, or typed."""

from pathlib import Path

import click

from forms_server.server_settings import Config, read_passphrase

_SHORTEST = 12


def passphrase_for_backup(config: Config, *, ask: bool) -> str | None:
    """The passphrase to encrypt with; None where there is none.

    Raises:
        click.ClickException: it is too short to protect anything.
    """
    if ask:
        asked = f"备份口令（至少 {_SHORTEST} 个字符，请另外记好）"
        found = str(click.prompt(asked, hide_input=True, confirmation_prompt="再输一遍"))
    elif config.backup_passphrase:
        found = read_passphrase(config.backup_passphrase) or ""
    else:
        return None
    if len(found) < _SHORTEST:
        raise click.ClickException(f"备份口令太短：至少 {_SHORTEST} 个字符，请用几个不相干的词连起来")
    return found


def passphrase_for_restore(config: Config, file: Path | None) -> str:
    """The passphrase to open an encrypted backup with: of a file that was named, of the settings, or typed."""
    for place in (file, config.backup_passphrase):
        if place:
            return read_passphrase(place) or ""
    return str(click.prompt("备份口令", hide_input=True))
