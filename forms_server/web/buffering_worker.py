"""A worker of gunicorn that spends a thread on a request only when all of it has arrived.

Gunicorn's threaded worker reads heads and bodies in its threads: as many half-sent requests, or slow uploads, as there
are threads stop the site. Here the worker's loop reads them, as an HTTPS front does.
"""

import errno
import socket
import struct
import time
from concurrent.futures import Future
from functools import partial
from selectors import EVENT_READ

from gunicorn.http import RequestParser
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

from forms_server.web.arriving_request import ArrivingRequest
from forms_server.web.request_limits import UPLOADS

HEAD_SECONDS = 20
"""How long a head is waited for."""

REQUEST_SECONDS = 600
"""How long a whole request is waited for: a phone that uploads 15 MB at 25 kB/s takes as long."""

STALLED_SECONDS = 60
"""How long a client may send nothing more of a body, or take no more of an answer."""

MOST_HELD = 512 * 1024 * 1024
"""Bytes that a worker holds of requests that have not arrived; what goes beyond is cut off."""

_LONGEST_BODY = max(UPLOADS.values())
_STOPPING_SECONDS = 2
_AT_ONCE = 256 * 1024
_TRANSIENT = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED)


class _Connection(TConn):
    """A connection with the request that is arriving on it."""

    arriving: ArrivingRequest
    after: bytes = b""
    deadline: float
    """When it is closed if nothing more arrives."""
    ends: float
    """When it is closed anyway."""
    watched = False
    """Whether the loop is woken when more arrives."""


class _ArrivedUnreader(SocketUnreader):
    """Reads what has arrived before the socket."""

    def __init__(self, sock: socket.socket, arrived: ArrivingRequest) -> None:
        super().__init__(sock)
        self._arrived = arrived

    def chunk(self, size_hint: int | None = None) -> bytes:
        """The next bytes of the request."""
        return self._arrived.read(size_hint or self.mxchunk) or super().chunk()


class BufferingWorker(ThreadWorker):
    """The threaded worker, with requests read by its loop."""

    def init_process(self) -> None:
        """Start with no connection."""
        self._waiting: set[_Connection] = set()
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection; its request is read here."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno not in _TRANSIENT:
                raise
            return
        self.nr_conns += 1
        stalled = struct.pack("ll", STALLED_SECONDS, 0)
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            client.setsockopt(socket.SOL_SOCKET, option, stalled)
        self._await_request(_Connection(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """Read the next request of a kept connection."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        assert isinstance(conn, _Connection)
        self._await_request(conn)

    def finish_request(self, conn: TConn, fs: "Future[bool]") -> None:
        """Go on with what was sent behind a request, or keep or close the connection."""
        assert isinstance(conn, _Connection)
        conn.arriving.close()
        after, conn.after = conn.after, b""
        if after and not fs.cancelled() and not fs.exception() and fs.result():
            self._await_request(conn, after)
            return
        super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        """Close connections whose request takes too long."""
        super().murder_pending()
        now = time.monotonic()
        for conn in [each for each in self._waiting if each.deadline <= now]:
            self._drop(conn)
        if not self.alive:
            for conn in self._waiting:
                conn.deadline = min(conn.deadline, now + _STOPPING_SECONDS)

    def _await_request(self, conn: _Connection, begun: bytes = b"") -> None:
        conn.arriving = ArrivingRequest(_LONGEST_BODY)
        conn.deadline = time.monotonic() + HEAD_SECONDS
        conn.ends = time.monotonic() + REQUEST_SECONDS
        conn.sock.setblocking(False)
        conn.watched = False
        self._waiting.add(conn)
        if begun:
            conn.arriving.feed(begun)
        if not self._start_if_whole(conn):
            self._take(conn, conn.sock)  # most requests are here by now
        if conn in self._waiting:
            conn.watched = True
            self.poller.register(conn.sock, EVENT_READ, partial(self._take, conn))

    def _take(self, conn: _Connection, client: socket.socket) -> None:
        """Take what has arrived of a request; start it when it is whole."""
        had_head = conn.arriving.has_head
        try:
            data = client.recv(_AT_ONCE)
            if not data:
                self._drop(conn)
                return
            conn.arriving.feed(data)
            if conn.arriving.expects_word and not had_head:
                client.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        except BlockingIOError:
            return
        except OSError:  # the client is gone, or the disk is full
            self._drop(conn)
            return
        if conn.arriving.has_head:
            conn.deadline = min(time.monotonic() + STALLED_SECONDS, conn.ends)
        if (
            not self._start_if_whole(conn)
            and sum(each.arriving.received for each in self._waiting) > MOST_HELD
        ):
            self._drop(conn)

    def _start_if_whole(self, conn: _Connection) -> bool:
        if not conn.arriving.is_whole:
            return False
        self._forget(conn)
        conn.after = conn.arriving.split()
        if conn.parser is None:
            conn.parser = RequestParser(self.cfg, conn.sock, conn.client)
        assert isinstance(conn.parser, RequestParser)
        conn.parser.unreader = _ArrivedUnreader(conn.sock, conn.arriving)
        conn.initialized = conn.data_ready = True
        self.enqueue_req(conn)
        return True

    def _forget(self, conn: _Connection) -> None:
        self._waiting.discard(conn)
        if conn.watched:
            self.poller.unregister(conn.sock)

    def _drop(self, conn: _Connection) -> None:
        """Close a connection whose request never became whole."""
        self._forget(conn)
        self.nr_conns -= 1
        conn.arriving.close()
        conn.close()
