"""The triggers of the tally leave alone what is inserted with the tally paused: many records are counted together."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Puts the triggers on inserting in the place of the former ones; every figure stays."""
    triggers = Path(__file__).with_name(f"0004_tally_{op.get_bind().dialect.name}.sql")
    for statement in triggers.read_text(encoding="utf-8").split("\n\n"):
        op.get_bind().exec_driver_sql(statement)
