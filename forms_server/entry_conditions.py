"""What an account has to have done before an endpoint: its own password, a second factor, a person's name."""

from forms_server.state_moves import MOVES

BEFORE_PASSWORD_CHANGE = frozenset(
    {
        "static", "handbook.index", "handbook.page", "health.alive", "health.ready", "health.metrics",
        "personal_data.index", "auth.sign_in_page", "auth.code_submit", "auth.password_page", "auth.password_submit",
        "auth.sign_out",
        "outbox.session", "outbox.worker", "browsers.index", "packs.tell",
    }
)  # fmt: skip
"""Endpoints that are available before a one-use password has been changed."""

BEFORE_SECOND_FACTOR = BEFORE_PASSWORD_CHANGE | {
    "auth.factor_page", "auth.begin_factor", "auth.confirm_factor", "auth.name_page", "auth.name_submit",
}  # fmt: skip
"""Endpoints that are available before a second factor that is required has been set up."""

AS_A_PERSON = frozenset(
    {
        *(move.endpoint for move in MOVES.values()),
        "records.new", "records.edit", "records.together", "records.add_photos", "inbox.judge", "doubles.decide",
        "namesakes.choose", "registers.new", "registers.edit", "registers.move", "registers.confirm",
        "registers.open_period", "registers.take_step", "registers.import_", "packs.index", "packs.make",
        "visits.begin", "visits.new", "visits.correct", "visits.fill", "visits.save",
        "zero.save", "zero.save_village", "report.save", "ledgers.import_", "roster.import_", "attachments.import_",
        "returns.sign", "returns.receive", "returns.send_back", "inspection.replace",
        "inspection.save_sheet", "inspection.find", "inspection.find_general", "inspection.save_check",
        "inspection.claim", "inspection.send_letter", "inspection.answer_letter", "inspection.object_to_finding",
        "inspection.tell_alike", "inspection.decide", "inspection.seal", "inspection.open_draw",
    }
)  # fmt: skip
"""Endpoints that write a record, prepare to do so, or sign: what they leave names a person, not an account."""
