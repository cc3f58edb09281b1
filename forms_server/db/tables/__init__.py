"""The tables, which are a public contract: ``build_scripts`` and auditors read them, migrations change them.

Times are wall-clock times of Asia/Shanghai without an offset; the country has one time zone and no summer time.
Ids are UUIDs in text form, made by whoever fills in the form, so that a resend is the same record.
A field of a form whose id is a column here is stored in that column; every other field goes into ``extra``.
"""

from forms_server.db.tables.base import UUID_LENGTH, metadata
from forms_server.db.tables.chain import audit, audit_head
from forms_server.db.tables.evidence import draft, photo
from forms_server.db.tables.ledgers import day_tally, issue, proposed_household, tally
from forms_server.db.tables.people import account, calendar_feed, mail_address, session, sign_in_failure
from forms_server.db.tables.returning import (
    expected_return,
    handed_in_figure,
    report_text,
    return_scan,
    signed_return,
    zero_report,
)
from forms_server.db.tables.visiting import household, visit, visit_answer

__all__ = [
    "UUID_LENGTH",
    "account",
    "audit",
    "audit_head",
    "calendar_feed",
    "day_tally",
    "draft",
    "expected_return",
    "handed_in_figure",
    "household",
    "issue",
    "mail_address",
    "metadata",
    "photo",
    "proposed_household",
    "report_text",
    "return_scan",
    "session",
    "sign_in_failure",
    "signed_return",
    "tally",
    "visit",
    "visit_answer",
    "zero_report",
]
