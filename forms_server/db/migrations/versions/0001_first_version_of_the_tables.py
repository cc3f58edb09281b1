"""First version of the tables."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leads from an empty database to this version."""
    _account()
    _audit()
    _sign_in_failure()
    _issue()
    _draft()
    _photo()
    _proposed_household()
    _session()
    _tally()
    _zero_report()
    _report_text()
    _returns()


def _account() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False, comment="sign-in name"),
        sa.Column(
            "display_name", sa.String(length=60), nullable=False, comment="the person's name as it signs"
        ),
        sa.Column("unit_code", sa.String(length=30), nullable=False),
        sa.Column(
            "village_code", sa.String(length=12), nullable=True, comment="a reporter bound to one village"
        ),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column(
            "must_change_password", sa.Boolean(), nullable=False, comment="the password is a one-use one"
        ),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("inspects", sa.JSON(), nullable=False, comment="codes of the units an inspector reads"),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column(
            "id",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="1, 2, 3 and so on: none is left out",
        ),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column(
            "account_id", sa.String(length=36), nullable=True, comment="null for what the command line did"
        ),
        sa.Column("unit_code", sa.String(length=30), nullable=True),
        sa.Column(
            "subject", sa.String(length=30), nullable=False, comment="table of the record that changed"
        ),
        sa.Column("subject_id", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column(
            "change",
            sa.JSON(),
            nullable=False,
            comment="field ids that changed, states from and to; no names",
        ),
        sa.Column(
            "hash",
            sa.String(length=64),
            nullable=False,
            comment="HMAC-SHA256 of the row before's hash and of this row",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="1: there is one row"),
        sa.Column("rows", sa.Integer(), nullable=False, comment="how many rows the audit has"),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="the last row's hash"),
        sa.Column(
            "seal",
            sa.String(length=64),
            nullable=False,
            comment="HMAC-SHA256 of the number of rows and the last hash",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_index(
        op.f("ix_audit_subject_subject_id_id"), "audit", ["subject", "subject_id", "id"], unique=False
    )


def _sign_in_failure() -> None:
    op.create_table(
        "sign_in_failure",
        sa.Column(
            "name_hash",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of the name that was typed, known or not",
        ),
        sa.Column("failures", sa.Integer(), nullable=False, comment="failed sign-ins in a row"),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("locked_until", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name_hash", name=op.f("pk_sign_in_failure")),
    )
    op.create_index(op.f("ix_sign_in_failure_last_at"), "sign_in_failure", ["last_at"], unique=False)


def _issue() -> None:
    op.create_table(
        "issue",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("campaign_id", sa.String(length=60), nullable=False),
        sa.Column("form_id", sa.String(length=60), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column(
            "unit_code", sa.String(length=30), nullable=False, comment="the unit that filed it and counts it"
        ),
        sa.Column("problem_type_id", sa.String(length=60), nullable=False),
        sa.Column("township_code", sa.String(length=30), nullable=True),
        sa.Column("village_code", sa.String(length=12), nullable=True),
        sa.Column("householder", sa.String(length=60), nullable=True),
        sa.Column("household_type", sa.String(length=60), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=False, comment="fields that have no column of their own"),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column(
            "state_reason",
            sa.Text(),
            nullable=True,
            comment="why it was withdrawn or sent back: kept here, as the audit holds no names",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="grows by one with every change"),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("area_id", sa.String(length=60), nullable=False),
        sa.Column(
            "item_id",
            sa.String(length=60),
            nullable=True,
            comment="the look-for item it was found at, where one was chosen",
        ),
        sa.Column(
            "level",
            sa.String(length=60),
            nullable=True,
            comment="general issues: county, township or village",
        ),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.Column("responsible_person", sa.String(length=120), nullable=True),
        sa.Column("responsible_unit", sa.String(length=120), nullable=True),
        sa.Column(
            "deadline_text", sa.String(length=80), nullable=True, comment="as it was typed: 8月底前, 立行立改"
        ),
        sa.Column(
            "deadline", sa.Date(), nullable=True, comment="the day it means; null for 立行立改 and 长期坚持"
        ),
        sa.Column(
            "due",
            sa.Date(),
            sa.Computed("coalesce(deadline, '9999-12-31')", persisted=True),
            nullable=True,
            comment="the deadline to sort by: what has no day comes last",
        ),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=60), nullable=True),
        sa.Column("found_by", sa.String(length=120), nullable=True),
        sa.Column("rectified_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state IN ('rectifying', 'rectified', 'closed', 'withdrawn')", name=op.f("ck_issue_state")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_issue_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue")),
    )
    op.create_index(
        op.f("ix_issue_campaign_id_unit_code_problem_type_id_state"),
        "issue",
        ["campaign_id", "unit_code", "problem_type_id", "state"],
        unique=False,
    )


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column(
            "page", sa.String(length=20), nullable=False, comment="new, edit, or the move that is made on it"
        ),
        sa.Column(
            "record_id",
            sa.String(length=36),
            nullable=False,
            comment="of a record that may not be filed yet",
        ),
        sa.Column("campaign_id", sa.String(length=60), nullable=False),
        sa.Column("form_id", sa.String(length=60), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False, comment="what stood in the page's fields, by name"),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_draft_account_id")),
        sa.PrimaryKeyConstraint("account_id", "page", "record_id", name=op.f("pk_draft")),
    )


def _photo() -> None:
    op.create_table(
        "photo",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("issue_id", sa.String(length=36), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False, comment="before or after rectification"),
        sa.Column(
            "upload_sha256",
            sa.String(length=64),
            nullable=False,
            comment="of the file as it was sent: the same one is one photo",
        ),
        sa.Column(
            "sha256",
            sa.String(length=64),
            nullable=False,
            comment="of the picture that was made of it, and its name",
        ),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("side IN ('before', 'after')", name=op.f("ck_photo_side")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_photo_created_by")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_photo_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint(
            "issue_id", "side", "upload_sha256", name=op.f("uq_photo_issue_id_side_upload_sha256")
        ),
    )
    op.create_index(op.f("ix_photo_sha256"), "photo", ["sha256"], unique=False)
    _ledger_indexes("issue", "created_at", "due")
    for name, column, order in (
        ("type_created_at", "problem_type_id", "created_at"),
        ("type_due", "problem_type_id", "due"),
        ("village", "village_code", "created_at"),
        ("householder", "householder", "created_at"),
    ):
        columns = ["campaign_id", "form_id", column, "state", order, "id"]
        op.create_index(f"ix_issue_{name}", "issue", columns, unique=False)
    sent_back = sa.text("state_reason IS NOT NULL")
    op.create_index(
        "ix_issue_sent_back",
        "issue",
        ["campaign_id", "form_id", "unit_code", "state", "created_at", "id"],
        unique=False,
        sqlite_where=sent_back,
        postgresql_where=sent_back,
    )


def _ledger_indexes(table: str, *orders: str) -> None:
    for order in orders:
        of_unit = ["campaign_id", "form_id", "unit_code", "state", order, "id"]
        of_all = ["campaign_id", "form_id", "state", order, "id"]
        op.create_index(f"ix_{table}_unit_{order}", table, of_unit, unique=False)
        op.create_index(f"ix_{table}_all_{order}", table, of_all, unique=False)


def _proposed_household() -> None:
    op.create_table(
        "proposed_household",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("campaign_id", sa.String(length=60), nullable=False),
        sa.Column("form_id", sa.String(length=60), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column(
            "unit_code", sa.String(length=30), nullable=False, comment="the unit that filed it and counts it"
        ),
        sa.Column("problem_type_id", sa.String(length=60), nullable=False),
        sa.Column("township_code", sa.String(length=30), nullable=True),
        sa.Column("village_code", sa.String(length=12), nullable=True),
        sa.Column("householder", sa.String(length=60), nullable=True),
        sa.Column("household_type", sa.String(length=60), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=False, comment="fields that have no column of their own"),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column(
            "state_reason",
            sa.Text(),
            nullable=True,
            comment="why it was withdrawn or sent back: kept here, as the audit holds no names",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="grows by one with every change"),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("identified_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('proposed', 'withdrawn')", name=op.f("ck_proposed_household_state")),
        sa.CheckConstraint("people >= 1", name=op.f("ck_proposed_household_people")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_proposed_household_created_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_household")),
    )
    op.create_index(
        op.f("ix_proposed_household_campaign_id_unit_code_problem_type_id_state"),
        "proposed_household",
        ["campaign_id", "unit_code", "problem_type_id", "state"],
        unique=False,
    )
    _ledger_indexes("proposed_household", "created_at")


def _tally() -> None:
    op.create_table(
        "tally",
        sa.Column("campaign_id", sa.String(length=60), nullable=False),
        sa.Column("unit_code", sa.String(length=30), nullable=False),
        sa.Column("form_id", sa.String(length=60), nullable=False),
        sa.Column("problem_type_id", sa.String(length=60), nullable=False),
        sa.Column("item_id", sa.String(length=60), nullable=False, comment="empty where none was chosen"),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "campaign_id",
            "unit_code",
            "form_id",
            "problem_type_id",
            "item_id",
            "state",
            name=op.f("pk_tally"),
        ),
        comment="how many records there are of each kind; the database's own triggers keep it, nobody writes it",
        sqlite_with_rowid=False,
    )
    triggers = Path(__file__).with_name(f"0001_tally_{op.get_bind().dialect.name}.sql")
    for statement in triggers.read_text(encoding="utf-8").split("\n\n"):
        op.get_bind().exec_driver_sql(statement)


def _session() -> None:
    op.create_table(
        "session",
        sa.Column(
            "token_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the cookie's token"
        ),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column(
            "client", sa.String(length=200), nullable=False, comment="browser, for the list of my sessions"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_session_account_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_account_id"), "session", ["account_id"], unique=False)
    op.create_index(op.f("ix_session_expires_at"), "session", ["expires_at"], unique=False)


def _zero_report() -> None:
    op.create_table(
        "zero_report",
        sa.Column("campaign_id", sa.String(length=60), nullable=False),
        sa.Column("unit_code", sa.String(length=30), nullable=False),
        sa.Column("problem_type_id", sa.String(length=60), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_zero_report_created_by")),
        sa.PrimaryKeyConstraint("campaign_id", "unit_code", "problem_type_id", name=op.f("pk_zero_report")),
    )


def _report_text() -> None:
    op.create_table(
        "report_text",
        sa.Column("campaign_id", sa.String(length=60), nullable=False),
        sa.Column("unit_code", sa.String(length=30), nullable=False),
        sa.Column(
            "part_id", sa.String(length=60), nullable=False, comment="part of the self-inspection report"
        ),
        sa.Column("text", sa.Text(), nullable=False, comment="empty once it was cleared again"),
        sa.Column("version", sa.Integer(), nullable=False, comment="grows by one with every change"),
        sa.Column("changed_by", sa.String(length=36), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"], name=op.f("fk_report_text_changed_by")),
        sa.PrimaryKeyConstraint("campaign_id", "unit_code", "part_id", name=op.f("pk_report_text")),
    )


def _returns() -> None:
    op.create_table(
        "expected_return",
        sa.Column("campaign_id", sa.String(length=60), nullable=False),
        sa.Column("unit_code", sa.String(length=30), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False, comment="the last moment that is on time"),
        sa.PrimaryKeyConstraint("campaign_id", "unit_code", name=op.f("pk_expected_return")),
        comment="who owes a return, whether or not anything has come: a missing unit shows as missing",
    )
    _signed_return()
    op.create_table(
        "return_scan",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("return_id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "media_type",
            sa.String(length=40),
            nullable=False,
            comment="found in the file, not believed from the sender",
        ),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_return_scan_created_by")),
        sa.ForeignKeyConstraint(["return_id"], ["signed_return.id"], name=op.f("fk_return_scan_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_scan")),
        sa.UniqueConstraint("return_id", "sha256", name=op.f("uq_return_scan_return_id_sha256")),
        comment="the signed and sealed paper, scanned or photographed",
    )


def _signed_return() -> None:
    op.create_table(
        "signed_return",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("campaign_id", sa.String(length=60), nullable=False),
        sa.Column("unit_code", sa.String(length=30), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="1, 2, 3 and so on of the unit"),
        sa.Column(
            "content",
            sa.Text(),
            nullable=False,
            comment="all that was signed, as canonical JSON; never changed",
        ),
        sa.Column(
            "sha256",
            sa.String(length=64),
            nullable=False,
            comment="of the content as UTF-8; stands on the paper",
        ),
        sa.Column(
            "seal",
            sa.String(length=64),
            nullable=False,
            comment="HMAC-SHA256 of the hash and of who signed it when",
        ),
        sa.Column("signed_by", sa.String(length=36), nullable=False),
        sa.Column(
            "signed_name", sa.String(length=60), nullable=False, comment="the principal's name on that day"
        ),
        sa.Column("signed_at", sa.DateTime(), nullable=False),
        sa.Column(
            "late",
            sa.Boolean(),
            nullable=False,
            comment="whether it was due earlier, by what was due then",
        ),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it was sent back"),
        sa.Column("judged_by", sa.String(length=36), nullable=True),
        sa.Column("judged_at", sa.DateTime(), nullable=True, comment="when it was received or sent back"),
        sa.CheckConstraint(
            "state IN ('signed', 'received', 'sent_back')", name=op.f("ck_signed_return_state")
        ),
        sa.ForeignKeyConstraint(["judged_by"], ["account.id"], name=op.f("fk_signed_return_judged_by")),
        sa.ForeignKeyConstraint(["signed_by"], ["account.id"], name=op.f("fk_signed_return_signed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_return")),
        sa.UniqueConstraint(
            "campaign_id",
            "unit_code",
            "number",
            name=op.f("uq_signed_return_campaign_id_unit_code_number"),
        ),
    )
