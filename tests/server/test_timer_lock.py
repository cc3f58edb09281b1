"""One runner of a timer's task at a time."""

import os
import signal

import pytest

from forms_server.db.engine import make_engine
from forms_server.timer_lock import RunsElsewhere, only_runner


@pytest.fixture
def two(database: str):
    """Two machines over one database."""
    engines = make_engine(database), make_engine(database)
    yield engines
    for each in engines:
        each.dispose()


def test_a_second_runner_stays_away_until_the_first_is_done(two, tmp_path):
    first, second = two
    for _ in range(2):
        with only_runner(first, tmp_path, "backup"):
            with pytest.raises(RunsElsewhere), only_runner(second, tmp_path, "backup"):
                pytest.fail("two at once")
            with only_runner(second, tmp_path, "remind"):
                pass
    with only_runner(second, tmp_path, "backup"):
        pass


def test_a_task_that_fails_gives_way(two, tmp_path):
    first, second = two
    with pytest.raises(ZeroDivisionError), only_runner(first, tmp_path, "backup"):
        raise ZeroDivisionError
    with only_runner(second, tmp_path, "backup"):
        pass


def test_a_killed_runner_gives_way(database, tmp_path):
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        with only_runner(make_engine(database), tmp_path, "backup"):
            os.write(writing, b"x")
            signal.pause()
        os._exit(1)
    os.read(reading, 1)
    engine = make_engine(database)
    with pytest.raises(RunsElsewhere), only_runner(engine, tmp_path, "backup"):
        pytest.fail("two at once")
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    _once_free(engine, tmp_path)
    engine.dispose()


def _once_free(engine, home) -> None:
    """PostgreSQL ends a session when it notices that its client is gone."""
    for _ in range(100_000):
        try:
            with only_runner(engine, home, "backup"):
                return
        except RunsElsewhere:
            continue
    pytest.fail("the lock of a killed runner is held for ever")
