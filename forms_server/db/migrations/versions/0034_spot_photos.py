"""Photographs that a team takes on the spot."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_SIDES = "side IN ('before', 'after', 'spot')"


def upgrade() -> None:
    """Allow the third side, and say at which visit, check or finding it was taken."""
    spot = sa.Column(
        "spot_id", sa.String(36), comment="the team's visit, check or finding at which it was taken"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("photo", spot)
        op.drop_constraint(op.f("ck_photo_side"), "photo")
        op.create_check_constraint(op.f("ck_photo_side"), "photo", _SIDES)
        op.alter_column(
            "photo", "side", comment="before or after rectification, or seen by a team on the spot"
        )
        return
    # Spelled out: alembic's batch copies the constraints of a table in another order each time.
    op.create_table(
        "photo_with_spots",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("issue_id", sa.String(36), nullable=False),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("upload_sha256", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        spot,
        sa.CheckConstraint(_SIDES, name=op.f("ck_photo_side")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_photo_created_by")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_photo_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint(
            "issue_id", "side", "upload_sha256", name=op.f("uq_photo_issue_id_side_upload_sha256")
        ),
    )
    op.execute(
        "INSERT INTO photo_with_spots"
        " (id, issue_id, side, upload_sha256, sha256, width, height, created_by, created_at)"
        " SELECT id, issue_id, side, upload_sha256, sha256, width, height, created_by, created_at FROM photo"
    )
    op.drop_table("photo")
    op.rename_table("photo_with_spots", "photo")
    op.create_index(op.f("ix_photo_sha256"), "photo", ["sha256"])
