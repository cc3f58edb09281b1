"""E-mail through the office's SMTP server."""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formataddr
from typing import Self
from urllib.parse import unquote, urlsplit

from build_scripts.atomic_files import reason

LONGEST = 120
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
"""Narrower than what mail allows: nothing in it can end a header or mean anything to a mail server."""

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_SECONDS = 30


@dataclass(frozen=True)
class Server:
    """An SMTP server, and who sends."""

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Parse a URL such as ``smtp+starttls://user:password@mail.example.cn``.

        Raises:
            ValueError: it is no such address.
        """
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/"):
            raise ValueError(url)
        user, password = (unquote(each or "") for each in (parts.username, parts.password))
        return cls(parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme], user, password)


def is_mail_address(text: str) -> bool:
    """Validate an address for sending to and from."""
    return len(text) <= LONGEST and _ADDRESS.fullmatch(text) is not None


@contextmanager
def connected(server: Server) -> Iterator[smtplib.SMTP]:
    """Open an authenticated SMTP connection, with TLS and certificate verification unless the scheme is plain smtp.

    Raises:
        OSError, smtplib.SMTPException: the server cannot be reached, or refuses.
    """
    context = ssl.create_default_context()
    if server.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=_SECONDS, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=_SECONDS)
    with connection:
        if server.scheme == "smtp+starttls":
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
        yield connection


def message(sender: str, sender_name: str, to: str, subject: str, text: str) -> EmailMessage:
    """A message of plain text."""
    made = EmailMessage()
    made["From"] = formataddr((sender_name, sender))
    made["To"] = to
    made["Subject"] = subject
    made["Auto-Submitted"] = "auto-generated"  # so that no holiday notice answers
    made.set_content(text)
    return made


_WHY: dict[type[Exception], str] = {
    ssl.SSLCertVerificationError: "服务器的证书不受信任",
    ssl.SSLError: "加密没有谈成：请核对端口，换 smtps:// 或 smtp+starttls:// 试试",
    socket.gaierror: "没有这个主机名",
    ConnectionRefusedError: "没有服务在听：请核对主机和端口",
    TimeoutError: "没有回应：请核对主机和端口，看防火墙是否放行",
    smtplib.SMTPNotSupportedError: "服务器不支持这样加密或登录，换 smtps:// 或 smtp:// 试试",
    smtplib.SMTPServerDisconnected: "连接被服务器断开：请核对端口，换 smtps:// 或 smtp+starttls:// 试试",
}
"""The narrower kinds come first."""


def why(error: OSError) -> str:
    """Describe why a mail cannot be sent, with the server's reply. SMTP errors are ``OSError`` too."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return f"对方的邮箱收不了，{_answer(code, said)}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"账号或密码不对，{_answer(error.smtp_code, error.smtp_error)}"
    if isinstance(error, smtplib.SMTPSenderRefused):
        return f"不让用 HUITOUKAN_MAIL_FROM 的邮箱发，{_answer(error.smtp_code, error.smtp_error)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    for kind, words in _WHY.items():
        if isinstance(error, kind):
            return words
    return str(error) if isinstance(error, smtplib.SMTPException) else reason(error)


def _answer(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"服务器说：{code} {' '.join(text.split())}"
