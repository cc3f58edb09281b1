"""Mail to a person about what others did to the account, if it gave an address and the server sends mail."""

import logging
import threading

from forms_server.account import Account
from forms_server.mail import connected, message, why
from forms_server.reminders import mail_addresses
from forms_server.services import Services

_log = logging.getLogger(__name__)


def tell_by_mail(services: Services, account: Account, words: str) -> threading.Thread | None:
    """Send a letter in the background: a page does not wait for a mail server. None where nothing is sent.

    Args:
        services: campaign, database and settings.
        account: whom to tell.
        words: who did what, such as ``办公室 李某某重置了密码``.
    """
    config, notice = services.config, services.campaign.notice
    if config.smtp is None or not config.mail_from:
        return None
    with services.engine.connect() as connection:
        to = mail_addresses.of(connection, account)
    if not to:
        return None
    text = (
        f"{notice.short_name}填报系统，账号 {account.name}：\n\n{words}。\n\n"
        f"不是您要求的，请马上告诉{notice.issuer}，电话 {notice.contact.phone}。这封信由系统发出，不用回复。\n"
    )
    letter = message(config.mail_from, notice.issuer, to, f"{notice.short_name}：您的账号有变动", text)

    def send() -> None:
        assert config.smtp
        try:
            with connected(config.smtp) as server:
                server.send_message(letter)
        except OSError as error:  # SMTP errors are, too
            _log.warning("a letter about an account was not sent: %s", why(error))

    thread = threading.Thread(target=send)
    thread.start()
    return thread
