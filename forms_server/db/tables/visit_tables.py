"""The households, and visits to them."""

from typing import Any

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
    UniqueConstraint,
    text,
    true,
)

from checklist.reading.person_names import fold_name
from forms_server.db.tables.base import UUID_LENGTH, metadata


def _folded_householder(context: Any) -> str:
    return fold_name(context.get_current_parameters()["householder"])


household = Table(
    "household",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("campaign_id", String(60), nullable=False),
    Column(
        "number",
        String(40),
        comment="the household's in the national system; never an identity card's number",
    ),
    Column("township_code", String(30), nullable=False),
    Column("village_code", String(12), nullable=False),
    Column("householder", String(60), nullable=False),
    Column(
        "folded_name",
        String(60),
        default=_folded_householder,
        comment="the householder's name as names are compared: without blanks, half-width, one middle dot",
    ),
    Column("household_type", String(60), comment="id of the form's choice"),
    Column("people", Integer),
    Column("active", Boolean, nullable=False, comment="false once a newer list of its village lacks it"),
    Column(
        "listed",
        Boolean,
        nullable=False,
        default=True,
        server_default=true(),
        comment="false for one that no list brought (不在名册): a record named it",
    ),
    Column("created_at", DateTime, nullable=False),
    Column("changed_at", DateTime, nullable=False),
    CheckConstraint("people >= 1", name="people"),
    UniqueConstraint("campaign_id", "number"),
    Index("ix_household_village", "campaign_id", "active", "village_code", "householder", "id"),
    Index(
        "ix_household_township", "campaign_id", "active", "township_code", "village_code", "householder", "id"
    ),
    Index("ix_household_name", "campaign_id", "village_code", "folded_name"),
    comment="one row for each household: from a list that was imported, or named by a record",
)


visit = Table(
    "visit",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("campaign_id", String(60), nullable=False),
    Column("form_id", String(60), nullable=False, comment="of the issues that it finds: a household's or general ones"),
    Column("unit_code", String(30), nullable=False, comment="the unit that visits, and files what it finds"),
    Column("township_code", String(30)),
    Column("village_code", String(12)),
    Column("household_id", String(UUID_LENGTH), ForeignKey("household.id"), comment="null where no roster has it"),
    Column("householder", String(60)),
    Column("household_type", String(60)),
    Column("people", Integer),
    Column("level", String(60), comment="general checks: county, township or village"),
    Column("extra", JSON, nullable=False, default=dict, comment="fields that have no column of their own"),
    Column("visited_by", String(120), comment="the name of whoever looks"),
    Column("visited_on", Date, nullable=False, comment="the day on which it began"),
    Column("round", String(7), comment="2026-03, 2026-Q1, 2026; null in a campaign without rounds of visits"),
    Column("state", String(20), nullable=False),
    Column("items", Integer, nullable=False, comment="how many items it asks"),
    Column("answered", Integer, nullable=False, comment="how many of them are answered"),
    Column("problems", Integer, nullable=False, comment="how many of them are answered with a problem"),
    Column("version", Integer, nullable=False, default=1, comment="grows by one with every change"),
    Column("created_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("changed_at", DateTime, nullable=False),
    CheckConstraint("state IN ('open', 'finished')", name="state"),
    CheckConstraint("answered BETWEEN 0 AND items", name="answered"),
    Index(
        "ix_visit_progress",
        "campaign_id", "form_id", "unit_code", "village_code", "state", "household_id", "items", "answered", "problems",
        "round",
    ),
    Index("ix_visit_household", "household_id", "unit_code", "state", "round"),
    Index("ix_visit_round", "campaign_id", "round", "household_id"),
    Index("ix_visit_changed", "campaign_id", "form_id", "unit_code", "state", "changed_at", "id"),
    comment="a household, or a unit's own work, looked at item by item",
)  # fmt: skip


visit_answer = Table(
    "visit_answer",
    metadata,
    Column("visit_id", String(UUID_LENGTH), ForeignKey("visit.id"), primary_key=True),
    Column("item_id", String(60), primary_key=True),
    Column("answer", String(20), nullable=False),
    Column(
        "issue_id",
        String(UUID_LENGTH),
        ForeignKey("issue.id"),
        comment="the issue that the problem became; stays when the answer changes",
    ),
    Column(
        "filled_by",
        String(UUID_LENGTH),
        ForeignKey("account.id"),
        comment="who answered all that was left of the area at once; null where the item was ticked by itself",
    ),
    Column("filled_at", DateTime),
    CheckConstraint("answer IN ('fine', 'problem', 'not_applicable')", name="answer"),
    Index(
        "ix_visit_answer_issue",
        "issue_id",
        sqlite_where=text("issue_id IS NOT NULL"),
        postgresql_where=text("issue_id IS NOT NULL"),
    ),
    sqlite_with_rowid=False,
)
