"""Tables of accounts, sessions, sign-in and reminders."""

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, ForeignKey, Index, Integer, String, Table

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
    Column("password_set_at", DateTime, comment="when the password was set, by whomever"),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created_at", DateTime, nullable=False),
)


sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column(
        "key",
        String(64),
        primary_key=True,
        comment="SHA-256 of what is counted: a name at a network, a device …",
    ),
    Column("name_hash", String(64), index=True, comment="SHA-256 of the name that was typed, known or not"),
    Column("failures", Integer, nullable=False, comment="failed sign-ins"),
    Column("last_at", DateTime, nullable=False, index=True),
    Column("locked_until", DateTime),
)


known_device = Table(
    "known_device",
    metadata,
    Column("token_hash", String(64), primary_key=True, comment="SHA-256 of the cookie's token"),
    Column("account_id", String(UUID_LENGTH), ForeignKey("account.id"), primary_key=True),
    Column("network", String(50), nullable=False, comment="from where it signed in last"),
    Column("used_at", DateTime, nullable=False, comment="when it signed in last"),
    Index(None, "account_id", "network"),
    comment="browsers in which an account has signed in: a stranger's wrong tries do not lock them",
)


second_factor = Table(
    "second_factor",
    metadata,
    Column("account_id", String(UUID_LENGTH), ForeignKey("account.id"), primary_key=True),
    Column(
        "salt",
        String(64),
        nullable=False,
        comment="with the audit's key it gives the secret, which is stored nowhere",
    ),
    Column("confirmed_at", DateTime, comment="null until a first code was right"),
    Column(
        "last_step",
        Integer,
        nullable=False,
        default=0,
        comment="of the last code that was used: none before it counts",
    ),
)


recovery_code = Table(
    "recovery_code",
    metadata,
    Column("account_id", String(UUID_LENGTH), ForeignKey("account.id"), primary_key=True),
    Column("code_hash", String(64), primary_key=True, comment="HMAC-SHA256 of the code"),
    Column("used_at", DateTime),
)


pending_sign_in = Table(
    "pending_sign_in",
    metadata,
    Column("token_hash", String(64), primary_key=True, comment="SHA-256 of the form's token"),
    Column("account_id", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False, index=True),
    Column("expires_at", DateTime, nullable=False),
    comment="whose password was right, and who has yet to give the second factor",
)


account_request = Table(
    "account_request",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("change", String(20), nullable=False, comment="reset, create, enable, factor-removed"),
    Column("account_id", String(UUID_LENGTH), ForeignKey("account.id"), comment="null for a new account"),
    Column("details", JSON(none_as_null=True), comment="of a new account"),
    Column("asked_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("asked_at", DateTime, nullable=False),
    Column("outcome", String(10), comment="confirm, refuse, withdraw; null while it waits"),
    Column(
        "decided_by",
        String(UUID_LENGTH),
        ForeignKey("account.id"),
        comment="never who asked, if it was confirmed",
    ),
    Column("decided_at", DateTime),
    comment="changes of accounts that take two people",
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
    Column("address", String(45), comment="network address at sign-in"),
    Column("seen_as_id", String(UUID_LENGTH), comment="the account as which the office looks on, if any"),
    Column("seen_until", DateTime, comment="when that ends by itself"),
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
