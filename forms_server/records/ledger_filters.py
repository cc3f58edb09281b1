"""The table of a ledger's filters, and its sort orders.

A filter is one line of ``Filters``: its query parameter, its SQL condition, the counts that follow it, and its
presentation. Ledger, list of issues, counts and links all go through this table.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import Enum, StrEnum
from typing import Any, ParamSpec, Self

from checklist.model import Campaign, RecordForm
from checklist.states import State
from forms_server.records import filter_conditions as by
from forms_server.records.query_string_values import DAY, FLAG, RELATION, STATE, WORDS, AddressValue, code
from forms_server.scope import Relation


class Sorting(StrEnum):
    """The orders of a ledger."""

    NEWEST = "newest"
    DUE = "due"
    """The oldest deadline first."""


class FilterUse(Enum):
    """A filter's relation to the counts of a ledger."""

    TALLIED = "tallied"
    """The counts follow it."""
    TAB = "tab"
    """One of the tabs over the ledger, each with its count: one at a time."""
    NARROW = "narrow"
    """No count follows it."""


@dataclass(frozen=True)
class FilterTab:
    """A tab over the ledger; one that is not counted is there only while it is chosen."""

    words: Callable[[RecordForm], str]
    late: bool = False
    """Whether it is shown as what should be done first."""
    counted: Callable[[RecordForm], bool] = lambda _: False
    """Whether a form's ledger offers it, with its count."""
    sorting: Sorting | None = None
    """The order that it opens in; None for the one that was chosen."""


@dataclass(frozen=True)
class FilterBox:
    """A place in the box of filters."""

    label: str = ""
    """Empty for the label of the form's field of that name: only a form with that field has it."""
    choices: bool = False
    """Whether one of several is chosen; words are typed otherwise."""
    hint: str = ""
    """Placeholder, with {} for the label; empty for the default: the label, after 全部 for a list."""

    def words(self, label: str) -> str:
        """Placeholder of a control with this label."""
        return (self.hint or ("全部{}" if self.choices else "{}")).format(label)


@dataclass(frozen=True)
class LedgerFilter:
    """One filter."""

    id: str
    """Query parameter; part of bookmarks and shared links, so it must not change."""
    value: AddressValue
    use: FilterUse = FilterUse.NARROW
    ranges: by.Ranges = by.unrestricted
    states: by.States | None = None
    """States it restricts to; the first of several such filters wins."""
    sought: by.Condition | None = None
    """Condition without an index."""
    yields_to: str = ""
    """More specific filter that overrides this one."""
    tab: FilterTab | None = None
    box: FilterBox | None = None
    remark: str | None = None
    """The words behind its value where a page says what it shows only; None for what has a place in the box."""
    heading: str = ""
    """Heading in the list of issues."""


_ROW = "filter"

Asked = ParamSpec("Asked")


def _as_metadata(make: Callable[Asked, LedgerFilter]) -> Callable[Asked, Mapping[str, LedgerFilter]]:
    return lambda *words, **more: {_ROW: make(*words, **more)}


_row = _as_metadata(LedgerFilter)


def _clock_words(form: RecordForm) -> str:
    return form.clock.within.waiting if form.clock and form.clock.within else ""


@dataclass(frozen=True)
class Filters:
    """Selected filters; empty ones select all. Withdrawn records are shown on request only."""

    relation: Relation | None = field(
        default=None,
        metadata=_row(
            "whose",
            RELATION,
            FilterUse.TALLIED,
            box=FilterBox("谁登记的、谁负责", choices=True, hint="全部来源"),
        ),
    )
    """Which of the records that the account sees: ``VisibleLedger.parts`` restricts them."""
    unit_code: str | None = field(
        default=None,
        metadata=_row(
            "unit", code(lambda campaign: campaign.unit_by_code), FilterUse.TALLIED,
            ranges=by.equal("unit_code"), box=FilterBox("填报单位", choices=True, hint="全部单位"),
        ),
    )  # fmt: skip
    area_id: str | None = field(
        default=None,
        metadata=_row(
            "area", code(lambda campaign: [area.id for area in campaign.areas]), FilterUse.TALLIED,
            ranges=by.of_area, yields_to="problem_type_id", remark="",
        ),
    )  # fmt: skip
    problem_type_id: str | None = field(
        default=None,
        metadata=_row(
            "problem_type", code(lambda campaign: campaign.problem_type_by_id), FilterUse.TALLIED,
            ranges=by.equal("problem_type_id"), box=FilterBox("问题类型", choices=True),
        ),
    )  # fmt: skip
    village_code: str | None = field(
        default=None,
        metadata=_row(
            "village", code(lambda campaign: campaign.village_by_code),
            ranges=by.equal("village_code"), box=FilterBox("村（社区）", choices=True),
        ),
    )  # fmt: skip
    state: State | None = field(
        default=None, metadata=_row("state", STATE, FilterUse.TAB, states=by.that_state)
    )
    done: bool = field(
        default=False,
        metadata=_row(
            "done", FLAG, FilterUse.TAB, states=by.counted_as("rectified"),
            heading="已整改", tab=FilterTab(lambda _: "已整改和已销号"),
        ),
    )  # fmt: skip
    """What annex 2 counts as 已整改."""
    due_soon: bool = field(
        default=False,
        metadata=_row(
            "due_soon", FLAG, FilterUse.TAB, states=by.that_wait, ranges=by.due_soon,
            tab=FilterTab(lambda _: "快到期的", late=True),
        ),
    )  # fmt: skip
    """Due today or within ``checklist.overdue.SOON``."""
    sent_back: bool = field(
        default=False,
        metadata=_row(
            "sent_back", FLAG, FilterUse.TAB, states=by.of_issues_that_wait, ranges=by.sent_back,
            tab=FilterTab(lambda _: "退回的", late=True),
        ),
    )  # fmt: skip
    overdue: bool = field(
        default=False,
        metadata=_row(
            "overdue", FLAG, FilterUse.TAB, states=by.that_wait, ranges=by.overdue,
            heading="逾期", tab=FilterTab(lambda _: "逾期", late=True, counted=lambda _: True),
        ),
    )  # fmt: skip
    extended: bool = field(
        default=False,
        metadata=_row(
            "extended", FLAG, FilterUse.TAB, ranges=by.extended, heading="延期",
            tab=FilterTab(lambda _: "延期过的", counted=lambda form: form.kind == "issue"),
        ),
    )  # fmt: skip
    extension_asked: bool = field(
        default=False,
        metadata=_row(
            "extension_asked", FLAG, FilterUse.TAB, states=by.of_issues_that_wait, ranges=by.extension_asked,
            heading="申请延期", tab=FilterTab(
                lambda _: "等批准延期", late=True, counted=lambda form: form.kind == "issue"),
        ),
    )  # fmt: skip
    """Issues whose extension somebody asked for and nobody has answered."""
    waiting: bool = field(
        default=False,
        metadata=_row(
            "waiting", FLAG, FilterUse.TAB, states=by.that_wait, ranges=by.waiting,
            tab=FilterTab(_clock_words, counted=lambda form: form.clock is not None, sorting=Sorting.DUE),
        ),
    )  # fmt: skip
    """What waits for the date of the form's clock."""
    due_on: date | None = field(
        default=None,
        metadata=_row("due_on", DAY, states=by.that_wait, ranges=by.due_on, remark="到整改时限的"),
    )
    filed_on: date | None = field(
        default=None, metadata=_row("filed_on", DAY, ranges=by.filed_on, remark="登记的")
    )
    rectified_on: date | None = field(
        default=None,
        metadata=_row("rectified_on", DAY, sought=by.holds("rectified_on"), remark="整改完成的"),
    )
    source: str = field(
        default="", metadata=_row("source", WORDS, sought=by.holds("source"), box=FilterBox(choices=True))
    )
    householder: str = field(
        default="",
        metadata=_row("householder", WORDS, ranges=by.equal("householder"), box=FilterBox(hint="{}（全名）")),
    )
    """The whole name."""
    responsible_unit: str = field(
        default="",
        metadata=_row("responsible_unit", WORDS, sought=by.contains("responsible_unit"), box=FilterBox()),
    )
    """Part of its name."""
    transferred: bool = field(
        default=False,
        metadata=_row(
            "transferred", FLAG, sought=by.transferred,
            box=FilterBox("转办", choices=True, hint="转来的和别的"), heading="转来",
        ),
    )  # fmt: skip
    """Issues that another unit handed over to the account's; for those who see all, all that were handed over."""
    words: str = field(
        default="",
        metadata=_row(
            "words", WORDS, sought=by.contains("householder", "content", "reason"),
            box=FilterBox("查找姓名、内容里的字", hint="姓名、内容里的字"),
        ),
    )  # fmt: skip
    """Part of the householder's name or of the content."""

    def asked(self) -> Iterator[tuple[LedgerFilter, Any]]:
        """Active filters with their values."""
        return ((row, value) for name, row in LEDGER_FILTERS.items() if (value := getattr(self, name)))

    def restricting(self) -> Iterator[tuple[LedgerFilter, Any]]:
        """Active filters that restrict the query."""
        return (
            (row, value)
            for row, value in self.asked()
            if not (row.yields_to and getattr(self, row.yields_to))
        )

    def asks(self, *uses: FilterUse) -> bool:
        """Whether any filter of such a use is active."""
        return any(row.use in uses for row, _ in self.asked())

    @property
    def narrow(self) -> bool:
        """Whether they restrict beyond the counts."""
        return self.asks(FilterUse.NARROW)

    def tab(self, **chosen: object) -> Self:
        """Copy with another tab; None for the records of all tabs."""
        return replace(self, **(_NO_TAB | chosen))

    def tallied(self, **chosen: object) -> "Filters":
        """The filters that counts follow, with a tab."""
        return replace(self, **(_NOTHING_ELSE | chosen))


LEDGER_FILTERS: Mapping[str, LedgerFilter] = {each.name: each.metadata[_ROW] for each in fields(Filters)}
"""The table, by the name of the field in ``Filters``."""


def _empty(*uses: FilterUse) -> dict[str, Any]:
    return {each.name: each.default for each in fields(Filters) if LEDGER_FILTERS[each.name].use in uses}


_NO_TAB = _empty(FilterUse.TAB)
_NOTHING_ELSE = _empty(FilterUse.TAB, FilterUse.NARROW)


def read_filters(address: Mapping[str, str], campaign: Campaign, form: RecordForm) -> Filters:
    """Parse query parameters; unknown values are ignored."""
    return Filters(
        **{
            name: row.value.read(address.get(row.id, ""), campaign, form)
            for name, row in LEDGER_FILTERS.items()
        }
    )


def parameters(**asked: Any) -> dict[str, Any]:
    """Query parameters for these values.

    Args:
        asked: values of ``Filters`` by name; an empty one has no parameter.

    Raises:
        KeyError: there is no such filter.
    """
    rows = ((LEDGER_FILTERS[name], value) for name, value in asked.items())
    return {row.id: row.value.write(value) for row, value in rows if value}


def parameters_of(filters: Filters) -> dict[str, Any]:
    """Query parameters of these filters."""
    return {row.id: row.value.write(value) for row, value in filters.asked()}
