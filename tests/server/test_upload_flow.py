"""The two-step import (upload, preview, confirm), on a kind that imports words."""

import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from build_scripts.intake.asked_questions import AskedQuestion
from build_scripts.intake.refusal import Unreadable
from checklist.problems import Problem
from checklist.questions import AnswerChoice, Question, QuestionKind
from forms_server.db.engine import make_engine, transaction
from forms_server.imports.upload_flow import UploadExpired, UploadFlow
from forms_server.imports.uploads import Uploads


@dataclass(frozen=True)
class FoundWords:
    words: Sequence[str]
    known: int
    errors: list[Problem] = field(default_factory=list)
    questions: list[AskedQuestion] = field(default_factory=list)


class Words:
    """Imports words into a table; ``wrong`` is a word that may not be there."""

    def read(self, data: bytes) -> list[str]:
        if not data:
            raise Unreadable("upload-empty")
        return data.decode().split()

    def holds_numbers(self, book: list[str]) -> bool:
        return "number" in book

    def without_numbers(self, data: bytes) -> bytes:
        return data.replace(b"number", b"")

    def plan(self, connection: Connection, book: list[str]) -> FoundWords:
        known = connection.execute(text("SELECT COUNT(*) FROM word")).scalar_one()
        return FoundWords(book, known, [Problem("A1", "wrong", "wrong")] if "wrong" in book else [])

    def effect(self, found: FoundWords) -> int:
        return found.known

    def store(self, connection: Connection, found: FoundWords, _name: str, _data: bytes) -> str | None:
        for word in found.words:
            connection.execute(text("INSERT INTO word VALUES (:word)"), {"word": word})
            if word == "fails":
                raise RuntimeError(word)
        return None


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = make_engine(f"sqlite:///{tmp_path / 'words.sqlite3'}")
    with transaction(made) as connection:
        connection.execute(text("CREATE TABLE word (word TEXT)"))
    return made


def flow_of(engine: Engine, home: Path, account: str = "a") -> UploadFlow[list[str], FoundWords]:
    return UploadFlow(Uploads(home), engine, account, Words())


@pytest.fixture
def flow(engine: Engine, tmp_path: Path) -> UploadFlow[list[str], FoundWords]:
    return flow_of(engine, tmp_path)


def words(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT word FROM word")).scalars())


def kept(home: Path) -> list[Path]:
    return list((home / "uploads").glob("*.upload"))


def test_what_was_shown_is_stored_once(flow, engine, tmp_path):
    shown = flow.check(b"one two")
    assert (shown.found.words, shown.done, words(engine)) == (["one", "two"], False, [])
    assert len(kept(tmp_path)) == 1
    done = flow.confirm(shown.token, shown.seen)
    assert (done.done, words(engine), kept(tmp_path)) == (True, ["one", "two"], [])
    with pytest.raises(UploadExpired):
        flow.confirm(shown.token, shown.seen)
    assert words(engine) == ["one", "two"]


def test_what_would_do_something_else_by_now_is_shown_again(flow, engine, tmp_path):
    shown = flow.check(b"one")
    other = flow_of(engine, tmp_path, "b")
    first = other.check(b"two")
    other.confirm(first.token, first.seen)
    again = flow.confirm(shown.token, shown.seen)
    assert (again.done, again.token, again.found.known) == (False, shown.token, 1)
    assert again.seen != shown.seen
    assert words(engine) == ["two"]
    assert flow.confirm(again.token, again.seen).done
    assert words(engine) == ["two", "one"]


def test_another_answer_is_not_what_was_shown(flow, engine):
    """The answers in force are part of what was seen: an answer that came meanwhile is shown first."""
    choices = (AnswerChoice("a", "甲"), AnswerChoice("b", "乙"))

    def answered(answer: str) -> FoundWords:
        question = Question(QuestionKind.VALUE, "kind", "类型", "丙", choices, answer=answer)
        return FoundWords(["one"], 0, questions=[AskedQuestion(question, "", 1, ("A1",))])

    shown = flow.check(b"one")
    flow.kind.plan = lambda connection, book: answered("a")
    seen = flow.confirm(shown.token, shown.seen)
    assert (seen.done, words(engine)) == (False, [])
    flow.kind.plan = lambda connection, book: answered("b")
    assert not flow.confirm(shown.token, seen.seen).done
    flow.kind.plan = lambda connection, book: answered("a")
    assert flow.confirm(shown.token, seen.seen).done


@pytest.mark.parametrize("seen", [None, "", "0" * 64])
def test_what_nobody_has_seen_is_not_stored(flow, engine, seen):
    assert not flow.confirm(flow.check(b"one").token, seen).done
    assert words(engine) == []


def test_what_is_wrong_is_not_stored_even_if_it_was_seen(flow, engine):
    shown = flow.check(b"one wrong")
    assert not flow.confirm(shown.token, shown.seen).done
    assert words(engine) == []


def test_what_fails_halfway_leaves_nothing_stored_and_the_upload_kept(flow, engine, tmp_path):
    shown = flow.check(b"one fails")
    with pytest.raises(RuntimeError):
        flow.confirm(shown.token, shown.seen)
    assert (words(engine), len(kept(tmp_path))) == ([], 1)


def killed(doing) -> None:
    """Do something in a process of its own, which is killed in the middle."""
    child = os.fork()
    if not child:
        doing()
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


def kill_me(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_import_leaves_no_workbook_behind(flow, engine, tmp_path, monkeypatch):
    for step in ("read", "plan"):
        with monkeypatch.context() as patched:
            patched.setattr(Words, step, kill_me)
            killed(lambda: flow.check(b"one"))
    assert kept(tmp_path) == []
    shown = flow.check(b"one")
    with monkeypatch.context() as patched:
        patched.setattr(Words, "store", kill_me)
        killed(lambda: flow.confirm(shown.token, shown.seen))
    assert words(engine) == []
    assert flow.confirm(shown.token, shown.seen).done  # it was kept to be confirmed, once
    assert kept(tmp_path) == []


def test_what_nobody_confirmed_goes_after_a_day_without_another_upload(flow, tmp_path):
    flow.check(b"one")
    (upload,) = kept(tmp_path)
    Uploads(tmp_path).sweep()
    assert kept(tmp_path) == [upload]
    os.utime(upload, (time.time() - 25 * 3600,) * 2)
    Uploads(tmp_path).sweep()
    assert kept(tmp_path) == []


def test_what_can_not_be_read_is_not_kept(flow, tmp_path):
    with pytest.raises(Unreadable):
        flow.check(b"")
    assert kept(tmp_path) == []


@pytest.mark.parametrize("token", ["", "../../etc/passwd", "A" * 22])
def test_a_token_that_is_none_leads_nowhere(flow, token):
    for use in (flow.look_again, lambda token: flow.confirm(token, "")):
        with pytest.raises(UploadExpired):
            use(token)


def test_nobody_confirms_another_accounts_upload(flow, engine, tmp_path):
    shown = flow.check(b"one")
    with pytest.raises(UploadExpired):
        flow_of(engine, tmp_path, "b").confirm(shown.token, shown.seen)
    assert flow.look_again(shown.token)[0] == b"one"


def test_a_new_upload_takes_the_place_of_the_last_and_of_those_of_yesterday(flow, engine, tmp_path):
    of_other = flow_of(engine, tmp_path, "b").check(b"old")
    [path] = kept(tmp_path)
    os.utime(path, (time.time() - 25 * 3600,) * 2)
    first = flow.check(b"one")
    second = flow.check(b"two")
    assert len(kept(tmp_path)) == 1
    with pytest.raises(UploadExpired):
        flow.look_again(first.token)
    with pytest.raises(UploadExpired):
        flow_of(engine, tmp_path, "b").look_again(of_other.token)
    assert flow.look_again(second.token)[1].words == ["two"]
