"""The units that an issue names as responsible, beside the text that names them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; ``huitoukan init`` and ``serve`` fill it, since it takes the campaign's names to read a text."""
    op.create_table(
        "issue_unit",
        sa.Column(
            "issue_id",
            sa.String(36),
            sa.ForeignKey("issue.id", name="fk_issue_unit_issue_id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("unit_code", sa.String(30), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False, comment="0 for the lead"),
        sa.Column("elsewhere", sa.Boolean(), nullable=False, comment="whether another unit filed the issue"),
        comment="the units that an issue's responsible_unit names, read by the program: a look-up beside that text",
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_issue_unit_unit_code_elsewhere_issue_id", "issue_unit", ["unit_code", "elsewhere", "issue_id"]
    )
