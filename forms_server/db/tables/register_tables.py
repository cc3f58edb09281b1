"""Rows of registers, and the exemptions of their doubts."""

from sqlalchemy import (
    JSON,
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
    UniqueConstraint,
    text,
)

from forms_server.db.tables.base import UUID_LENGTH, metadata

person = Table(
    "person",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("campaign_id", String(60), nullable=False),
    Column(
        "household_id",
        String(UUID_LENGTH),
        ForeignKey("household.id", ondelete="SET NULL"),
        comment="the household that lists the person, or in whose row it was first named",
    ),
    Column("name", String(60)),
    Column("folded_name", String(60), comment="as names are compared"),
    Column(
        "person_key",
        String(64),
        comment="keyed digest of the identity number that a list had; null without one, and once it is forgotten",
    ),
    Column("from_age", Integer, comment="first age of the band of ages that the person was in on age_on"),
    Column("age_on", Date),
    Column(
        "listed", Boolean, comment="whether the roster lists the person now; null of one whom it never did"
    ),
    Column("created_at", DateTime, nullable=False),
    Column("changed_at", DateTime, nullable=False),
    UniqueConstraint("campaign_id", "person_key"),
    Index("ix_person_household", "household_id", "folded_name"),
    comment="one row for each person whom a row of a register is about, or whom the roster lists as a member; no"
    " identity number, no birthday",
)

register_row = Table(
    "register_row",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True, comment="made with the page"),
    Column("campaign_id", String(60), nullable=False),
    Column("register_id", String(60), nullable=False),
    Column("register_version", Integer, nullable=False, comment="of the YAML when the row was last written"),
    Column(
        "number", Integer, nullable=False, comment="1, 2, 3 and so on of the register: the order of its rows"
    ),
    Column("period", String(10), nullable=False, comment="2026-03, 2026-Q1 or 2026; empty without periods"),
    Column("unit_code", String(30), nullable=False, comment="the unit that keeps the row"),
    Column("township_code", String(30)),
    Column("village_code", String(12)),
    Column("household_id", String(UUID_LENGTH), ForeignKey("household.id")),
    Column("person_id", String(UUID_LENGTH), ForeignKey("person.id"), comment="whom the row is about"),
    Column("state", String(60), nullable=False, comment="id of one of the register's states"),
    Column("state_reason", Text),
    Column("ended", Boolean, nullable=False, comment="whether the state ends the row: it counts in no total"),
    Column("extra", JSON, nullable=False, comment="numbers, days, choices and codes by field id"),
    Column("texts", JSON, nullable=False, comment="whatever may name somebody, by field id"),
    Column(
        "row_key", String(64), comment="digest of the fields that occur once a period; null once it ended"
    ),
    Column(
        "carried_from", String(UUID_LENGTH), ForeignKey("register_row.id"), comment="of the period before"
    ),
    Column(
        "checked_on",
        Date,
        comment="when its values were confirmed (核实日期); null while carried over unseen",
    ),
    Column(
        "issue_id",
        String(UUID_LENGTH),
        ForeignKey("issue.id"),
        comment="the issue that it was filed as, last",
    ),
    Column("version", Integer, nullable=False, default=1, comment="grows by one with every change"),
    Column("created_by", String(UUID_LENGTH), ForeignKey("account.id"), comment="null for the command line"),
    Column("created_at", DateTime, nullable=False),
    Column("changed_at", DateTime, nullable=False),
    UniqueConstraint("campaign_id", "register_id", "number"),
    UniqueConstraint("campaign_id", "register_id", "period", "row_key"),
    Index("ix_register_row_county", "register_id", "period", "number", "id"),
    Index("ix_register_row_township", "register_id", "period", "township_code", "number", "id"),
    Index("ix_register_row_village", "register_id", "period", "village_code", "number", "id"),
    Index("ix_register_row_unit", "register_id", "period", "unit_code", "number", "id"),
    Index("ix_register_row_key", "register_id", "row_key"),
    Index("ix_register_row_number", "register_id", "number"),
    Index("ix_register_row_household", "household_id"),
    Index("ix_register_row_person", "person_id"),
    Index("ix_register_row_carried", "carried_from"),
    Index("ix_register_row_issue", "issue_id"),
    comment="one row of a register (台账), in one period",
)

_STANDING = text("state IN ('pending', 'approved')")

exemption = Table(
    "exemption",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True, comment="made with the page"),
    Column("campaign_id", String(60), nullable=False),
    Column("register_id", String(60), nullable=False),
    Column("row_id", String(UUID_LENGTH), ForeignKey("register_row.id"), nullable=False),
    Column("check_id", String(60), nullable=False, comment="the check of the register's YAML"),
    Column("reason", Text, comment="the one that was chosen among the YAML's"),
    Column("words", Text, nullable=False, comment="why the doubt is none, in words"),
    Column("until", Date, nullable=False, comment="the last day on which it holds"),
    Column("rule_digest", String(32), nullable=False, comment="of the check's expression when it was asked"),
    Column("read_digest", JSON, nullable=False, comment="of each value that the check read, by column"),
    Column("state", String(20), nullable=False, comment="lapsed: found so when it was asked for anew"),
    Column("asked_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("asked_at", DateTime, nullable=False),
    Column("answer", Text, comment="what the second person wrote"),
    Column("decided_by", String(UUID_LENGTH), ForeignKey("account.id")),
    Column("decided_at", DateTime),
    Column(
        "ended_by", String(UUID_LENGTH), ForeignKey("account.id"), comment="who withdrew it, or asked anew"
    ),
    Column("ended_at", DateTime),
    Column("version", Integer, nullable=False, default=1, comment="grows by one with every change"),
    CheckConstraint("state IN ('pending', 'approved', 'refused', 'withdrawn', 'lapsed')", name="state"),
    Index("ix_exemption_register", "campaign_id", "register_id", "state"),
    Index("ix_exemption_row", "row_id", "check_id"),
    Index(
        "ux_exemption_standing",
        "row_id",
        "check_id",
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    ),
    comment="a doubt of a row that a second person agreed to leave (豁免)",
)
