"""How large a request may be: forms, and the routes that take files."""

from flask import request

from build_scripts.intake.workbook_limits import LIMITS
from build_scripts.sandbox.child_limits import MEGABYTE
from forms_server.photos.photo_limits import MOST_BYTES_A_REQUEST
from forms_server.returns.scans import MOST_BYTES
from forms_server.state_moves import MOVES

MOST_BYTES_WITHOUT_FILES = MEGABYTE
"""Of a request whose route takes no files; a form full of long texts has a tenth of it."""

MOST_PARTS = 4000
"""Fields of a form that comes with files: a visit's sheet has sixty items with a dozen each."""

MOST_BYTES_OF_ATTACHMENTS = 60 * MEGABYTE
"""Of a morning's mails at once; a ledger has some twenty kilobytes."""

UPLOADS: dict[str, int] = {
    "attachments.receive": MOST_BYTES_OF_ATTACHMENTS + MEGABYTE,
    "comparison.of_file": 3 * MEGABYTE,
    "ledgers.check": LIMITS.packed + MEGABYTE,
    "roster.check": LIMITS.packed + MEGABYTE,
    "returns.add_scan": MOST_BYTES + MEGABYTE,
    **dict.fromkeys(
        (
            "records.add_photos",
            "records.new",
            "registers.add_photos",
            "registers.new",
            "visits.save",
            "inspection.save_sheet",
            "inspection.find",
            "inspection.save_check",
            "inspection.find_general",
        ),
        MOST_BYTES_A_REQUEST,
    ),
    **{move.endpoint: MOST_BYTES_A_REQUEST for move in MOVES.values() if move.photos},
}
"""Upload routes with their maximal request size; unauthorized requests are rejected before reading."""


def take_files() -> None:
    """Raise the limit where files come and the route takes them; called once the account may use it."""
    if request.endpoint in UPLOADS and request.mimetype == "multipart/form-data":
        request.max_content_length = UPLOADS[request.endpoint]
