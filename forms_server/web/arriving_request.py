"""A request while it arrives: bytes in, and whether it is whole. Knows no socket and no server."""

import re
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO

MOST_HEAD = 64 * 1024
"""Bytes of a request's head that are waited for; the parser refuses far shorter ones."""

_IN_MEMORY = 128 * 1024
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_CHUNKED = re.compile(rb"^transfer-encoding:", re.IGNORECASE | re.MULTILINE)
_EXPECTS = re.compile(rb"^expect:[ \t]*100-continue[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_LAST_CHUNK = b"0\r\n\r\n"


class ArrivingRequest:
    """What has arrived of a request, in memory or, if it is long, in a temporary file.

    Args:
        longest_body: bytes; a longer body is not waited for, since it is refused before it is read.
    """

    def __init__(self, longest_body: int) -> None:
        self._longest_body = longest_body
        self._content: IO[bytes] = BytesIO()
        self._head: bytes | None = b""
        self._tail = b""
        self._total: int | None = None
        self.received = 0
        self.is_whole = False
        """Whether nothing more is waited for: it has all arrived, or will be refused anyway."""
        self.expects_word = False
        """Whether the client waits for ``100 Continue`` before it sends the body."""

    @property
    def has_head(self) -> bool:
        """Whether the head has arrived."""
        return self._head is None

    def feed(self, data: bytes) -> None:
        """Take what arrived."""
        self.received += len(data)
        if self.received > _IN_MEMORY and isinstance(self._content, BytesIO):
            begun, self._content = self._content, TemporaryFile()  # noqa: SIM115 - closed by ``close``
            self._content.write(begun.getvalue())
        self._content.write(data)
        self._tail = (self._tail + data)[-len(_LAST_CHUNK) :]
        if self._head is not None:
            self._head += data
            self._look_at_head(self._head)
        if self._head is None and not self.is_whole:
            self.is_whole = self._has_all()

    def _look_at_head(self, arrived: bytes) -> None:
        end = arrived.find(b"\r\n\r\n")
        if end < 0:
            self.is_whole = len(arrived) > MOST_HEAD
            return
        head, self._head = arrived[:end], None
        lengths = _LENGTH.findall(head)
        body = int(lengths[0]) if lengths else 0
        if not _CHUNKED.search(head):
            self._total = end + 4 + body
        self.is_whole = body > self._longest_body or len(lengths) > 1
        self.expects_word = bool(_EXPECTS.search(head)) and not self.is_whole

    def _has_all(self) -> bool:
        if self._total is not None:
            return self.received >= self._total
        return self._tail == _LAST_CHUNK or self.received > self._longest_body

    def split(self) -> bytes:
        """Cut off what belongs to the next request, and give it back; the rest is then read from the beginning."""
        after = b""
        if self._total is not None and self.received > self._total:
            self._content.seek(self._total)
            after = self._content.read()
            self._content.seek(self._total)
            self._content.truncate()
        self._content.seek(0)
        return after

    def read(self, size: int) -> bytes:
        """The next bytes; empty at the end of what arrived."""
        return self._content.read(size)

    def close(self) -> None:
        """Remove what was kept."""
        self._content.close()
