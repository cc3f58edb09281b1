"""The one way of every import: upload, keep, show what it would do, confirm; done or expired.

A kind of import says how its file is read, compared and stored; nothing is stored that was not shown before.
"""

import hashlib
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from sqlalchemy import Connection, Engine

from build_scripts.intake.refusal import Unreadable
from checklist.problems import Problem
from forms_server.db.engine import transaction
from forms_server.imports.uploads import Uploads


class Planned(Protocol):
    """What an import would do."""

    @property
    def errors(self) -> Sequence[Problem]:
        """What keeps it from being done."""


Book = TypeVar("Book")
Found = TypeVar("Found", bound=Planned)


class ImportKind(Protocol[Book, Found]):
    """A kind of import, for one account."""

    def read(self, data: bytes) -> Book:
        """What a file says, without looking at the database; raises ``Unreadable``."""

    def plan(self, connection: Connection, book: Book) -> Found:
        """What importing it would do now."""

    def effect(self, found: Found) -> Hashable:
        """What would be done, in as few words as tell it from anything else; an equal one is the same again."""

    def store(self, connection: Connection, found: Found) -> None:
        """Do what was planned, all of it, in the caller's transaction."""


class UploadExpired(Exception):
    """The account has no such upload, or none any more."""


@dataclass(frozen=True)
class Preview(Generic[Found]):
    """What is shown of an upload."""

    token: str
    """By which the upload is found again."""
    found: Found
    seen: str
    """The print of what it would do: who confirms sends it back."""
    done: bool = False
    """Whether it has been imported; the upload is gone then."""


@dataclass(frozen=True)
class UploadFlow(Generic[Book, Found]):
    """An account's imports of one kind."""

    uploads: Uploads
    engine: Engine
    account_id: str
    kind: ImportKind[Book, Found]

    def check(self, data: bytes) -> Preview[Found]:
        """Keep a file and say what importing it would do; nothing is stored.

        Raises:
            Unreadable: it can't be read; it is not kept.
        """
        return self._preview(self.uploads.keep(self.account_id, data), data)

    def look_again(self, token: str) -> tuple[bytes, Found]:
        """A kept file, and what importing it would do now.

        Raises:
            UploadExpired: there is none.
            Unreadable: as for ``check``.
        """
        data = self._kept(token)
        return data, self._preview(token, data).found

    def confirm(self, token: str, seen: str | None) -> Preview[Found]:
        """Import a kept file, if that still does what was shown; else show it again.

        Raises:
            UploadExpired: there is none.
            Unreadable: as for ``check``.
        """
        data = self._kept(token)
        book = self._read(token, data)
        with transaction(self.engine) as connection:
            found = self.kind.plan(connection, book)
            same = not found.errors and seen == self._print(found)
            if same:
                self.kind.store(connection, found)
        if not same:  # nobody else waits to write while the file is read once more
            return self._preview(token, data)
        self.uploads.drop(self.account_id, token)
        return Preview(token, found, self._print(found), done=True)

    def _kept(self, token: str) -> bytes:
        data = self.uploads.find(self.account_id, token)
        if data is None:
            raise UploadExpired(token)
        return data

    def _preview(self, token: str, data: bytes) -> Preview[Found]:
        book = self._read(token, data)
        with self.engine.connect() as connection:
            found = self.kind.plan(connection, book)
        return Preview(token, found, self._print(found))

    def _read(self, token: str, data: bytes) -> Book:
        try:
            with self.uploads.one_at_a_time():
                return self.kind.read(data)
        except Unreadable:
            self.uploads.drop(self.account_id, token)
            raise

    def _print(self, found: Found) -> str:
        """The same again unless somebody changed what it is compared with meanwhile."""
        return hashlib.sha256(repr(self.kind.effect(found)).encode()).hexdigest()
