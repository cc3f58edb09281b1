"""The production server: gunicorn, started from Python, with workers forked from a preloaded application."""

import errno
import gc
import logging
import socket
import sys
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from build_scripts.atomic_files import reason
from checklist.date_formats import LOG_MOMENT
from forms_server.health.metrics import RequestCounters
from forms_server.services import Services
from forms_server.web.buffering_worker import BufferingWorker
from forms_server.web.health import access_log

THREADS = 112
"""Threads per worker: more than may wait for their turn to write (``write_queue``), so that reading goes on."""

CONNECTIONS = 500
"""Connections per worker; those without a whole request cost no thread (``buffering_worker``)."""

LONGEST_LINE = 8190
"""Maximum bytes of a URL; one with all records of a ledger's page and its filters has some 3,000."""

SWITCH_SECONDS = 0.0002
"""Switch interval of the interpreter lock (GIL).

The thread with the write lock waits for the GIL after each statement, and all other writers wait for it. With
Python's default of 5 ms, the throughput of eight concurrent clients was less than half.
"""


LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

_NOT_HERE = "--host 写的 {host} 不是本机的地址：写本机的 IP，只给本机用写 127.0.0.1，本机所有地址写 0.0.0.0"


class PortTaken(Exception):
    """The address cannot be bound: in use, forbidden, or not local."""


def listen(host: str, port: int) -> socket.socket:
    """Open a listening socket; port 0 picks a free one.

    Raises:
        PortTaken: with the remedy.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=256)
    except UnicodeError as error:  # no name of a machine
        raise PortTaken(_NOT_HERE.format(host=host)) from error
    except OSError as error:
        unknown = (error.errno or 0) < 0  # the numbers of getaddrinfo
        if unknown or error.errno == errno.EADDRNOTAVAIL:
            raise PortTaken(_NOT_HERE.format(host=host)) from error
        raise PortTaken(
            f"不能在 {host}:{port} 上启动（{reason(error)}）：请关掉占用它的程序，"
            "或换一个端口：--port 8001（make run PORT=8001）"
        ) from error


def is_loopback(listener: socket.socket) -> bool:
    """Whether only this machine can connect."""
    return ip_address(listener.getsockname()[0]).is_loopback


def address(listener: socket.socket) -> str:
    """The address to type into a browser on this machine."""
    host, port = listener.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(
    app: Flask,
    listener: socket.socket,
    workers: int,
    on_ready: Callable[[], None],
    on_end: Callable[[], None],
) -> None:
    """Serve until SIGTERM or SIGINT, then lets running requests finish.

    Args:
        app: the application; workers are forked from this process and share its memory.
        listener: from :func:`listen`.
        workers: how many processes.
        on_ready: called once requests are taken.
        on_end: called once none is taken any more.
    """
    services: Services = app.extensions["huitoukan"]
    counters: RequestCounters = app.extensions["counters"]
    # Connections must not be shared with the workers, and what is loaded by now stays shared between them.
    services.engine.dispose()
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH_SECONDS)
    logging.basicConfig(level=logging.WARNING, format=LOG_FORMAT, datefmt=LOG_MOMENT)
    access_log.log.setLevel(logging.INFO)
    options = {
        "bind": f"fd://{listener.fileno()}",
        "workers": workers,
        "worker_class": BufferingWorker,
        "worker_connections": CONNECTIONS,
        "threads": THREADS,
        "timeout": 60,
        "graceful_timeout": 15,
        "loglevel": "warning",
        "control_socket_disable": True,
        "limit_request_line": LONGEST_LINE,
        "post_fork": lambda _arbiter, worker: counters.use_slot(worker.age),
        "when_ready": lambda _arbiter: on_ready(),
        "on_exit": lambda _arbiter: on_end(),
    }
    _Server(app, options).run()


class _Server(BaseApplication):
    """gunicorn with our options only, ignoring files, environment and command line."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.app = app
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Set the options."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """Return the preloaded application."""
        return self.app
