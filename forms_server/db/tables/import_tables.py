"""What imports remember."""

from sqlalchemy import Column, DateTime, ForeignKey, String, Table, Text

from forms_server.db.tables.base import UUID_LENGTH, metadata

remembered_reading = Table(
    "remembered_reading",
    metadata,
    Column("campaign_id", String(60), primary_key=True),
    Column(
        "unit_code", String(30), primary_key=True, comment="empty for one that the office set for all units"
    ),
    Column("question_key", String(80), primary_key=True, comment="kind, and digest of subject and text"),
    Column("kind", String(40), nullable=False),
    Column("label", String(120), nullable=False, comment="what the text stands in, in words"),
    Column("typed", Text, nullable=False, comment="the text that was not certain"),
    Column("answer", String(60), nullable=False, comment="id of the choice"),
    Column("meaning", String(120), nullable=False, comment="the choice in words"),
    Column("answered_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("answered_at", DateTime, nullable=False),
    comment="how a text in a workbook is read from now on, since a person said so",
    sqlite_with_rowid=False,
)
