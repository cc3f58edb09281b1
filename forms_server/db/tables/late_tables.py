"""Entries that arrived from browsers after their account had been disabled."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from forms_server.db.tables.base import UUID_LENGTH, metadata

late_entry = Table(
    "late_entry",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True, comment="made by the browser"),
    Column("campaign_id", String(60), nullable=False),
    Column("account_id", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("title", String(200), nullable=False, comment="what the browser called it"),
    Column("action", String(500), nullable=False, comment="path and query that it was to be posted to"),
    Column("typed", JSON, nullable=False, comment="names and texts in the form's order, numbers masked"),
    Column("typed_at", DateTime, nullable=False, comment="by the browser's clock"),
    Column(
        "unit_code", String(30), comment="for which it was typed, where the account has left that unit since"
    ),
    Column("received_at", DateTime, nullable=False),
    Column("state", String(10), nullable=False),
    Column("reason", String(200), comment="why it was refused"),
    Column("decided_by", String(UUID_LENGTH), ForeignKey("account.id")),
    Column("decided_at", DateTime),
    CheckConstraint("state IN ('held', 'taken', 'refused')", name="state"),
    Index(None, "campaign_id", "state", "received_at"),
    Index(None, "account_id"),
    comment="sent by the browser of a disabled account; the office takes it in or refuses it",
)


late_file = Table(
    "late_file",
    metadata,
    Column("entry_id", String(UUID_LENGTH), ForeignKey("late_entry.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("field", String(120), nullable=False),
    Column("file_name", String(200), nullable=False),
    Column("content", LargeBinary, nullable=False),
    comment="photographs that came with a late entry; deleted once it is decided",
)
