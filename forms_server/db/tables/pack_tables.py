"""Field packs: what browsers took along for work without network."""

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, Index, Integer, String, Table

from forms_server.db.tables.base import UUID_LENGTH, metadata

field_pack = Table(
    "field_pack",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True, comment="made by the browser"),
    Column("campaign_id", String(60), nullable=False),
    Column("account_id", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("browser", String(60), nullable=False, comment="browser and kind of device"),
    Column("households", Integer, nullable=False, comment="how many it holds"),
    Column("made_at", DateTime, nullable=False),
    Column("told_at", DateTime, nullable=False, comment="when the browser last reached the server"),
    Column("waiting", Integer, nullable=False, comment="entries that the browser had not sent then"),
    Column("ended_at", DateTime, comment="when it was deleted, or the office revoked it"),
    Column("ended_why", String(10)),
    CheckConstraint(
        "ended_why IN ('replaced', 'signed-out', 'wrong-pin', 'aged', 'revoked')", name="ended_why"
    ),
    Index(None, "account_id"),
    comment="households and sheets that a browser keeps encrypted for work without network",
)
