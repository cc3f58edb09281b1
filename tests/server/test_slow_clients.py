"""Half-sent requests and slow uploads spend no thread: a request is started when all of it has arrived."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms_server.web.arriving_request import MOST_HEAD, ArrivingRequest
from forms_server.web.wsgi_server import THREADS

HUITOUKAN = [sys.executable, "-m", "forms_server"]
GET = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789"


IMPATIENT = """
from forms_server.cli import main
from forms_server.web import buffering_worker
buffering_worker.HEAD_SECONDS = buffering_worker.STALLED_SECONDS = 1
main(["serve", "--port", "0", "--workers", "1"])
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> dict[str, str]:
    """The environment of a home that has been initialised."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HUITOUKAN_")}
    environment |= {"HUITOUKAN_HOME": str(tmp_path_factory.mktemp("home")), "PYTHONUNBUFFERED": "1"}
    subprocess.run([*HUITOUKAN, "init"], env=environment, check=True, capture_output=True)
    return environment


@pytest.fixture(scope="module")
def port(environment) -> Iterator[int]:
    """A server of one worker, with its port."""
    yield from served([*HUITOUKAN, "serve", "--port", "0", "--workers", "1"], environment)


@pytest.fixture
def impatient(environment) -> Iterator[int]:
    """A server that waits for a second."""
    yield from served([sys.executable, "-c", IMPATIENT], environment)


def served(command: list[str], environment: dict[str, str]) -> Iterator[int]:
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        found = re.search(r"http://[\d.]+:(\d+)", server.stdout.readline())
        assert found
        yield int(found[1])
        server.terminate()
        assert server.wait(timeout=40) == 0


def opened(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def status(port: int, page: str = "/sign-in") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", page)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET /sign-in HT", GET[:-2], POST[:-3], b"POST /sign-in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01"],
    ids=["nothing", "half a line", "half a head", "half a body", "half a chunk"],
)  # fmt: skip
def test_signing_in_answers_while_more_requests_than_threads_are_half_sent(port, begun):
    with ExitStack() as held:
        for _ in range(THREADS + 8):
            held.enter_context(opened(port)).sendall(begun)
        began = time.monotonic()
        for _ in range(5):
            assert status(port) == 200
        assert time.monotonic() - began < 10


@pytest.mark.parametrize("begun", [b"", GET[:-2], POST[:-3]], ids=["nothing", "half a head", "half a body"])
def test_a_client_that_sends_nothing_more_is_cut_off(impatient, begun):
    with opened(impatient) as client:
        client.sendall(begun)
        assert client.recv(1000) == b""


def answers(client: socket.socket, number: int) -> list[int]:
    """The status codes of so many answers on one connection."""
    got = b""
    while len(re.findall(rb"^HTTP/1\.1 (\d+)", got, re.MULTILINE)) < number or not got.endswith(
        (b"ok\n", b">\n", b"</html>")
    ):
        data = client.recv(65536)
        if not data:
            break
        got += data
    return [int(code) for code in re.findall(rb"^HTTP/1\.1 (\d+)", got, re.MULTILINE)]


def test_a_request_that_comes_byte_by_byte_is_answered(port):
    with opened(port) as client:
        for byte in GET:
            client.sendall(bytes([byte]))
        assert answers(client, 1) == [200]


def test_requests_of_one_connection_are_answered_in_turn_though_sent_at_once(port):
    with opened(port) as client:
        client.sendall(GET * 3 + GET[:10])
        assert answers(client, 3) == [200, 200, 200]
        client.sendall(GET[10:])
        assert answers(client, 1) == [200]


def test_a_client_that_waits_for_a_word_gets_it(port):
    with opened(port) as client:
        head = b"POST /sign-in HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 3\r\n\r\n"
        client.sendall(head)
        assert client.recv(1000).startswith(b"HTTP/1.1 100 Continue")
        client.sendall(b"a=b")
        assert [code for code in answers(client, 5) if code != 100] == [400]


def test_a_body_that_is_far_too_long_is_refused_without_waiting_for_it(port):
    with opened(port) as client:
        client.sendall(b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999999\r\n\r\n")
        assert re.match(rb"HTTP/1\.1 4\d\d", client.recv(1000))


def test_a_slow_upload_in_a_file_arrives_whole(port):
    body = b"csrf_token=x&name=" + b"a" * 400_000
    with opened(port) as client:
        client.sendall(
            b"POST /sign-in HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: %d\r\n\r\n" % len(body)
        )
        for start in range(0, len(body), 50_000):
            client.sendall(body[start : start + 50_000])
            assert status(port, "/healthz") == 200
        assert answers(client, 1) == [400]


@given(st.lists(st.sampled_from([GET, POST]), min_size=1, max_size=4), st.data())
def test_requests_are_parted_wherever_the_network_cuts_them(requests, data):
    stream = b"".join(requests)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    arriving, got = ArrivingRequest(100), []
    for piece in pieces:
        arriving.feed(piece)
        while arriving.is_whole:
            after = arriving.split()
            got.append(arriving.read(1000))
            arriving.close()
            arriving = ArrivingRequest(100)
            if after:
                arriving.feed(after)
    assert got == requests
    assert arriving.received == 0
    arriving.close()


@pytest.mark.parametrize(
    ("sent", "whole"),
    [
        (b"x" * (MOST_HEAD + 1), True),
        (b"x" * MOST_HEAD, False),
        (b"POST / HTTP/1.1\r\nContent-Length: 101\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\n", False),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 50\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", False),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"a" * 101, True),
    ],
)
def test_what_will_be_refused_is_not_waited_for(sent, whole):
    arriving = ArrivingRequest(100)
    arriving.feed(sent)
    assert arriving.is_whole is whole
    arriving.close()
