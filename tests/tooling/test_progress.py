"""Progress is shown on terminals only."""

import io
import sys

import pytest

from build_scripts.progress import followed


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def work() -> None:
    with followed() as tell:
        tell("正在计数")
        tell("正在写汇总表", total=2)
        tell(advance=1)
        tell(advance=1)


def test_a_terminal_shows_what_is_done_and_is_clean_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    work()
    assert "正在写汇总表" in terminal.getvalue()
    # Its last word is to erase the line.
    assert terminal.getvalue().endswith("\x1b[2K")


def test_a_pipe_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    work()
    assert pipe.getvalue() == ""
