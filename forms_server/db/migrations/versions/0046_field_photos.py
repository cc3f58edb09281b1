"""Photographs of fields: of issues, and of rows of registers."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_SIDES = "side IN ('before', 'after', 'spot', 'field')"
_FIELD = "(side = 'field') = (field_id IS NOT NULL)"
_OWNER = "(issue_id IS NULL) <> (row_id IS NULL)"
_SIDE_IS = "before or after rectification, seen by a team on the spot, or of a field"
_ISSUE_IS = "null for a register's row"
_OF_ISSUES = ["issue_id", "field_id", "upload_sha256"]
_OF_ROWS = ["row_id", "field_id", "upload_sha256"]
_KEPT = "id, issue_id, side, upload_sha256, sha256, width, height, created_by, created_at, spot_id"


def upgrade() -> None:
    """Let a photograph belong to a row of a register instead of an issue, and say of which field it is."""
    row = sa.Column("row_id", sa.String(36), comment="null for an issue")
    field = sa.Column("field_id", sa.String(40), comment="of a field; null for other sides")
    if op.get_bind().dialect.name == "postgresql":
        _alter(row, field)
        return
    # Spelled out: alembic's batch copies the constraints of a table in another order each time.
    op.create_table(
        "photo_of_fields",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("issue_id", sa.String(36), comment=_ISSUE_IS),
        row,
        sa.Column("side", sa.String(10), nullable=False, comment=_SIDE_IS),
        field,
        sa.Column("upload_sha256", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column(
            "spot_id", sa.String(36), comment="the team's visit, check or finding at which it was taken"
        ),
        sa.CheckConstraint(_SIDES, name=op.f("ck_photo_side")),
        sa.CheckConstraint(_FIELD, name=op.f("ck_photo_field")),
        sa.CheckConstraint(_OWNER, name=op.f("ck_photo_owner")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_photo_created_by")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_photo_issue_id")),
        sa.ForeignKeyConstraint(["row_id"], ["register_row.id"], name=op.f("fk_photo_row_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint(*_OF_ISSUES, name=op.f("uq_photo_issue_id_field_id_upload_sha256")),
        sa.UniqueConstraint(*_OF_ROWS, name=op.f("uq_photo_row_id_field_id_upload_sha256")),
    )
    op.execute(
        f"INSERT INTO photo_of_fields ({_KEPT}) SELECT {_KEPT} FROM photo"  # noqa: S608 - columns of ours
    )
    op.drop_table("photo")
    op.rename_table("photo_of_fields", "photo")
    op.create_index(op.f("ix_photo_sha256"), "photo", ["sha256"])
    _side_once()


def _alter(row: "sa.Column[str]", field: "sa.Column[str]") -> None:
    op.alter_column("photo", "issue_id", nullable=True, comment=_ISSUE_IS)
    op.alter_column("photo", "side", comment=_SIDE_IS)
    op.add_column("photo", row)
    op.add_column("photo", field)
    op.create_foreign_key(op.f("fk_photo_row_id"), "photo", "register_row", ["row_id"], ["id"])
    op.drop_constraint(op.f("ck_photo_side"), "photo")
    op.drop_constraint(op.f("uq_photo_issue_id_side_upload_sha256"), "photo")
    for name, condition in (("side", _SIDES), ("field", _FIELD), ("owner", _OWNER)):
        op.create_check_constraint(op.f(f"ck_photo_{name}"), "photo", condition)
    op.create_unique_constraint(op.f("uq_photo_issue_id_field_id_upload_sha256"), "photo", _OF_ISSUES)
    op.create_unique_constraint(op.f("uq_photo_row_id_field_id_upload_sha256"), "photo", _OF_ROWS)
    _side_once()


def _side_once() -> None:
    """A picture stands once among the photographs of a side."""
    where = sa.text("field_id IS NULL")
    columns = ["issue_id", "side", "upload_sha256"]
    op.create_index(
        "ux_photo_side", "photo", columns, unique=True, sqlite_where=where, postgresql_where=where
    )
