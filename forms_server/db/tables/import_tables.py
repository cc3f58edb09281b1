"""Imports as batches, and what imports remember."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
)

from forms_server.db.tables.base import UUID_LENGTH, metadata

import_batch = Table(
    "import_batch",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("campaign_id", String(60), nullable=False),
    Column("unit_code", String(30), nullable=False, comment="the unit whose ledgers or roster came in"),
    Column("kind", String(20), nullable=False),
    Column("file_name", String(200), nullable=False),
    Column("sha256", String(64), nullable=False, comment="of the file as it was sent"),
    Column("content", LargeBinary, comment="the file; null for rosters, and with numbers of persons"),
    Column("counts", JSON, nullable=False, comment="how many rows did what: new, changed, unchanged, gone"),
    Column(
        "figures_before",
        JSON(none_as_null=True),
        comment="the unit's handed_in_figure rows that it replaced; null where it handed in none",
    ),
    Column("created_by", String(UUID_LENGTH), ForeignKey("account.id"), comment="null for the command line"),
    Column("created_at", DateTime, nullable=False),
    Column("undone_by", String(UUID_LENGTH), ForeignKey("account.id"), comment="null for the command line"),
    Column("undone_at", DateTime),
    CheckConstraint("kind IN ('ledger', 'roster')", name="kind"),
    Index(None, "campaign_id", "unit_code", "created_at"),
    comment="one row for each file that was imported; undone as long as nothing was built on it",
)


import_change = Table(
    "import_change",
    metadata,
    Column("batch_id", String(UUID_LENGTH), ForeignKey("import_batch.id"), primary_key=True),
    Column("subject_id", String(UUID_LENGTH), primary_key=True),
    Column("subject", String(30), nullable=False, comment="table of the row that came in or was changed"),
    Column("effect", String(20), nullable=False),
    Column(
        "stamp",
        String(16),
        comment="a record's version, or a digest of a listed household, as the import left it;"
        " null where nothing can be built on it",
    ),
    Column("before", JSON(none_as_null=True), comment="the columns that it changed, as they were"),
    Column("after", JSON(none_as_null=True), comment="the same columns as it left them"),
    CheckConstraint("effect IN ('new', 'changed')", name="effect"),
    Index(None, "subject_id"),
    comment="what a batch made and changed; stays when the batch is undone",
    sqlite_with_rowid=False,
)


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
