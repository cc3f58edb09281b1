"""The tables, which are a public contract: ``build_scripts`` and auditors read them, migrations change them.

Times are wall-clock times of Asia/Shanghai without an offset; the country has one time zone and no summer time.
Ids are UUIDs in text form, made by whoever fills in the form, so that a resend is the same record.
A field of a form whose id is a column here is stored in that column; every other field goes into ``extra``.
"""

from forms_server.db.tables.account_tables import (
    account,
    calendar_feed,
    mail_address,
    session,
    sign_in_failure,
)
from forms_server.db.tables.audit_tables import audit, audit_head
from forms_server.db.tables.base import UUID_LENGTH, metadata
from forms_server.db.tables.identity_tables import finding, possible_double
from forms_server.db.tables.photo_tables import draft, photo
from forms_server.db.tables.record_tables import day_tally, issue, proposed_household, tally
from forms_server.db.tables.return_tables import (
    expected_return,
    handed_in_figure,
    report_text,
    return_scan,
    signed_return,
    zero_report,
)
from forms_server.db.tables.visit_tables import household, visit, visit_answer

__all__ = [
    "UUID_LENGTH",
    "account",
    "audit",
    "audit_head",
    "calendar_feed",
    "day_tally",
    "draft",
    "expected_return",
    "finding",
    "handed_in_figure",
    "household",
    "issue",
    "mail_address",
    "metadata",
    "photo",
    "possible_double",
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
