"""Requests for extensions: asked for by those who rectify, granted or refused by those who approve."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_ASKED = sa.text("extension_asked")
_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    """There are no requests yet."""
    asked: sa.Column[bool] = sa.Column(
        "extension_asked",
        sa.Boolean(),
        nullable=False,
        server_default=sa.false(),
        comment="a request is open",
    )
    op.add_column("issue", asked)
    for name, columns in {"unit": ["unit_code"], "all": []}.items():
        op.create_index(
            f"ix_issue_extension_asked_{name}",
            "issue",
            ["campaign_id", "form_id", *columns, "state", "created_at", "id"],
            sqlite_where=_ASKED,
            postgresql_where=_ASKED,
        )
    op.create_table(
        "extension_request",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column(
            "issue_id",
            sa.String(36),
            sa.ForeignKey("issue.id", name="fk_extension_request_issue_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="the issue's when it was asked"),
        sa.Column("old_day", sa.Date(), nullable=False),
        sa.Column("new_day", sa.Date(), comment="null where the new deadline has no day: 长期坚持"),
        sa.Column(
            "new_kind", sa.String(20), nullable=False, comment="checklist.reading.deadlines.DeadlineKind"
        ),
        sa.Column("new_text", sa.String(80), nullable=False, comment="as it was typed"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "asked_by",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_extension_request_asked_by"),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column(
            "state", sa.String(20), nullable=False, comment="lapsed: the issue was reported or withdrawn"
        ),
        sa.Column("answer", sa.Text(), comment="why it was refused"),
        sa.Column(
            "decided_by", sa.String(36), sa.ForeignKey("account.id", name="fk_extension_request_decided_by")
        ),
        sa.Column("decided_at", sa.DateTime()),
        sa.CheckConstraint("state IN ('open', 'granted', 'refused', 'lapsed')", name="state"),
        comment="requests for another deadline and what was decided; of an issue one is open at a time",
    )
    op.create_index("ix_extension_request_issue_id_version", "extension_request", ["issue_id", "version"])
    op.create_index(
        "ux_extension_request_open",
        "extension_request",
        ["issue_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
