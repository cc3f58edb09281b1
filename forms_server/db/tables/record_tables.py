"""Tables of the ledgers' records and of their tallies."""

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    TextClause,
    false,
    text,
)

from checklist.states import STATES_BY_KIND
from forms_server.db.tables.base import UUID_LENGTH, metadata

_NAMED = text("household_id IS NOT NULL")
_LEVEL = text("level IS NOT NULL")
_EXTENDED = text("extensions > 0")
_ASKED, _ASKED_ON_SQLITE = text("extension_asked"), text("extension_asked = 1")
"""As each engine's queries say it: SQLite takes no other spelling of a condition for the index's own."""
_UNLINKED = text("household_id IS NULL AND householder IS NOT NULL")
_REPORTED_ELSEWHERE = text("reporting_unit_code <> unit_code")
_ELSEWHERE = text("unit_code <> township_code")
"""Issues in a township that another unit filed."""


def _filed_columns() -> list[Column[Any]]:
    """Columns shared by all filed records."""
    return [
        Column("id", String(UUID_LENGTH), primary_key=True),
        Column("campaign_id", String(60), nullable=False),
        Column("form_id", String(60), nullable=False),
        Column("form_version", Integer, nullable=False),
        Column("unit_code", String(30), nullable=False, comment="the unit that filed it and counts it"),
        Column("problem_type_id", String(60), nullable=False),
        Column("township_code", String(30)),
        Column("village_code", String(12)),
        Column(
            "household_id",
            String(UUID_LENGTH),
            ForeignKey("household.id"),
            comment="the household that it is about; null where it names none, or several could be meant",
        ),
        Column("householder", String(60)),
        Column("household_type", String(60)),
        Column("people", Integer),
        Column(
            "extra", JSON, nullable=False, default=dict, comment="fields that have no column of their own"
        ),
        Column("state", String(20), nullable=False),
        Column(
            "state_reason",
            Text,
            comment="why it was withdrawn or sent back: kept here, as the audit holds no names",
        ),
        Column("version", Integer, nullable=False, default=1, comment="grows by one with every change"),
        Column("created_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
        Column("created_at", DateTime, nullable=False),
        Column("changed_at", DateTime, nullable=False),
    ]


def _known_states(kind: str) -> CheckConstraint:
    """Check constraint: the states of a form's kind."""
    known = ", ".join(f"'{state}'" for state in STATES_BY_KIND[kind])
    return CheckConstraint(f"state IN ({known})", name="state")


def _ledger_indexes(table: str, *orders: str) -> list[Index]:
    """Indexes for a ledger's keyset pagination: by unit or all, by state, in each order.

    A page is put together from states and units, each of which is one range of one of these
    (``forms_server.records.ledger_listing``).
    """
    ranges = {"unit": ["unit_code"], "all": []}
    # Records of units that are not asked for are passed over in the index, and overdue ones are counted in it.
    besides = {("all", "created_at"): ["unit_code"], ("all", "due"): ["unit_code", "problem_type_id"]}
    return [
        Index(
            f"ix_{table}_{name}_{order}",
            "campaign_id",
            "form_id",
            *columns,
            "state",
            order,
            "id",
            *besides.get((name, order), []),
        )
        for name, columns in ranges.items()
        for order in orders
    ]


def _few_indexes(name: str, where: TextClause, on_sqlite: TextClause) -> list[Index]:
    """Partial indexes for the tab of a ledger that few issues stand in: by unit, by problem type, or all."""
    ranges = {"unit": ["unit_code"], "type": ["problem_type_id"], "all": []}
    return [
        Index(
            f"ix_issue_{name}_{range_name}",
            "campaign_id",
            "form_id",
            *columns,
            "state",
            "created_at",
            "id",
            sqlite_where=on_sqlite,
            postgresql_where=where,
        )
        for range_name, columns in ranges.items()
    ]


def _unlinked_index(table: str) -> Index:
    """Index of the records whose household the office has to choose."""
    return Index(
        f"ix_{table}_unlinked",
        "campaign_id",
        "unit_code",
        "id",
        sqlite_where=_UNLINKED,
        postgresql_where=_UNLINKED,
    )


issue = Table(
    "issue",
    metadata,
    *_filed_columns(),
    Column("area_id", String(60), nullable=False),
    Column("item_id", String(60), comment="the look-for item it was found at, where one was chosen"),
    Column("level", String(60), comment="general issues: county, township or village"),
    Column("content", Text),
    Column("measures", Text),
    Column("responsible_person", String(120)),
    Column("responsible_unit", String(120)),
    Column("deadline_text", String(80), comment="as it was typed: 8月底前, 立行立改"),
    Column("deadline", Date, comment="the day it means; null for 立行立改 and 长期坚持"),
    Column(
        "due",
        Date,
        Computed("coalesce(deadline, '9999-12-31')", persisted=True),
        comment="the deadline to sort by: what has no day comes last",
    ),
    Column("outcome", Text),
    Column("source", String(60)),
    Column("found_by", String(120)),
    Column("first_deadline", Date, comment="the deadline before it was first moved"),
    Column("extensions", Integer, nullable=False, server_default="0"),
    Column("extension_asked", Boolean, nullable=False, server_default=false(), comment="a request is open"),
    Column(
        "finding_number",
        Integer,
        comment="under which a team found and filed it: the finder's words are fixed",
    ),
    Column(
        "handed_to", String(30), comment="the unit to which it was transferred, while that one may refuse"
    ),
    Column(
        "opened_before_closing",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="whether who closed it had opened it as it was then",
    ),
    Column("rebounds", Integer, nullable=False, server_default="0", comment="how often it was reopened"),
    Column("rectified_on", Date),
    Column(
        "reported_by",
        String(UUID_LENGTH),
        ForeignKey("account.id"),
        comment="the account that reported it rectified: it does not verify",
    ),
    Column("reporting_unit_code", String(30), comment="that account's unit, which does not verify either"),
    _known_states("issue"),
    Index(None, "campaign_id", "unit_code", "problem_type_id", "state"),
    *_ledger_indexes("issue", "created_at", "due"),
    Index(
        "ix_issue_type_created_at", "campaign_id", "form_id", "problem_type_id", "state", "created_at", "id"
    ),
    Index("ix_issue_type_due", "campaign_id", "form_id", "problem_type_id", "state", "due", "id"),
    Index(
        "ix_issue_household", "household_id", "problem_type_id", sqlite_where=_NAMED, postgresql_where=_NAMED
    ),
    Index(
        "ix_issue_place",
        "campaign_id",
        "problem_type_id",
        "level",
        "village_code",
        sqlite_where=_LEVEL,
        postgresql_where=_LEVEL,
    ),
    Index("ix_issue_village", "campaign_id", "form_id", "village_code", "state", "created_at", "id"),
    *(
        Index(
            f"ix_issue_elsewhere_{order}",
            "campaign_id",
            "form_id",
            "township_code",
            "state",
            order,
            "id",
            sqlite_where=_ELSEWHERE,
            postgresql_where=_ELSEWHERE,
        )
        for order in ("created_at", "due")
    ),
    Index(
        "ix_issue_reported_elsewhere",
        "campaign_id",
        "form_id",
        "state",
        "reporting_unit_code",
        sqlite_where=_REPORTED_ELSEWHERE,
        postgresql_where=_REPORTED_ELSEWHERE,
    ),
    *_few_indexes("extension_asked", _ASKED, _ASKED_ON_SQLITE),
    *_few_indexes("extended", _EXTENDED, _EXTENDED),
    _unlinked_index("issue"),
    Index("ix_issue_householder", "campaign_id", "form_id", "householder", "state", "created_at", "id"),
    Index(
        "ix_issue_sent_back",
        "campaign_id",
        "form_id",
        "unit_code",
        "state",
        "created_at",
        "id",
        sqlite_where=text("state_reason IS NOT NULL"),
        postgresql_where=text("state_reason IS NOT NULL"),
    ),
)


issue_unit = Table(
    "issue_unit",
    metadata,
    Column("issue_id", String(UUID_LENGTH), ForeignKey("issue.id", ondelete="CASCADE"), primary_key=True),
    Column("unit_code", String(30), primary_key=True),
    Column("position", Integer, nullable=False, comment="0 for the lead"),
    Column("elsewhere", Boolean, nullable=False, comment="whether another unit filed the issue"),
    Index(None, "unit_code", "elsewhere", "issue_id"),
    comment="the units that an issue's responsible_unit names, read by the program: a look-up beside that text",
    sqlite_with_rowid=False,
)


proposed_household = Table(
    "proposed_household",
    metadata,
    *_filed_columns(),
    Column("identified_on", Date),
    Column("entered_on", Date, comment="when it was entered in the national system; null while it waits"),
    Column("reason", Text),
    _known_states("household"),
    CheckConstraint("people >= 1", name="people"),
    Index("ix_proposed_household_household", "household_id", sqlite_where=_NAMED, postgresql_where=_NAMED),
    Index(None, "campaign_id", "unit_code", "problem_type_id", "state"),
    *_ledger_indexes("proposed_household", "created_at", "identified_on"),
    _unlinked_index("proposed_household"),
)


tally = Table(
    "tally",
    metadata,
    Column("campaign_id", String(60), primary_key=True),
    Column("unit_code", String(30), primary_key=True),
    Column("form_id", String(60), primary_key=True),
    Column("problem_type_id", String(60), primary_key=True),
    Column("item_id", String(60), primary_key=True, comment="empty where none was chosen"),
    Column("state", String(20), primary_key=True),
    Column("records", Integer, nullable=False),
    comment="how many records there are of each kind; the database's own triggers keep it, nobody writes it",
    sqlite_with_rowid=False,
)


day_tally = Table(
    "day_tally",
    metadata,
    Column("campaign_id", String(60), primary_key=True),
    Column("unit_code", String(30), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("found", Integer, nullable=False, comment="issues filed on that day, not withdrawn"),
    Column(
        "rectified",
        Integer,
        nullable=False,
        comment="issues rectified or closed whose ledger names that day, but not before they were filed",
    ),
    comment="issues day by day; the database's own triggers keep it, nobody writes it",
    sqlite_with_rowid=False,
)
