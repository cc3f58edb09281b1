"""Tables of the office's desk: whom to telephone, the wall display, and filters that accounts keep."""

from sqlalchemy import Column, DateTime, ForeignKey, String, Table, Text, UniqueConstraint

from forms_server.db.tables.base import UUID_LENGTH, metadata

unit_contact = Table(
    "unit_contact",
    metadata,
    Column("campaign_id", String(60), primary_key=True),
    Column("unit_code", String(30), primary_key=True),
    Column("person", String(60), nullable=False, default=""),
    Column("phone", String(40), nullable=False, default=""),
    Column("changed_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("changed_at", DateTime, nullable=False),
    comment="whom the office telephones in a unit; in nothing that is published",
)


wall_display = Table(
    "wall_display",
    metadata,
    Column("campaign_id", String(60), primary_key=True),
    Column(
        "token_hash", String(64), nullable=False, unique=True, comment="SHA-256 of the secret in its address"
    ),
    Column("made_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("made_at", DateTime, nullable=False),
    comment="the address at which a wall shows the county's figures, without names",
)


saved_filter = Table(
    "saved_filter",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True, comment="made with the page"),
    Column("campaign_id", String(60), nullable=False),
    Column("account_id", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("form_id", String(60), nullable=False),
    Column("name", String(40), nullable=False),
    Column("query", Text, nullable=False, comment="of the ledger's address, filters and columns"),
    UniqueConstraint("account_id", "campaign_id", "form_id", "name"),
    comment="filters of ledgers that an account keeps under a name",
)


chosen_column = Table(
    "chosen_column",
    metadata,
    Column("campaign_id", String(60), primary_key=True),
    Column("account_id", String(UUID_LENGTH), ForeignKey("account.id"), primary_key=True),
    Column("form_id", String(60), primary_key=True),
    Column("columns", Text, nullable=False, comment="ids of the columns, separated by blanks"),
    comment="the columns of a ledger that an account chose to see",
)
