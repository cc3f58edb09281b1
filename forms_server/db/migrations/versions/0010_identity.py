"""One row for each household, and records that carry its id; findings, and records that may be one and the same."""

from uuid import UUID, uuid5

import sqlalchemy as sa
from alembic import op

from checklist.reading.person_names import fold_name

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None

_NAMESPACE = UUID("6f1f64a4-6e1b-4b8e-9f5c-2f0c5b1d7a10")
"""Of the ids of households that records made: the same records make the same ones."""

_NAMED = sa.text("household_id IS NOT NULL")
_LEVEL = sa.text("level IS NOT NULL")


def upgrade() -> None:
    """Leads from the version before to this one; ``huitoukan init`` then links what is there."""
    op.add_column(
        "household",
        sa.Column(
            "folded_name",
            sa.String(60),
            comment="the householder's name as names are compared: without blanks, half-width, one middle dot",
        ),
    )
    op.add_column(
        "household",
        sa.Column(
            "listed",
            sa.Boolean(),
            nullable=False,
            server_default=sa.true(),
            comment="false for one that no list brought (不在名册): a record named it",
        ),
    )
    op.create_index("ix_household_name", "household", ["campaign_id", "village_code", "folded_name"])
    for table in ("issue", "proposed_household"):
        _add_household_id(table)
    if op.get_bind().dialect.name == "postgresql":
        op.create_table_comment(
            "household", "one row for each household: from a list that was imported, or named by a record"
        )
    op.create_index(
        "ix_issue_household",
        "issue",
        ["household_id", "problem_type_id"],
        sqlite_where=_NAMED,
        postgresql_where=_NAMED,
    )
    op.create_index(
        "ix_issue_place",
        "issue",
        ["campaign_id", "problem_type_id", "level", "village_code"],
        sqlite_where=_LEVEL,
        postgresql_where=_LEVEL,
    )
    op.create_index(
        "ix_proposed_household_household",
        "proposed_household",
        ["household_id"],
        sqlite_where=_NAMED,
        postgresql_where=_NAMED,
    )
    _finding()
    _possible_double()
    _link(op.get_bind())


def _add_household_id(table: str) -> None:
    """SQLite takes a reference only together with its column, and PostgreSQL the same words."""
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN household_id VARCHAR(36)"
        f" CONSTRAINT fk_{table}_household_id REFERENCES household (id)"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(
            table,
            "household_id",
            comment="the household that it is about; null where it names none, or several could be meant",
        )


def _finding() -> None:
    op.create_table(
        "finding",
        sa.Column("id", sa.String(36), primary_key=True, comment="made with the page, as a record's own id"),
        sa.Column("campaign_id", sa.String(60), nullable=False),
        sa.Column("record_table", sa.String(30), nullable=False),
        sa.Column("record_id", sa.String(36), nullable=False, comment="the record that counts it"),
        sa.Column("unit_code", sa.String(30), nullable=False, comment="the unit that found it again"),
        sa.Column("found_by", sa.String(120)),
        sa.Column("way", sa.String(20), nullable=False, comment="form, visit, import or join"),
        sa.Column("source", sa.String(60), comment="id of the form's choice"),
        sa.Column("content", sa.Text(), comment="in the finder's words"),
        sa.Column(
            "created_by",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_finding_created_by"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("record_table IN ('issue', 'proposed_household')", name="record_table"),
        comment="a problem that is recorded already and was found again: shown with the record, counted once",
    )
    op.create_index("ix_finding_record_id_created_at", "finding", ["record_id", "created_at"])


def _possible_double() -> None:
    op.create_table(
        "possible_double",
        sa.Column(
            "first_id", sa.String(36), primary_key=True, comment="the record that counts where both are one"
        ),
        sa.Column("second_id", sa.String(36), primary_key=True),
        sa.Column("campaign_id", sa.String(60), nullable=False),
        sa.Column("record_table", sa.String(30), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("state_before", sa.String(20), comment="the second record's, before it was joined"),
        sa.Column("asked_by", sa.String(36), sa.ForeignKey("account.id", name="fk_possible_double_asked_by")),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column(
            "decided_by", sa.String(36), sa.ForeignKey("account.id", name="fk_possible_double_decided_by")
        ),
        sa.Column("decided_at", sa.DateTime()),
        sa.CheckConstraint("record_table IN ('issue', 'proposed_household')", name="record_table"),
        sa.CheckConstraint("state IN ('open', 'same', 'different')", name="state"),
        comment="two records that may be one: open until a person says; same is joined, different is not asked again",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_possible_double_campaign_id_state", "possible_double", ["campaign_id", "state"])
    op.create_index("ix_possible_double_second_id", "possible_double", ["second_id"])


def _link(connection: sa.Connection) -> None:
    """Give each record its household: the one of that name in its village, or a new one that no list brought.

    A name that several households of the village bear stays without one: the office's page of doubles lists it.
    """
    households = sa.table(
        "household",
        *(sa.column(name) for name in ("id", "campaign_id", "village_code", "householder", "folded_name")),
        *(sa.column(name) for name in ("township_code", "household_type", "people")),
        sa.column("active", sa.Boolean),
        sa.column("listed", sa.Boolean),
        sa.column("created_at", sa.DateTime),
        sa.column("changed_at", sa.DateTime),
    )
    known: dict[tuple[str, str, str], list[str]] = {}
    folded = []
    for row in connection.execute(
        sa.select(
            households.c.id, households.c.campaign_id, households.c.village_code, households.c.householder
        )
    ):
        name = fold_name(row.householder)
        known.setdefault((row.campaign_id, row.village_code, name), []).append(row.id)
        folded.append({"key": row.id, "name": name})
    if folded:
        by_id = sa.update(households).where(households.c.id == sa.bindparam("key"))
        connection.execute(by_id.values(folded_name=sa.bindparam("name")), folded)
    for table in ("issue", "proposed_household"):
        _link_records(connection, table, households, known)


def _link_records(
    connection: sa.Connection,
    name: str,
    households: sa.TableClause,
    known: dict[tuple[str, str, str], list[str]],
) -> None:
    columns = (
        "id", "campaign_id", "township_code", "village_code", "householder", "household_type", "people",
        "created_at", "household_id",
    )  # fmt: skip
    table = sa.table(
        name, *(sa.column(each, sa.DateTime if each.endswith("_at") else None) for each in columns)
    )
    named = table.c.householder.is_not(None), table.c.village_code.is_not(None)
    made, linked = [], []
    for row in connection.execute(sa.select(table).where(*named).order_by(table.c.created_at, table.c.id)):
        key = (row.campaign_id, row.village_code, fold_name(row.householder))
        if key not in known:
            household_id = str(uuid5(_NAMESPACE, "\n".join(key)))
            known[key] = [household_id]
            made.append(
                {
                    "id": household_id,
                    "campaign_id": row.campaign_id,
                    "township_code": row.township_code,
                    "village_code": row.village_code,
                    "householder": row.householder,
                    "folded_name": key[2],
                    "household_type": row.household_type,
                    "people": row.people,
                    "active": False,
                    "listed": False,
                    "created_at": row.created_at,
                    "changed_at": row.created_at,
                }
            )
        if len(known[key]) == 1:
            linked.append({"key": row.id, "household": known[key][0]})
    if made:
        connection.execute(sa.insert(households), made)
    if linked:
        by_id = sa.update(table).where(table.c.id == sa.bindparam("key"))
        connection.execute(by_id.values(household_id=sa.bindparam("household")), linked)
