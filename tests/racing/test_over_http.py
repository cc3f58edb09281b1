"""The same race conditions over HTTP: concurrent requests to the real server's workers."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from forms_server.account import Role
from forms_server.db import tables
from tests.racing.county import FORM, ISSUE, Answer, County, new_id, running

PAIRS = 40
SUBMISSIONS, TIMES = 20, 20


@pytest.fixture
def county(tmp_path: Path, url: str) -> Iterator[County]:
    with running(tmp_path, url) as county:
        yield county


def at_once(calls: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Make all calls at the same moment."""
    barrier = Barrier(len(calls))

    def call(which: Callable[[], Answer]) -> Answer:
        barrier.wait(60)
        return which()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(call, calls))


def test_submissions_sent_twenty_times_at_once_are_one_record_each(county: County):
    person = county.person()
    for number in range(SUBMISSIONS):
        record_id = new_id()
        send = partial(person.file, record_id, content=f"第{number}条")
        answers = at_once([send] * TIMES)
        assert {(answer.status, answer.location) for answer in answers} == {(303, f"{FORM}/{record_id}")}
    with county.engine.connect() as connection:
        filed = tables.audit.c.action == "file"
        assert connection.execute(select(func.count()).select_from(tables.issue)).scalar_one() == SUBMISSIONS
        assert connection.execute(select(func.count()).where(filed)).scalar_one() == SUBMISSIONS


def test_of_two_edits_at_once_one_is_saved_and_one_is_shown_both_versions(county: County):
    people = [county.person(), county.person("principal", Role.PRINCIPAL)]
    outcomes: Counter[tuple[int, ...]] = Counter()
    record_id = new_id()
    people[0].file(record_id)
    for version in range(1, PAIRS + 1):
        typed = [
            {**ISSUE, "content": f"第{version}版，{who}", "base-version": str(version)} for who in "甲乙"
        ]
        answers = at_once(
            [
                lambda person=person, fields=fields: person.post(f"{FORM}/{record_id}/edit", **fields)
                for person, fields in zip(people, typed, strict=True)
            ]
        )
        outcomes[tuple(sorted(answer.status for answer in answers))] += 1
        saved, refused = (
            "甲乙"[[answer.status for answer in answers].index(status)] for status in (303, 409)
        )
        shown = next(answer.page for answer in answers if answer.status == 409)
        merge = BeautifulSoup(shown, "html.parser").select_one(".merge-both")
        assert merge is not None
        assert f"第{version}版，{saved}" in merge.select_one(".kept-lines").text
        assert f"第{version}版，{refused}" in merge.select_one("textarea").text
    assert outcomes == {(303, 409): PAIRS}
