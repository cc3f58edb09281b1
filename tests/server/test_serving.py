"""The real server as a process: what it loads, how it starts and stops, and what it says when it can't."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import pysqlite3
import pytest

from forms_server.web.wsgi_server import PortTaken, address, listen

HUITOUKAN = [sys.executable, "-m", "forms_server"]


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """The environment of a home that has been initialised."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HUITOUKAN_")}
    environment |= {"HUITOUKAN_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    subprocess.run([*HUITOUKAN, "init"], env=environment, check=True, capture_output=True)
    return environment


@pytest.fixture
def server(home: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running server on a free port, and its address."""
    command = [*HUITOUKAN, "serve", "--port", "0"]
    with subprocess.Popen(
        command, env=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, line + process.stdout.read()
        yield process, found[0]
        process.kill()


def fetch(where: str, page: str) -> str:
    connection = http.client.HTTPConnection(where.removeprefix("http://"), timeout=30)
    connection.request("GET", page)
    text = connection.getresponse().read().decode()
    connection.close()
    return text


def two_workers(process: subprocess.Popen[str], where: str) -> list[str]:
    """The process ids of both workers, once both were made; the first may answer before the second is born."""
    for _ in range(500):
        fetch(where, "/sign-in")
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        if len(children) == 2:
            return children
    raise AssertionError(f"the server has the workers {children}")


def test_it_serves_and_stops_cleanly_on_sigterm(server):
    process, where = server
    assert "登录" in fetch(where, "/sign-in")
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    said = process.stdout.read()
    assert said.count("已停止。") == 1
    assert "Traceback" not in said


def test_it_tells_its_version_as_it_starts(home):
    with subprocess.Popen(
        [*HUITOUKAN, "serve", "--port", "0"], env=home, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert f"版本 {version('huitoukan')}" in process.stdout.readline()
        process.terminate()


def test_a_worker_shares_the_memory_of_the_others_and_stays_small(server):
    process, where = server
    for child in two_workers(process, where):
        rollup = Path(f"/proc/{child}/smaps_rollup").read_text()
        assert int(re.search(r"^Rss:\s+(\d+) kB", rollup, re.MULTILINE)[1]) < 150_000


def test_a_clock_behind_the_last_record_is_reported(home):
    database = Path(home["HUITOUKAN_HOME"], "huitoukan.sqlite3")
    with closing(pysqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE audit SET at = '2999-01-01 08:00:00.000000'")
    with socket.create_server(("127.0.0.1", 0)) as taken:  # so that it ends by itself
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*HUITOUKAN, "serve", "--port", port], env=home, capture_output=True, text=True, check=False
        )
    assert "比最后一次记录的 2999年1月1日 08:00 还早" in done.stderr


def test_a_port_that_is_taken_is_reported(home):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*HUITOUKAN, "serve", "--port", port], env=home, capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert "--port 8001" in done.stderr
    assert "请留意" not in done.stderr
    assert "Traceback" not in done.stderr


def test_the_servers_processes_load_no_heavy_library():
    heavy = ["pandas", "numpy", "mkdocs", "xlsxwriter", "openpyxl", "docx", "python_calamine"]
    code = (
        f"import sys, forms_server.web.app, forms_server.cli; print([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_address_can_be_typed_into_a_browser():
    with listen("0.0.0.0", 0) as everywhere:  # noqa: S104 - that is what is tested
        assert address(everywhere) == f"http://127.0.0.1:{everywhere.getsockname()[1]}"


def test_an_address_that_is_not_ours_cannot_be_listened_on():
    for host in ("203.0.113.1", "no name", "a" * 64):
        with pytest.raises(PortTaken, match=f"--host 写的 {host} 不是本机的地址"):
            listen(host, 0)
