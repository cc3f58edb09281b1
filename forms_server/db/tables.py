"""The tables, which are a public contract: ``build_scripts`` and auditors read them, migrations change them.

Times are wall-clock times of Asia/Shanghai without an offset; the country has one time zone and no summer time.
Ids are UUIDs in text form, made by whoever fills in the form, so that a resend is the same record.
A field of a form whose id is a column here is stored in that column; every other field goes into ``extra``.
"""

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
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

UUID_LENGTH = 36

account = Table(
    "account",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("name", String(60), nullable=False, unique=True, comment="sign-in name"),
    Column("display_name", String(60), nullable=False, default="", comment="the person's name as it signs"),
    Column("unit_code", String(30), nullable=False),
    Column("village_code", String(12), comment="a reporter bound to one village"),
    Column("role", String(20), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("must_change_password", Boolean, nullable=False, comment="the password is a one-use one"),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("inspects", JSON, nullable=False, default=list, comment="codes of the units an inspector reads"),
    Column("created_at", DateTime, nullable=False),
)

sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column(
        "name_hash", String(64), primary_key=True, comment="SHA-256 of the name that was typed, known or not"
    ),
    Column("failures", Integer, nullable=False, comment="failed sign-ins in a row"),
    Column("last_at", DateTime, nullable=False, index=True),
    Column("locked_until", DateTime),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", String(64), primary_key=True, comment="SHA-256 of the cookie's token"),
    Column("account_id", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False, index=True),
    Column("csrf_token", String(64), nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("seen_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=False, index=True),
    Column("client", String(200), nullable=False, default="", comment="browser, for the list of my sessions"),
)


calendar_feed = Table(
    "calendar_feed",
    metadata,
    Column("account_id", String(UUID_LENGTH), ForeignKey("account.id"), primary_key=True),
    Column(
        "token_hash", String(64), nullable=False, unique=True, comment="SHA-256 of the secret in its address"
    ),
    Column("created_at", DateTime, nullable=False),
    comment="calendars of reminders that somebody can subscribe to",
)

mail_address = Table(
    "mail_address",
    metadata,
    Column("account_id", String(UUID_LENGTH), ForeignKey("account.id"), primary_key=True),
    Column("address", String(120), nullable=False, comment="where reminders go; given by the account itself"),
    Column("changed_at", DateTime, nullable=False),
    Column("reminded_on", Date, comment="the last day on which a reminder was sent"),
)


def _filed_columns() -> list[Column[Any]]:
    """Columns that every filed record has."""
    return [
        Column("id", String(UUID_LENGTH), primary_key=True),
        Column("campaign_id", String(60), nullable=False),
        Column("form_id", String(60), nullable=False),
        Column("form_version", Integer, nullable=False),
        Column("unit_code", String(30), nullable=False, comment="the unit that filed it and counts it"),
        Column("problem_type_id", String(60), nullable=False),
        Column("township_code", String(30)),
        Column("village_code", String(12)),
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


def _ledger_indexes(table: str, *orders: str) -> list[Index]:
    """What a ledger's pages are read through: of one unit or of all, in one state, in each order.

    A page is put together from states and units, each of which is one range of one of these
    (``forms_server.records.listing``).
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
    Column("rectified_on", Date),
    CheckConstraint("state IN ('rectifying', 'rectified', 'closed', 'withdrawn')", name="state"),
    Index(None, "campaign_id", "unit_code", "problem_type_id", "state"),
    *_ledger_indexes("issue", "created_at", "due"),
    Index(
        "ix_issue_type_created_at", "campaign_id", "form_id", "problem_type_id", "state", "created_at", "id"
    ),
    Index("ix_issue_type_due", "campaign_id", "form_id", "problem_type_id", "state", "due", "id"),
    Index("ix_issue_village", "campaign_id", "form_id", "village_code", "state", "created_at", "id"),
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

proposed_household = Table(
    "proposed_household",
    metadata,
    *_filed_columns(),
    Column("identified_on", Date),
    Column("entered_on", Date, comment="when it was entered in the national system; null while it waits"),
    Column("reason", Text),
    CheckConstraint("state IN ('proposed', 'withdrawn')", name="state"),
    CheckConstraint("people >= 1", name="people"),
    Index(None, "campaign_id", "unit_code", "problem_type_id", "state"),
    *_ledger_indexes("proposed_household", "created_at", "identified_on"),
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

zero_report = Table(
    "zero_report",
    metadata,
    Column("campaign_id", String(60), primary_key=True),
    Column("unit_code", String(30), primary_key=True),
    Column("problem_type_id", String(60), primary_key=True),
    Column("created_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("created_at", DateTime, nullable=False),
)

handed_in_figure = Table(
    "handed_in_figure",
    metadata,
    Column("campaign_id", String(60), primary_key=True),
    Column("unit_code", String(30), primary_key=True),
    Column("problem_type_id", String(60), primary_key=True, comment="empty for the total"),
    Column("column_id", String(60), primary_key=True, comment="a figure of annex 2"),
    Column("text", String(80), nullable=False, comment="as the unit's own workbook has it"),
    Column("number", Integer, comment="null where the text is no number"),
    Column("place", String(120), nullable=False, comment="sheet!cell"),
    Column("handed_in_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("handed_in_at", DateTime, nullable=False),
    comment="a unit's own annex 2 as it last imported it, to be compared with its ledgers",
)

report_text = Table(
    "report_text",
    metadata,
    Column("campaign_id", String(60), primary_key=True),
    Column("unit_code", String(30), primary_key=True),
    Column("part_id", String(60), primary_key=True, comment="part of the self-inspection report"),
    Column("text", Text, nullable=False, comment="empty once it was cleared again"),
    Column("version", Integer, nullable=False, comment="grows by one with every change"),
    Column("changed_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("changed_at", DateTime, nullable=False),
)

expected_return = Table(
    "expected_return",
    metadata,
    Column("campaign_id", String(60), primary_key=True),
    Column("unit_code", String(30), primary_key=True),
    Column("due_at", DateTime, nullable=False, comment="the last moment that is on time"),
    comment="who owes a return, whether or not anything has come: a missing unit shows as missing",
)

signed_return = Table(
    "signed_return",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("campaign_id", String(60), nullable=False),
    Column("unit_code", String(30), nullable=False),
    Column("number", Integer, nullable=False, comment="1, 2, 3 and so on of the unit"),
    Column("content", Text, nullable=False, comment="all that was signed, as canonical JSON; never changed"),
    Column("sha256", String(64), nullable=False, comment="of the content as UTF-8; stands on the paper"),
    Column("seal", String(64), nullable=False, comment="HMAC-SHA256 of the hash and of who signed it when"),
    Column("signed_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("signed_name", String(60), nullable=False, comment="the principal's name on that day"),
    Column("signed_at", DateTime, nullable=False),
    Column("late", Boolean, nullable=False, comment="whether it was due earlier, by what was due then"),
    Column("state", String(20), nullable=False),
    Column("reason", Text, comment="why it was sent back"),
    Column("judged_by", String(UUID_LENGTH), ForeignKey("account.id")),
    Column("judged_at", DateTime, comment="when it was received or sent back"),
    CheckConstraint("state IN ('signed', 'received', 'sent_back')", name="state"),
    UniqueConstraint("campaign_id", "unit_code", "number"),
)

return_scan = Table(
    "return_scan",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("return_id", String(UUID_LENGTH), ForeignKey("signed_return.id"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column(
        "media_type", String(40), nullable=False, comment="found in the file, not believed from the sender"
    ),
    Column("content", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False, comment="bytes"),
    Column("created_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("created_at", DateTime, nullable=False),
    UniqueConstraint("return_id", "sha256"),
    comment="the signed and sealed paper, scanned or photographed",
)

household = Table(
    "household",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("campaign_id", String(60), nullable=False),
    Column(
        "number",
        String(40),
        comment="the household's in the national system; never an identity card's number",
    ),
    Column("township_code", String(30), nullable=False),
    Column("village_code", String(12), nullable=False),
    Column("householder", String(60), nullable=False),
    Column("household_type", String(60), comment="id of the form's choice"),
    Column("people", Integer),
    Column("active", Boolean, nullable=False, comment="false once a newer list of its village lacks it"),
    Column("created_at", DateTime, nullable=False),
    Column("changed_at", DateTime, nullable=False),
    CheckConstraint("people >= 1", name="people"),
    UniqueConstraint("campaign_id", "number"),
    Index("ix_household_village", "campaign_id", "active", "village_code", "householder", "id"),
    Index(
        "ix_household_township", "campaign_id", "active", "township_code", "village_code", "householder", "id"
    ),
    comment="the roster: the households that are known, from lists that were imported",
)

visit = Table(
    "visit",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("campaign_id", String(60), nullable=False),
    Column("form_id", String(60), nullable=False, comment="of the issues that it finds: a household's or general ones"),
    Column("unit_code", String(30), nullable=False, comment="the unit that visits, and files what it finds"),
    Column("township_code", String(30)),
    Column("village_code", String(12)),
    Column("household_id", String(UUID_LENGTH), ForeignKey("household.id"), comment="null where no roster has it"),
    Column("householder", String(60)),
    Column("household_type", String(60)),
    Column("people", Integer),
    Column("level", String(60), comment="general checks: county, township or village"),
    Column("extra", JSON, nullable=False, default=dict, comment="fields that have no column of their own"),
    Column("visited_by", String(120), comment="the name of whoever looks"),
    Column("visited_on", Date, nullable=False, comment="the day on which it began"),
    Column("state", String(20), nullable=False),
    Column("items", Integer, nullable=False, comment="how many items it asks"),
    Column("answered", Integer, nullable=False, comment="how many of them are answered"),
    Column("problems", Integer, nullable=False, comment="how many of them are answered with a problem"),
    Column("version", Integer, nullable=False, default=1, comment="grows by one with every change"),
    Column("created_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("changed_at", DateTime, nullable=False),
    CheckConstraint("state IN ('open', 'finished')", name="state"),
    CheckConstraint("answered BETWEEN 0 AND items", name="answered"),
    Index(
        "ix_visit_progress",
        "campaign_id", "form_id", "unit_code", "village_code", "state", "household_id", "items", "answered", "problems",
    ),
    Index("ix_visit_household", "household_id", "unit_code", "state"),
    Index("ix_visit_changed", "campaign_id", "form_id", "unit_code", "state", "changed_at", "id"),
    comment="a household, or a unit's own work, looked at item by item",
)  # fmt: skip

visit_answer = Table(
    "visit_answer",
    metadata,
    Column("visit_id", String(UUID_LENGTH), ForeignKey("visit.id"), primary_key=True),
    Column("item_id", String(60), primary_key=True),
    Column("answer", String(20), nullable=False),
    Column(
        "issue_id",
        String(UUID_LENGTH),
        ForeignKey("issue.id"),
        comment="the issue that the problem became; stays when the answer changes",
    ),
    CheckConstraint("answer IN ('fine', 'problem', 'not_applicable')", name="answer"),
    Index(
        "ix_visit_answer_issue",
        "issue_id",
        sqlite_where=text("issue_id IS NOT NULL"),
        postgresql_where=text("issue_id IS NOT NULL"),
    ),
    sqlite_with_rowid=False,
)

draft = Table(
    "draft",
    metadata,
    Column("account_id", String(UUID_LENGTH), ForeignKey("account.id"), primary_key=True),
    Column("page", String(20), primary_key=True, comment="new, edit, or the move that is made on it"),
    Column(
        "record_id", String(UUID_LENGTH), primary_key=True, comment="of a record that may not be filed yet"
    ),
    Column("campaign_id", String(60), nullable=False),
    Column("form_id", String(60), nullable=False),
    Column("typed", JSON, nullable=False, comment="what stood in the page's fields, by name"),
    Column("saved_at", DateTime, nullable=False),
)

photo = Table(
    "photo",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("issue_id", String(UUID_LENGTH), ForeignKey("issue.id"), nullable=False),
    Column("side", String(10), nullable=False, comment="before or after rectification"),
    Column(
        "upload_sha256",
        String(64),
        nullable=False,
        comment="of the file as it was sent: the same one is one photo",
    ),
    Column(
        "sha256",
        String(64),
        nullable=False,
        index=True,
        comment="of the picture that was made of it, and its name",
    ),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("created_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("created_at", DateTime, nullable=False),
    CheckConstraint("side IN ('before', 'after')", name="side"),
    UniqueConstraint("issue_id", "side", "upload_sha256"),
)

audit = Table(
    "audit",
    metadata,
    Column(
        "id", Integer, primary_key=True, autoincrement=False, comment="1, 2, 3 and so on: none is left out"
    ),
    Column("at", DateTime, nullable=False),
    Column("account_id", String(UUID_LENGTH), comment="null for what the command line did"),
    Column("unit_code", String(30)),
    Column("subject", String(30), nullable=False, comment="table of the record that changed"),
    Column("subject_id", String(200), nullable=False),
    Column("action", String(30), nullable=False),
    Column("change", JSON, nullable=False, comment="field ids that changed, states from and to; no names"),
    Column(
        "hash", String(64), nullable=False, comment="HMAC-SHA256 of the row before's hash and of this row"
    ),
    Index(None, "subject", "subject_id", "id"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False, comment="1: there is one row"),
    Column("rows", Integer, nullable=False, comment="how many rows the audit has"),
    Column("hash", String(64), nullable=False, comment="the last row's hash"),
    Column("seal", String(64), nullable=False, comment="HMAC-SHA256 of the number of rows and the last hash"),
)
