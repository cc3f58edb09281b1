"""Tables of accounts, sessions, sign-in failures and reminders."""

from sqlalchemy import Boolean, Column, Date, DateTime, ForeignKey, Integer, String, Table

from forms_server.db.tables.base import UUID_LENGTH, metadata

account = Table(
    "account",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("name", String(60), nullable=False, unique=True, comment="sign-in name"),
    Column("display_name", String(60), nullable=False, default="", comment="the person's name as it signs"),
    Column("unit_code", String(30), nullable=False),
    Column("village_code", String(12), comment="a reporter bound to one village"),
    Column("role", String(20), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("must_change_password", Boolean, nullable=False, comment="the password is a one-use one"),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created_at", DateTime, nullable=False),
)


sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column(
        "name_hash", String(64), primary_key=True, comment="SHA-256 of the name that was typed, known or not"
    ),
    Column("failures", Integer, nullable=False, comment="failed sign-ins in a row"),
    Column("last_at", DateTime, nullable=False, index=True),
    Column("locked_until", DateTime),
)


session = Table(
    "session",
    metadata,
    Column("token_hash", String(64), primary_key=True, comment="SHA-256 of the cookie's token"),
    Column("account_id", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False, index=True),
    Column("csrf_token", String(64), nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("seen_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=False, index=True),
    Column("client", String(200), nullable=False, default="", comment="browser, for the list of my sessions"),
)


calendar_feed = Table(
    "calendar_feed",
    metadata,
    Column("account_id", String(UUID_LENGTH), ForeignKey("account.id"), primary_key=True),
    Column(
        "token_hash", String(64), nullable=False, unique=True, comment="SHA-256 of the secret in its address"
    ),
    Column("created_at", DateTime, nullable=False),
    comment="calendars of reminders that somebody can subscribe to",
)


mail_address = Table(
    "mail_address",
    metadata,
    Column("account_id", String(UUID_LENGTH), ForeignKey("account.id"), primary_key=True),
    Column("address", String(120), nullable=False, comment="where reminders go; given by the account itself"),
    Column("changed_at", DateTime, nullable=False),
    Column("reminded_on", Date, comment="the last day on which a reminder was sent"),
)
