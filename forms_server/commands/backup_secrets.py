"""What encrypted backups are locked and opened with: from the settings, from named files, or typed."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forms_server.server_settings import Config, read_passphrase

if TYPE_CHECKING:
    from forms_server.backup.age_format import Lock, Opener

_SHORTEST = 12


def lock_for_backup(config: Config, *, ask: bool) -> "Lock | None":
    """What to encrypt with; None where there is nothing.

    Raises:
        click.ClickException: a passphrase that is too short to protect anything.
        BadSetting: a public key that is none.
    """
    from forms_server.backup.backup_lock import lock_of

    if ask:
        asked = f"备份口令（至少 {_SHORTEST} 个字符，请另外记好）"
        found: Lock | None = str(click.prompt(asked, hide_input=True, confirmation_prompt="再输一遍"))
    else:
        found = lock_of(config)
    if isinstance(found, str) and len(found) < _SHORTEST:
        raise click.ClickException(f"备份口令太短：至少 {_SHORTEST} 个字符，请用几个不相干的词连起来")
    return found


def opener_for_restore(
    config: Config, file: Path, passphrase: Path | None, identity: Path | None
) -> "Opener | None":
    """What to open a backup with: the passphrase of a file, of the settings, or typed; or the identities of a file.

    Raises:
        click.ClickException: an identity is needed and not named, or its file is none.
    """
    from forms_server.backup.age_keys import BadKey, read_identities
    from forms_server.backup.backup_archive import is_locked, is_locked_by_key

    if not is_locked(file):
        return None
    if is_locked_by_key(file):
        if identity is None:
            raise click.ClickException("备份是用公钥加密的：请用 --identity 指出打开它的密钥文件")
        try:
            return read_identities(identity.read_text(encoding="utf-8"))
        except (BadKey, UnicodeDecodeError):
            raise click.ClickException(
                f"{identity} 不是密钥文件：里面应有 AGE-SECRET-KEY-1 开头的一行"
            ) from None
    for place in (passphrase, config.backup_passphrase):
        if place:
            return read_passphrase(place) or ""
    return str(click.prompt("备份口令", hide_input=True))


@click.command(
    "backup-key",
    help="生成一对密钥，备份用公钥加密：密钥写进 FILE，公钥显示出来，写进设置里的 backup_recipients。",
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup_key(file: Path) -> None:
    """Make the identity that opens backups."""
    from forms_server.backup.age_keys import Identity

    made = Identity.new()
    try:
        with open(file, "x", encoding="utf-8", opener=_private) as opened:
            opened.write(f"# public key: {made.recipient}\n{made.spelled()}\n")
    except FileExistsError:
        raise click.ClickException(f"已经有 {file} 这个文件，请换一个文件名") from None
    click.echo(f"公钥：{made.recipient}")
    click.echo(
        f'写进设置：backup_recipients = "{made.recipient}"\n'
        f"密钥文件 {file} 请拷到 U 盘、抄一份锁好，再从这台机器上删掉：没有它，备份谁也打不开。"
    )


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
