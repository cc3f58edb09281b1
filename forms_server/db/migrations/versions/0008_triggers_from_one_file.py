"""The triggers of the tallies come from one file, ``forms_server/db/tally_triggers.sql``, from this version on."""

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TRIGGERS = {
    "sqlite": "5dda536b78f0da125e2b5d25691ab0c724973a04447eaac637a90eb9aa26afef",
    "postgresql": "79322052b5ef9f1187ae6181736b6558995a7bdf913dad8865e6087fccfe277d",
}
"""SHA-256 of the triggers, by which a test sees that a change of them comes with a migration that names the new one."""


def upgrade() -> None:
    """Leaves tables and figures as they are: ``migrate.upgrade`` installs the file at the end of any upgrade.

    Not here: this version must not install what a later one's columns are needed for.
    """
