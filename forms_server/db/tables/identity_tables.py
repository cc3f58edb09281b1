"""Who else found a problem, and which records may be one and the same."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
)

from forms_server.db.tables.base import UUID_LENGTH, metadata

finding = Table(
    "finding",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True, comment="made with the page, as a record's own id"),
    Column("campaign_id", String(60), nullable=False),
    Column("record_table", String(30), nullable=False),
    Column("record_id", String(UUID_LENGTH), nullable=False, comment="the record that counts it"),
    Column("unit_code", String(30), nullable=False, comment="the unit that found it again"),
    Column("found_by", String(120)),
    Column("way", String(20), nullable=False, comment="form, visit, import or join"),
    Column("source", String(60), comment="id of the form's choice"),
    Column("content", Text, comment="in the finder's words"),
    Column("created_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("created_at", DateTime, nullable=False),
    CheckConstraint("record_table IN ('issue', 'proposed_household')", name="record_table"),
    Index(None, "record_id", "created_at"),
    comment="a problem that is recorded already and was found again: shown with the record, counted once",
)


possible_double = Table(
    "possible_double",
    metadata,
    Column(
        "first_id", String(UUID_LENGTH), primary_key=True, comment="the record that counts where both are one"
    ),
    Column("second_id", String(UUID_LENGTH), primary_key=True),
    Column("campaign_id", String(60), nullable=False),
    Column("record_table", String(30), nullable=False),
    Column("state", String(20), nullable=False),
    Column("state_before", String(20), comment="the second record's, before it was joined"),
    Column("asked_by", String(UUID_LENGTH), ForeignKey("account.id")),
    Column("asked_at", DateTime, nullable=False),
    Column("decided_by", String(UUID_LENGTH), ForeignKey("account.id")),
    Column("decided_at", DateTime),
    CheckConstraint("record_table IN ('issue', 'proposed_household')", name="record_table"),
    CheckConstraint("state IN ('open', 'same', 'different')", name="state"),
    Index(None, "campaign_id", "state"),
    Index(None, "second_id"),
    comment="two records that may be one: open until a person says; same is joined, different is not asked again",
    sqlite_with_rowid=False,
)
