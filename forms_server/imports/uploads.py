"""Temporary storage of uploaded workbooks: one per account, private to the server, deleted after a day."""

import fcntl
import json
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
_KEPT_SECONDS = 24 * 3600


class Uploads:
    """The folder of uploads.

    Args:
        home: the installation's.
        kind: of which an account has one at a time.
    """

    def __init__(self, home: Path, kind: str = "upload") -> None:
        self._folder, self._kind = home / "uploads", kind

    def keep(self, account_id: str, data: bytes) -> str:
        """Store a workbook, replacing the account's last one; returns its token."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.sweep(account_id)
        token = secrets.token_urlsafe(16)
        descriptor = os.open(self._path(account_id, token), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        return token

    def find(self, account_id: str, token: str) -> bytes | None:
        """Find the account's workbook by token; None if missing or expired."""
        if not _TOKEN.fullmatch(token):
            return None
        try:
            return self._path(account_id, token).read_bytes()
        except FileNotFoundError:
            return None

    def last(self, account_id: str) -> str | None:
        """Return the token of the account's upload; None if it has none."""
        kept = self._folder.glob(f"{account_id}.*.{self._kind}")
        return next((path.name.split(".")[1] for path in kept), None)

    def keep_answers(self, account_id: str, token: str, answers: Mapping[str, str]) -> None:
        """Store the answers given so far to the questions about a workbook."""
        if self.find(account_id, token) is not None:
            self._answers_path(account_id, token).write_text(json.dumps(answers), encoding="utf-8")

    def answers(self, account_id: str, token: str) -> dict[str, str]:
        """Return the answers given so far: key of a question to the id of a choice."""
        if not _TOKEN.fullmatch(token):
            return {}
        try:
            text = self._answers_path(account_id, token).read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        found: dict[str, str] = json.loads(text)
        return found

    def last_answers(self, account_id: str) -> dict[str, str]:
        """Return the answers that the account gave about the workbook before; empty if that is imported."""
        tokens = (
            path.name.split(".")[1] for path in self._folder.glob(f"{account_id}.*.{self._kind}-answers")
        )
        return self.answers(account_id, next(tokens, ""))

    def drop(self, account_id: str, token: str) -> None:
        """Delete a workbook, and the answers about it."""
        if _TOKEN.fullmatch(token):
            for path in (self._path(account_id, token), self._answers_path(account_id, token)):
                path.unlink(missing_ok=True)

    @contextmanager
    def one_at_a_time(self) -> Iterator[None]:
        """Cross-process lock for parsing workbooks: each may take a gigabyte of memory."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._folder / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def sweep(self, account_id: str | None = None) -> None:
        """Delete what nobody confirmed within a day, and all of an account that uploads something else."""
        oldest = time.time() - _KEPT_SECONDS
        own = (f".{self._kind}", f".{self._kind}-answers")
        for path in self._folder.glob("*.*.*"):
            with suppress(FileNotFoundError):  # another worker sweeps as well
                is_own = account_id and path.name.startswith(account_id) and path.name.endswith(own)
                if is_own or path.stat().st_mtime < oldest:
                    path.unlink()

    def _answers_path(self, account_id: str, token: str) -> Path:
        return self._path(account_id, token).with_suffix(f".{self._kind}-answers")

    def _path(self, account_id: str, token: str) -> Path:
        return self._folder / f"{account_id}.{token}.{self._kind}"
