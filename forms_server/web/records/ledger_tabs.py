"""The tabs over a ledger: all, urgent ones, and each state."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from checklist.model import RecordForm
from checklist.states import STATE_NAMES, State, is_counted
from forms_server.records.ledger_filters import LEDGER_FILTERS, Filters, FilterUse, Sorting
from forms_server.records.record_counts import as_counted
from forms_server.web.records.ledger_links import ledger_address


@dataclass(frozen=True)
class LedgerTab:
    """A tab: label, count if it respects the filters, and URL."""

    words: str
    address: str
    current: bool
    late: bool = False


@dataclass(frozen=True)
class TabFacts:
    """Input for a ledger's tabs."""

    form: RecordForm
    filters: Filters
    sorting: Sorting
    states: Mapping[State, int]
    counts: Mapping[str, int]
    """Counts of tabs, by their name in ``Filters``."""

    @property
    def total(self) -> int:
        """Number of counted records."""
        return sum(count for state, count in self.states.items() if is_counted(state))

    def tabs(self) -> list[LedgerTab]:
        """Build all tabs in order."""
        everything = self._tab("全部", str(self.total), self.filters.tab())
        chosen = not self.filters.asks(FilterUse.TAB)
        # Tabs of filters precede those of states, so a page with both shows the former as active.
        return [replace(everything, current=chosen), *self._marked(), *self._by_state()]

    def _marked(self) -> Iterator[LedgerTab]:
        uncounted = [name for name, row in LEDGER_FILTERS.items() if row.tab and name not in self.counts]
        for name in (*uncounted, *self.counts):
            tab, current, count = LEDGER_FILTERS[name].tab, getattr(self.filters, name), self.counts.get(name)
            if tab and tab.words(self.form) and (count if count is not None else current):
                words = "" if count is None else as_counted(count)
                filters = self.filters if count is None else self.filters.tab(**{name: True})
                made = self._tab(tab.words(self.form), words, filters, tab.sorting)
                yield replace(made, current=current, late=tab.late)

    def _by_state(self) -> Iterator[LedgerTab]:
        for state, count in self.states.items():
            if count or is_counted(state):
                made = self._tab(STATE_NAMES[state], str(count), self.filters.tab(state=state))
                current = self.filters.state == state and not self.filters.overdue
                yield replace(made, current=current)

    def _tab(self, words: str, count: str, filters: Filters, sorting: Sorting | None = None) -> LedgerTab:
        counted = f" {count}" if count and not self.filters.narrow else ""
        address = ledger_address(self.form, filters, sorting or self.sorting)
        return LedgerTab(f"{words}{counted}", address, current=False)
