"""Two-step import: upload and preview, then confirm; an upload ends imported or expired.

A kind of import says how its file is read, compared and stored; nothing is stored that was not shown before.
"""

import hashlib
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from sqlalchemy import Connection, Engine

from build_scripts.intake.asked_questions import AskedQuestion
from build_scripts.intake.refusal import Unreadable
from checklist.problems import Problem
from forms_server.db.engine import transaction
from forms_server.imports.uploads import Uploads


class Planned(Protocol):
    """An import plan."""

    @property
    def problems(self) -> Sequence[Problem]:
        """Errors and warnings, questions among them."""

    @property
    def errors(self) -> Sequence[Problem]:
        """Errors that block the import, open questions among them."""

    @property
    def questions(self) -> Sequence[AskedQuestion]:
        """What is asked before anything is stored, with the answers in force."""


Book = TypeVar("Book")
Found = TypeVar("Found", bound=Planned)


class ImportKind(Protocol[Book, Found]):
    """A kind of import, for one account."""

    def read(self, data: bytes) -> Book:
        """Parse a file without the database; raises ``Unreadable``."""

    def holds_numbers(self, book: Book) -> bool:
        """Whether the file holds numbers of persons anywhere: such a file is not kept as it came."""

    def without_numbers(self, data: bytes) -> bytes:
        """A copy without the numbers of persons; raises ``Unreadable``."""

    def plan(self, connection: Connection, book: Book) -> Found:
        """Plan the import against the current data."""

    def effect(self, found: Found) -> Hashable:
        """Minimal description of the plan's effect, for comparison: equal effects are the same import."""

    def store(self, connection: Connection, found: Found, name: str, data: bytes) -> str | None:
        """Store the whole plan in the caller's transaction as a batch with the file and its name; the batch's id."""


class UploadExpired(Exception):
    """No such upload of the account, or it has expired."""


@dataclass(frozen=True)
class Preview(Generic[Found]):
    """Preview of an upload."""

    token: str
    """By which the upload is found again."""
    found: Found
    seen: str
    """Fingerprint of the previewed effect, sent back on confirmation."""
    done: bool = False
    """Whether it has been imported; the upload is gone then."""
    numberless: bool = False
    """Whether numbers of persons were taken out: the file is not kept as it came."""


@dataclass(frozen=True)
class UploadFlow(Generic[Book, Found]):
    """An account's imports of one kind."""

    uploads: Uploads
    engine: Engine
    account_id: str
    kind: ImportKind[Book, Found]

    def check(self, data: bytes) -> Preview[Found]:
        """Keep a file and say what importing it would do; nothing is stored.

        It is read before it is kept: a process that is killed meanwhile leaves no workbook behind. Of one with
        numbers of persons a copy without them is kept.

        Raises:
            Unreadable: it can't be read; it is not kept.
        """
        book = self._read(data)
        if self.kind.holds_numbers(book):
            with self.uploads.one_at_a_time():
                data = self.kind.without_numbers(data)
            book = self._read(data)  # what is kept is what is shown
        shown = self._preview("", book)
        return replace(shown, token=self.uploads.keep(self.account_id, data))

    def look_again(self, token: str) -> tuple[bytes, Found]:
        """A kept file, and what importing it would do now.

        Raises:
            UploadExpired: there is none.
            Unreadable: as for ``check``.
        """
        data = self._kept(token)
        return data, self._plan(self._read_kept(token, data))

    def confirm(self, token: str, seen: str | None, name: str = "") -> Preview[Found]:
        """Import a kept file, if that still does what was shown; else show it again.

        Args:
            token: of the upload.
            seen: the fingerprint of what was shown.
            name: of the file, for the batch.

        Raises:
            UploadExpired: there is none.
            Unreadable: as for ``check``.
        """
        data = self._kept(token)
        book = self._read_kept(token, data)
        with transaction(self.engine) as connection:
            found = self.kind.plan(connection, book)
            same = not found.errors and seen == self._print(found)
            if same:
                self.kind.store(connection, found, name, data)
        if not same:  # outside the write lock, since the file is parsed again
            return self._preview(token, self._read_kept(token, data))
        self.uploads.drop(self.account_id, token)
        return Preview(token, found, self._print(found), done=True)

    def _kept(self, token: str) -> bytes:
        data = self.uploads.find(self.account_id, token)
        if data is None:
            raise UploadExpired(token)
        return data

    def _preview(self, token: str, book: Book) -> Preview[Found]:
        found = self._plan(book)
        return Preview(token, found, self._print(found), numberless=self.kind.holds_numbers(book))

    def _plan(self, book: Book) -> Found:
        with self.engine.connect() as connection:
            return self.kind.plan(connection, book)

    def _read(self, data: bytes) -> Book:
        with self.uploads.one_at_a_time():
            return self.kind.read(data)

    def _read_kept(self, token: str, data: bytes) -> Book:
        try:
            return self._read(data)
        except Unreadable:
            self.uploads.drop(self.account_id, token)
            raise

    def _print(self, found: Found) -> str:
        """Fingerprint of the plan's effect: differs if the compared records or the answers changed meanwhile."""
        answers = sorted((each.question.key, each.question.answer) for each in found.questions)
        return hashlib.sha256(repr((self.kind.effect(found), answers)).encode()).hexdigest()
