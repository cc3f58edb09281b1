"""Filing, finding again, joining, parting, importing and undoing in any order: one count, whoever computes it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from build_scripts.reconciliation.live_reconciliation import counted
from checklist.states import is_counted
from forms_server.db.engine import transaction
from forms_server.db.tables import issue, tally
from forms_server.desk import Desk
from forms_server.imports.batch_undo import NotUndoable
from forms_server.records import double_decisions, record_store
from forms_server.records.double_decisions import NotAPair
from forms_server.records.doubles import PossiblySame
from forms_server.records.live_record_source import live_records
from tests.builders import EAST, WATER
from tests.ledgers.test_any_order import BOOKS, CAMPAIGN, CONTEXT, county
from tests.ledgers.undoing import take_back, take_in
from tests.records.builders import ACCOUNTS, MORNING, NOON, household_issue, record_id

_IMPORTED = record_id(1000)
"""Ids of imported issues are greater: they begin with the time."""
UNITS = {"east": EAST, "water": WATER}


class Ledgers(RuleBasedStateMachine):
    """A county whose ledgers are changed in every way; ``counts`` is what is right, by unit."""

    def __init__(self) -> None:
        super().__init__()
        self._county = county()
        self._engine = self._county.__enter__()
        self._steps = 0
        self._counts: Counter[str] = Counter()
        self._filed: list[tuple[str, str]] = []
        self._joined: list[tuple[str, str, str]] = []
        self._batches: list[str] = []

    def teardown(self) -> None:
        """Remove the database."""
        self._county.__exit__(None, None, None)

    def _next(self) -> int:
        self._steps += 1
        return self._steps

    @rule(who=st.sampled_from(sorted(UNITS)), again=st.booleans())
    def file(self, who: str, again: bool) -> None:
        """File an issue; ``again`` sends it twice."""
        number = self._next()
        filing = household_issue(CAMPAIGN, number, UNITS[who], content=f"问题{number}")
        for _ in range(1 + again):
            with transaction(self._engine) as connection:
                record_store.create(Desk(connection, CAMPAIGN, ACCOUNTS[who], NOON), filing)
        self._filed.append((record_id(number), who))
        self._counts[UNITS[who]] += 1

    @rule(of=st.data())
    @precondition(lambda self: self._of("east"))
    def find_again(self, of: st.DataObject) -> None:
        """File what is an issue already; it is a finding of that."""
        number, first = self._next(), of.draw(st.sampled_from(self._of("east")))
        filing = household_issue(CAMPAIGN, number, content="又看到了", different=False)
        try:
            with transaction(self._engine) as connection:
                desk = Desk(connection, CAMPAIGN, ACCOUNTS["east"], NOON)
                joined = record_store.create(desk, replace(filing, same_as=first)).id
        except PossiblySame as asked:  # only the oldest few are shown, to choose from
            joined = None if first in {each.id for each in asked.others} else first
        assert joined == first

    @rule(of=st.data())
    @precondition(lambda self: len(self._filed) > 1)
    def join(self, of: st.DataObject) -> None:
        """Join two issues; the second counts no longer."""
        first, second = of.draw(st.permutations(self._filed).map(lambda order: order[:2]))
        self._decide(double_decisions.join_records, first[0], second[0])
        self._filed.remove(second)
        self._joined.append((first[0], *second))
        self._counts[UNITS[second[1]]] -= 1

    @rule(of=st.data())
    @precondition(lambda self: self._joined)
    def part(self, of: st.DataObject) -> None:
        """Undo a join, in whichever order they were made; it cannot be done twice."""
        pair = of.draw(st.sampled_from(self._joined))
        first, second, who = pair
        self._decide(double_decisions.part_records, first, second)
        try:
            self._decide(double_decisions.part_records, first, second)
        except NotAPair:
            pass
        else:
            raise AssertionError(pair)
        self._joined.remove(pair)
        self._filed.append((second, who))
        self._counts[UNITS[who]] += 1

    @rule(which=st.integers(0, len(BOOKS) - 1))
    def import_book(self, which: int) -> None:
        """Import a workbook, twice: the second time changes nothing."""
        before, now = self._counting(), MORNING + timedelta(minutes=self._next())
        batch_id = take_in(self._engine, BOOKS[which], CONTEXT, now=now)
        if batch_id:
            self._batches.append(batch_id)
            after = self._counting()
            assert before <= after
            self._filed += sorted((identity, "east") for identity in after - before)
            self._counts[EAST] += len(after - before)
            assert take_in(self._engine, BOOKS[which], CONTEXT, now=now) is None

    @rule(of=st.data())
    @precondition(lambda self: self._batches)
    def undo(self, of: st.DataObject) -> None:
        """Undo an import, if nothing was built on it."""
        batch_id, before = of.draw(st.sampled_from(self._batches)), self._counting()
        try:
            take_back(self._engine, CONTEXT, batch_id)
        except NotUndoable:
            assert self._counting() == before
        else:
            gone = before - self._counting()
            self._batches.remove(batch_id)
            self._filed = [each for each in self._filed if each[0] not in gone]
            self._counts[EAST] -= len(gone)

    @invariant()
    def everybody_counts_the_same(self) -> None:
        """Compare the records, the tallies and annex 2 with what is right."""
        right = +self._counts
        with self._engine.connect() as connection:
            summary, refused = counted(live_records(connection), CAMPAIGN)
            tallied: Counter[str] = Counter()
            for row in connection.execute(select(tally)):
                tallied[row.unit_code] += row.records * is_counted(row.state)
        assert refused == ()
        assert +Counter({table.unit_code: table.total.found for table in summary.units}) == right
        assert (+tallied, self._recorded()) == (right, right)
        assert summary.county.total.found == right.total()

    def _of(self, who: str) -> Sequence[str]:
        """What that account filed; imported issues are of other households."""
        return [identity for identity, filer in self._filed if filer == who and identity < _IMPORTED]

    def _recorded(self) -> Counter[str]:
        with self._engine.connect() as connection:
            rows = connection.execute(select(issue.c.unit_code, issue.c.state))
            return Counter(unit for unit, state in rows if is_counted(state))

    def _counting(self) -> set[str]:
        """Ids of the issues that count."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(issue.c.id, issue.c.state))
            return {identity for identity, state in rows if is_counted(state)}

    def _decide(self, decision: Callable[[Desk, str, str], None], first: str, second: str) -> None:
        with transaction(self._engine) as connection:
            decision(Desk(connection, CAMPAIGN, ACCOUNTS["office"], NOON), first, second)


TestLedgers = Ledgers.TestCase
TestLedgers.settings = settings(
    max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
