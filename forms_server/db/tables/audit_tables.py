"""The audit, and the head of its chain."""

from sqlalchemy import JSON, Column, DateTime, Index, Integer, String, Table

from forms_server.db.tables.base import UUID_LENGTH, metadata

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
        "digest",
        String(64),
        comment="of the record as this change left it, keyed; empty where it is gone, null where none is kept",
    ),
    Column("address", String(45), comment="from where it came; null for the command line"),
    Column(
        "hash", String(64), nullable=False, comment="HMAC-SHA256 of the row before's hash and of this row"
    ),
    Index(None, "subject", "subject_id", "id"),
    Index("ix_audit_at", "at"),
)


audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False, comment="1: there is one row"),
    Column("rows", Integer, nullable=False, comment="how many rows the audit has"),
    Column("hash", String(64), nullable=False, comment="the last row's hash"),
    Column("seal", String(64), nullable=False, comment="HMAC-SHA256 of the number of rows and the last hash"),
)
