"""Tables of what became of an issue besides its state: extensions, requests for them, transfers."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from forms_server.db.tables.base import UUID_LENGTH, metadata

_OPEN_REQUEST = text("state = 'open'")

extension = Table(
    "extension",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("issue_id", String(UUID_LENGTH), ForeignKey("issue.id", ondelete="CASCADE"), nullable=False),
    Column("old_day", Date, nullable=False),
    Column("new_day", Date, comment="null where the new deadline has no day: 长期坚持"),
    Column("new_text", String(80), nullable=False, comment="as it was typed"),
    Column("reason", Text, nullable=False),
    Column("approved_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("approved_at", DateTime, nullable=False),
    Index(None, "issue_id", "approved_at"),
    comment="a deadline that was moved: from when to when, why, and by whose approval",
)


extension_request = Table(
    "extension_request",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("issue_id", String(UUID_LENGTH), ForeignKey("issue.id", ondelete="CASCADE"), nullable=False),
    Column("version", Integer, nullable=False, comment="the issue's when it was asked"),
    Column("old_day", Date, nullable=False),
    Column("new_day", Date, comment="null where the new deadline has no day: 长期坚持"),
    Column("new_kind", String(20), nullable=False, comment="checklist.reading.deadlines.DeadlineKind"),
    Column("new_text", String(80), nullable=False, comment="as it was typed"),
    Column("reason", Text, nullable=False),
    Column("asked_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("asked_at", DateTime, nullable=False),
    Column("state", String(20), nullable=False, comment="lapsed: the issue was reported or withdrawn"),
    Column("answer", Text, comment="why it was refused"),
    Column("decided_by", String(UUID_LENGTH), ForeignKey("account.id")),
    Column("decided_at", DateTime),
    CheckConstraint("state IN ('open', 'granted', 'refused', 'lapsed')", name="state"),
    Index(None, "issue_id", "version"),
    Index(
        "ux_extension_request_open",
        "issue_id",
        unique=True,
        sqlite_where=_OPEN_REQUEST,
        postgresql_where=_OPEN_REQUEST,
    ),
    comment="requests for another deadline and what was decided; of an issue one is open at a time",
)


transfer = Table(
    "transfer",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("issue_id", String(UUID_LENGTH), ForeignKey("issue.id", ondelete="CASCADE"), nullable=False),
    Column("version", Integer, nullable=False, comment="the issue's when it was transferred"),
    Column("assists", Boolean, nullable=False, comment="units were added beside the lead"),
    Column("unit_code", String(30), nullable=False, comment="the new lead, or the first that assists"),
    Column("handed_to", String(120), nullable=False, comment="as it was typed"),
    Column("units_before", String(120), comment="the issue's responsible_unit before"),
    Column("units_after", String(120), nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("state", String(20), nullable=False, comment="open: the unit may refuse"),
    Column("answer", Text, comment="why it was refused"),
    Column("answered_by", String(UUID_LENGTH), ForeignKey("account.id")),
    Column("answered_at", DateTime),
    CheckConstraint("state IN ('open', 'refused', 'final')", name="state"),
    Index(None, "issue_id", "version"),
    Index(None, "unit_code", "state"),
    comment="who was made responsible instead or besides, why, and who refused; a unit refuses an issue once",
)


issue_look = Table(
    "issue_look",
    metadata,
    Column("issue_id", String(UUID_LENGTH), ForeignKey("issue.id", ondelete="CASCADE"), primary_key=True),
    Column("account_id", String(UUID_LENGTH), ForeignKey("account.id"), primary_key=True),
    Column("version", Integer, nullable=False, comment="the issue's when it was last opened"),
    Column("opened_at", DateTime, nullable=False),
    Index(None, "account_id"),
    comment="issues that wait to be closed, opened by somebody who may close them",
    sqlite_with_rowid=False,
)


given_reason = Table(
    "given_reason",
    metadata,
    Column("subject", String(30), primary_key=True, comment="table of the record, row or return"),
    Column("subject_id", String(UUID_LENGTH), primary_key=True),
    Column("number", Integer, primary_key=True, comment="1, 2, 3 and so on of the subject"),
    Column("campaign_id", String(60), nullable=False),
    Column("unit_code", String(30), nullable=False, comment="whose it is"),
    Column("ledger_id", String(60), nullable=False, comment="form or register; empty for returns"),
    Column("action", String(30), nullable=False, comment="as the audit has it"),
    Column("reason", Text, nullable=False),
    Column("given_by", String(UUID_LENGTH), ForeignKey("account.id"), comment="null for the command line"),
    Column("given_at", DateTime, nullable=False),
    Index(None, "campaign_id", "given_at"),
    comment="why something was sent back, reopened, withdrawn or put into another state: every time, not only the last",
)
