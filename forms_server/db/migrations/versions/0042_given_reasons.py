"""Every reason that is given, not only the last one."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_LEDGERS = {"issue": "form_id", "proposed_household": "form_id", "register_row": "register_id"}
_ACTIONS = "('send_back', 'reopen', 'withdraw', 'restore', 'restore_household', 'cancel_finding', 'join', 'move_state')"


def upgrade() -> None:
    """Add the table, with the last reason of each record and return, and who gave it as far as the audit tells."""
    op.create_table(
        "given_reason",
        sa.Column("subject", sa.String(30), primary_key=True, comment="table of the record, row or return"),
        sa.Column("subject_id", sa.String(36), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, comment="1, 2, 3 and so on of the subject"),
        sa.Column("campaign_id", sa.String(60), nullable=False),
        sa.Column("unit_code", sa.String(30), nullable=False, comment="whose it is"),
        sa.Column("ledger_id", sa.String(60), nullable=False, comment="form or register; empty for returns"),
        sa.Column("action", sa.String(30), nullable=False, comment="as the audit has it"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "given_by",
            sa.String(36),
            sa.ForeignKey("account.id", name="fk_given_reason_given_by"),
            comment="null for the command line",
        ),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        comment="why something was sent back, reopened, withdrawn or put into another state: every time, "
        "not only the last",
    )
    op.create_index(
        "ix_given_reason_campaign_id_given_at", "given_reason", ["campaign_id", "given_at"], unique=False
    )
    into = (
        "INSERT INTO given_reason (subject, subject_id, number, campaign_id, unit_code, ledger_id, action, reason, "
        "given_by, given_at) "
    )
    for table, ledger in _LEDGERS.items():
        # The audit's last row with states is the change that the reason is of.
        of_record = f"b.subject = '{table}' AND b.subject_id = r.id"
        last = f"SELECT MAX(b.id) FROM audit b WHERE {of_record} AND b.action IN {_ACTIONS}"  # noqa: S608
        rows = f"SELECT '{table}', r.id, 1, r.campaign_id, r.unit_code, r.{ledger}, a.action, "
        rows += "r.state_reason, x.id, a.at"
        of = f"FROM {table} r JOIN audit a ON a.id = ({last}) LEFT JOIN account x ON x.id = a.account_id"
        op.execute(f"{into} {rows} {of} WHERE r.state_reason IS NOT NULL")
    op.execute(
        into
        + "SELECT 'signed_return', id, 1, campaign_id, unit_code, '', 'return', reason, judged_by, judged_at "
        "FROM signed_return WHERE reason IS NOT NULL AND judged_at IS NOT NULL"
    )
