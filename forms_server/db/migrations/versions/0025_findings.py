"""What teams look at on the spot and find, and issues that were reopened."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def _key(
    table: str, name: str, other: str, comment: str | None = None, *, nullable: bool = True
) -> sa.Column[str]:
    key = sa.ForeignKey(f"{other}.id", name=f"fk_{table}_{name}")
    return sa.Column(name, sa.String(36), key, nullable=nullable, comment=comment)


def upgrade() -> None:
    """Nothing was found or reopened before."""
    op.add_column(
        "issue",
        sa.Column(
            "finding_number",
            sa.Integer(),
            comment="under which a team found and filed it: the finder's words are fixed",
        ),
    )
    op.add_column(
        "issue",
        sa.Column(
            "rebounds", sa.Integer(), nullable=False, server_default="0", comment="how often it was reopened"
        ),
    )
    _create_looks()
    _create_findings()


def _create_looks() -> None:
    op.create_table(
        "spot_visit",
        sa.Column("id", sa.String(36), primary_key=True, comment="made with the page"),
        sa.Column("campaign_id", sa.String(60), nullable=False),
        _key("spot_visit", "draw_id", "draw", "null for one outside of the draw"),
        _key("spot_visit", "household_id", "household", nullable=False),
        sa.Column("unit_code", sa.String(30), nullable=False, comment="the inspected unit"),
        sa.Column("village_code", sa.String(12), nullable=False),
        sa.Column(
            "answers",
            sa.JSON(),
            nullable=False,
            comment="item ids to answers, given without sight of the first ones",
        ),
        sa.Column("outside_reason", sa.Text(), comment="why one outside of the draw"),
        sa.Column("note", sa.Text()),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        _key("spot_visit", "created_by", "account", nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="when it was sent"),
        comment="a household that a team looked at, blind to what the unit had found",
    )
    op.create_index("ix_spot_visit_campaign_id_unit_code", "spot_visit", ["campaign_id", "unit_code"])
    op.create_index("ix_spot_visit_household_id", "spot_visit", ["household_id"])
    op.create_table(
        "spot_check",
        sa.Column("id", sa.String(36), primary_key=True, comment="made with the page"),
        sa.Column("campaign_id", sa.String(60), nullable=False),
        _key("spot_check", "draw_id", "draw", "null for one outside of the draw"),
        _key("spot_check", "issue_id", "issue", nullable=False),
        sa.Column("unit_code", sa.String(30), nullable=False, comment="the unit that counts the issue"),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("words", sa.Text(), comment="what was seen"),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        _key("spot_check", "created_by", "account", nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("verdict IN ('confirmed', 'unfinished', 'false', 'unclear')", name="verdict"),
        comment="an issue that was reported rectified, looked at on the spot",
    )
    op.create_index("ix_spot_check_campaign_id_unit_code", "spot_check", ["campaign_id", "unit_code"])
    op.create_index("ix_spot_check_issue_id", "spot_check", ["issue_id"])


def _create_findings() -> None:
    name = "inspection_finding"
    op.create_table(
        name,
        sa.Column("id", sa.String(36), primary_key=True, comment="made with the page"),
        sa.Column("campaign_id", sa.String(60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="1, 2, 3 and so on of the campaign"),
        sa.Column(
            "unit_code",
            sa.String(30),
            nullable=False,
            comment="the unit that counts the issue, and answers",
        ),
        sa.Column("village_code", sa.String(12)),
        _key(name, "issue_id", "issue", nullable=False),
        sa.Column(
            "way",
            sa.String(20),
            nullable=False,
            comment="missed, linked to one in the ledger, or from a check",
        ),
        _key(name, "visit_id", "spot_visit"),
        _key(name, "check_id", "spot_check"),
        sa.Column("content", sa.Text(), nullable=False, comment="in the inspectors' words"),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("state_before", sa.String(20), comment="the issue's, where the finding reopened it"),
        sa.Column("claim_due", sa.Date(), nullable=False, comment="the last day to claim it or to object"),
        _key(name, "created_by", "account", nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        _key(name, "claimed_by", "account"),
        sa.Column("claimed_at", sa.DateTime()),
        sa.Column("objection", sa.Text(), comment="the unit's, once, with its evidence"),
        _key(name, "objected_by", "account"),
        sa.Column("objected_at", sa.DateTime()),
        sa.Column("decision", sa.Text(), comment="the office's, of the objection"),
        _key(name, "decided_by", "account"),
        sa.Column("decided_at", sa.DateTime()),
        sa.Column("looked_at", sa.Integer(), comment="how many others the unit looked at (举一反三)"),
        sa.Column("found_alike", sa.Integer(), comment="how many like problems it found among them"),
        sa.CheckConstraint("way IN ('missed', 'linked', 'check')", name="way"),
        sa.CheckConstraint("state IN ('open', 'claimed', 'objected', 'upheld', 'cancelled')", name="state"),
        sa.UniqueConstraint("campaign_id", "number", name="uq_inspection_finding_campaign_id_number"),
        comment="what a team found: an issue of the unit where it lies, which claims it or objects once",
    )
    op.create_index(
        "ix_inspection_finding_campaign_id_unit_code_state", name, ["campaign_id", "unit_code", "state"]
    )
    op.create_index("ix_inspection_finding_issue_id", name, ["issue_id"])
