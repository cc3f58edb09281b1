"""Accounts: sign-in limits by network, known devices, second factors, one-use passwords that expire."""

from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One-use passwords that are out are as old as the upgrade; failures of the last minutes are forgotten."""
    op.add_column(
        "account",
        sa.Column("password_set_at", sa.DateTime(), comment="when the password was set, by whomever"),
    )
    now = datetime.now(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None)
    account = sa.table("account", sa.column("password_set_at", sa.DateTime()))
    op.execute(sa.update(account).values(password_set_at=now))
    op.add_column(
        "session",
        sa.Column("address", sa.String(45), comment="network address at sign-in"),
    )
    _limits()
    _factors()


def _limits() -> None:
    op.drop_table("sign_in_failure")
    op.create_table(
        "sign_in_failure",
        sa.Column(
            "key",
            sa.String(64),
            primary_key=True,
            comment="SHA-256 of what is counted: a name at a network, a device …",
        ),
        sa.Column("name_hash", sa.String(64), comment="SHA-256 of the name that was typed, known or not"),
        sa.Column("failures", sa.Integer(), nullable=False, comment="failed sign-ins"),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("locked_until", sa.DateTime()),
    )
    op.create_index("ix_sign_in_failure_last_at", "sign_in_failure", ["last_at"])
    op.create_index("ix_sign_in_failure_name_hash", "sign_in_failure", ["name_hash"])
    op.create_table(
        "known_device",
        sa.Column("token_hash", sa.String(64), primary_key=True, comment="SHA-256 of the cookie's token"),
        _account("known_device", primary_key=True),
        sa.Column("network", sa.String(50), nullable=False, comment="from where it signed in last"),
        sa.Column("used_at", sa.DateTime(), nullable=False, comment="when it signed in last"),
        comment="browsers in which an account has signed in: a stranger's wrong tries do not lock them",
    )
    op.create_index("ix_known_device_account_id_network", "known_device", ["account_id", "network"])


def _factors() -> None:
    op.create_table(
        "second_factor",
        _account("second_factor", primary_key=True),
        sa.Column(
            "salt",
            sa.String(64),
            nullable=False,
            comment="with the audit's key it gives the secret, which is stored nowhere",
        ),
        sa.Column("confirmed_at", sa.DateTime(), comment="null until a first code was right"),
        sa.Column(
            "last_step",
            sa.Integer(),
            nullable=False,
            comment="of the last code that was used: none before it counts",
        ),
    )
    op.create_table(
        "recovery_code",
        _account("recovery_code", primary_key=True),
        sa.Column("code_hash", sa.String(64), primary_key=True, comment="HMAC-SHA256 of the code"),
        sa.Column("used_at", sa.DateTime()),
    )
    op.create_table(
        "pending_sign_in",
        sa.Column("token_hash", sa.String(64), primary_key=True, comment="SHA-256 of the form's token"),
        _account("pending_sign_in"),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        comment="whose password was right, and who has yet to give the second factor",
    )
    op.create_index("ix_pending_sign_in_account_id", "pending_sign_in", ["account_id"])


def _account(table: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(
        "account_id",
        sa.String(36),
        sa.ForeignKey("account.id", name=f"fk_{table}_account_id"),
        primary_key=primary_key,
        nullable=False,
    )
