"""Tables of the register of letters: circulars and urging letters of supervision, and what units answer."""

from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from forms_server.db.tables.base import UUID_LENGTH, metadata

letter = Table(
    "letter",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True, comment="made with the page"),
    Column("campaign_id", String(60), nullable=False),
    Column("kind", String(30), nullable=False, comment="build_scripts.documents.letter_templates.LETTERS"),
    Column("number", Integer, nullable=False, comment="1, 2, 3 and so on of the campaign"),
    Column("mark", String(100), nullable=False, comment="the number as it is written (文号)"),
    Column("as_of", DateTime, nullable=False, comment="the moment of its figures"),
    Column("facts", JSON, nullable=False, comment="its figures and units, and ids of findings; no names"),
    Column("answer_due", Date, nullable=False),
    Column(
        "follows_id", String(UUID_LENGTH), ForeignKey("letter.id"), comment="the one that was not answered"
    ),
    Column("issued_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("issued_at", DateTime, nullable=False),
    UniqueConstraint("campaign_id", "number"),
    UniqueConstraint("campaign_id", "mark"),
    comment="the register of letters: numbers given once, by whom and when, with their figures of that moment",
)


letter_unit = Table(
    "letter_unit",
    metadata,
    Column("letter_id", String(UUID_LENGTH), ForeignKey("letter.id"), primary_key=True),
    Column("unit_code", String(30), primary_key=True),
    Column("answer", Text),
    Column("answered_by", String(UUID_LENGTH), ForeignKey("account.id")),
    Column("answered_at", DateTime),
    Index(None, "unit_code"),
    comment="to whom a letter goes, and what the unit answered",
    sqlite_with_rowid=False,
)
