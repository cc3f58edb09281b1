"""A restore that is killed, or whose disk is full or broken, at any step leaves the old data or the new ones."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from forms_server.cli import main
from forms_server.server_settings import ENVIRONMENT
from tests.builders import small_campaign
from tests.faults.damaging import WHOLE, content_of, new_home

_STEPS = range(1, 40) if WHOLE else (1, 2, 3, 5, 8, 13)
_KILLED, _FAILED = 9, 1
LASTING = ("issue", "account", "household", "signed_return")


@pytest.fixture(autouse=True)
def _campaign(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    for command in ("init_command", "user_commands", "backup_commands"):
        monkeypatch.setattr(
            f"forms_server.commands.{command}.read_campaign", lambda *_config: small_campaign()
        )


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home and its backup, after which an account was made."""
    parent = tmp_path_factory.mktemp("faults")
    new_home(parent / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("forms_server.commands.backup_commands.read_campaign", lambda *_c: small_campaign())
        patch.setattr("forms_server.commands.user_commands.read_campaign", lambda *_c: small_campaign())
        patch.setenv("HUITOUKAN_HOME", str(parent / "home"))
        assert run("backup", parent / "b.zip") == 0
        assert run("user", "disable", "li") == 0
    return parent


def run(*arguments: object) -> int:
    return CliRunner().invoke(main, [str(each) for each in arguments]).exit_code


def faulty(function: Callable[..., Any], step: int, fault: int | None) -> Callable[..., Any]:
    """A function that kills the process, or fails, at its so manieth call in the process."""
    calls = [0]

    def called(*arguments: Any, **named: Any) -> Any:
        calls[0] += 1
        if calls[0] == step:
            if fault is None:
                os._exit(_KILLED)
            raise OSError(fault, os.strerror(fault))
        return function(*arguments, **named)

    return called


def in_a_child(home: Path, backup: Path, step: int, fault: int | None) -> int:
    """Restore in a process in which one kind of step goes wrong; its exit code."""
    child = os.fork()
    if child == 0:
        os.environ["HUITOUKAN_HOME"] = str(home)
        for name in ("fsync", "link", "rename", "replace"):
            setattr(os, name, faulty(getattr(os, name), step, fault))
        os._exit(run("restore", "--yes", backup))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("fault", [None, errno.ENOSPC, errno.EIO], ids=["killed", "full", "broken"])
def test_a_restore_is_whole_or_not_at_all(homes, tmp_path, monkeypatch, fault):
    old = content_of(homes / "home")
    assert old
    lost, wrong = [], 0
    for step in _STEPS:
        home = tmp_path / f"home-{step}"
        shutil.copytree(homes / "home", home)
        code = in_a_child(home, homes / "b.zip", step, fault)
        wrong += code != 0
        now = content_of(home)
        monkeypatch.setenv("HUITOUKAN_HOME", str(home))
        whole = now is not None and all(len(now[name]) == len(old[name]) for name in LASTING)
        if not whole or run("audit", "verify") or run("restore", "--yes", homes / "b.zip"):
            lost.append((step, code))
        shutil.rmtree(home)
    assert lost == []
    assert wrong


@pytest.mark.parametrize("fault", [None, errno.ENOSPC, errno.EIO], ids=["killed", "full", "broken"])
def test_a_backup_is_whole_or_not_there(homes, tmp_path, fault):
    half = []
    for step in _STEPS[:6]:
        file = tmp_path / f"{step}.zip"
        child = os.fork()
        if child == 0:
            os.environ["HUITOUKAN_HOME"] = str(homes / "home")
            for name in ("fsync", "link", "rename", "replace"):
                setattr(os, name, faulty(getattr(os, name), step, fault))
            os._exit(run("backup", "--even-if-fewer", file))
        os.waitpid(child, 0)
        if file.exists() and file.stat().st_size < (homes / "b.zip").stat().st_size // 2:
            half.append(step)
    assert half == []
