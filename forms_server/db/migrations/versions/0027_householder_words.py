"""Fold names again: 张三户 and 张三（户主） are the household of 张三."""

import sqlalchemy as sa
from alembic import op

from checklist.reading.person_names import fold_name

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Records keep their households; two that share a name by now are offered as a choice to the next record."""
    household = sa.table("household", *map(sa.column, ("id", "householder", "folded_name")))
    connection = op.get_bind()
    marked = household.c.folded_name.like("%户%")
    query = sa.select(household).where(marked)
    folded = [{"key": row.id, "name": fold_name(row.householder)} for row in connection.execute(query)]
    if folded:
        by_id = sa.update(household).where(household.c.id == sa.bindparam("key"))
        connection.execute(by_id.values(folded_name=sa.bindparam("name")), folded)
