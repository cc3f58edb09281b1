"""Tables of the photographs of records and of registers' rows, and of drafts."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from forms_server.db.tables.base import UUID_LENGTH, metadata

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


_OF_A_SIDE = text("field_id IS NULL")

photo = Table(
    "photo",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("issue_id", String(UUID_LENGTH), ForeignKey("issue.id"), comment="null for a register's row"),
    Column("row_id", String(UUID_LENGTH), ForeignKey("register_row.id"), comment="null for an issue"),
    Column(
        "side",
        String(10),
        nullable=False,
        comment="before or after rectification, seen by a team on the spot, or of a field",
    ),
    Column("field_id", String(40), comment="of a field; null for other sides"),
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
    Column(
        "spot_id", String(UUID_LENGTH), comment="the team's visit, check or finding at which it was taken"
    ),
    CheckConstraint("side IN ('before', 'after', 'spot', 'field')", name="side"),
    CheckConstraint("(side = 'field') = (field_id IS NOT NULL)", name="field"),
    CheckConstraint("(issue_id IS NULL) <> (row_id IS NULL)", name="owner"),
    UniqueConstraint("issue_id", "field_id", "upload_sha256"),
    UniqueConstraint("row_id", "field_id", "upload_sha256"),
    Index(
        "ux_photo_side",
        "issue_id",
        "side",
        "upload_sha256",
        unique=True,
        sqlite_where=_OF_A_SIDE,
        postgresql_where=_OF_A_SIDE,
    ),
)
