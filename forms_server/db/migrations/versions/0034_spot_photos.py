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
    with op.batch_alter_table("photo", recreate="always") as batch:  # copies no check constraints
        batch.add_column(spot)
        batch.create_check_constraint(op.f("ck_photo_side"), _SIDES)
