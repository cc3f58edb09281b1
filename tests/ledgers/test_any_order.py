"""Importing, undoing and filing in any order: what is counted is what is there, and an undo leaves no trace."""

import io
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, insert, select

from checklist.values.judge import Context
from forms_server.db import tables
from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import migrate
from forms_server.db.tables import issue, tally
from forms_server.desk import Desk
from forms_server.imports.batch_undo import NotUndoable
from forms_server.records import record_store as records
from tests.builders import EAST, small_campaign
from tests.ledgers.books import HOUSEHOLD, workbook
from tests.ledgers.undoing import exported, state, take_back, take_in
from tests.records.builders import ACCOUNTS, AUDIT_KEY, MORNING, NOON, household_issue
from tests.records.conftest import account_row

CAMPAIGN = small_campaign()
CONTEXT = Context(CAMPAIGN, CAMPAIGN.unit_by_code[EAST], MORNING.date())
HEAD, *ROWS = HOUSEHOLD.strip("\n").splitlines()
BOOKS = [
    workbook({"户内": "\n".join([HEAD, *rows])})
    for rows in (
        ROWS[:1],
        ROWS,
        [row.replace("换瓦", "翻修") for row in ROWS[:2]],
        [row.replace("正在整改", "已整改") for row in ROWS[1:]],
    )
]
"""Books of the same issues, so that later ones change what earlier ones brought."""

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("import"), st.integers(0, len(BOOKS) - 1)),
        st.tuples(st.just("undo"), st.integers(0, 5)),
        st.tuples(st.just("file"), st.integers(1, 3)),
    ),
    max_size=6,
)


@contextmanager
def county() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "records.sqlite3").write_bytes(_EMPTY.getvalue())
        engine = make_engine(f"sqlite:///{folder}/records.sqlite3", AUDIT_KEY)
        yield engine
        engine.dispose()


def _empty() -> io.BytesIO:
    """A migrated database as bytes: migrating takes longer than all steps."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/empty.sqlite3", AUDIT_KEY)
        migrate(engine)
        with transaction(engine) as connection:
            connection.execute(insert(tables.account), [account_row(each) for each in ACCOUNTS.values()])
        engine.dispose()
        return io.BytesIO((Path(folder) / "empty.sqlite3").read_bytes())


_EMPTY = _empty()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(steps=[("import", 0), ("import", 2), ("import", 0)])
@given(steps=STEPS)
def test_any_order_of_importing_undoing_and_filing_counts_what_is_there(steps: list[tuple[str, int]]) -> None:
    with county() as engine:
        done: list[str] = []
        for number, (what, which) in enumerate(steps):
            if what == "import":
                now = MORNING + timedelta(minutes=number)
                before, book = state(engine), exported(engine, CONTEXT)
                batch_id = take_in(engine, BOOKS[which], CONTEXT, now=now)
                if batch_id:
                    take_back(engine, CONTEXT, batch_id)
                    assert (state(engine), exported(engine, CONTEXT)) == (before, book)
                    done.append(str(take_in(engine, BOOKS[which], CONTEXT, now=now)))
            elif what == "undo" and done:
                _undo(engine, done, which % len(done))
            elif what == "file":
                with transaction(engine) as connection:
                    desk = Desk(connection, CAMPAIGN, ACCOUNTS["east"], NOON)
                    records.create(desk, household_issue(CAMPAIGN, 100 + number, content=f"问题{number}"))
            assert _counted(engine) == _tallied(engine)
        for batch_id in reversed(done):
            take_back(engine, CONTEXT, batch_id)
        with engine.connect() as connection:
            left = connection.scalar(select(func.count()).select_from(issue))
        assert left == sum(what == "file" for what, _ in steps)


def _undo(engine: Engine, done: list[str], at: int) -> None:
    before = state(engine)
    try:
        take_back(engine, CONTEXT, done[at])
    except NotUndoable:
        assert state(engine) == before
    else:
        del done[at]


def _counted(engine: Engine) -> Counter[str]:
    with engine.connect() as connection:
        return Counter(connection.scalars(select(issue.c.state)))


def _tallied(engine: Engine) -> Counter[str]:
    found: Counter[str] = Counter()
    with engine.connect() as connection:
        for row in connection.execute(select(tally.c.state, tally.c.records)):
            found[row.state] += row.records
    return +found
