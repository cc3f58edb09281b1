"""How the settings have backups encrypted: by passphrase, to public keys, or not at all."""

from build_scripts.settings_file import BadSetting
from forms_server.backup.age_format import Lock
from forms_server.backup.age_keys import BadKey, Recipient, read_recipients
from forms_server.server_settings import Config, read_passphrase


def lock_of(config: Config, *further: Recipient) -> Lock | None:
    """The lock of backups; None where they are not encrypted.

    Args:
        config: the settings.
        further: recipients beside those of the settings, where these name some.

    Raises:
        BadSetting: a public key is none, or there is a passphrase, too.
    """
    recipients = recipients_of(config)
    if recipients:
        return *recipients, *further
    return read_passphrase(config.backup_passphrase)


def recipients_of(config: Config) -> tuple[Recipient, ...]:
    """The public keys that backups are encrypted to; none without the setting.

    Raises:
        BadSetting: as above.
    """
    if not config.backup_recipients:
        return ()
    if config.backup_passphrase:
        raise BadSetting(
            "设置里的 backup_passphrase 和 backup_recipients 只能写一个：备份用口令加密，或者用公钥加密"
        )
    try:
        return read_recipients(config.backup_recipients)
    except BadKey:
        raise BadSetting(
            "设置里的 backup_recipients 应是 age1 开头的公钥，几个的用逗号分开；"
            "用 huitoukan backup-key 生成，整行照抄"
        ) from None
