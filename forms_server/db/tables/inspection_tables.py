"""Tables of supervision on the spot: teams, where they go and when, and what is drawn."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from forms_server.db.tables.base import UUID_LENGTH, metadata

team = Table(
    "team",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("campaign_id", String(60), comment="null for all campaigns: carried over from an account's list"),
    Column("name", String(60), nullable=False),
    Column("created_by", String(UUID_LENGTH), ForeignKey("account.id"), comment="null for an upgrade"),
    Column("created_at", DateTime, nullable=False),
    Column("ended_by", String(UUID_LENGTH), ForeignKey("account.id")),
    Column("ended_at", DateTime, comment="when it was dissolved; null while it is at work"),
    Index(None, "campaign_id"),
    comment="inspectors who go together",
)


team_member = Table(
    "team_member",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("team_id", String(UUID_LENGTH), ForeignKey("team.id"), nullable=False),
    Column("account_id", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("leads", Boolean, nullable=False, comment="the team's leader"),
    Column("added_by", String(UUID_LENGTH), ForeignKey("account.id"), comment="null for an upgrade"),
    Column("added_at", DateTime, nullable=False),
    Column("left_by", String(UUID_LENGTH), ForeignKey("account.id"), comment="who took the member out"),
    Column("left_at", DateTime, comment="null while a member"),
    Index(None, "team_id"),
    Index(None, "account_id", "left_at"),
    comment="who belongs to a team, and who once did: a row is never deleted",
)


assignment = Table(
    "assignment",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("team_id", String(UUID_LENGTH), ForeignKey("team.id"), nullable=False),
    Column("unit_code", String(30), nullable=False, comment="the inspected unit"),
    Column("first_day", Date, comment="null where no day was planned: carried over from an account's list"),
    Column("last_day", Date),
    Column("created_by", String(UUID_LENGTH), ForeignKey("account.id"), comment="null for an upgrade"),
    Column("created_at", DateTime, nullable=False),
    Column("withdrawn_by", String(UUID_LENGTH), ForeignKey("account.id")),
    Column("withdrawn_at", DateTime, comment="null while it stands"),
    CheckConstraint("first_day <= last_day", name="days"),
    Index(None, "team_id", "withdrawn_at"),
    comment="which unit a team inspects on which days, and what was planned before: a row is never deleted",
)


draw = Table(
    "draw",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("campaign_id", String(60), nullable=False),
    Column("number", Integer, nullable=False, comment="1, 2, 3 and so on of the campaign"),
    Column("seed_sha256", String(64), nullable=False, comment="published before the draw"),
    Column("sealed_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("sealed_at", DateTime, nullable=False),
    Column("seed", String(200), comment="null until the draw: before, it is on paper only"),
    Column("plan", JSON(none_as_null=True), comment="the campaign's plan of that day"),
    Column("list_sha256", String(64), comment="of the list that was drawn from"),
    Column("drawn_by", String(UUID_LENGTH), ForeignKey("account.id")),
    Column("drawn_at", DateTime),
    UniqueConstraint("campaign_id", "number"),
    comment="a draw of what is inspected: sealed by the hash of its seed, then opened",
)


draw_row = Table(
    "draw_row",
    metadata,
    Column("draw_id", String(UUID_LENGTH), ForeignKey("draw.id"), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("subject_id", String(UUID_LENGTH), primary_key=True, comment="a village, a household or an issue"),
    Column(
        "group_code", String(30), nullable=False, comment="township, village or unit of which it is drawn"
    ),
    Column("stratum", String(60), nullable=False),
    Column("marks", String(200), nullable=False, comment="what the records said of it, by commas"),
    Column("rank", Integer, nullable=False, comment="its place within group and stratum"),
    Column("why", String(20), nullable=False, comment="a mark, or lot; empty for those that are left"),
    CheckConstraint("kind IN ('village', 'household', 'issue')", name="kind"),
    Index(None, "draw_id", "group_code"),
    comment="the list of a draw, with what was drawn; never changed",
    sqlite_with_rowid=False,
)


draw_replacement = Table(
    "draw_replacement",
    metadata,
    Column("draw_id", String(UUID_LENGTH), ForeignKey("draw.id"), primary_key=True),
    Column(
        "subject_id", String(UUID_LENGTH), primary_key=True, comment="the one that could not be looked at"
    ),
    Column("replacement_id", String(UUID_LENGTH), nullable=False),
    Column("reason", Text, nullable=False),
    Column("replaced_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("replaced_at", DateTime, nullable=False),
    comment="who stands in for a drawn household: the next in drawn order, with a reason",
    sqlite_with_rowid=False,
)


spot_visit = Table(
    "spot_visit",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True, comment="made with the page"),
    Column("campaign_id", String(60), nullable=False),
    Column("draw_id", String(UUID_LENGTH), ForeignKey("draw.id"), comment="null for one outside of the draw"),
    Column("household_id", String(UUID_LENGTH), ForeignKey("household.id"), nullable=False),
    Column("unit_code", String(30), nullable=False, comment="the inspected unit"),
    Column("village_code", String(12), nullable=False),
    Column(
        "answers", JSON, nullable=False, comment="item ids to answers, given without sight of the first ones"
    ),
    Column(
        "filled",
        JSON(none_as_null=True),
        comment="ids of the items that were answered with the rest of their area at once",
    ),
    Column("outside_reason", Text, comment="why one outside of the draw"),
    Column("note", Text),
    Column("begun_at", DateTime, nullable=False),
    Column("created_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("created_at", DateTime, nullable=False, comment="when it was sent"),
    Index(None, "campaign_id", "unit_code"),
    Index(None, "household_id"),
    comment="a household that a team looked at, blind to what the unit had found",
)


spot_check = Table(
    "spot_check",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True, comment="made with the page"),
    Column("campaign_id", String(60), nullable=False),
    Column("draw_id", String(UUID_LENGTH), ForeignKey("draw.id"), comment="null for one outside of the draw"),
    Column("issue_id", String(UUID_LENGTH), ForeignKey("issue.id"), nullable=False),
    Column("unit_code", String(30), nullable=False, comment="the unit that counts the issue"),
    Column("verdict", String(20), nullable=False),
    Column("words", Text, comment="what was seen"),
    Column("begun_at", DateTime, nullable=False),
    Column("created_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("created_at", DateTime, nullable=False),
    CheckConstraint("verdict IN ('confirmed', 'unfinished', 'false', 'unclear')", name="verdict"),
    Index(None, "campaign_id", "unit_code"),
    Index(None, "issue_id"),
    comment="an issue that was reported rectified, looked at on the spot",
)


inspection_finding = Table(
    "inspection_finding",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True, comment="made with the page"),
    Column("campaign_id", String(60), nullable=False),
    Column("number", Integer, nullable=False, comment="1, 2, 3 and so on of the campaign"),
    Column("unit_code", String(30), nullable=False, comment="the unit that counts the issue, and answers"),
    Column("village_code", String(12)),
    Column("issue_id", String(UUID_LENGTH), ForeignKey("issue.id"), nullable=False),
    Column("way", String(20), nullable=False, comment="missed, linked to one in the ledger, or from a check"),
    Column("visit_id", String(UUID_LENGTH), ForeignKey("spot_visit.id")),
    Column("check_id", String(UUID_LENGTH), ForeignKey("spot_check.id")),
    Column("content", Text, nullable=False, comment="in the inspectors' words"),
    Column("state", String(20), nullable=False),
    Column("state_before", String(20), comment="the issue's, where the finding reopened it"),
    Column("claim_due", Date, nullable=False, comment="the last day to claim it or to object"),
    Column("created_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("claimed_by", String(UUID_LENGTH), ForeignKey("account.id")),
    Column("claimed_at", DateTime),
    Column("objection", Text, comment="the unit's, once, with its evidence"),
    Column("objected_by", String(UUID_LENGTH), ForeignKey("account.id")),
    Column("objected_at", DateTime),
    Column("decision", Text, comment="the office's, of the objection"),
    Column("decided_by", String(UUID_LENGTH), ForeignKey("account.id")),
    Column("decided_at", DateTime),
    Column("looked_at", Integer, comment="how many others the unit looked at (举一反三)"),
    Column("found_alike", Integer, comment="how many like problems it found among them"),
    CheckConstraint("way IN ('missed', 'linked', 'check')", name="way"),
    CheckConstraint("state IN ('open', 'claimed', 'objected', 'upheld', 'cancelled')", name="state"),
    UniqueConstraint("campaign_id", "number"),
    Index(None, "campaign_id", "unit_code", "state"),
    Index(None, "issue_id"),
    comment="what a team found: an issue of the unit where it lies, which claims it or objects once",
)


alike_issue = Table(
    "alike_issue",
    metadata,
    Column("finding_id", String(UUID_LENGTH), ForeignKey("inspection_finding.id"), primary_key=True),
    Column("issue_id", String(UUID_LENGTH), ForeignKey("issue.id"), primary_key=True),
    Column("linked_by", String(UUID_LENGTH), ForeignKey("account.id"), nullable=False),
    Column("linked_at", DateTime, nullable=False),
    Index(None, "issue_id"),
    comment="issues that a unit found among the others that it looked at after a finding (举一反三)",
    sqlite_with_rowid=False,
)
