"""Which answers of a visit were given for all that was left of an area at once, by whom and when."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of older answers nobody knows."""
    op.execute(
        "ALTER TABLE visit_answer ADD COLUMN filled_by VARCHAR(36)"
        " CONSTRAINT fk_visit_answer_filled_by REFERENCES account (id)"
    )
    op.add_column("visit_answer", sa.Column("filled_at", sa.DateTime()))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(
            "visit_answer",
            "filled_by",
            comment="who answered all that was left of the area at once; null where the item was ticked by itself",
        )
    op.add_column(
        "spot_visit",
        sa.Column(
            "filled",
            sa.JSON(),
            comment="ids of the items that were answered with the rest of their area at once",
        ),
    )
