"""Tables of reports and signed returns."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from forms_server.db.tables.base import UUID_LENGTH, metadata

zero_report = Table(
    "zero_report",
    metadata,
    Column("campaign_id", String(60), primary_key=True),
    Column("unit_code", String(30), primary_key=True),
    Column("problem_type_id", String(60), primary_key=True),
    Column("created_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("created_at", DateTime, nullable=False),
)


village_zero_report = Table(
    "village_zero_report",
    metadata,
    Column("campaign_id", String(60), primary_key=True),
    Column("unit_code", String(30), primary_key=True),
    Column("village_code", String(12), primary_key=True),
    Column("problem_type_id", String(60), primary_key=True),
    Column("created_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("created_at", DateTime, nullable=False),
    comment="what a village says of a problem type: looked and found nothing; the unit's follows from all of them",
    sqlite_with_rowid=False,
)


handed_in_figure = Table(
    "handed_in_figure",
    metadata,
    Column("campaign_id", String(60), primary_key=True),
    Column("unit_code", String(30), primary_key=True),
    Column("problem_type_id", String(60), primary_key=True, comment="empty for the total"),
    Column("column_id", String(60), primary_key=True, comment="a figure of annex 2"),
    Column("text", String(80), nullable=False, comment="as the unit's own workbook has it"),
    Column("number", Integer, comment="null where the text is no number"),
    Column("place", String(120), nullable=False, comment="sheet!cell"),
    Column("handed_in_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("handed_in_at", DateTime, nullable=False),
    comment="a unit's own annex 2 as it last imported it, to be compared with its ledgers",
)


report_text = Table(
    "report_text",
    metadata,
    Column("campaign_id", String(60), primary_key=True),
    Column("unit_code", String(30), primary_key=True),
    Column("part_id", String(60), primary_key=True, comment="part of the self-inspection report"),
    Column("text", Text, nullable=False, comment="empty once it was cleared again"),
    Column("version", Integer, nullable=False, comment="grows by one with every change"),
    Column("changed_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("changed_at", DateTime, nullable=False),
)


expected_return = Table(
    "expected_return",
    metadata,
    Column("campaign_id", String(60), primary_key=True),
    Column("unit_code", String(30), primary_key=True),
    Column("due_at", DateTime, nullable=False, comment="the last moment that is on time"),
    comment="who owes a return, whether or not anything has come: a missing unit shows as missing",
)


signed_return = Table(
    "signed_return",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("campaign_id", String(60), nullable=False),
    Column("unit_code", String(30), nullable=False),
    Column("number", Integer, nullable=False, comment="1, 2, 3 and so on of the unit"),
    Column("content", Text, nullable=False, comment="all that was signed, as canonical JSON; never changed"),
    Column("sha256", String(64), nullable=False, comment="of the content as UTF-8; stands on the paper"),
    Column("seal", String(64), nullable=False, comment="HMAC-SHA256 of the hash and of who signed it when"),
    Column("signed_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("signed_name", String(60), nullable=False, comment="the principal's name on that day"),
    Column("signed_at", DateTime, nullable=False),
    Column("late", Boolean, nullable=False, comment="whether it was due earlier, by what was due then"),
    Column("state", String(20), nullable=False),
    Column("reason", Text, comment="why it was sent back"),
    Column("judged_by", String(UUID_LENGTH), ForeignKey("account.id")),
    Column("judged_at", DateTime, comment="when it was received or sent back"),
    CheckConstraint("state IN ('signed', 'received', 'sent_back')", name="state"),
    UniqueConstraint("campaign_id", "unit_code", "number"),
)


return_scan = Table(
    "return_scan",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("return_id", String(UUID_LENGTH), ForeignKey("signed_return.id"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column(
        "media_type", String(40), nullable=False, comment="found in the file, not believed from the sender"
    ),
    Column("content", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False, comment="bytes"),
    Column("created_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("created_at", DateTime, nullable=False),
    UniqueConstraint("return_id", "sha256"),
    comment="the signed and sealed paper, scanned or photographed",
)
