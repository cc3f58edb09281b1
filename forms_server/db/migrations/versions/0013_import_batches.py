"""Each import is a batch, with its file and what it made and changed."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leads from the version before to this one."""
    op.create_table(
        "import_batch",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("campaign_id", sa.String(60), nullable=False),
        sa.Column(
            "unit_code", sa.String(30), nullable=False, comment="the unit whose ledgers or roster came in"
        ),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False, comment="of the file as it was sent"),
        sa.Column(
            "content",
            sa.LargeBinary(),
            comment="the file; null for rosters, and with numbers of persons",
        ),
        sa.Column(
            "counts",
            sa.JSON(),
            nullable=False,
            comment="how many rows did what: new, changed, unchanged, gone",
        ),
        sa.Column(
            "figures_before",
            sa.JSON(),
            comment="the unit's handed_in_figure rows that it replaced; null where it handed in none",
        ),
        sa.Column(
            "created_by",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_import_batch_created_by"),
            comment="null for the command line",
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column(
            "undone_by",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_import_batch_undone_by"),
            comment="null for the command line",
        ),
        sa.Column("undone_at", sa.DateTime()),
        sa.CheckConstraint("kind IN ('ledger', 'roster')", name="kind"),
        comment="one row for each file that was imported; undone as long as nothing was built on it",
    )
    op.create_index(
        "ix_import_batch_campaign_id_unit_code_created_at",
        "import_batch",
        ["campaign_id", "unit_code", "created_at"],
    )
    op.create_table(
        "import_change",
        sa.Column(
            "batch_id",
            sa.String(36),
            sa.ForeignKey("import_batch.id", name="fk_import_change_batch_id"),
            primary_key=True,
        ),
        sa.Column("subject_id", sa.String(36), primary_key=True),
        sa.Column(
            "subject", sa.String(30), nullable=False, comment="table of the row that came in or was changed"
        ),
        sa.Column("effect", sa.String(20), nullable=False),
        sa.Column(
            "stamp",
            sa.String(16),
            comment="a record's version, or a digest of a listed household, as the import left it;"
            " null where nothing can be built on it",
        ),
        sa.Column("before", sa.JSON(), comment="the columns that it changed, as they were"),
        sa.Column("after", sa.JSON(), comment="the same columns as it left them"),
        sa.CheckConstraint("effect IN ('new', 'changed')", name="effect"),
        comment="what a batch made and changed; stays when the batch is undone",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_import_change_subject_id", "import_change", ["subject_id"])
