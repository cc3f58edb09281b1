"""A whole installation on one machine: PostgreSQL, two web servers with homes of their own, shared files, nginx.

nginx has the configuration of ``deploy/nginx.conf`` with the two servers put in as its comment says.
"""

import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from tests.e2e.server import Office
from tests.racing.county import Answer, County, Person, host_of, running

NAME = "huitoukan.example.cn"
_CONFIGURATION = Path(__file__).parents[2] / "deploy" / "nginx.conf"


@dataclass(frozen=True)
class FrontPerson(Person):
    """A signed-in client that reaches the servers through nginx, by TLS; ``host`` is nginx's address."""

    trusted: ssl.SSLContext

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[Answer, bytes]:
        """Send a request.

        Raises:
            OSError, http.client.HTTPException: there was no answer, or half of one.
        """
        headers = {"Host": NAME, "Cookie": f"__Host-huitoukan={self.token}"}
        headers |= {"Content-Type": kind} if kind else {}
        address, _, port = self.host.partition(":")
        connection = http.client.HTTPSConnection(address, int(port), timeout=60, context=self.trusted)
        connection.sock = self.trusted.wrap_socket(
            socket.create_connection((address, int(port)), 60), server_hostname=NAME
        )
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            content = answer.read()
            page = content.decode(errors="replace")
            return Answer(answer.status, answer.getheader("Location") or "", page), content
        finally:
            connection.close()

    def post(self, path: str, **typed: str) -> Answer:
        """Send a form."""
        body = urlencode({"csrf_token": self.csrf, **typed}).encode()
        return self.ask("POST", path, body, "application/x-www-form-urlencoded")[0]

    def post_file(self, path: str, name: str, data: bytes, **typed: str) -> Answer:
        """Send a form with a file."""
        file = FileStorage(stream=BytesIO(data), filename="1.jpg")
        parts = MultiDict([*{"csrf_token": self.csrf, **typed}.items(), (name, file)])
        boundary, body = encode_multipart(parts)
        return self.ask("POST", path, body, f"multipart/form-data; boundary={boundary}")[0]


@dataclass(frozen=True)
class Installation:
    """What was started."""

    county: County
    other: Office
    """The second machine."""
    second: "subprocess.Popen[str]"
    """Its web server."""
    front: str
    trusted: ssl.SSLContext

    def person(self) -> FrontPerson:
        """A signed-in reporter."""
        one = self.county.person()
        return FrontPerson(self.front, one.token, one.csrf, self.trusted)

    def kill_second(self) -> None:
        """Kill the second web server with its workers."""
        os.killpg(self.second.pid, signal.SIGKILL)
        self.second.wait(60)


@contextmanager
def whole_installation(folder: Path, database: str) -> Iterator[Installation]:
    """Start it all, and stop it at the end of the block."""
    shared, first, second = (folder / name for name in ("shared", "first", "second"))
    for each in (shared, first):
        each.mkdir()
    settings = {"HUITOUKAN_FILES": str(shared), "HUITOUKAN_HTTPS": "1"}
    certificate, key = _certificate(folder)
    trusted = ssl.create_default_context(cafile=str(certificate))
    with running(first, database, **settings) as county:
        for name in ("audit.key", "secret.key"):
            second.mkdir(exist_ok=True)
            shutil.copy2(first / name, second / name)
        shutil.copytree(first / "campaigns", second / "campaigns")
        other = Office(second, county.office.settings)
        with (
            _server(other) as (process, host),
            _nginx(folder, (county.host, host), certificate, key) as front,
        ):
            yield Installation(county, other, process, front, trusted)


@contextmanager
def _server(office: Office) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    command = [sys.executable, "-m", "forms_server", "serve", "--port", "0"]
    log = office.home / "server.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            command,
            env=office.environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
    with process:
        try:
            yield process, host_of(process, log)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def _nginx(folder: Path, servers: tuple[str, str], certificate: Path, key: Path) -> Iterator[str]:
    """nginx with the deployed configuration; its address."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    assert program, "make nginx"
    plain, port = _free_ports()
    text = _CONFIGURATION.read_text(encoding="utf-8")
    for old, new in (
        (r"^\s*listen \[::\].*\n", ""),
        (r"listen 80;", f"listen 127.0.0.1:{plain};"),
        (r"listen 443 ", f"listen 127.0.0.1:{port} "),
        (r"/etc/nginx/huitoukan\.crt", str(certificate)),
        (r"/etc/nginx/huitoukan\.key", str(key)),
        (
            r"^(\s*)proxy_pass http://127\.0\.0\.1:8000;",
            "proxy_pass http://huitoukan; proxy_next_upstream error timeout non_idempotent;",
        ),
    ):
        text, count = re.subn(old, new, text, flags=re.MULTILINE)
        assert count, old
    upstream = "".join(f"server {host};" for host in servers)
    with tempfile.TemporaryDirectory(dir=folder) as prefix:
        whole = Path(prefix, "nginx.conf")
        places = "".join(
            f"{kind}_temp_path {prefix}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        as_root = "user root;" if os.getuid() == 0 else ""
        whole.write_text(
            f"daemon off; {as_root} worker_processes 1; pid {prefix}/pid; error_log {folder}/nginx.log;\n"
            f"events {{}}\nhttp {{ {places} upstream huitoukan {{ {upstream} }}\n{text}\n}}\n",
            encoding="utf-8",
        )
        process = subprocess.Popen([program, "-e", f"{folder}/nginx.log", "-p", prefix, "-c", str(whole)])
        try:
            _wait_for(port, process)
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(1_000_000):
        assert process.poll() is None, "nginx did not start"
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
    raise AssertionError("nginx does not listen")


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        for each in (one, two):
            each.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate that it signed itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    made = datetime.now().astimezone()
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(made - timedelta(days=1))
        .not_valid_after(made + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "tls.crt", folder / "tls.key"
    files[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return files
