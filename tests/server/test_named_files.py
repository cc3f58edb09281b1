"""Files that commands are given or write: no device is read without end, and what names persons is private."""

import os
import stat
import subprocess
import sys
import threading

import pytest
from click.testing import CliRunner, Result

from forms_server.cli import main
from forms_server.commands.named_file import read_named
from forms_server.server_settings import ENVIRONMENT
from forms_server.web.wsgi_server import is_loopback, listen


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home with an account that files for a township."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HUITOUKAN_HOME", str(tmp_path / "home"))
    assert run("init").exit_code == 0
    assert run("user", "add", "li", "--unit", "丁里镇", "--role", "reporter").exit_code == 0
    return tmp_path / "home"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


IMPORTS = [("ledger", "import", "{}", "--unit", "丁里镇"), ("roster", "import", "{}")]


@pytest.mark.parametrize("command", IMPORTS, ids=["ledger", "roster"])
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "pipe"])
def test_what_is_no_file_is_refused_at_once(home, tmp_path, command, device):
    if device == "pipe":
        device = str(tmp_path / "pipe")
        os.mkfifo(device)
    result = run(*(each.format(device) for each in command))
    assert result.exit_code == 1
    assert f"{device}：不是普通的文件" in result.stderr


@pytest.mark.parametrize("command", IMPORTS, ids=["ledger", "roster"])
def test_a_file_that_is_too_large_is_not_read(home, tmp_path, command):
    with (tmp_path / "large.xlsx").open("wb") as file:
        file.truncate(40 * 1024**3)  # without a block on the disk
    result = run(*(each.format(tmp_path / "large.xlsx") for each in command))
    assert result.exit_code == 1
    assert "超过了 30 MB" in result.stderr


def test_answers_that_are_no_file_or_nested_without_end_are_refused(home, tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"x")
    (tmp_path / "a.json").write_text("[" * 100_000, encoding="utf-8")
    for answers in ("/dev/zero", tmp_path / "a.json"):
        result = run("roster", "import", tmp_path / "a.xlsx", "--answers", answers)
        assert result.exit_code == 1
        assert isinstance(result.exception, SystemExit)


def test_as_many_bytes_as_are_allowed_are_read(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 10)
    assert read_named(tmp_path / "a", 10) == b"x" * 10


@pytest.mark.parametrize(
    "command",
    [("ledger", "export", "--out", "{}.xlsx"), ("document", "circular", "--out", "{}.docx")],
    ids=["ledger", "document"],
)
def test_a_file_that_may_name_persons_is_private(home, tmp_path, command):
    before = os.umask(0o022)
    try:
        result = run(*(each.format(tmp_path / "out") for each in command))
    finally:
        os.umask(before)
    assert result.exit_code == 0, result.stderr
    (written,) = tmp_path.glob("out.*")
    assert stat.S_IMODE(written.stat().st_mode) == 0o600


@pytest.mark.parametrize(("host", "told"), [("0.0.0.0", True), ("127.0.0.1", False)])  # noqa: S104 - what is tested
def test_serving_to_others_without_https_says_what_travels_in_clear(home, host, told):
    command = [sys.executable, "-m", "forms_server", "serve", "--host", host, "--port", "0", "--workers", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert "已启动" in server.stdout.readline()
        server.terminate()
        killer = threading.Timer(40, server.kill)
        killer.start()
        said = server.communicate()[1]
        killer.cancel()
    assert ("密码和填报的内容不加密" in said) is told


def test_only_loopback_is_this_machine_alone():
    for host, alone in (("127.0.0.1", True), ("0.0.0.0", False)):  # noqa: S104 - what is tested
        with listen(host, 0) as listener:
            assert is_loopback(listener) is alone
